//! Credit and risk (信用与风险分级): two numbers of each business, each explained point by point and made again from its facts.
//!
//! Owns: `credit_events`, `credit_lists`, `credit_serious`, `credit_proposals`, `credit_feed`, `credit_counter`, `credit_receipts`,
//! `credit_platforms`, `credit_deliveries`,
//! `risk_rules`, `risk_grades`, `risk_standing`, `risk_due`, `risk_course`, `risk_runs`, `risk_adjustments`.
//! Invariants:
//! - a grade is a pure function of facts and rules; both are kept with it, and `shian check` makes every grade again;
//! - the rules of a grade are pinned by their hash: rows of data/ that change make new grades, never others of the old;
//! - a grade is kept only where it is other than the one before; why it changed is the difference of their points;
//! - nobody adjusts a grade alone: one proposes, another decides; what happens afterwards and is worse counts;
//! - a measure is proposed by the house and confirmed by a person; the 严重违法失信名单 is a case of the kind `serious`;
//! - the feed is dense, in commit order, and never changed; each part of it is signed with the ledger's key;
//! - a delivery to a platform is the same each time it is tried, and is over when it was acknowledged;
//! - what was noted on a file stays there; a revocation is written beside it, and it counts no more.

mod actions;
mod api;
mod hooks;
pub mod jobs;
pub mod merges;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx, prefix_range};
use kit_web::{Permission, Room};

pub use actions::feed::signed_text;
pub use actions::look::check;
pub use actions::notes::{Note, note, revoke, touched};
pub use actions::platforms::deliver_due;
pub use hooks::{HOOKS, WORDS};
pub use jobs::PUSH_DUTY;

/// The kind of case that puts a business on the 严重违法失信名单, and its definition.
pub const SERIOUS: &str = "serious";
pub const FLOW: &str = include_str!("../../../data/flows/serious.json");
/// Templates of its documents, and what this room hands in for them.
pub const DOCUMENTS: &str = include_str!("../../../data/documents/serious.json");

pub const SCHEMA: Schema = Schema {
    room: "credit",
    files: &[
        ("0001_credit", include_str!("../migrations/0001_credit.sql")),
        ("0002_lists", include_str!("../migrations/0002_lists.sql")),
        ("0003_platforms", include_str!("../migrations/0003_platforms.sql")),
        ("0004_monthly", include_str!("../migrations/0004_monthly.sql")),
        ("0005_counties", include_str!("../migrations/0005_counties.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "credit.read",
        "查看主体的风险等级和信用档案",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("credit.list", "查看风险与信用分级列表", &["leader", "officer", "investigator"]),
    permission("credit.adjust", "提出风险等级调整", &["officer", "leader"]),
    permission("credit.adjust_decide", "审核风险等级调整", &["leader", "officer"]),
    permission(
        "credit.serious_read",
        "查看严重违法失信名单案卷",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("credit.serious", "提出列入严重违法失信名单", &["officer"]),
    permission("credit.serious_decide", "决定列入、移出严重违法失信名单", &["leader"]),
    permission("credit.repair", "陈述申辩、申请信用修复", &["business_owner"]),
    permission("credit.measures", "确认激励与惩戒建议", &["leader", "officer"]),
    permission("credit.feed", "读取平台信用推送", &["officer"]),
    permission("credit.platforms", "登记推送平台、恢复和暂停推送", &["leader"]),
];

pub const ROOM: Room = Room {
    name: "credit",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::PUSH],
};

/// The risk grade of a business as the plan of the year needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    pub party: String,
    pub division: String,
    /// 业态
    pub kind: String,
    /// A to D.
    pub grade: String,
    /// Visits a year.
    pub least: i64,
    pub most: i64,
}

/// The grade that stands of a business; `None` where it was not graded yet, or is no more.
pub fn grade_of(tx: &mut Tx, party: &str) -> Result<Option<Grade>> {
    let found = store::grades::standing(tx, party)?;
    Ok(found.map(|r| Grade {
        party: r.party,
        division: r.division,
        kind: r.kind,
        grade: r.grade,
        least: r.least,
        most: r.most,
    }))
}

/// Hands over the grades of all businesses below a division, in the order of their ids, until `each` answers `false`.
pub fn each_grade(tx: &mut Tx, division: &str, each: &mut dyn FnMut(Grade) -> Result<bool>) -> Result<()> {
    store::grades::plan(tx, &prefix_range(division), &mut |r| {
        each(Grade {
            party: r.get(0)?,
            division: r.get(1)?,
            kind: r.get(2)?,
            grade: r.get(3)?,
            least: r.get(4)?,
            most: r.get(5)?,
        })
    })
}

/// (part of so many digits, risk grade, how many) below a division.
pub fn grades_by_part(tx: &mut Tx, division: &str, digits: i64) -> Result<Vec<(String, String, i64)>> {
    store::grades::parts(tx, &prefix_range(division), digits)
}

/// Risk and credit in the dossier of a business (全景画像).
pub const SECTIONS: &[parties::SectionFn] = &[actions::look::section];
