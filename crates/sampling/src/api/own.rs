//! The business and its own samples.

use kit_base::Result;
use kit_web::{Access, Ask, Cx, Download, Json, Page, Route};

use super::IdPath;
use super::samples::{PaperPath, set};
use crate::actions::own;
use crate::model::{Objection, OwnSample, SampleQuery};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/own-samples", Access::Needs("sampling.own"), "本企业被抽样品", list),
        Route::get(
            "/api/own-samples/{id}/papers/{code}",
            Access::Needs("sampling.own"),
            "本企业的抽样单、抽样告知书（PDF）",
            paper,
        ),
        Route::post(
            "/api/own-samples/{id}/acts",
            Access::Needs("sampling.object"),
            "认可结论、申请复检、提出异议",
            "sampling.object",
            object,
        ),
    ]
}

async fn list(cx: Cx, ask: Ask<(), SampleQuery>) -> Result<Json<Page<OwnSample>>> {
    cx.read(move |tx, cx| own::list(tx, cx, &ask.query)).await.map(Json)
}

async fn paper(cx: Cx, ask: Ask<PaperPath>) -> Result<Download> {
    let read = cx.read(move |tx, cx| own::paper(tx, cx, &ask.path.id, &ask.path.code));
    set(read.await?).await
}

async fn object(cx: Cx, ask: Ask<IdPath, (), Json<Objection>>) -> Result<Json<OwnSample>> {
    cx.act(move |act| own::object(act, &ask.path.id, &ask.body.0)).await.map(Json)
}
