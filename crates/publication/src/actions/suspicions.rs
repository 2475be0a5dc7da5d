//! Codes that look copied: found from the counters, listed for officers, marked as looked into.

use kit_base::clock::day_start;
use kit_base::codes::platform;
use kit_base::{Error, PartialDate, Result};
use kit_db::Tx;
use kit_docs::table::out::{CsvOut, Field, OutColumn};
use kit_web::{Act, House};
use serde_json::json;
use trace::store::{batches, codes as trace_codes, lots, products};

use super::limits::limits;
use super::scan::{ByGtin, gtin_data, scan_data};
use crate::model::{Answer, Scan};
use crate::scans::rules::{Facts, suspect};
use crate::store::scans::{self as store, About, SuspicionRow};

/// Codes looked at in one transaction.
const PART: i64 = 200;
/// Counters of one code that are looked at, newest first.
const COUNTERS: i64 = 5_000;
/// Days that counters are kept.
const KEPT_DAYS: i64 = 400;
const HOUR: i64 = 3_600_000;

/// Looks at every code scanned within the last day; answers how many reasons to look were found.
pub fn look(house: &House) -> Result<u64> {
    let now = house.clock.now();
    let hour = now.div_euclid(HOUR);
    let limits = house.db.read_blocking(limits)?;
    let (mut after, mut found) = (String::new(), 0);
    loop {
        let from = after.clone();
        let codes = house.db.read_blocking(|tx| store::scanned(tx, hour - 24, &from, PART))?;
        let Some(last) = codes.last().cloned() else { break };
        after = last;
        let mut reasons = Vec::new();
        for code in codes {
            let counts = house.db.read_blocking(|tx| store::of_code(tx, &code, COUNTERS))?;
            let (facts, mut about) = house.db.read_blocking(|tx| facts(tx, house, &code))?;
            if about.division.is_empty() {
                about.division = counts.iter().map(|c| &c.place).max().cloned().unwrap_or_default();
            }
            for one in suspect(&counts, &facts, &limits) {
                reasons.push((house.ids.next(now), code.clone(), about.clone(), one));
            }
        }
        found += reasons.len() as u64;
        house.db.write_blocking(move |tx| {
            reasons
                .iter()
                .try_for_each(|(id, code, about, one)| store::suspect(tx, id, code, about, one, now))
        })?;
    }
    house.db.write_blocking(move |tx| store::forget(tx, hour - KEPT_DAYS * 24))?;
    Ok(found)
}

/// What is known of a counted code.
fn facts(tx: &mut Tx, house: &House, code: &str) -> Result<(Facts, About)> {
    let mut facts = Facts::default();
    let answer = match code.split_once('/') {
        None if platform::read(code).is_ok() => {
            if let Some(known) = trace_codes::by_code(tx, code)? {
                facts.voided_at = known.voided_at;
                facts.pieces = (known.printed > 0).then_some(known.printed);
                if let Some(lot) = lots::by_no(tx, known.lot)? {
                    let product = products::by_id(tx, &lot.product)?.map(|p| p.name).unwrap_or_default();
                    let about =
                        About { product, batch: lot.batch, party: known.party, division: known.division };
                    let answer = scan_data(tx, house, code)?;
                    return more(tx, answer, facts, about);
                }
            }
            scan_data(tx, house, code)?
        }
        None => gtin_data(tx, house, &ByGtin { gtin: code.to_owned(), ..ByGtin::default() })?,
        Some((gtin, rest)) => {
            let (batch, serial) = rest.rsplit_once("/21/").map_or((rest, None), |(b, s)| (b, Some(s)));
            facts.single = serial.is_some();
            let batch = Some(batch.to_owned()).filter(|b| !b.is_empty());
            gtin_data(tx, house, &ByGtin { gtin: gtin.to_owned(), batch, ..ByGtin::default() })?
        }
    };
    more(tx, answer, facts, About::default())
}

