//! Sampling and testing (抽检监测): plans, samples and their custody, tests, verdicts, and the disposal of what failed.
//!
//! Owns: laboratories, limits, plans and quotas, samples (one row a case of the kind `sample`, see data/flows/sample.json)
//! with photos, parts, custody, results, verdicts, corrections and forms of disposal; published notices of others.
//! Invariants:
//! - a sample and its case have one id and begin in one transaction; columns about its course follow the case's log;
//! - the number of the 抽样单 is given with the task, is the only one, and no statement changes it;
//! - whoever took or sealed a sample does nothing in its test; analyst, verifier and issuer are three people (definition test);
//!   in 外分离 and 质分离 no sampler belongs to the laboratory;
//! - of each part somebody has custody at every moment since it was sealed: a stretch begins where the one before ends, signed
//!   by both sides, its hash a fact of the ledger;
//! - a laboratory sees a blind code, the food and the parts; nothing of place, business or number;
//! - results, verdicts, limits are only ever added; a locked result changes by a declared correction beside it;
//! - a verdict is frozen with the limit and the rule that made it.

mod actions;
mod api;
mod hooks;
mod jobs;
pub mod model;
pub mod rules;
mod store;

use kit_base::Result;
use kit_db::{Schema, Tx};
use kit_web::{Permission, Room};

pub use actions::corrections::remarks;
pub use actions::disposal::{Failure, TakenBack, failure, taken_back};
pub use actions::foods::Foods;
pub use actions::own::handed;
pub use actions::papers::genuine;
pub use actions::results::publish;
pub use actions::told::tested;
pub use actions::verify::verify;
pub use hooks::{HOOKS, WORDS, answers};
pub use jobs::duties::tick as tell_late;
pub use jobs::targets::tick as compute_targets;
pub use rules::targets::Positive;

/// Hands over positives.
pub type EachPositive<'a> = &'a mut dyn FnMut(Positive) -> Result<()>;

/// What other rooms know that proposals of targeted sampling go by; held in the house.
pub struct Signals {
    /// Positives of rapid tests since a time, without those that were released.
    pub positives: fn(&mut Tx, kit_base::Millis, EachPositive) -> Result<()>,
}

/// The kind of case.
pub const KIND: &str = "sample";
/// Its definition.
pub const FLOW: &str = include_str!("../../../data/flows/sample.json");
/// Templates of its documents.
pub const DOCUMENTS: &str = include_str!("../../../data/documents/sample.json");

pub const SCHEMA: Schema = Schema {
    room: "sampling",
    files: &[
        ("0001_sampling", include_str!("../migrations/0001_sampling.sql")),
        ("0002_field", include_str!("../migrations/0002_field.sql")),
        ("0003_course", include_str!("../migrations/0003_course.sql")),
        ("0004_recheck", include_str!("../migrations/0004_recheck.sql")),
        ("0005_draws", include_str!("../migrations/0005_draws.sql")),
        ("0006_batches", include_str!("../migrations/0006_batches.sql")),
        ("0007_asked", include_str!("../migrations/0007_asked.sql")),
        ("0008_targets", include_str!("../migrations/0008_targets.sql")),
        ("0009_corrected", include_str!("../migrations/0009_corrected.sql")),
        ("0010_sides", include_str!("../migrations/0010_sides.sql")),
    ],
};

const fn permission(code: &'static str, name: &'static str, roles: &'static [&'static str]) -> Permission {
    Permission { code, name, roles }
}

const BUSINESS: &[&str] = &["business_owner", "business_clerk"];

pub const PERMISSIONS: &[Permission] = &[
    permission("sampling.read", "查看抽样检验", &["leader", "officer", "investigator"]),
    permission("sampling.plan", "制定抽检计划、派发抽样任务", &["officer"]),
    permission("sampling.take", "抽样、封样、送样", &["officer", "business_clerk"]),
    permission("sampling.lab", "查看本机构承检的盲样", BUSINESS),
    permission("sampling.test", "收样、录入检验结果", &["business_clerk"]),
    permission("sampling.readings", "提交仪器读数", BUSINESS),
    permission("sampling.verify", "校核检验结果", BUSINESS),
    permission("sampling.check", "质量复核", &["leader", "officer"]),
    permission("sampling.issue", "签发检验报告、声明更正", &["business_owner"]),
    permission("sampling.serve", "报送、送达、受理复检、处置", &["officer"]),
    permission("sampling.object", "申请复检、提出异议", BUSINESS),
    permission("sampling.own", "查看本企业被抽样品", BUSINESS),
    permission("sampling.decide", "审核异议与处置、督办", &["leader"]),
    permission("sampling.labs", "登记检验机构", &["officer"]),
    permission("sampling.limits", "导入限量", &["system_admin"]),
    permission("sampling.limits_check", "核验限量", &["officer"]),
    permission("sampling.import", "导入公布的抽检信息", &["officer", "investigator"]),
];

pub const ROOM: Room = Room {
    name: "sampling",
    schema: SCHEMA,
    statements: store::STATEMENTS,
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[
        jobs::EXPORT,
        jobs::EXPORT_LIMITS,
        jobs::EXPORT_PUBLISHED,
        jobs::EXPORT_DRAWS,
        jobs::targets::COMPUTE,
        jobs::targets::EXPORT,
    ],
};

/// A sample that another room orders, begun as the one who asks. Errors: those of a task of this room.
pub fn begin(act: &mut kit_web::Act, order: &findings::samples::Order) -> Result<findings::samples::Course> {
    act.who().need("sampling.plan")?;
    let new = model::NewSample {
        party: order.party.clone(),
        site: String::new(),
        quota: String::new(),
        source: order.source.clone(),
        mode: order.mode.clone(),
        kind: "supervision".into(),
        stage: order.stage.clone(),
        category: order.category.clone(),
        food: order.food.clone(),
        lab: order.lab.clone(),
        samplers: order.samplers.clone(),
        items: order.items.clone(),
    };
    actions::samples::create(act, &new).map(course)
}

/// How far a sample is, for the room that ordered it.
pub fn look(tx: &mut Tx, id: &str) -> Result<Option<findings::samples::Course>> {
    Ok(store::samples::by_id(tx, id)?.map(course))
}

fn course(s: model::Sample) -> findings::samples::Course {
    let has = |flag: &str| s.flags.iter().any(|f| f == flag);
    let result = match () {
        () if has("overturned") => "overturned",
        () if s.confirmed_at.is_some() => "fails",
        () if has("conform") => "conforms",
        () if has("monitored") => "monitored",
        () if s.closed_at.is_some() => "none",
        () => "",
    };
    findings::samples::Course {
        id: s.id,
        sample_no: s.sample_no,
        food: s.food,
        party: s.party,
        taken_at: s.taken_at,
        received_at: s.received_at,
        issued_at: s.issued_at,
        result: result.to_owned(),
        closed_at: s.closed_at,
    }
}

/// Content of all photos and attachments, for the check that every file is there.
pub fn files(tx: &mut Tx) -> Result<Vec<String>> {
    store::samples::files(tx)
}

/// Supervision samples taken, reports issued, and of those that fail; below a division from a time until another.
pub fn counted(
    tx: &mut Tx,
    range: &[String; 2],
    from: kit_base::Millis,
    until: kit_base::Millis,
) -> Result<Vec<i64>> {
    store::samples::counted(tx, range, from, until)
}
