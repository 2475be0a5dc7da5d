//! From a code to what is shown of it.

mod chain;

use std::collections::BTreeSet;

use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::codes::{self, Verdict, gtin, platform};
use kit_base::{Error, Kind, Millis, PartialDate, Result};
use kit_db::Tx;
use kit_web::House;
use parties::divisions::today as divisions_today;
use parties::reference::{self, Reference};
use trace::model::LotNo;
use trace::store::codes::TraceCode;
use trace::store::products::Product;
use trace::store::{codes as trace_codes, events, lots, products, steps};

use crate::model::{Answer, Chain, Correction, Lot, Maker, Notice, NoticeKind, ProductView, Recall, Scan};
use crate::rules::{self, Named};
use crate::store;

/// Code of the error that says: this chain is too long for a glance.
pub const CHAIN_LONG: &str = "chain_long";

/// How much may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// Only what takes a moment; a longer chain is refused with [`CHAIN_LONG`].
    Glance,
    /// Everything, on a thread that may wait.
    #[default]
    Whole,
}

fn too_long() -> Error {
    Error::new(Kind::Unavailable, CHAIN_LONG, "链条很长，正在查询")
}

/// What a platform code, as scanned or typed, leads to. Reads only; a dozen indexed queries and a walk in memory.
pub fn scan_data(tx: &mut Tx, house: &House, code: &str) -> Result<Answer> {
    scan_data_at(tx, house, code, Pace::Whole)
}

/// [`scan_data`] at a pace. Errors: [`CHAIN_LONG`] in a glance.
pub fn scan_data_at(tx: &mut Tx, house: &House, code: &str, pace: Pace) -> Result<Answer> {
    let now = house.clock.now();
    match platform::read(code) {
        Err(finding) => Ok(Answer::Forged { code: codes::tidy(code), finding }),
        Ok((platform::Kind::Business, code)) => match parties::by_code(tx, &code)? {
            Some(party) => Ok(Answer::Business(Box::new(parties::card(
                tx,
                &divisions_today(house),
                party,
                china_day(now),
            )?))),
            None => Ok(Answer::Unknown { code }),
        },
        Ok((platform::Kind::Trace, code)) => match trace_codes::by_code(tx, &code)? {
            Some(found) => {
                let way = Way { base: format!("/t/{code}"), tail: String::new(), pace };
                batch(tx, house, found.lot, Some(found), way)
            }
            None => Ok(Answer::Unknown { code }),
        },
    }
}

/// What is asked with a barcode.
#[derive(Debug, Clone, Default)]
pub struct ByGtin {
    pub gtin: String,
    /// 批号 of the code (AI 10)
    pub batch: Option<String>,
    /// production date that the consumer entered
    pub made: Option<String>,
    /// code of the business at which the batch was recorded, where several have it
    pub from: Option<String>,
    pub pace: Pace,
}

/// What a GS1 Digital Link leads to.
pub fn gtin_data(tx: &mut Tx, house: &House, asked: &ByGtin) -> Result<Answer> {
    let code = codes::tidy(&asked.gtin);
    if let Verdict::Wrong(finding) = gtin::check(&code) {
        return Ok(Answer::Forged { code, finding });
    }
    let Some(product) = products::by_gtin(tx, &gtin::padded(&code))? else {
        return Ok(Answer::Unknown { code });
    };
    match (&asked.batch, &asked.made) {
        (Some(batch), _) => of_batch(tx, house, product, batch, asked),
        (None, Some(made)) => of_day(tx, house, product, made, asked),
        (None, None) => product_view(tx, house, product, asked, "", Vec::new()),
    }
}

fn of_batch(tx: &mut Tx, house: &House, product: Product, number: &str, asked: &ByGtin) -> Result<Answer> {
    let found = lots::origins_of_batch(tx, &product.id, number)?;
    if found.is_empty() {
        let text = format!("没有查到批号“{number}”。请核对批号，或按生产日期查询。");
        return product_view(tx, house, product, asked, &text, Vec::new());
    }
    open_or_choose(tx, house, product, found, asked)
}

fn of_day(tx: &mut Tx, house: &House, product: Product, made: &str, asked: &ByGtin) -> Result<Answer> {
    let day = match made.trim().parse::<PartialDate>() {
        Ok(date) if date.day().is_some() => date,
        Ok(_) => {
            return product_view(tx, house, product, asked, "请填写完整的生产日期：年、月、日。", Vec::new());
        }
        Err(e) => return product_view(tx, house, product, asked, &e.message, Vec::new()),
    };
    if day.surely_after(PartialDate::full(china_day(house.clock.now()))) {
        return product_view(tx, house, product, asked, "生产日期晚于今天，请核对包装。", Vec::new());
    }
    let found = lots::origins_of_day(tx, &product.id, &day.to_string())?;
    if found.is_empty() {
        let text = format!(
            "没有查到 {} 生产的批次：可能尚未登记，也可能日期有误，请核对包装。",
            rules::date_text(&day.to_string())
        );
        return product_view(tx, house, product, asked, &text, Vec::new());
    }
    open_or_choose(tx, house, product, found, asked)
}

