//! Licensing and filing (许可备案): applications by versioned forms, decisions, licences and what became of them.
//!
//! Owns: permits (one row a case of the kinds `permit` and `permit_filing`), what was handed in for them
//! (permit_submissions, permit_drafts, permit_files), licences with their series of numbers, licence_checks (cases of the
//! kind `permit_check`), licence_bans, business_register, licence_mandates.
//! Invariants:
//! - what is handed in is kept byte for byte before anybody looks at it, also where it is refused;
//! - an application and its case have one id and begin in one transaction; periods are those of the matter on that day,
//!   kept with the case; columns about its course follow its log;
//! - numbers run by county without gaps; of a number at most one licence stands;
//! - every licence is signed, verifies without this house, and stands with the business in parties as long as it is valid;
//! - whoever may not apply gets no grant, looked at when it is handed in and again when it is granted;
//! - an agent acts only within a mandate that stands that day, and stays who did it.

mod actions;
mod api;
mod hooks;
mod jobs;
pub mod model;
pub mod registry;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{Cx, Permission, Room};

pub use actions::issue::{SignedLicence, read_signed};
pub use hooks::{DOCUMENTS, HOOKS, WORDS};

/// Definitions of its kinds of cases.
pub const FLOWS: &[&str] = &[
    include_str!("../../../data/flows/permit.json"),
    include_str!("../../../data/flows/permit_filing.json"),
    include_str!("../../../data/flows/permit_check.json"),
];

pub const SCHEMA: Schema = Schema {
    room: "licensing",
    files: &[
        ("0001_licensing", include_str!("../migrations/0001_licensing.sql")),
        ("0002_visits", include_str!("../migrations/0002_visits.sql")),
        ("0003_mandate_acts", include_str!("../migrations/0003_mandate_acts.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

pub const PERMISSIONS: &[Permission] = &[
    permission(
        "permits.read",
        "查看许可备案",
        &["leader", "officer", "investigator", "business_owner", "business_clerk"],
    ),
    permission("permits.apply", "提交许可备案申请", &["officer", "business_owner", "business_clerk"]),
    permission("permits.accept", "受理申请、核对备案", &["officer"]),
    permission("permits.review", "审查申请", &["officer"]),
    permission("permits.visit", "现场核查申请", &["officer"]),
    permission("permits.decide", "决定许可", &["leader"]),
    permission("permits.issue", "颁发证照", &["officer"]),
    permission("permits.check", "证后核查", &["officer"]),
    permission("permits.revoke", "决定撤销证照", &["leader"]),
    permission("permits.oversee", "督办许可", &["leader"]),
    permission("permits.personal", "查看申请材料中的个人信息", &["officer", "business_owner"]),
    permission("permits.registers", "维护禁业名单和营业执照登记信息", &["officer"]),
    permission("permits.mandate", "委托他人代办", &["business_owner"]),
];

pub const ROOM: Room = Room {
    name: "licensing",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[jobs::ROUND],
};

/// On-site checks are visits of another room: what is wanted of it, and what it tells.
pub use actions::visits;

/// The duty that comes round each day: reminders and licences whose last day is over.
pub const ROUND: &str = jobs::ROUND.name;

/// Content of all that was handed in, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::permits::contents(tx)
}

/// What the dossier of a business tells of its applications and licences.
pub fn dossier(tx: &mut Tx, _: &Cx, party: &parties::Party) -> Result<Option<parties::Section>> {
    let licences = store::licences::of_party(tx, &party.id)?;
    let count = |status: &str| licences.iter().filter(|l| l.status == status).count();
    let scope = kit_web::Scope::Businesses(vec![party.id.clone()]);
    let open = store::permits::PermitQuery { state: Some("open".into()), ..Default::default() };
    let open = store::permits::list(tx, &scope, &open, 0)?.total;
    if licences.is_empty() && open == 0 {
        return Ok(None);
    }
    let line = |label: &str, n: i64, link: String| parties::SectionLine {
        label: label.to_owned(),
        value: n.to_string(),
        link,
    };
    let here = |status: &str| format!("/licences?party={}&status={status}", party.id);
    let mut lines = vec![
        line("本系统颁发的有效证照", count("valid") as i64, here("valid")),
        line("在办申请", open, format!("/permits?party={}&state=open", party.id)),
    ];
    for (status, label) in [("revoked", "被撤销"), ("cancelled", "已注销"), ("expired", "已过期")] {
        if count(status) > 0 {
            lines.push(line(label, count(status) as i64, here(status)));
        }
    }
    Ok(Some(parties::Section { code: "licensing".into(), title: "许可备案".into(), lines }))
}