fn more(tx: &mut Tx, answer: Answer, mut facts: Facts, mut about: About) -> Result<(Facts, About)> {
    match answer {
        Answer::Batch(scan) => {
            of_batch(tx, &scan, &mut facts)?;
            about = about_of(&scan);
        }
        Answer::Product(view) => {
            // a batch number that its product does not have
            facts.unknown = view.fault.starts_with("没有查到批号");
            about.product = view.product.name.clone();
            about.party = view.product.party.clone();
            about.division = view.product.division.clone();
        }
        Answer::Unknown { .. } => facts.unknown = true,
        _ => {}
    }
    Ok((facts, about))
}

fn about_of(scan: &Scan) -> About {
    About {
        product: scan.product.name.clone(),
        batch: scan.lot.batch.clone(),
        party: scan.product.party.clone(),
        division: scan.product.division.clone(),
    }
}

fn of_batch(tx: &mut Tx, scan: &Scan, facts: &mut Facts) -> Result<()> {
    facts.recalled_at = scan.recalls.iter().map(|r| r.notice.since).min();
    facts.gone_at = batches::gone_at(tx, scan.lot.no)?;
    let last = scan.lot.expires.parse::<PartialDate>().ok().and_then(PartialDate::day);
    facts.expired_at = last.map(|day| day_start(day) + 24 * HOUR);
    if facts.pieces.is_none()
        && scan.product.unit == kit_base::Unit::Pc
        && let Some(lot) = lots::by_no(tx, scan.lot.no)?
    {
        facts.pieces = lot.amount;
    }
    Ok(())
}

/// Marks one as looked into.
///
/// Errors: `note_missing`; not found outside of the jurisdiction.
pub fn check(act: &mut Act, id: &str, note: &str) -> Result<SuspicionRow> {
    let unknown = || Error::not_found("没有这条记录，或不在您的辖区内");
    let note = note.trim();
    if note.is_empty() || note.chars().count() > 500 {
        return Err(Error::invalid("note", "note_missing", "请写明核查结果，不超过 500 字"));
    }
    let found = store::by_id(act.tx, id)?.ok_or_else(unknown)?;
    if !(found.division.is_empty() || act.who().scope.covers(&found.division, Some(&found.party))) {
        return Err(unknown());
    }
    store::checked(act.tx, id, act.now, &act.who().user.clone(), note)?;
    act.subject("suspicion", id, &found.division);
    act.note(json!({ "code": found.code, "rule": found.rule }));
    store::by_id(act.tx, id)?.ok_or_else(unknown)
}

/// The Chinese word of a rule.
pub fn rule_name(rule: &str) -> &'static str {
    match rule {
        "places" => "异地扫码",
        "many" => "次数过多",
        "sold_out" => "售完后扫码",
        "voided" => "作废后扫码",
        "recalled" => "召回后扫码",
        "expired" => "过期后扫码",
        _ => "未发放的码",
    }
}

/// The list as CSV.
pub fn csv(rows: &[SuspicionRow]) -> Result<Vec<u8>> {
    let headings = "码 原因 情况 扫码次数 产品 批号 首次发现 最近发现 核查时间 核查结果";
    let headings: Vec<OutColumn> = headings.split(' ').map(OutColumn::text).collect();
    let mut out = Vec::new();
    let mut csv = CsvOut::new(&mut out, &headings)?;
    let text = kit_base::clock::china_text;
    for row in rows {
        csv.row(vec![
            Field::from(row.code.as_str()),
            Field::from(rule_name(&row.rule)),
            Field::from(row.detail.as_str()),
            Field::Whole(row.scans),
            Field::from(row.product.as_str()),
            Field::from(row.batch.as_str()),
            Field::from(text(row.first_at)),
            Field::from(text(row.last_at)),
            Field::from(row.checked_at.map(text).unwrap_or_default()),
            Field::from(row.checked_note.as_str()),
        ])?;
    }
    csv.finish()?;
    Ok(out)
}
