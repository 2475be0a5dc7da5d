//! The room's route table.

mod files;
mod reference;

use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::prefix_range;
use kit_web::answer::paging;
use kit_web::{Access, Act, Ask, Cx, Json, NoContent, Page, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::{self, Dossier, EXPIRING_DAYS, Merge, MergePreview, Written, missing};
use crate::model::{NewParty, NewSite, Party, Person, Site, Status};
use crate::search::{Query, Search};
use crate::store::{self, LicenceFilter, ListFilter, Sort};

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    let own = vec![
        Route::get("/api/parties", Needs("parties.read"), "主体列表", list),
        Route::get("/api/parties/lookup", Needs("parties.lookup"), "查找往来主体", lookup),
        Route::get("/api/parties/counts", Needs("parties.read"), "主体数量", counts),
        Route::get("/api/parties/code/{code}", Needs("parties.lookup"), "按主体码查主体", code),
        Route::post("/api/parties", Needs("parties.register"), "登记主体", "parties.create", create),
        Route::get("/api/parties/{id}", Needs("parties.read"), "主体全景画像", one),
        Route::put("/api/parties/{id}", Needs("parties.write"), "修改主体", "parties.update", update),
        Route::post(
            "/api/parties/{id}/status",
            Needs("parties.register"),
            "变更主体状态",
            "parties.status",
            set_status,
        ),
        Route::ask(
            "/api/parties/{id}/merge/preview",
            Needs("parties.register"),
            "合并重复主体：预览",
            preview_merge,
        ),
        Route::post(
            "/api/parties/{id}/merge",
            Needs("parties.register"),
            "把重复的主体合并到另一主体",
            "parties.merge",
            merge,
        ),
        Route::post(
            "/api/parties/{id}/merge/undo",
            Needs("parties.register"),
            "撤销合并",
            "parties.merge_undo",
            undo_merge,
        ),
        Route::get(
            "/api/parties/{id}/people",
            Needs("parties.personal"),
            "主体人员（完整信息，记入审计）",
            people,
        ),
        Route::post(
            "/api/parties/{id}/sites",
            Needs("parties.write"),
            "新增场所",
            "parties.site_add",
            add_site,
        ),
        Route::delete(
            "/api/parties/{id}/sites/{site}",
            Needs("parties.write"),
            "停用场所",
            "parties.site_close",
            close_site,
        ),
    ];
    own.into_iter().chain(files::routes()).chain(reference::routes()).collect()
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct IdPath {
    id: String,
}

#[derive(Deserialize, JsonSchema)]
struct SitePath {
    id: String,
    site: String,
}

#[derive(Deserialize, JsonSchema)]
struct CodePath {
    code: String,
}

/// How a list is asked for. With `q`, the best hits come first and `sort` is passed over.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ListQuery {
    /// Name, pinyin or its initials, code, licence number or address; words with spaces between must all be there.
    q: Option<String>,
    /// Kinds with commas between.
    kind: Option<String>,
    /// Statuses with commas between.
    status: Option<String>,
    /// Prefix of a division code.
    division: Option<String>,
    /// Only with a licence that ends on or before this day.
    expires_by: Option<String>,
    /// Only with a licence that is expired, or expires within `licence_days` (60 by default) from today.
    licence: Option<LicenceState>,
    licence_days: Option<i64>,
    simulated: Option<bool>,
    sort: Option<Sort>,
    page: Option<i64>,
    size: Option<i64>,
}

/// How a licence stands.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LicenceState {
    Expired,
    Expiring,
}

impl ListQuery {
    fn licence(&self, today: Date) -> Option<LicenceFilter> {
        let days = self.licence_days.unwrap_or(EXPIRING_DAYS.into()).clamp(0, 3_660);
        let until = today.checked_add(jiff::Span::new().days(days)).unwrap_or(today);
        Some(match self.licence? {
            LicenceState::Expired => LicenceFilter::Before(today.to_string()),
            LicenceState::Expiring => LicenceFilter::Between(today.to_string(), until.to_string()),
        })
    }

