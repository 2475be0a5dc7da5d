//! The list of businesses, look-ups, and counts.

use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::prefix_range;
use kit_web::answer::paging;
use kit_web::{Access, Ask, Cx, Json, Page, Route, Scope};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actions::{self, EXPIRING_DAYS};
use crate::divisions;
use crate::model::{Party, Status};
use crate::reference::Reference;
use crate::search::{Query, Search};
use crate::store::{self, LicenceFilter, ListFilter, Sort};

pub fn routes() -> Vec<Route> {
    use Access::Needs;
    vec![
        Route::get("/api/parties", Needs("parties.read"), "主体列表", list),
        Route::get("/api/parties/lookup", Needs("parties.lookup"), "查找往来主体", lookup),
        Route::get("/api/parties/counts", Needs("parties.read"), "主体数量", counts),
        Route::get("/api/parties/code/{code}", Needs("parties.lookup"), "按主体码查主体", code),
    ]
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
    pub(super) q: Option<String>,
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

    pub(super) fn filter(&self, today: Date) -> Result<ListFilter> {
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
fn rows(tx: &mut kit_db::Tx, known: &Reference, parties: Vec<Party>, today: Date) -> Result<Vec<Row>> {
    let mut licences = store::nearest_licences(tx, &parties)?;
    let row = |party: Party| {
        let licence = licences.remove(&party.id).map(|l| RowLicence {
            state: actions::standing(&l.expires, today).to_owned(),
            number: l.number,
            expires: l.expires,
        });
        Row { licence, ..Row::of(known, party) }
    };
    Ok(parties.into_iter().map(row).collect())
}

impl Row {
    fn of(known: &Reference, party: Party) -> Self {
        Self {
            licence: None,
            kind_name: actions::kind_name(&party.kind),
            division_name: known.full_name(&party.division),
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
        Ok(Page { items: rows(tx, &divisions::today(&cx.house), parties, today)?, total, page, size })
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

impl Partner {
    fn of(known: &Reference, p: Party) -> Self {
        Self {
            kind_name: actions::kind_name(&p.kind),
            division_name: known.full_name(&p.division),
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
        let known = divisions::today(&cx.house);
        Ok(store::by_ids(tx, &found.ids)?.into_iter().map(|p| Partner::of(&known, p)).collect())
    })
    .await
    .map(Json)
}

async fn code(cx: Cx, ask: Ask<CodePath>) -> Result<Json<Partner>> {
    let code = ask.path.code;
    cx.read(move |tx, cx| {
        let party = crate::by_code(tx, &code)?;
        party
            .map(|p| Partner::of(&divisions::today(&cx.house), p))
            .ok_or_else(|| Error::not_found("没有这个主体码"))
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
