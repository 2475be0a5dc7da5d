//! The web side of the house: a typed route table, who is asking, problem+json, the audit wrapper, idempotency, OpenAPI.
//!
//! A room declares its routes; each names its method, path, access, summary and, where it writes, the audit action:
//!
//! ```ignore
//! pub fn routes() -> Vec<Route> {
//!     vec![
//!         Route::get("/api/parties", Access::Needs("parties.read"), "主体列表", list),
//!         Route::post("/api/parties", Access::Needs("parties.write"), "新增主体", "parties.create", create),
//!     ]
//! }
//! async fn list(cx: Cx, ask: Ask<(), ListQuery>) -> Result<Json<Page<Row>>> {
//!     cx.read(move |tx, cx| store::list(tx, &cx.who.scope, &ask.query)).await.map(Json)
//! }
//! async fn create(cx: Cx, ask: Ask<(), (), Json<NewParty>>) -> Result<Json<Party>> {
//!     cx.act(move |act| actions::create(act, ask.body.0)).await.map(Json)
//! }
//! ```

pub mod act;
pub mod answer;
pub mod ask;
pub mod audit;
pub mod cx;
pub mod fair;
pub mod guard;
pub mod house;
pub mod jobs_api;
pub mod ledger_api;
pub mod openapi;
pub mod problem;
pub mod route;
mod wording;

pub use act::Act;
pub use answer::{Answer, Download, Html, Json, NoContent, Page, WithCookie};
pub use ask::{Ask, Body, Form, Part, Raw};
pub use cx::{Actor, Cx, Scope};
pub use guard::{Guard, GuardSettings, Rate};
pub use house::{Gate, House, Permission, Room};
pub use problem::Problem;
pub use route::{Access, Route, router};

use kit_db::Schema;

pub const SCHEMA: Schema =
    Schema { room: "kit-web", files: &[("0001_web", include_str!("../migrations/0001_web.sql"))] };

pub use audit::STATEMENTS;