    fn filter(&self, today: Date) -> Result<ListFilter> {
        let list = |text: &Option<String>| {
            text.iter().flat_map(|t| t.split(',')).filter(|t| !t.is_empty()).map(str::to_owned).collect()
        };
        let division = self.division.clone().filter(|d| !d.is_empty());
        if division.as_ref().is_some_and(|d| d.len() > 12 || !d.bytes().all(|b| b.is_ascii_digit())) {
            return Err(Error::invalid("division", "division_form", "行政区划应为数字代码"));
        }
        if let Some(day) = self.expires_by.as_deref().filter(|d| !d.is_empty()) {
            day.parse::<kit_base::PartialDate>().map_err(|e| e.at("expires_by"))?;
        }
        Ok(ListFilter {
            kinds: list(&self.kind),
            statuses: list(&self.status),
            division,
            expires_by: self.expires_by.clone().filter(|d| !d.is_empty()),
            licence: self.licence(today),
            simulated: self.simulated,
            sort: self.sort.unwrap_or_default(),
        })
    }
}

/// A business in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct Row {
    #[serde(flatten)]
    party: Party,
    kind_name: String,
    division_name: String,
    status_name: String,
    /// The licence that ends first: its number, last day (empty where it has none) and how it stands: valid, expiring,
    /// expired, unknown. Nothing where there is no licence.
    licence: Option<RowLicence>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
struct RowLicence {
    number: String,
    expires: String,
    state: String,
}

/// Rows of a list with their licences.
fn rows(tx: &mut kit_db::Tx, parties: Vec<Party>, today: Date) -> Result<Vec<Row>> {
    let mut licences = store::nearest_licences(tx, &parties)?;
    let row = |party: Party| {
        let licence = licences.remove(&party.id).map(|l| RowLicence {
            state: actions::standing(&l.expires, today).to_owned(),
            number: l.number,
            expires: l.expires,
        });
        Row { licence, ..Row::from(party) }
    };
    Ok(parties.into_iter().map(row).collect())
}

impl From<Party> for Row {
    fn from(party: Party) -> Self {
        Self {
            licence: None,
            kind_name: actions::kind_name(&party.kind),
            division_name: crate::reference::get().full_name(&party.division),
            status_name: party.status.name().to_owned(),
            party,
        }
    }
}

async fn list(cx: Cx, ask: Ask<(), ListQuery>) -> Result<Json<Page<Row>>> {
    let query = ask.query;
    let today = china_day(cx.now());
    let filter = query.filter(today)?;
    let (page, size) = paging(query.page, query.size);
    let text = query.q.unwrap_or_default();
    cx.read(move |tx, cx| {
        let scope = &cx.who.scope;
        let (parties, total) = match scope {
            // search knows division, kind, status and the order of changes, and counts without reading a row; what it
            // does not know is asked of the table
            Scope::Divisions(jurisdiction)
                if (!text.trim().is_empty() || filter.sort == Sort::Updated)
                    && filter.expires_by.is_none()
                    && filter.licence.is_none()
                    && filter.simulated.is_none() =>
            {
                let search = cx.house.held::<Search>();
                search.catch_up(tx)?;
                let found = search.find(&Query {
                    text,
                    jurisdiction: jurisdiction.clone(),
                    division: filter.division,
                    kinds: filter.kinds,
                    statuses: filter.statuses,
                    newest_first: true,
                    skip: ((page - 1) * size) as usize,
                    take: size as usize,
                    enough: 0,
                });
                (store::by_ids(tx, &found.ids)?, found.total as i64)
            }
            _ if text.trim().is_empty() => store::list(tx, scope, &filter, page, size)?,
            _ => searched_in_table(tx, cx, &filter, &text, page, size)?,
        };
        Ok(Page { items: rows(tx, parties, today)?, total, page, size })
    })
    .await
    .map(Json)
}

/// Search together with what only the table knows: the ids of the list, in the order of the search.
fn searched_in_table(
    tx: &mut kit_db::Tx,
    cx: &Cx,
    filter: &ListFilter,
    text: &str,
    page: i64,
    size: i64,
) -> Result<(Vec<Party>, i64)> {
    let allowed: std::collections::HashSet<String> =
        store::list_ids(tx, &cx.who.scope, filter)?.into_iter().collect();
    let everything = Query {
        text: text.to_owned(),
        jurisdiction: vec![String::new()],
        take: usize::MAX,
        ..Query::default()
    };
    let search = cx.house.held::<Search>();
    search.catch_up(tx)?;
    let mut ids = search.find(&everything).ids;
    ids.retain(|id| allowed.contains(id));
    let start = ((page - 1) * size) as usize;
    let shown: Vec<String> = ids.iter().skip(start).take(size as usize).cloned().collect();
    Ok((store::by_ids(tx, &shown)?, ids.len() as i64))
}

