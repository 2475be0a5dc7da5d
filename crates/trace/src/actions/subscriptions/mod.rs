//! Named queries and subscriptions: made, seen, resumed, ended by the person they belong to.

pub mod deliver;

use kit_base::{Error, Millis, Result};
use kit_db::Tx;
use kit_web::{Act, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::epcis::native::written;
use crate::epcis::query::{Params, Query, Wrong};
use crate::epcis::time::Time;
use crate::store::{epcis_view, subscriptions as store};
use crate::subscribe::address;
use crate::subscribe::courier::Courier;
use crate::subscribe::schedule::Schedule;
use store::Subscription;

/// Queries, and subscriptions, that one person may have.
const MOST: i64 = 100;

/// A named query, as the standard writes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryDefinition {
    /// 1 to 100 letters, digits, `-` and `_`
    pub name: String,
    /// Parameters by name; lists as arrays.
    pub query: Map<String, Value>,
}

/// What a subscription is asked to be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSubscription {
    /// Address of the receiver.
    pub dest: String,
    /// Key of the HMAC in `GS1-Signature`; never given back.
    #[serde(default)]
    pub signature_token: Option<String>,
    #[serde(default)]
    pub stream: bool,
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// Report on schedule although there is nothing new.
    #[serde(default)]
    pub report_if_empty: bool,
    /// RFC 3339: events recorded since then are sent too; only new ones where it is left out.
    #[serde(default)]
    pub initial_record_time: Option<String>,
}

/// A subscription as its owner sees it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionView {
    #[serde(rename = "subscriptionID")]
    pub id: String,
    pub query_name: String,
    pub dest: String,
    /// Whether deliveries are signed.
    pub signed: bool,
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    pub report_if_empty: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_record_time: Option<String>,
    /// active, paused
    pub state: String,
    /// Last failure, or why it is paused; Chinese.
    pub note: String,
    /// Deliveries acknowledged.
    pub acknowledged: i64,
    /// Whether a delivery is under way that was not acknowledged yet.
    pub under_way: bool,
    /// Failures in a row.
    pub failures: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_delivered_at: Option<String>,
    pub next_at: String,
}

impl SubscriptionView {
    pub fn of(s: &Subscription) -> Result<Self> {
        let schedule = schedule_of(s)?;
        Ok(Self {
            id: s.id.clone(),
            query_name: s.query.clone(),
            dest: s.dest.clone(),
            signed: !s.token.is_empty(),
            created_at: written(s.created_at),
            stream: schedule.is_none().then_some(true),
            schedule,
            report_if_empty: s.report_if_empty,
            initial_record_time: s.initial_at.map(written),
            state: if s.active { "active" } else { "paused" }.to_owned(),
            note: s.note.clone(),
            acknowledged: s.seq,
            under_way: s.pending.is_some(),
            failures: s.failures,
            last_delivered_at: s.delivered_at.map(written),
            next_at: written(s.due_at),
        })
    }
}

fn schedule_of(s: &Subscription) -> Result<Option<Schedule>> {
    if s.schedule.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(&s.schedule).map(Some).map_err(Error::internal)
}

