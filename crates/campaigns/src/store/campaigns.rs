//! Campaigns and what may be chosen.

use kit_base::{Error, Millis, Result};
use kit_db::{Filter, FromRow as _, Tx, params};
use kit_web::{Page, Scope};
use parties::narrow::{self, Narrow as _};

use crate::model::{Campaign, CampaignQuery, Choice};

kit_db::statements! {
    INSERT = "INSERT INTO campaigns (id, code, name, intro, division, source, from_day, until_day, batches, floor, most, state, rules,
            rules_hash, tally, tally_hash, draw, summary, by_name, created_at, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', '', '', '', '', '', '', $12, $13, $14)";
    UPDATE = "UPDATE campaigns SET name = $2, intro = $3, division = $4, source = $5, from_day = $6, until_day = $7, batches = $8, floor = $9,
            most = $10
        WHERE id = $1 AND state = 'draft'";
    BY_ID = "SELECT c.id, c.code, c.name, c.intro, c.division, c.source, c.from_day, c.until_day, c.batches, c.floor, c.most, c.state, c.rules,
            c.rules_hash, c.tally_hash, c.draw, c.summary, c.by_name, c.created_at, c.opened_at, c.closed_at, c.ended_at, c.simulated,
            (SELECT count(*) FROM campaign_ballots b WHERE b.campaign = c.id),
            (SELECT count(*) FROM campaign_options o WHERE o.campaign = c.id AND o.part = 'food'),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.taken_at IS NOT NULL),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.state IN ('conforms', 'fails')),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.state = 'fails')
        FROM campaigns c WHERE c.id = $1";
    ID_OF = "SELECT id FROM campaigns WHERE code = $1 AND state <> 'draft'";
    /// Shown to the public: those that go on first, then the newest.
    PUBLIC = "SELECT id FROM campaigns WHERE state <> 'draft' ORDER BY CASE state WHEN 'open' THEN 0 WHEN 'ended' THEN 2 ELSE 1 END, opened_at DESC LIMIT 50";
    OVER = "SELECT id FROM campaigns WHERE state = 'open' AND until_day < $1 ORDER BY id LIMIT 200";
    OPEN = "UPDATE campaigns SET state = 'open', rules = $2, rules_hash = $3, opened_at = $4 WHERE id = $1 AND state = 'draft'";
    CLOSE = "UPDATE campaigns SET state = 'closed', tally = $2, tally_hash = $3, closed_at = $4 WHERE id = $1 AND state = 'open'";
    TALLY = "SELECT tally FROM campaigns WHERE id = $1";
    SET_DRAW = "UPDATE campaigns SET draw = $2 WHERE id = $1 AND state = 'closed'";
    DRAWN = "UPDATE campaigns SET state = 'drawn' WHERE id = $1 AND state = 'closed'";
    END = "UPDATE campaigns SET state = 'ended', summary = $2, ended_at = $3 WHERE id = $1 AND state = 'drawn'";
    ADD_OPTION = "INSERT INTO campaign_options (campaign, part, code, no, name, category, stage) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CLEAR_OPTIONS = "DELETE FROM campaign_options WHERE campaign = $1";
    OPTIONS = "SELECT part, code, name, category, stage FROM campaign_options WHERE campaign = $1 ORDER BY part, no";
    ADD_SALT = "INSERT INTO campaign_salts (campaign, day, salt) VALUES ($1, $2, $3)";
    SALT = "SELECT salt FROM campaign_salts WHERE campaign = $1 AND day = $2";
    FORGET = "DELETE FROM campaign_salts WHERE campaign = $1 AND day < $2";
}

/// Where a campaign is kept from.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub code: &'a str,
    pub by_name: &'a str,
    pub now: Millis,
    pub simulated: bool,
}

pub fn insert(tx: &mut Tx, row: &NewRow, c: &crate::model::NewCampaign) -> Result<()> {
    let values = params![
        row.id,
        row.code,
        c.name.trim(),
        c.intro.trim(),
        &c.division,
        &c.source,
        &c.from_day,
        &c.until_day,
        c.batches,
        c.floor,
        c.most,
        row.by_name,
        row.now,
        i64::from(row.simulated)
    ];
    tx.exec(INSERT, values).map(drop)
}

/// Whether it was still a draft.
pub fn update(tx: &mut Tx, id: &str, c: &crate::model::NewCampaign) -> Result<bool> {
    let values = params![
        id,
        c.name.trim(),
        c.intro.trim(),
        &c.division,
        &c.source,
        &c.from_day,
        &c.until_day,
        c.batches,
        c.floor,
        c.most
    ];
    Ok(tx.exec(UPDATE, values)? == 1)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Campaign>> {
    tx.one(BY_ID, params![id])
}

/// A campaign that the public sees.
pub fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Campaign>> {
    let id: Option<String> = tx.one(ID_OF, params![code])?;
    id.map_or(Ok(None), |id| by_id(tx, &id))
}

/// At most fifty.
pub fn public(tx: &mut Tx) -> Result<Vec<Campaign>> {
    let ids: Vec<String> = tx.all(PUBLIC, &[])?;
    let mut out = Vec::with_capacity(ids.len());
    for id in ids {
        out.extend(by_id(tx, &id)?);
    }
    Ok(out)
}

/// Campaigns whose last day of choosing was before `today`.
pub fn over(tx: &mut Tx, today: &str) -> Result<Vec<String>> {
    tx.all(OVER, params![today])
}

pub fn open(tx: &mut Tx, id: &str, rules: &str, hash: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(OPEN, params![id, rules, hash, now])? == 1)
}