/// Opens the one batch that is meant; the record of who keeps the product goes before those of buyers.
fn open_or_choose(
    tx: &mut Tx,
    house: &House,
    product: Product,
    mut found: Vec<trace::model::Lot>,
    asked: &ByGtin,
) -> Result<Answer> {
    if found.iter().any(|l| l.holder == product.party) {
        found.retain(|l| l.holder == product.party);
    }
    if let Some(from) = asked.from.as_deref()
        && let Ok((platform::Kind::Business, code)) = platform::read(from)
        && let Some(party) = parties::by_code(tx, &code)?
    {
        found.retain(|l| l.holder == party.id);
    }
    // newest first: of two records of the same batch at the same business the later one stands
    let mut seen = BTreeSet::new();
    found.retain(|l| seen.insert((l.batch.clone(), l.holder.clone())));
    let base =
        |l: &trace::model::Lot| format!("/01/{}/10/{}", gtin_of(&product), crate::pages::percent(&l.batch));
    if let [only] = found.as_slice() {
        let tail =
            asked.from.as_deref().map(|f| format!("?from={}", crate::pages::percent(f))).unwrap_or_default();
        let code = trace_codes::by_lot(tx, only.no)?;
        return batch(tx, house, only.no, code, Way { base: base(only), tail, pace: asked.pace });
    }
    let mut choices = Vec::with_capacity(found.len());
    for lot in &found {
        let Some(at) = parties::brief(tx, &lot.holder)? else { continue };
        let label = format!("批号 {} · {} · {}登记", lot.batch, rules::date_text(&lot.made), at.name);
        choices.push((format!("{}?from={}", base(lot), at.code), label));
    }
    let fault =
        if choices.is_empty() { "没有查到这一批次，请核对批号和生产日期。" } else { "" };
    product_view(tx, house, product, asked, fault, choices)
}

fn gtin_of(product: &Product) -> &str {
    product.gtin.as_deref().unwrap_or("")
}

fn product_view(
    tx: &mut Tx,
    house: &House,
    product: Product,
    asked: &ByGtin,
    fault: &str,
    choices: Vec<(String, String)>,
) -> Result<Answer> {
    let now = house.clock.now();
    let whole = |n: &Notice| n.batch.is_empty() && n.lot.is_none();
    let notices = store::standing_of_product(tx, now, &product.id)?;
    let (withdrawn, recalls): (Vec<Notice>, Vec<Notice>) =
        notices.into_iter().filter(whole).partition(|n| n.kind == NoticeKind::Withdrawal);
    if let Some(notice) = withdrawn.into_iter().next() {
        return Ok(Answer::Withdrawn {
            name: product.name,
            notice: Box::new(notice),
            simulated: product.simulated,
        });
    }
    let maker = producer(tx, &divisions_today(house), &product, china_day(now))?;
    Ok(Answer::Product(Box::new(ProductView {
        base: format!("/01/{}", gtin_of(&product)),
        category: category(&product),
        maker,
        recalls: recalls
            .into_iter()
            .map(|notice| Recall { notice, food: String::new(), batch: String::new() })
            .collect(),
        asked: asked.made.clone().unwrap_or_default(),
        fault: fault.to_owned(),
        choices,
        product,
    })))
}

fn category(product: &Product) -> String {
    reference::get().category(&product.category).map_or_else(String::new, |c| c.name.to_owned())
}

/// The producer named on the product, or who keeps its record, where they are known here.
fn producer(tx: &mut Tx, known: &Reference, product: &Product, today: Date) -> Result<Option<Maker>> {
    let (id, role) = match &product.producer_party {
        Some(id) => (id, "生产者"),
        None => (&product.party, "产品登记者"),
    };
    let Some(party) = parties::store::by_id(tx, id)? else { return Ok(None) };
    Ok(Some(Maker { role, card: parties::card(tx, known, party, today)? }))
}

/// Address of a page, and what its links carry on.
struct Way {
    base: String,
    tail: String,
    pace: Pace,
}