/// JSON values as the texts that [`Query::read`] takes.
///
/// Errors: a value that is neither a text, number, flag nor a list of them.
pub fn params_of(query: &Map<String, Value>) -> std::result::Result<Params, Wrong> {
    let text = |name: &str, value: &Value| match value {
        Value::String(text) => Ok(text.trim().to_owned()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(Wrong {
            parameter: name.to_owned(), message: format!("查询参数“{name}”的值不正确")
        }),
    };
    let mut params = Params::new();
    for (name, value) in query {
        let values = match value {
            Value::Array(items) => items.iter().map(|item| text(name, item)).collect::<Result<_, _>>()?,
            one => vec![text(name, one)?],
        };
        params.insert(name.clone(), values);
    }
    Query::read(&params)?;
    Ok(params)
}

fn definition(name: String, params: &str) -> Result<QueryDefinition> {
    let params: Params = serde_json::from_str(params).map_err(Error::internal)?;
    let single = |name: &str| crate::epcis::query::shape_of(name) != Some(crate::epcis::query::Shape::List);
    let value = |(name, values): (String, Vec<String>)| match values.as_slice() {
        [one] if single(&name) => (name, json!(one)),
        _ => (name, json!(values)),
    };
    Ok(QueryDefinition { name, query: params.into_iter().map(value).collect() })
}

pub fn queries(tx: &mut Tx, owner: &str) -> Result<Vec<QueryDefinition>> {
    store::queries(tx, owner)?.into_iter().map(|(name, params, _)| definition(name, &params)).collect()
}

fn no_query() -> Error {
    Error::not_found("没有这个命名查询")
}

pub fn query(tx: &mut Tx, owner: &str, name: &str) -> Result<QueryDefinition> {
    let (params, _) = store::query(tx, owner, name)?.ok_or_else(no_query)?;
    definition(name.to_owned(), &params)
}

/// The checked parameters of a named query.
pub fn query_params(tx: &mut Tx, owner: &str, name: &str) -> Result<Params> {
    let (params, _) = store::query(tx, owner, name)?.ok_or_else(no_query)?;
    serde_json::from_str(&params).map_err(Error::internal)
}

/// Keeps a query under a name.
///
/// Errors: `query_name`, `query_exists`, `queries_many`.
pub fn add_query(act: &mut Act, name: &str, params: &Params) -> Result<()> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if name.is_empty() || name.len() > 100 || !name.bytes().all(plain) {
        return Err(Error::invalid("name", "query_name", "查询名称应为 1 至 100 个字母、数字、- 或 _"));
    }
    let owner = act.who().user.clone();
    if store::query(act.tx, &owner, name)?.is_some() {
        return Err(Error::conflict("query_exists", "已有同名查询，请换一个名称或先删除").at("name"));
    }
    if store::count_queries(act.tx, &owner)? >= MOST {
        return Err(Error::conflict("queries_many", format!("命名查询不能超过 {MOST} 个，请先删除不用的")));
    }
    let text = serde_json::to_string(params).map_err(Error::internal)?;
    store::add_query(act.tx, &owner, name, &text, act.now)?;
    let division = division_of(act);
    act.subject("epcis_query", name, &division);
    act.note(json!({ "query": params }));
    Ok(())
}

/// Ends a query and all its subscriptions.
pub fn drop_query(act: &mut Act, name: &str) -> Result<()> {
    let owner = act.who().user.clone();
    if !store::drop_query(act.tx, &owner, name)? {
        return Err(no_query());
    }
    for s in store::of_owner(act.tx, &owner)?.iter().filter(|s| s.query == name) {
        store::drop_one(act.tx, &s.id)?;
    }
    let division = division_of(act);
    act.subject("epcis_query", name, &division);
    Ok(())
}

/// Where the person belongs, for the audit: the first of their divisions; businesses have none here.
fn division_of(act: &Act) -> String {
    match &act.who().scope {
        Scope::Divisions(prefixes) => prefixes.first().cloned().unwrap_or_default(),
        Scope::Businesses(_) => String::new(),
    }
}

