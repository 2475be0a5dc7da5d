//! Recalls and withdrawals over HTTP.

use kit_base::{Error, Result};
use kit_web::{Access, Ask, Cx, Json, NoContent, Page, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::model::LotNo;

use crate::actions::notices::{self, NewNotice};
use crate::actions::touching::touching;
use crate::model::{Notice, NoticeKind, Touching};
use crate::store::{self, NoticeFilter};

pub fn routes() -> Vec<Route> {
    const WRITE: Access = Access::Needs("publication.write");
    vec![
        Route::get("/api/publication/notices", Access::Needs("publication.read"), "召回和撤下公示列表", list),
        Route::get("/api/lots/{no}/notices", Access::Needs("trace.read"), "这一批涉及的召回和不合格", of_lot),
        Route::post("/api/publication/notices", WRITE, "发布召回或撤下公示", "publication.notice", publish),
        Route::post(
            "/api/publication/notices/{id}/lift",
            WRITE,
            "解除召回或撤下公示",
            "publication.notice_lift",
            lift,
        ),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct ListQuery {
    product: Option<String>,
    lot: Option<LotNo>,
    kind: Option<NoticeKind>,
    /// 1: only those that stand now
    standing: Option<i64>,
    page: Option<i64>,
    size: Option<i64>,
}

/// A notice with the name of what it is about.
#[derive(Serialize, JsonSchema)]
struct Row {
    #[serde(flatten)]
    notice: Notice,
    product_name: String,
    /// shown to the public now
    standing: bool,
}

async fn list(cx: Cx, ask: Ask<(), ListQuery>) -> Result<Json<Page<Row>>> {
    let q = ask.query;
    cx.read(move |tx, cx| {
        let now = cx.now();
        let standing = (q.standing == Some(1)).then_some(now);
        let filter = NoticeFilter { product: q.product, lot: q.lot, kind: q.kind, standing };
        let found = store::list(tx, &cx.who.scope, &filter, q.page, q.size)?;
        let mut items = Vec::with_capacity(found.items.len());
        for notice in found.items {
            let product = trace::store::products::by_id(tx, &notice.product)?;
            items.push(Row {
                product_name: product.map(|p| p.name).unwrap_or_default(),
                standing: notice.lifted_at.is_none() && notice.until.is_none_or(|until| until > now),
                notice,
            });
        }
        Ok(Page { items, total: found.total, page: found.page, size: found.size })
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct LotPath {
    no: LotNo,
}

async fn of_lot(cx: Cx, ask: Ask<LotPath>) -> Result<Json<Vec<Touching>>> {
    cx.read(move |tx, cx| {
        let unknown = || Error::not_found("没有这个批次，或不在您的范围内");
        let lot = trace::chain::visible(tx, &cx.who, ask.path.no)?.ok_or_else(unknown)?;
        touching(tx, &cx.house, cx.now(), &lot)
    })
    .await
    .map(Json)
}

async fn publish(cx: Cx, ask: Ask<(), (), Json<NewNotice>>) -> Result<Json<Notice>> {
    cx.act(move |act| notices::publish(act, &ask.body.0)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct IdPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Lift {
    reason: String,
}

async fn lift(cx: Cx, ask: Ask<IdPath, (), Json<Lift>>) -> Result<NoContent> {
    cx.act(move |act| notices::lift(act, &ask.path.id, &ask.body.0.reason)).await?;
    Ok(NoContent)
}
