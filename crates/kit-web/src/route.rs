//! The route table: what each route is, and the one pipeline all of them go through.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use kit_base::{Error, Kind, Result};
use schemars::{Schema, SchemaGenerator};
use sha2::{Digest as _, Sha256};

use crate::answer::Answer;
use crate::ask::{self, Ask, Body, Part};
use crate::cx::{Actor, Cx, Scope};
use crate::guard;
use crate::house::House;
use crate::problem;

/// Who may come through a route; the jurisdiction is decided inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Anyone signed in.
    SignedIn,
    /// Holders of this permission.
    Needs(&'static str),
}

type Pipeline =
    Box<dyn Fn(Arc<House>, Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Send + Sync>;

/// One row of the route table.
pub struct Route {
    pub method: Method,
    /// With `{name}` for parameters.
    pub path: &'static str,
    pub access: Access,
    /// Chinese, for the contract.
    pub summary: &'static str,
    /// `room.verb`, for the audit; empty for routes that only read.
    pub audit: &'static str,
    /// Open to a session whose second factor or new password is still due.
    pub unfinished: bool,
    /// A try to sign in: limited more strictly.
    pub signs_in: bool,
    /// Its body may come slowly and is never held in memory: it takes no place in the lines of writes.
    pub streams: bool,
    pub shapes: fn(&mut SchemaGenerator) -> Shapes,
    pipeline: Pipeline,
}

/// The types of a route, for the contract.
pub struct Shapes {
    pub path: Option<Schema>,
    pub query: Option<Schema>,
    pub body: Option<(&'static str, Schema)>,
    pub answer: (u16, &'static str, Option<Schema>),
}

fn shapes<P: Part, Q: Part, B: Body, A: Answer>(types: &mut SchemaGenerator) -> Shapes {
    Shapes { path: P::shape(), query: Q::shape(), body: B::shape(types), answer: A::shape(types) }
}

impl Route {
    /// A route that reads.
    pub fn get<P, Q, A, F, R>(path: &'static str, access: Access, summary: &'static str, handler: F) -> Self
    where
        P: Part,
        Q: Part,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, ()>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made::<P, Q, (), A, F, R>(Method::GET, path, access, summary, "", handler)
    }

    /// A route that writes; `audit` names the action.
    pub fn post<P, Q, B, A, F, R>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        audit: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        B: Body + 'static,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, B>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made(Method::POST, path, access, summary, audit, handler)
    }

    /// A question too long for a query string: `POST`, but nothing is written, so there is no audit action.
    pub fn ask<P, Q, B, A, F, R>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        B: Body + 'static,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, B>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made(Method::POST, path, access, summary, "", handler)
    }

    /// Replaces or changes what stands at a path.
    pub fn put<P, Q, B, A, F, R>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        audit: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        B: Body + 'static,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, B>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made(Method::PUT, path, access, summary, audit, handler)
    }

    /// Adds to what stands at a path.
    pub fn patch<P, Q, B, A, F, R>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        audit: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        B: Body + 'static,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, B>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made(Method::PATCH, path, access, summary, audit, handler)
    }

    /// Ends or withdraws what stands at a path.
    pub fn delete<P, Q, A, F, R>(
        path: &'static str,
        access: Access,
        summary: &'static str,
        audit: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, ()>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        Self::made(Method::DELETE, path, access, summary, audit, handler)
    }

    /// Opens the route to sessions whose second factor or new password is still due.
    pub fn also_unfinished(mut self) -> Self {
        self.unfinished = true;
        self
    }

    /// Its body may come slowly and is never held in memory: it takes no place in the lines of writes, so that slow
    /// senders do not keep others from writing.
    pub fn streaming(mut self) -> Self {
        self.streams = true;
        self
    }

    /// Counts the route as a try to sign in.
    pub fn signing_in(mut self) -> Self {
        self.signs_in = true;
        self
    }

    fn made<P, Q, B, A, F, R>(
        method: Method,
        path: &'static str,
        access: Access,
        summary: &'static str,
        audit: &'static str,
        handler: F,
    ) -> Self
    where
        P: Part,
        Q: Part,
        B: Body + 'static,
        A: Answer + 'static,
        F: Fn(Cx, Ask<P, Q, B>) -> R + Copy + Send + Sync + 'static,
        R: Future<Output = Result<A>> + Send + 'static,
    {
        let gate = Entrance { access, audit, path };
        let pipeline: Pipeline = Box::new(move |house, request| {
            Box::pin(async move {
                let known = request.headers().get(header::IF_NONE_MATCH).cloned();
                match answer(gate, house, request, handler).await {
                    Ok(answer) => unless_known(answer.into_answer(), known.as_ref()),
                    Err(e) => problem::respond(e),
                }
            })
        });
        Self {
            method,
            path,
            access,
            summary,
            audit,
            unfinished: false,
            signs_in: false,
            streams: false,
            shapes: shapes::<P, Q, B, A>,
            pipeline,
        }
    }
}