/// Everything of the batch that began with a lot; `code` is its trace code, if it has one.
fn batch(tx: &mut Tx, house: &House, no: LotNo, code: Option<TraceCode>, way: Way) -> Result<Answer> {
    let now = house.clock.now();
    let today = china_day(now);
    let gone = || Error::internal(format!("lot {no} of a code is missing"));
    let found = lots::by_no(tx, no)?.ok_or_else(gone)?;
    let product = products::by_id(tx, &found.product)?.ok_or_else(gone)?;
    if let Some((at, code)) = code.as_ref().and_then(|c| c.voided_at.map(|at| (at, c))) {
        let reason = code.void_reason.clone();
        return Ok(Answer::Voided { name: product.name, reason, at, simulated: product.simulated });
    }
    let (before, after) = chain::walk(tx, house, no, way.pace)?;
    let (withdrawals, recalls) = notices(tx, now, &found, &before, way.pace)?;
    if let Some(notice) = withdrawals.into_iter().next() {
        return Ok(Answer::Withdrawn {
            name: product.name,
            notice: Box::new(notice),
            simulated: product.simulated,
        });
    }
    let own = steps::steps(tx, &[no])?.pop();
    let known = divisions_today(house);
    let chain = match &own {
        Some(own) => chain::of(tx, &known, own, &before, &after)?,
        None => Chain::default(),
    };
    let mut files = products::files(tx, &product.id, Some(no))?;
    files.retain(|f| f.public);
    let lot =
        Lot { no, batch: found.batch, made: found.made, expires: found.expires, inspector: found.inspector };
    let kind = own.as_ref().map_or("", |s| s.kind.as_str());
    let corrections = corrections(tx, found.event)?;
    Ok(Answer::Batch(Box::new(Scan {
        standing: rules::standing(
            &recalls.iter().map(|r| r.notice.kind).collect::<Vec<_>>(),
            own.is_none(),
            &files,
            &lot,
            today,
        ),
        maker: maker(tx, &known, &product, &found.holder, kind, today)?,
        category: category(&product),
        code: code.map(|c| c.code).unwrap_or_default(),
        simulated: product.simulated || own.is_some_and(|s| s.simulated),
        base: way.base,
        tail: way.tail,
        product,
        lot,
        recalls,
        files,
        chain,
        ledger: trace::proofs::standing(tx, no)?,
        corrections,
    })))
}

/// What was declared about the event that made a batch: that it was wrong, or that it stands for a wrong one.
fn corrections(tx: &mut Tx, event: i64) -> Result<Vec<Correction>> {
    let mut out = Vec::new();
    if let Some(declared) = trace::store::corrections::of(tx, &[event])?.remove(&event) {
        let day = rules::date_text(&china_day(declared.at).to_string());
        let right = match declared.replaced_by_lot {
            Some(lot) => lots::by_no(tx, lot)?,
            None => None,
        };
        let named = right.as_ref().map(|l| format!("，正确的登记为批号 {}", l.batch)).unwrap_or_default();
        let text = format!("{day}声明这条登记有误（{}）{named}", declared.reason);
        out.push(Correction { text, link: link(tx, right.map(|l| l.origin))? });
    }
    if let Some(wrong) = trace::store::corrections::replaced(tx, &[event])?.remove(&event) {
        let first = events::for_correction(tx, wrong.event)?.filter(|(.., lots, _)| *lots > 0);
        let text = "这条登记替换了先前声明有误的一条".to_owned();
        out.push(Correction { text, link: link(tx, first.map(|(_, _, _, first, _, _)| first))? });
    }
    Ok(out)
}

/// The page of a lot that has a trace code.
fn link(tx: &mut Tx, lot: Option<LotNo>) -> Result<String> {
    let Some(lot) = lot else { return Ok(String::new()) };
    Ok(trace_codes::by_lot(tx, lot)?.map(|c| format!("/t/{}", c.code)).unwrap_or_default())
}

/// Who made the batch: the place where it began, or, where it began with a purchase, the producer on the product.
fn maker(
    tx: &mut Tx,
    known: &Reference,
    product: &Product,
    holder: &str,
    kind: &str,
    today: Date,
) -> Result<Option<Maker>> {
    if !matches!(kind, "harvest" | "produce" | "pack" | "unpack") && product.producer_party.is_some() {
        return producer(tx, known, product, today);
    }
    let Some(party) = parties::store::by_id(tx, holder)? else { return Ok(None) };
    Ok(Some(Maker { role: rules::maker_role(kind), card: parties::card(tx, known, party, today)? }))
}

/// Withdrawals of this very batch, and recalls of it or of anything it was made from.
fn notices(
    tx: &mut Tx,
    now: Millis,
    own: &trace::model::Lot,
    before: &chain::Side,
    pace: Pace,
) -> Result<(Vec<Notice>, Vec<Recall>)> {
    let (withdrawals, recalls): (Vec<Notice>, Vec<Notice>) =
        store::standing(tx, now)?.into_iter().partition(|n| n.kind == NoticeKind::Withdrawal);
    let withdrawals = withdrawals.into_iter().filter(|n| n.names(own.no, &own.product, &own.batch)).collect();
    let mut origins = vec![(own.no, own.product.clone(), own.batch.clone())];
    if !recalls.is_empty() {
        if pace == Pace::Glance && before.more {
            return Err(too_long());
        }
        origins.extend(steps::origins(tx, &before.all)?);
    }
    let mut found = Vec::new();
    for notice in recalls {
        // the food itself is looked at before its ingredients
        let touched = origins.iter().find(|(no, product, batch)| notice.names(*no, product, batch));
        let Some((_, product, batch)) = touched else { continue };
        let food = match *product == own.product {
            true => String::new(),
            false => products::by_id(tx, product)?.map(|p| p.name).unwrap_or_default(),
        };
        let batch =
            if notice.lot.is_some() || !notice.batch.is_empty() { batch.clone() } else { String::new() };
        found.push(Recall { notice, food, batch });
    }
    Ok((withdrawals, found))
}

fn named(known: &Reference, brief: parties::Brief) -> Named {
    Named {
        trade: known.business_kind(&brief.kind).map_or_else(String::new, |k| k.name.to_owned()),
        place: known.full_name(&brief.division),
        name: brief.name,
    }
}
