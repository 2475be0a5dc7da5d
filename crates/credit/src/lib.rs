//! Credit and risk (信用与风险分级): two numbers of each business, each explained point by point and made again from its facts.
//!
//! Owns: `credit_events`, `risk_rules`, `risk_grades`, `risk_standing`, `risk_due`, `risk_course`, `risk_adjustments`.
//! Invariants:
//! - a grade is a pure function of facts and rules; both are kept with it, and `shian check` makes every grade again;
//! - the rules of a grade are pinned by their hash: rows of data/ that change make new grades, never others of the old;
//! - a grade is kept only where it is other than the one before; why it changed is the difference of their points;
//! - nobody adjusts a grade alone: one proposes, another decides; what happens afterwards and is worse counts;
//! - what was noted on a file stays there; a revocation is written beside it, and it counts no more.

mod actions;
mod api;
pub mod jobs;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx, prefix_range};
use kit_web::{Permission, Room};

pub use actions::look::check;
pub use actions::notes::{Note, note, revoke, touched};

pub const SCHEMA: Schema =
    Schema { room: "credit", files: &[("0001_credit", include_str!("../migrations/0001_credit.sql"))] };

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
];

pub const ROOM: Room = Room {
    name: "credit",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
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