/// Subscribes to a named query.
///
/// Errors: those of [`address::check`] and [`Schedule::next`], `subscription_when` (neither or both of stream and schedule),
/// `schedule_never`, `time_syntax`, `token_long`, `subscriptions_many`.
pub fn subscribe(act: &mut Act, name: &str, new: &NewSubscription) -> Result<SubscriptionView> {
    let owner = act.who().user.clone();
    query_params(act.tx, &owner, name)?;
    let house = &act.cx.house;
    let courier = house.held::<Courier>();
    address::check(&new.dest, courier.allow_private, house.production && !courier.allow_private)?;
    if new.stream == new.schedule.is_some() {
        let text = "请在 stream: true（有新事件即发送）和 schedule（定时发送）中选择一种";
        return Err(Error::invalid("stream", "subscription_when", text));
    }
    if store::count_of_owner(act.tx, &owner)? >= MOST {
        return Err(Error::conflict("subscriptions_many", format!("订阅不能超过 {MOST} 个，请先删除不用的")));
    }
    let due_at = first_due(new, act.now)?;
    let initial_at = new.initial_record_time.as_deref().map(initial).transpose()?;
    let cursor = if initial_at.is_some() { 0 } else { crate::store::events::numbers(act.tx)?.0 };
    let id = act.id();
    let subscription = Subscription {
        token: seal(act, &id, new.signature_token.as_deref())?,
        id,
        owner,
        query: name.to_owned(),
        division: division_of(act),
        dest: new.dest.clone(),
        schedule: new
            .schedule
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(Error::internal)?
            .unwrap_or_default(),
        report_if_empty: new.report_if_empty,
        initial_at,
        created_at: act.now,
        active: true,
        note: String::new(),
        cursor,
        seq: 0,
        pending: None,
        failures: 0,
        due_at,
        delivered_at: None,
    };
    store::add(act.tx, &subscription)?;
    deliver::ensure(act.tx, act.ids(), act.now)?;
    act.subject("epcis_subscription", &subscription.id, &subscription.division);
    act.note(json!({ "query": name, "dest": subscription.dest }));
    SubscriptionView::of(&subscription)
}

fn first_due(new: &NewSubscription, now: Millis) -> Result<Millis> {
    match &new.schedule {
        None => Ok(now),
        Some(schedule) => schedule.next(now)?.ok_or_else(|| {
            Error::invalid("schedule", "schedule_never", "按此时间表永远不会发送，请检查日期")
        }),
    }
}

fn initial(text: &str) -> Result<Millis> {
    let time = Time::read(text).ok().filter(|time| time.offset.is_some());
    let wrong = || {
        let message = format!("“{text}”不是时间，请写成 2026-03-01T08:30:00+08:00");
        Error::invalid("initialRecordTime", "time_syntax", message)
    };
    time.map(|t| t.ms).ok_or_else(wrong)
}

fn seal(act: &Act, id: &str, token: Option<&str>) -> Result<String> {
    let Some(token) = token.filter(|t| !t.is_empty()) else { return Ok(String::new()) };
    if token.len() > 500 {
        return Err(Error::invalid("signatureToken", "token_long", "签名密钥不超过 500 个字符"));
    }
    act.cx.house.held::<accounts::Accounts>().vault.seal(id, token.as_bytes(), act.ids())
}

/// One subscription of a person's query.
pub fn find(tx: &mut Tx, owner: &str, query: &str, id: &str) -> Result<Subscription> {
    let found = store::by_id(tx, id)?.filter(|s| s.owner == owner && s.query == query);
    found.ok_or_else(|| Error::not_found("没有这个订阅"))
}

pub fn unsubscribe(act: &mut Act, query: &str, id: &str) -> Result<()> {
    let found = find(act.tx, &act.who().user.clone(), query, id)?;
    store::drop_one(act.tx, id)?;
    act.subject("epcis_subscription", id, &found.division);
    act.note(json!({ "query": query, "dest": found.dest }));
    Ok(())
}

/// Goes on with a paused subscription, or back to the delivery that the receiver has as its last.
///
/// Errors: `delivery_unknown`.
pub fn resume(act: &mut Act, query: &str, id: &str, after: Option<i64>) -> Result<SubscriptionView> {
    let owner = act.who().user.clone();
    let found = find(act.tx, &owner, query, id)?;
    if let Some(after) = after {
        let upto = store::upto(act.tx, id, after)?.filter(|_| after <= found.seq);
        let upto = upto.ok_or_else(|| {
            Error::invalid(
                "after",
                "delivery_unknown",
                format!("没有确认过的第 {after} 次发送，可填 0 至 {}", found.seq),
            )
        })?;
        store::back_to(act.tx, id, upto, after)?;
    }
    store::resume(act.tx, id, act.now)?;
    deliver::ensure(act.tx, act.ids(), act.now)?;
    act.subject("epcis_subscription", id, &found.division);
    act.note(json!({ "query": query, "after": after }));
    SubscriptionView::of(&find(act.tx, &owner, query, id)?)
}

/// The projection's end, for those who look from outside.
pub fn end(tx: &mut Tx) -> Result<i64> {
    epcis_view::mark(tx)
}
