//! One search box over everything a person may see: businesses, products, batches and codes.

use kit_base::codes::platform;
use kit_base::text::search_form;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_find::Query;
use kit_web::{Access, Ask, Cx, Json, Route, Scope};
use parties::Search;
use parties::reference::Reference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::search::ProductSearch;
use trace::store::products::Product;
use trace::store::{codes, lists, products};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/find", Access::SignedIn, "全局搜索：主体、产品、批次和码", find)]
}

/// Hits shown of each group, where nothing else is asked for.
const SHOWN: usize = 5;
const MOST: usize = 20;
/// Hits after which counting ends: the box shows "20000+".
const ENOUGH: usize = 20_000;
/// Batches counted.
const BATCHES: i64 = 100;

#[derive(Debug, Deserialize, JsonSchema)]
struct FindQuery {
    /// At least two characters of a name, its pinyin or initials, a number, a code, an address; or an address scanned.
    q: String,
    /// Hits of each group; 5 by default, 20 at most.
    size: Option<usize>,
}

/// What was found, group by group; groups without a hit are left out.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    groups: Vec<Group>,
    /// Nothing holds the words as they stand; these are names one or two typing errors away.
    guessed: bool,
    /// The index of products is being built: there may be more.
    building: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Group {
    /// code, business, product, lot
    kind: &'static str,
    name: &'static str,
    total: usize,
    /// There are more than `total`.
    more: bool,
    hits: Vec<Hit>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Hit {
    /// business, product, lot
    kind: &'static str,
    /// Id of a business or product, number of a lot.
    id: String,
    title: String,
    /// What tells it from others of the same name.
    detail: String,
    simulated: bool,
}

async fn find(cx: Cx, ask: Ask<(), FindQuery>) -> Result<Json<Found>> {
    let size = ask.query.size.unwrap_or(SHOWN).clamp(1, MOST);
    let text = scanned(&ask.query.q).to_owned();
    if search_form(&text).chars().count() < 2 {
        return Err(Error::invalid("q", "query_short", "请至少输入两个字"));
    }
    cx.read(move |tx, cx| {
        let mut asked = Asked { tx, cx, text: &text, size };
        let building = !cx.house.held::<ProductSearch>().is_whole();
        let groups = asked.groups(false)?;
        if !groups.is_empty() {
            return Ok(Found { groups, guessed: false, building });
        }
        Ok(Found { groups: asked.groups(true)?, guessed: true, building })
    })
    .await
    .map(Json)
}

/// The code in an address that a scanner typed; other texts as they are.
fn scanned(text: &str) -> &str {
    let text = text.trim();
    let Some((_, path)) = text.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else {
        return text;
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["t", code] => code,
        ["01", .., "10", batch] => batch,
        ["01", gtin, ..] => gtin,
        _ => text,
    }
}

struct Asked<'a, 't, 'c> {
    tx: &'a mut Tx<'t>,
    cx: &'c Cx,
    text: &'a str,
    size: usize,
}

