//! The penalty table, and the range for some facts.

use kit_base::{Error, Result};
use kit_web::{Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::Deserialize;

use super::READ;
use crate::actions::measure;
use crate::rules::range::{self, Facts, Range};
use crate::rules::tables::{self, Tables};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/enforcement/penalties", READ, "处罚裁量表", table),
        Route::get("/api/enforcement/range", READ, "处罚幅度计算", measured),
    ]
}

async fn table(_: Cx, _: Ask) -> Result<Json<Tables>> {
    tables::get().cloned().map(Json)
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
struct RangeQuery {
    /// Code of the penalty table: `124`.
    article: String,
    /// Fen.
    goods_value: Option<i64>,
    gain: Option<i64>,
    /// Codes of circumstances, with commas.
    circumstances: Option<String>,
    /// 1: a citizen.
    person: Option<i64>,
    /// Whose penalties of the year before count: a business of the asker's.
    party: Option<String>,
}

async fn measured(cx: Cx, ask: Ask<(), RangeQuery>) -> Result<Json<Range>> {
    let q = ask.query;
    let list = q.circumstances.as_deref().unwrap_or("");
    let circumstances = list.split(',').filter(|c| !c.is_empty()).map(str::to_owned).collect();
    let read = cx.read(move |tx, cx| {
        let mut penalties_before = 0;
        if let Some(party) = q.party.as_deref().filter(|p| !p.is_empty()) {
            let unknown = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
            let brief = parties::brief(tx, party)?.ok_or_else(unknown)?;
            if !cx.who.scope_for("enforcement.read").covers(&brief.division, Some(party)) {
                return Err(unknown());
            }
            penalties_before = measure::before(tx, party, "", cx.now())?;
        }
        let facts = Facts {
            article: q.article,
            goods_value: q.goods_value,
            gain: q.gain,
            circumstances,
            person: q.person == Some(1),
            penalties_before,
        };
        range::range(tables::get()?, &facts)
    });
    read.await.map(Json)
}