#[derive(Clone, Copy)]
struct Entrance {
    access: Access,
    audit: &'static str,
    path: &'static str,
}

/// What a route says of itself, carried with the request.
#[derive(Clone, Copy, Default)]
struct Marks {
    unfinished: bool,
    signs_in: bool,
    streams: bool,
}

async fn answer<P, Q, B, A, F, R>(
    gate: Entrance,
    house: Arc<House>,
    request: Request,
    handler: F,
) -> Result<A>
where
    P: Part,
    Q: Part,
    B: Body,
    F: Fn(Cx, Ask<P, Q, B>) -> R,
    R: Future<Output = Result<A>>,
{
    let (mut parts, body) = request.into_parts();
    let now = house.clock.now();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
    let address = house.guard.address(peer, &parts.headers);
    let marks = parts.extensions.get::<Marks>().copied().unwrap_or_default();
    house.guard.admit_address(&address, now)?;
    if marks.signs_in {
        house.guard.admit_sign_in(&address, now)?;
    }
    let (mut who, mut by_cookie) = identify(&house, &parts.headers).await?;
    if !parts.headers.contains_key(header::AUTHORIZATION) {
        guard::same_site(&parts.method, &parts.headers, &house.public_url)?;
    }
    let form = header_text(&parts.headers, header::CONTENT_TYPE.as_str())
        .starts_with("application/x-www-form-urlencoded");
    if by_cookie && form && matches!(gate.access, Access::Public) {
        // a form of a public page is sent by nobody, whoever is signed in beside it: it came from our own page, and no right is used
        (who, by_cookie) = (Actor::public(), false);
    }
    let business = matches!(who.scope, Scope::Businesses(_)).then_some(who.bureau.as_str());
    house.guard.admit_account(&who.user, business, now)?;
    let open = marks.unfinished;
    admit(&who, gate.access, open)?;
    if let Access::Needs(permission) = gate.access {
        // a handler that asks for the scope gets that of the posts which opened this route
        who.scope = who.scope_for(permission);
    }
    if by_cookie && !parts.method.is_safe() && !parts.headers.contains_key("x-shian") {
        return Err(Error::forbidden("cross_site", "请求缺少 x-shian 头，已拒绝跨站提交"));
    }
    // before the body is read: what waits holds no memory
    let _leave = match gate.audit {
        "" => None,
        _ if marks.streams => None,
        _ => Some(house.fair.enter(who.line(&address), declared_length(&parts.headers)).await?),
    };
    let mut hash = Sha256::new();
    hash.update(parts.uri.to_string().as_bytes());
    let path = ask::path::<P>(&mut parts).await?;
    let query = ask::query::<Q>(parts.uri.query().unwrap_or(""))?;
    let body = B::read(&parts.headers, body, &mut hash).await?;
    let cx = Cx {
        house,
        who,
        address,
        idempotency: idempotency(&parts.headers)?,
        request_hash: hex::encode(hash.finalize()),
        action: gate.audit,
        route: gate.path,
        agent: header_text(&parts.headers, header::USER_AGENT.as_str()).chars().take(200).collect(),
        accept: header_text(&parts.headers, header::ACCEPT.as_str()).chars().take(200).collect(),
    };
    handler(cx, Ask { path, query, body }).await
}

