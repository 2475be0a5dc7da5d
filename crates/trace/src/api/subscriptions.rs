//! Named queries and subscriptions over HTTP, by the paths of the standard.

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use kit_base::{Error, Result};
use kit_web::answer::NoContent;
use kit_web::{Access, Ask, Cx, Json, Route};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::epcis_query::{self, Asked, refuse};
use crate::actions::subscriptions::{self as act, NewSubscription, QueryDefinition, SubscriptionView};
use crate::store::subscriptions as store;

pub fn routes() -> Vec<Route> {
    let (read, subscribe) = (Access::Needs("trace.read"), Access::Needs("trace.subscribe"));
    let (of_query, one) =
        ("/epcis/queries/{name}/subscriptions", "/epcis/queries/{name}/subscriptions/{subscription}");
    vec![
        Route::get("/epcis/queries", read, "EPCIS 命名查询", queries),
        Route::post("/epcis/queries", read, "建立 EPCIS 命名查询", "trace.query_add", add_query),
        Route::get("/epcis/queries/{name}", read, "EPCIS 命名查询的内容", query),
        Route::delete("/epcis/queries/{name}", read, "删除 EPCIS 命名查询", "trace.query_drop", drop_query),
        Route::get("/epcis/queries/{name}/events", read, "EPCIS 命名查询的事件", events),
        Route::get(of_query, subscribe, "命名查询的订阅", subscriptions),
        Route::post(of_query, subscribe, "订阅 EPCIS 命名查询", "trace.subscribe", add),
        Route::get(one, subscribe, "EPCIS 订阅", subscription),
        Route::delete(one, subscribe, "取消 EPCIS 订阅", "trace.unsubscribe", drop_one),
        Route::post(
            "/epcis/queries/{name}/subscriptions/{subscription}/resume",
            subscribe,
            "恢复 EPCIS 订阅",
            "trace.subscription_resume",
            resume,
        ),
        Route::get("/api/epcis/subscriptions", subscribe, "我的 EPCIS 订阅", mine),
    ]
}

#[derive(Deserialize, JsonSchema)]
struct QueryPath {
    name: String,
}

#[derive(Deserialize, JsonSchema)]
struct OnePath {
    name: String,
    subscription: String,
}

async fn queries(cx: Cx, _: Ask) -> Result<Json<Vec<QueryDefinition>>> {
    cx.read(|tx, cx| act::queries(tx, &cx.who.user)).await.map(Json)
}

fn created<T: Serialize>(location: &str, body: &T) -> Result<Response> {
    Response::builder()
        .status(201)
        .header(header::LOCATION, location)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(serde_json::to_vec(body).map_err(Error::internal)?))
        .map_err(Error::internal)
}

async fn add_query(cx: Cx, ask: Ask<(), (), Json<QueryDefinition>>) -> Result<Response> {
    let definition = ask.body.0;
    let params = match act::params_of(&definition.query) {
        Ok(params) => params,
        Err(wrong) => return refuse(&wrong),
    };
    let name = definition.name.clone();
    cx.act(move |a| act::add_query(a, &name, &params)).await?;
    created(&format!("/epcis/queries/{}", definition.name), &definition)
}

async fn query(cx: Cx, ask: Ask<QueryPath>) -> Result<Json<QueryDefinition>> {
    cx.read(move |tx, cx| act::query(tx, &cx.who.user, &ask.path.name)).await.map(Json)
}

async fn drop_query(cx: Cx, ask: Ask<QueryPath>) -> Result<NoContent> {
    cx.act(move |a| act::drop_query(a, &ask.path.name)).await?;
    Ok(NoContent)
}

async fn events(cx: Cx, ask: Ask<QueryPath, Asked>) -> Result<Response> {
    let name = ask.path.name.clone();
    let params = cx.read(move |tx, cx| act::query_params(tx, &cx.who.user, &ask.path.name)).await?;
    epcis_query::events_of(cx, &name, params, ask.query).await
}

fn views(all: &[store::Subscription]) -> Result<Vec<SubscriptionView>> {
    all.iter().map(SubscriptionView::of).collect()
}

async fn subscriptions(cx: Cx, ask: Ask<QueryPath>) -> Result<Json<Vec<SubscriptionView>>> {
    let found = move |tx: &mut kit_db::Tx, cx: &Cx| {
        act::query(tx, &cx.who.user, &ask.path.name)?;
        let mut all = store::of_owner(tx, &cx.who.user)?;
        all.retain(|s| s.query == ask.path.name);
        views(&all)
    };
    cx.read(found).await.map(Json)
}

async fn mine(cx: Cx, _: Ask) -> Result<Json<Vec<SubscriptionView>>> {
    cx.read(|tx, cx| views(&store::of_owner(tx, &cx.who.user)?)).await.map(Json)
}

async fn add(cx: Cx, ask: Ask<QueryPath, (), Json<NewSubscription>>) -> Result<Response> {
    let name = ask.path.name.clone();
    let made = cx.act(move |a| act::subscribe(a, &ask.path.name, &ask.body.0)).await?;
    created(&format!("/epcis/queries/{name}/subscriptions/{}", made.id), &made)
}

async fn subscription(cx: Cx, ask: Ask<OnePath>) -> Result<Json<SubscriptionView>> {
    let found = move |tx: &mut kit_db::Tx, cx: &Cx| {
        SubscriptionView::of(&act::find(tx, &cx.who.user, &ask.path.name, &ask.path.subscription)?)
    };
    cx.read(found).await.map(Json)
}

async fn drop_one(cx: Cx, ask: Ask<OnePath>) -> Result<NoContent> {
    cx.act(move |a| act::unsubscribe(a, &ask.path.name, &ask.path.subscription)).await?;
    Ok(NoContent)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ResumeForm {
    /// The last delivery that the receiver has; those after it are sent again. Where it stopped, if it is left out.
    after: Option<i64>,
}

async fn resume(cx: Cx, ask: Ask<OnePath, (), Json<ResumeForm>>) -> Result<Json<SubscriptionView>> {
    cx.act(move |a| act::resume(a, &ask.path.name, &ask.path.subscription, ask.body.0.after)).await.map(Json)
}
