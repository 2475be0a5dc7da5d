//! What the public may see: the pages behind the codes, recalls, and what is withdrawn from publication.
//!
//! Owns: withdrawals, scan_counts, suspicions, scan_limits, publication_stops, publication_items, publication_counter; the public pages (templates/); labels and posters, since they carry the codes. Invariants:
//! - a page needs no script, no cookie, no sign-in, and says the same to everybody;
//! - a recall of a batch shows on every code whose food came, over any number of steps, from that batch; this is decided
//!   over the whole trace graph, never over the part of the chain that is drawn;
//! - of others in the chain a consumer sees the name, the trade and the division, never amounts or persons;
//! - only files marked public are served, and only under a code they belong to;
//! - what is announced ([`announce`]) is shown from its time until its end by the times alone, and never before a hold is lifted
//!   or after it was withdrawn;
//! - answers may be ten seconds old ([`Pages`]) in all but one thing: a notice set on any server shows from its commit on.

mod actions;
mod api;
mod model;
mod pages;
mod picture;
mod rules;
pub mod scans;
mod store;

use kit_db::Schema;
use kit_web::{Permission, Room};

pub use actions::notices::{NewNotice, lift_by_house, publish_by_house};
pub use actions::scan::{CHAIN_LONG, Pace, scan_data, scan_data_at};
pub use actions::schedule::{Announcement, announce, announce_at, end, revoke, tick};
pub use actions::suspicions::look as look_for_copies;
pub use model::{
    Answer, Chain, Item, Lot, Maker, Notice, NoticeKind, ProductView, Recall, Scan, Standing, Stop,
};
pub use pages::sheet;
pub use pages::{Credential, Look, Pages, credential};
pub use store::schedule::shown_of_party;

/// Codes of the kinds that are shown for a term on a day (`2026-03-01`): `/open/{kind}`.
pub fn kinds(day: &str) -> Vec<&'static str> {
    rules::schedule::terms(day).into_iter().map(|t| t.kind).collect()
}

pub const SCHEMA: Schema = Schema {
    room: "publication",
    files: &[
        ("0001_publication", include_str!("../migrations/0001_publication.sql")),
        ("0002_scans", include_str!("../migrations/0002_scans.sql")),
        ("0003_limits", include_str!("../migrations/0003_limits.sql")),
        ("0004_schedule", include_str!("../migrations/0004_schedule.sql")),
        ("0005_numbers", include_str!("../migrations/0005_numbers.sql")),
        ("0006_failures", include_str!("../migrations/0006_failures.sql")),
        ("0007_stops", include_str!("../migrations/0007_stops.sql")),
        ("0008_sites", include_str!("../migrations/0008_sites.sql")),
    ],
};

pub const PERMISSIONS: &[Permission] = &[
    Permission {
        code: "publication.read",
        name: "查看召回和撤下公示",
        roles: &["leader", "officer", "investigator"],
    },
    Permission {
        code: "publication.write", name: "发布召回、撤下公示", roles: &["officer", "investigator"]
    },
    Permission {
        code: "publication.schedule", name: "暂缓、恢复、撤下公示", roles: &["officer", "leader"]
    },
    Permission {
        code: "publication.limits", name: "设定疑似复制码的限值", roles: &["system_admin"]
    },
];

pub const ROOM: Room = Room {
    name: "publication",
    schema: SCHEMA,
    statements: &[
        store::STATEMENTS,
        store::scans::STATEMENTS,
        store::limits::STATEMENTS,
        store::schedule::STATEMENTS,
    ],
    permissions: PERMISSIONS,
    routes: api::routes,
    jobs: &[],
};