/// A business as a trading partner: what its public card says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
struct Partner {
    id: String,
    code: String,
    name: String,
    kind: String,
    kind_name: String,
    division: String,
    division_name: String,
    address: String,
    status: Status,
    simulated: bool,
}

impl From<Party> for Partner {
    fn from(p: Party) -> Self {
        Self {
            kind_name: actions::kind_name(&p.kind),
            division_name: crate::reference::get().full_name(&p.division),
            id: p.id,
            code: p.code,
            name: p.name,
            kind: p.kind,
            division: p.division,
            address: p.address,
            status: p.status,
            simulated: p.simulated,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
struct LookupQuery {
    /// At least two characters.
    q: String,
    /// Kinds with commas between.
    kind: Option<String>,
    /// At most so many; 10 by default, 50 at most.
    size: Option<i64>,
}

/// Partners are found everywhere: a supplier may be in another province.
async fn lookup(cx: Cx, ask: Ask<(), LookupQuery>) -> Result<Json<Vec<Partner>>> {
    let LookupQuery { q, kind, size } = ask.query;
    if kit_base::text::search_form(&q).chars().count() < 2 {
        return Err(Error::invalid("q", "query_short", "请至少输入两个字"));
    }
    cx.read(move |tx, cx| {
        let search = cx.house.held::<Search>();
        search.catch_up(tx)?;
        let found = search.find(&Query {
            text: q,
            jurisdiction: vec![String::new()],
            kinds: kind.iter().flat_map(|k| k.split(',')).map(str::to_owned).collect(),
            statuses: vec!["active".to_owned()],
            take: size.unwrap_or(10).clamp(1, 50) as usize,
            ..Query::default()
        });
        Ok(store::by_ids(tx, &found.ids)?.into_iter().map(Partner::from).collect())
    })
    .await
    .map(Json)
}

async fn code(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Partner>> {
    let code = ask.path.code;
    cx.read(move |tx, _| {
        let party = crate::by_code(tx, &code)?;
        party.map(Partner::from).ok_or_else(|| Error::not_found("没有这个主体码"))
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct CountsQuery {
    /// Prefix of a division code; left out: the whole jurisdiction.
    division: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Counted {
    code: String,
    name: String,
    count: i64,
}

/// How many businesses there are.
#[derive(Serialize, JsonSchema)]
struct Counts {
    statuses: Vec<Counted>,
    /// Of the active ones.
    kinds: Vec<Counted>,
}

async fn counts(cx: Cx, ask: Ask<(), CountsQuery>) -> Result<Json<Counts>> {
    let asked = ask.query.division.unwrap_or_default();
    cx.read(move |tx, cx| {
        let Scope::Divisions(prefixes) = &cx.who.scope else {
            return Ok(Counts { statuses: Vec::new(), kinds: Vec::new() });
        };
        // each prefix narrowed to what was asked for; those apart from it fall out
        let ranges =
            prefixes.iter().filter_map(|p| match (p.starts_with(&asked), asked.starts_with(p.as_str())) {
                (true, _) => Some(prefix_range(p)),
                (_, true) => Some(prefix_range(&asked)),
                _ => None,
            });
        let (mut statuses, mut kinds) = (Vec::new(), Vec::new());
        for range in ranges {
            let (by_status, by_kind) = store::counts(tx, &range)?;
            by_status.into_iter().for_each(|row| add(&mut statuses, row));
            by_kind.into_iter().for_each(|row| add(&mut kinds, row));
        }
        let named = |rows: Vec<(String, i64)>, name: &dyn Fn(&str) -> String| -> Vec<Counted> {
            rows.into_iter().map(|(code, count)| Counted { name: name(&code), code, count }).collect()
        };
        let status_name = |code: &str| Status::parse(code).map_or("", Status::name).to_owned();
        Ok(Counts { statuses: named(statuses, &status_name), kinds: named(kinds, &actions::kind_name) })
    })
    .await
    .map(Json)
}

fn add(rows: &mut Vec<(String, i64)>, (code, count): (String, i64)) {
    match rows.iter_mut().find(|(known, _)| *known == code) {
        Some((_, sum)) => *sum += count,
        None => rows.push((code, count)),
    }
}

/// The business, where the asker may see it.
fn seen(tx: &mut kit_db::Tx, cx: &Cx, id: &str) -> Result<Party> {
    let party = store::by_id(tx, id)?.ok_or_else(missing)?;
    if cx.who.scope.covers(&party.division, Some(id)) {
        return Ok(party);
    }
    Err(missing())
}

async fn one(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Dossier>> {
    let id = ask.path.id;
    cx.read(move |tx, cx| {
        let party = seen(tx, cx, &id)?;
        actions::dossier(tx, cx, party)
    })
    .await
    .map(Json)
}

async fn people(cx: Cx, ask: Ask<IdPath>) -> Result<Json<Vec<Person>>> {
    let id = ask.path.id;
    let (party, people) = cx
        .read(move |tx, cx| {
            let party = seen(tx, cx, &id)?;
            let people = store::people(tx, &party.id)?;
            Ok((party, people))
        })
        .await?;
    cx.looked("parties.people", &format!("party:{}", party.id), &party.division, "人员姓名和电话").await?;
    Ok(Json(people))
}

async fn create(cx: Cx, ask: Ask<(), (), Json<NewParty>>) -> Result<Json<Written>> {
    cx.act(move |act| actions::create(act, ask.body.0)).await.map(Json)
}

/// An update: the business as it is to be, and the change number the writer has seen.
#[derive(Deserialize, JsonSchema)]
struct UpdateParty {
    seq: i64,
    #[serde(flatten)]
    party: NewParty,
}

async fn update(cx: Cx, ask: Ask<IdPath, (), Json<UpdateParty>>) -> Result<Json<Written>> {
    let UpdateParty { seq, party } = ask.body.0;
    cx.act(move |act| actions::update(act, &ask.path.id, seq, party)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
struct NewStatus {
    seq: i64,
    status: Status,
    reason: String,
}

async fn set_status(cx: Cx, ask: Ask<IdPath, (), Json<NewStatus>>) -> Result<Json<Written>> {
    let NewStatus { seq, status, reason } = ask.body.0;
    cx.act(move |act| actions::set_status(act, &ask.path.id, seq, status, &reason)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MergeInto {
    /// Id of the business that stays.
    into: String,
}

async fn preview_merge(cx: Cx, ask: Ask<IdPath, (), Json<MergeInto>>) -> Result<Json<MergePreview>> {
    cx.read(move |tx, cx| {
        actions::preview_merge(&mut Act::inside(tx, cx, cx.now()), &ask.path.id, &ask.body.0.into)
    })
    .await
    .map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMerge {
    /// Id of the business that stays.
    into: String,
    reason: String,
}

async fn merge(cx: Cx, ask: Ask<IdPath, (), Json<NewMerge>>) -> Result<Json<Merge>> {
    let NewMerge { into, reason } = ask.body.0;
    cx.act(move |act| actions::merge(act, &ask.path.id, &into, &reason)).await.map(Json)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UndoMerge {
    reason: String,
}

async fn undo_merge(cx: Cx, ask: Ask<IdPath, (), Json<UndoMerge>>) -> Result<NoContent> {
    cx.act(move |act| actions::undo_merge(act, &ask.path.id, &ask.body.0.reason)).await?;
    Ok(NoContent)
}

async fn add_site(cx: Cx, ask: Ask<IdPath, (), Json<NewSite>>) -> Result<Json<Site>> {
    cx.act(move |act| actions::add_site(act, &ask.path.id, ask.body.0)).await.map(Json)
}

async fn close_site(cx: Cx, ask: Ask<SitePath>) -> Result<NoContent> {
    cx.act(move |act| actions::close_site(act, &ask.path.id, &ask.path.site)).await?;
    Ok(NoContent)
}