impl Asked<'_, '_, '_> {
    fn groups(&mut self, guess: bool) -> Result<Vec<Group>> {
        let mut groups = Vec::new();
        if !guess {
            groups.extend(self.code()?);
        }
        if self.cx.who.may("parties.read") {
            groups.push(self.businesses(guess)?);
        }
        if self.cx.who.may("trace.read") {
            groups.push(self.products(guess)?);
            if !guess {
                groups.push(self.lots()?);
            }
        }
        groups.retain(|g| !g.hits.is_empty());
        Ok(groups)
    }

    /// What is asked of an index: as far as this permission reaches.
    fn query(&self, jurisdiction: &[String]) -> Query {
        Query {
            text: self.text.to_owned(),
            jurisdiction: jurisdiction.to_vec(),
            take: self.size,
            enough: ENOUGH,
            ..Query::default()
        }
    }

    /// A code of this platform, where its check character holds.
    fn code(&mut self) -> Result<Option<Group>> {
        let hit = match platform::read(self.text) {
            Ok((platform::Kind::Business, code)) => self.coded_business(&code)?,
            Ok((platform::Kind::Trace, code)) => self.coded_lot(&code)?,
            Err(_) => None,
        };
        Ok(hit.map(|hit| group("code", "码", vec![hit], 1)))
    }

    fn coded_business(&mut self, code: &str) -> Result<Option<Hit>> {
        let scope = self.cx.who.scope_for("parties.read");
        let party = parties::by_code(self.tx, code)?;
        let known = parties::divisions::today(&self.cx.house);
        Ok(party.filter(|p| scope.covers(&p.division, Some(&p.id))).map(|p| business(&known, p.into())))
    }

    fn coded_lot(&mut self, code: &str) -> Result<Option<Hit>> {
        if !self.cx.who.may("trace.read") {
            return Ok(None);
        }
        let scope = self.cx.who.scope_for("trace.read");
        let Some(found) = codes::by_code(self.tx, code)? else { return Ok(None) };
        let hit = self.lot(found.lot, &scope)?;
        Ok(hit.map(|hit| Hit { detail: format!("追溯码 {code} · {}", hit.detail), ..hit }))
    }

    fn businesses(&mut self, guess: bool) -> Result<Group> {
        let (ids, total) = match self.cx.who.scope_for("parties.read") {
            Scope::Divisions(jurisdiction) => {
                let (search, query) = (self.cx.house.held::<Search>(), self.query(&jurisdiction));
                search.catch_up(self.tx)?;
                let found = if guess { search.near(&query) } else { search.find(&query) };
                (found.ids, found.total)
            }
            // the public card of any business is open to its partners; its dossier only to itself
            Scope::Businesses(own) => (self.own_businesses(&own)?, 0),
        };
        let mut hits = Vec::with_capacity(ids.len());
        let known = parties::divisions::today(&self.cx.house);
        for id in &ids {
            hits.extend(parties::brief(self.tx, id)?.map(|b| business(&known, b)));
        }
        let total = total.max(hits.len());
        Ok(group("business", "主体", hits, total))
    }

    fn own_businesses(&mut self, own: &[String]) -> Result<Vec<String>> {
        let word = search_form(self.text);
        let mut ids = Vec::new();
        for id in own {
            let brief = parties::brief(self.tx, id)?;
            if brief.is_some_and(|b| search_form(&b.name).contains(&word) || search_form(&b.code) == word) {
                ids.push(id.clone());
            }
        }
        ids.truncate(self.size);
        Ok(ids)
    }

    fn products(&mut self, guess: bool) -> Result<Group> {
        let scope = self.cx.who.scope_for("trace.read");
        let (found, total) = match &scope {
            Scope::Divisions(jurisdiction) => {
                let (search, query) = (self.cx.house.held::<ProductSearch>(), self.query(jurisdiction));
                search.catch_up(self.tx)?;
                let (ids, total) = if guess { search.near(&query) } else { search.find(&query) };
                let found: Result<Vec<Option<Product>>> =
                    ids.iter().map(|id| products::by_id(self.tx, id)).collect();
                (found?.into_iter().flatten().collect(), total)
            }
            // the few products of one business are asked of the table
            Scope::Businesses(_) if guess => (Vec::new(), 0),
            Scope::Businesses(_) => {
                let query = lists::ProductQuery {
                    q: Some(self.text.to_owned()),
                    size: Some(self.size as i64),
                    ..Default::default()
                };
                let page = lists::products(self.tx, &scope, &query)?;
                (page.items, usize::try_from(page.total).unwrap_or(0))
            }
        };
        let mut hits: Vec<Hit> = Vec::with_capacity(found.len());
        for product in found {
            let keeper = parties::brief(self.tx, &product.party)?.map(|b| b.name);
            hits.push(Hit {
                kind: "product",
                detail: line([
                    product.brand.as_str(),
                    &product.spec,
                    product.gtin.as_deref().unwrap_or(""),
                    keeper.as_deref().unwrap_or(""),
                ]),
                id: product.id,
                title: product.name,
                simulated: product.simulated,
            });
        }
        Ok(group("product", "产品", hits, total))
    }

    fn lots(&mut self) -> Result<Group> {
        let scope = self.cx.who.scope_for("trace.read");
        let numbers = lists::batches(self.tx, &scope, self.text.trim(), BATCHES)?;
        let mut hits = Vec::with_capacity(self.size);
        for no in numbers.iter().take(self.size) {
            hits.extend(self.lot(*no, &scope)?);
        }
        let more = numbers.len() as i64 == BATCHES;
        Ok(Group { more, ..group("lot", "批次", hits, numbers.len()) })
    }

    fn lot(&mut self, no: trace::model::LotNo, scope: &Scope) -> Result<Option<Hit>> {
        let Some(lot) = lists::lot(self.tx, no)? else { return Ok(None) };
        if !scope.covers(&lot.division, Some(&lot.holder)) {
            return Ok(None);
        }
        let holder = parties::brief(self.tx, &lot.holder)?.map(|b| b.name);
        let made = if lot.made.is_empty() { String::new() } else { format!("{}生产", lot.made) };
        Ok(Some(Hit {
            kind: "lot",
            id: lot.no.to_string(),
            title: format!("{} 批号 {}", lot.product_name, lot.batch),
            detail: line([made.as_str(), holder.as_deref().unwrap_or("")]),
            simulated: lot.simulated,
        }))
    }
}

fn business(known: &Reference, brief: parties::Brief) -> Hit {
    let trade = known.business_kind(&brief.kind).map_or("", |k| k.name);
    Hit {
        kind: "business",
        detail: line([trade, &known.full_name(&brief.division), &brief.address]),
        id: brief.id,
        title: brief.name,
        simulated: brief.simulated,
    }
}

fn group(kind: &'static str, name: &'static str, hits: Vec<Hit>, total: usize) -> Group {
    Group { kind, name, total, more: total >= ENOUGH, hits }
}

/// What is known, with points between.
fn line<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_scanned_address_is_its_code() {
        for (typed, code) in [
            ("https://sp.example.cn/t/TDBCC2XJAVJ558", "TDBCC2XJAVJ558"),
            ("http://127.0.0.1:8080/t/TDBCC2XJAVJ558?care=1", "TDBCC2XJAVJ558"),
            ("https://id.example.cn/01/06901234567892/10/A7", "A7"),
            ("https://id.example.cn/01/06901234567892", "06901234567892"),
            ("  好又多 ", "好又多"),
            ("a/b", "a/b"),
        ] {
            assert_eq!(super::scanned(typed), code, "{typed}");
        }
    }
}