/// What the client says its body has; one that does not say counts as large, files are streamed and count little.
fn declared_length(headers: &HeaderMap) -> u64 {
    const UNKNOWN: u64 = 1 << 20;
    if !header_text(headers, "content-type").contains("json") {
        return 0;
    }
    header_text(headers, "content-length").parse().unwrap_or(UNKNOWN)
}

/// 304 where the asker has this version already: the answer carries an `ETag` that is among theirs.
fn unless_known(mut answer: Response, known: Option<&HeaderValue>) -> Response {
    let Some(tag) = answer.headers().get(header::ETAG).and_then(|t| t.to_str().ok()) else { return answer };
    let known = known.and_then(|k| k.to_str().ok()).unwrap_or("");
    if answer.status() == StatusCode::OK && known.split(',').any(|k| k.trim() == tag) {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        *answer.body_mut() = axum::body::Body::empty();
        answer.headers_mut().remove(header::CONTENT_TYPE);
        answer.headers_mut().remove(header::CONTENT_LENGTH);
    }
    answer
}

/// The name of the session cookie. Where browsers come by https alone, they take it from this very host alone
/// (`__Host-`), so that no other site under the same domain can put a session of its own in the place of ours.
pub fn cookie_name(https_only: bool) -> &'static str {
    if https_only { "__Host-shian_session" } else { "shian_session" }
}

/// Who is behind the request, and whether a browser's cookie said so.
async fn identify(house: &Arc<House>, headers: &HeaderMap) -> Result<(Actor, bool)> {
    let bearer = header_text(headers, "authorization").strip_prefix("Bearer ").map(str::to_owned);
    let by_cookie = bearer.is_none();
    let Some(token) = bearer.or_else(|| cookie(headers, cookie_name(house.https_only()))) else {
        return Ok((Actor::public(), false));
    };
    let gate = house.gate.clone();
    let now = house.clock.now();
    let found = house.db.glance(move |tx| gate.identify(tx, &token, now)).await?;
    if let Some(who) = &found {
        house.gate.seen(house, who);
    }
    Ok((found.unwrap_or_else(Actor::public), by_cookie))
}

fn admit(who: &Actor, access: Access, open_to_unfinished: bool) -> Result<()> {
    let signed_in = || {
        if !who.signed_in() {
            return Err(Error::new(Kind::Unauthenticated, "sign_in_required", "请先登录"));
        }
        if who.unfinished && !open_to_unfinished {
            return Err(Error::forbidden("sign_in_unfinished", "请先完成动态口令绑定或修改初始密码"));
        }
        Ok(())
    };
    match access {
        Access::Public => Ok(()),
        Access::SignedIn => signed_in(),
        Access::Needs(permission) => signed_in().and_then(|()| who.need(permission)),
    }
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
}

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split("; "))
        .find_map(|pair| pair.split_once('=').filter(|(n, _)| *n == name).map(|(_, v)| v.to_owned()))
}

fn idempotency(headers: &HeaderMap) -> Result<Option<String>> {
    match header_text(headers, "idempotency-key") {
        "" => Ok(None),
        text if text.len() <= 100 => Ok(Some(text.to_owned())),
        _ => Err(Error::invalid(
            "idempotency-key",
            "idempotency_key_long",
            "Idempotency-Key 不超过 100 个字符",
        )),
    }
}

/// Builds the server's router out of the rooms' tables.
pub fn router(house: &Arc<House>, routes: Vec<Route>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter> = BTreeMap::new();
    for route in routes {
        let filter = match route.method {
            Method::POST => MethodFilter::POST,
            Method::PUT => MethodFilter::PUT,
            Method::PATCH => MethodFilter::PATCH,
            Method::DELETE => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        };
        let (house, pipeline) = (house.clone(), Arc::new(route.pipeline));
        let marks = Marks { unfinished: route.unfinished, signs_in: route.signs_in, streams: route.streams };
        let method = on(filter, move |mut request: Request| {
            let (house, pipeline) = (house.clone(), pipeline.clone());
            request.extensions_mut().insert(marks);
            async move { pipeline(house, request).await }
        });
        let merged = match paths.remove(route.path) {
            Some(known) => known.merge(method),
            None => method,
        };
        paths.insert(route.path, merged);
    }
    paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}