pub fn close(tx: &mut Tx, id: &str, tally: &str, hash: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(CLOSE, params![id, tally, hash, now])? == 1)
}

/// JSON of the counts; empty as long as choosing goes on.
pub fn tally(tx: &mut Tx, id: &str) -> Result<String> {
    Ok(tx.one(TALLY, params![id])?.unwrap_or_default())
}

pub fn set_draw(tx: &mut Tx, id: &str, draw: &str) -> Result<()> {
    match tx.exec(SET_DRAW, params![id, draw])? {
        1 => Ok(()),
        _ => Err(Error::internal("a campaign moved on meanwhile")),
    }
}

pub fn drawn(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.exec(DRAWN, params![id])? == 1)
}

pub fn end(tx: &mut Tx, id: &str, summary: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(END, params![id, summary, now])? == 1)
}

/// What may be chosen, instead of what stood there.
pub fn set_options(tx: &mut Tx, id: &str, options: &[Choice]) -> Result<()> {
    tx.exec(CLEAR_OPTIONS, params![id])?;
    for (no, o) in options.iter().enumerate() {
        let row = params![id, &o.part, &o.code, no as i64, &o.name, &o.category, &o.stage];
        tx.exec(ADD_OPTION, row)?;
    }
    Ok(())
}

pub fn options(tx: &mut Tx, id: &str) -> Result<Vec<Choice>> {
    tx.all(OPTIONS, params![id])
}

pub fn add_salt(tx: &mut Tx, id: &str, day: &str, salt: &str) -> Result<()> {
    tx.exec(ADD_SALT, params![id, day, salt]).map(drop)
}

pub fn salt(tx: &mut Tx, id: &str, day: &str) -> Result<Option<String>> {
    tx.one(SALT, params![id, day])
}

/// Salts of days that are over go.
pub fn forget(tx: &mut Tx, id: &str, today: &str) -> Result<()> {
    tx.exec(FORGET, params![id, today]).map(drop)
}

const SELECT: &str = "SELECT c.id, c.code, c.name, c.intro, c.division, c.source, c.from_day, c.until_day, c.batches, c.floor, c.most, c.state,
            c.rules, c.rules_hash, c.tally_hash, c.draw, c.summary, c.by_name, c.created_at, c.opened_at, c.closed_at, c.ended_at, c.simulated,
            (SELECT count(*) FROM campaign_ballots b WHERE b.campaign = c.id) AS wishes,
            (SELECT count(*) FROM campaign_options o WHERE o.campaign = c.id AND o.part = 'food'),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.taken_at IS NOT NULL),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.state IN ('conforms', 'fails')),
            (SELECT count(*) FROM campaign_batches s WHERE s.campaign = c.id AND s.state = 'fails')
        FROM campaigns c";

/// Campaigns within a reach. Errors: `sort_unknown`.
pub fn list(tx: &mut Tx, scope: &Scope, q: &CampaignQuery) -> Result<Page<Campaign>> {
    let counted = narrowed(Filter::new("SELECT 1 FROM campaigns c"), scope, q);
    let rows = narrowed(Filter::new(SELECT), scope, q).then(order(q)?, &[]);
    narrow::page(tx, (q.page, q.size), counted, rows)
}

/// All of them, one after the other. Errors: as [`list`].
pub fn whole(
    tx: &mut Tx,
    scope: &Scope,
    q: &CampaignQuery,
    each: &mut dyn FnMut(Campaign) -> Result<bool>,
) -> Result<()> {
    let rows = narrowed(Filter::new(SELECT), scope, q).then(order(q)?, &[]);
    tx.scan_list(&rows, &mut |row| each(Campaign::from_row(row)?))
}

/// Refuses what cannot be answered before a job begins. Errors: `sort_unknown`.
pub fn checked(q: &CampaignQuery) -> Result<()> {
    order(q).map(drop)
}

fn order(q: &CampaignQuery) -> Result<&'static str> {
    Ok(match q.sort.as_deref().unwrap_or("") {
        "" | "-created" => "ORDER BY c.created_at DESC, c.id DESC",
        "created" => "ORDER BY c.created_at, c.id",
        "wishes" => "ORDER BY wishes, c.id",
        "-wishes" => "ORDER BY wishes DESC, c.id",
        "batches" => "ORDER BY c.batches, c.id",
        "-batches" => "ORDER BY c.batches DESC, c.id",
        _ => {
            return Err(Error::invalid("sort", "sort_unknown", "没有这种排序：可按发起时间、选票数或批次数"));
        }
    })
}

fn narrowed(filter: Filter, scope: &Scope, q: &CampaignQuery) -> Filter {
    let filter = filter.said("c.state = ?", q.state.as_deref()).words("c.name LIKE ?", q.q.as_deref());
    scope.restrict(filter, "c.division >= ? AND c.division < ?", "c.id = ? AND 1 = 0")
}
