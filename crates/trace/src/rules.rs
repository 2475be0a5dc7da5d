//! Whether a move may be, and what it becomes: pure functions over facts and a time.

use kit_base::clock::{china_day, day_start};
use kit_base::{Amount, Error, Millis, PartialDate, Result, Unit};

use crate::model::{EventKind, Lot, LotNo, Make, NewLot, NewMove};
use crate::papers::{self, Additive, Papers};

/// A business as far as a move needs to know it.
#[derive(Debug, Clone)]
pub struct Business {
    pub id: String,
    pub division: String,
    pub active: bool,
    pub simulated: bool,
}

/// A lot that a move takes from.
#[derive(Debug, Clone)]
pub struct Taken {
    pub lot: Lot,
    /// Base units on hand; `None` where the amount is not known (declared history).
    pub on_hand: Option<Amount>,
    /// The business whose event made the lot: the sender of goods on the way.
    pub sender: String,
    pub sender_division: String,
    /// Why it may not move for now (暂停流转).
    pub hold: Option<String>,
}

/// A product as far as a move needs to know it.
#[derive(Debug, Clone)]
pub struct ProductFacts {
    pub id: String,
    pub party: String,
    pub has_gtin: bool,
    pub unit: Unit,
    pub shelf_days: Option<i64>,
    pub active: bool,
}

/// All that is known when a move is decided.
#[derive(Debug)]
pub struct Facts {
    pub party: Business,
    pub counterpart: Option<Business>,
    /// One for each of the move's takes, in order.
    pub taken: Vec<Taken>,
    /// One for each of the move's makes, in order.
    pub products: Vec<ProductFacts>,
    pub now: Millis,
}

/// What a move becomes: amounts settled, lots drawn up.
#[derive(Debug)]
pub struct Decision {
    pub at: String,
    pub at_ms: Option<Millis>,
    pub inputs: Vec<(LotNo, Amount)>,
    pub makes: Vec<NewLot>,
    pub counterpart: Option<(String, String)>,
    pub difference: Option<Amount>,
    pub papers: Option<Papers>,
    pub additives: Vec<Additive>,
}

fn invalid(field: &str, code: &'static str, message: impl Into<String>) -> Error {
    Error::invalid(field, code, message)
}

/// Decides one move.
///
/// Errors name the field within the move: `takes/0/lot`, `makes/1/amount`, `counterpart`, `reason`, `at` …
pub fn decide(mv: &NewMove, facts: &Facts) -> Result<Decision> {
    if !facts.party.active {
        return Err(Error::conflict("party_inactive", "该主体不在经营状态，不能登记").at("party"));
    }
    check_shape(mv)?;
    let (at, at_ms) = moment(mv.at.as_deref(), facts.now)?;
    let inputs = settle_takes(mv, facts)?;
    let counterpart = counterpart_of(mv, facts)?;
    let (makes, difference) = match mv.kind {
        EventKind::Ship | EventKind::Return => (send(mv, facts, &inputs), None),
        EventKind::Receive if !facts.taken.is_empty() => {
            let (lot, difference) = accept(mv, facts)?;
            (vec![lot], difference)
        }
        EventKind::Refuse => (vec![give_back(facts)], None),
        EventKind::Stocktake => count(mv, facts)?,
        _ => (draw_up(mv, facts, &at)?, None),
    };
    let outside = mv.kind == EventKind::Receive && facts.taken.is_empty() && counterpart.is_none();
    let papers = papers::checked(mv.kind, mv.papers.as_ref(), outside)?;
    let additives = papers::checked_additives(mv.kind, &mv.additives)?;
    Ok(Decision { at, at_ms, inputs, makes, counterpart, difference, papers, additives })
}

/// How many takes and makes each kind has, and what else it must say.
fn check_shape(mv: &NewMove) -> Result<()> {
    use EventKind as K;
    let name = mv.kind.name();
    let takes = match mv.kind {
        K::Harvest | K::Opening => 0..=0,
        K::Produce => 0..=usize::MAX,
        K::Pack | K::Unpack | K::Sell | K::Loss | K::Destroy => 1..=usize::MAX,
        K::Ship | K::Return | K::Refuse | K::Stocktake => 1..=1,
        K::Receive => 0..=1,
        K::Observe => return Err(invalid("kind", "kind_not_recorded", "观测事件只能由 EPCIS 文件导入")),
    };
    if !takes.contains(&mv.takes.len()) {
        let need = match (takes.start(), takes.end()) {
            (0, 0) => "不应填写来源批次".to_owned(),
            (1, 1) => "应填写且只填写一个来源批次".to_owned(),
            (0, 1) => "最多填写一个来源批次".to_owned(),
            _ => "至少填写一个来源批次".to_owned(),
        };
        return Err(invalid("takes", "takes_count", format!("{name}{need}")));
    }
    let from_outside = mv.kind == K::Receive && mv.takes.is_empty();
    let makes = matches!(mv.kind, K::Harvest | K::Opening | K::Produce | K::Pack | K::Unpack) || from_outside;
    if makes && mv.makes.is_empty() {
        return Err(invalid("makes", "makes_missing", format!("{name}应填写得到的批次")));
    }
    if !makes && !mv.makes.is_empty() {
        return Err(invalid("makes", "makes_unexpected", format!("{name}不应填写新批次，系统会自动生成")));
    }
    if from_outside && mv.counterpart.is_none() && mv.counterpart_name.trim().is_empty() {
        return Err(invalid("counterpart", "supplier_missing", "请填写供货者（进货查验记录的必填项）"));
    }
    if matches!(mv.kind, K::Refuse | K::Loss | K::Destroy) && mv.reason.trim().is_empty() {
        return Err(invalid("reason", "reason_missing", format!("{name}请写明原因")));
    }
    if mv.kind == K::Stocktake && mv.amount.is_none() {
        return Err(invalid("amount", "count_missing", "盘点请填写实际数量"));
    }
    Ok(())
}

/// Business date and moment; now where nothing is said.
///
/// Errors: `date_syntax`, `date_impossible`, `date_range`, `date_future` (later than today).
pub fn moment(text: Option<&str>, now: Millis) -> Result<(String, Option<Millis>)> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else {
        return Ok((china_day(now).to_string(), Some(now)));
    };
    let future = || invalid("at", "date_future", format!("日期“{text}”晚于今天"));
    if text.contains('T') {
        let moment: jiff::Timestamp = text.parse().map_err(|_| {
            invalid("at", "date_syntax", format!("“{text}”不是时间，请写成 2026-03-01T08:30:00+08:00"))
        })?;
        let ms = moment.as_millisecond();
        if ms > now + 60_000 {
            return Err(future());
        }
        return Ok((china_day(ms).to_string(), Some(ms)));
    }
    let date: PartialDate = text.parse().map_err(|e: Error| e.at("at"))?;
    if date.surely_after(PartialDate::full(china_day(now))) {
        return Err(future());
    }
    Ok((date.to_string(), None))
}

/// Checks each take against what is on hand, and settles "all that is left".
fn settle_takes(mv: &NewMove, facts: &Facts) -> Result<Vec<(LotNo, Amount)>> {
    let mut settled: Vec<(LotNo, Amount)> = Vec::with_capacity(mv.takes.len());
    let wants_transit = mv.kind == EventKind::Refuse || mv.kind == EventKind::Receive;
    for (i, (take, taken)) in mv.takes.iter().zip(&facts.taken).enumerate() {
        let at = |field: &str| format!("takes/{i}/{field}");
        if settled.iter().any(|(lot, _)| *lot == take.lot) {
            return Err(invalid(&at("lot"), "lot_twice", format!("批次 {} 填写了两次", take.lot)));
        }
        if taken.lot.holder != facts.party.id {
            return Err(invalid(&at("lot"), "lot_not_held", format!("批次 {} 不在本主体", take.lot)));
        }
        if taken.lot.in_transit != wants_transit {
            let text =
                if taken.lot.in_transit { "还在途中，请先收货" } else { "不是待收货的批次" };
            return Err(invalid(&at("lot"), "lot_state", format!("批次 {} {text}", take.lot)));
        }
        if let Some(why) = taken.hold.as_ref().filter(|_| !may_while_held(mv.kind)) {
            let text = format!("批次 {} 已暂停流转：{why}。暂停期间只能盘点或销毁", take.lot);
            return Err(Error::conflict("lot_on_hold", text).at(at("lot")));
        }
        let Some(on_hand) = taken.on_hand else {
            return Err(invalid(
                &at("lot"),
                "lot_amount_unknown",
                "该批次为导入的历史记录，数量未知，不能流转",
            ));
        };
        // a delivery is accepted, refused or counted as a whole
        let whole = wants_transit || mv.kind == EventKind::Stocktake;
        let amount = if whole { on_hand } else { take.amount.unwrap_or(on_hand) };
        kit_base::amount::check_amount(amount).map_err(|e| e.under(format!("takes/{i}")))?;
        if amount == 0 {
            return Err(invalid(
                &at("amount"),
                "amount_zero",
                format!("批次 {} 已无库存或数量为零", take.lot),
            ));
        }
        if amount > on_hand {
            let shown = |n| kit_base::amount::Shown(n, taken.lot.unit);
            let text = format!("批次 {} 现有 {}，不足 {}", take.lot, shown(on_hand), shown(amount));
            return Err(Error::conflict("stock_short", text).at(at("amount")));
        }
        settled.push((take.lot, amount));
    }
    Ok(settled)
}

/// What may be done with food that is held: it stays where it is, and is counted or destroyed.
fn may_while_held(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(kind, K::Receive | K::Refuse | K::Stocktake | K::Destroy)
}

fn counterpart_of(mv: &NewMove, facts: &Facts) -> Result<Option<(String, String)>> {
    use EventKind as K;
    if matches!(mv.kind, K::Refuse) || (mv.kind == K::Receive && !facts.taken.is_empty()) {
        return Ok(facts.taken.first().map(|t| (t.sender.clone(), t.sender_division.clone())));
    }
    let named = facts.counterpart.as_ref();
    if named.is_some_and(|c| c.id == facts.party.id) {
        return Err(invalid("counterpart", "counterpart_self", "对方不能是本主体自己"));
    }
    match (mv.kind, named) {
        (K::Return, None) => Err(invalid("counterpart", "counterpart_missing", "退货请选择供货者")),
        (K::Ship, None) if mv.counterpart_name.trim().is_empty() => {
            Err(invalid("counterpart", "counterpart_missing", "发货请选择或填写收货者"))
        }
        (_, named) => Ok(named.map(|c| (c.id.clone(), c.division.clone()))),
    }
}

/// A lot on the same batch, elsewhere.
fn moved(from: &Lot, holder: &str, division: &str, in_transit: bool, amount: Amount) -> NewLot {
    NewLot {
        product: from.product.clone(),
        holder: holder.to_owned(),
        division: division.to_owned(),
        in_transit,
        origin: Some(from.origin),
        batch: from.batch.clone(),
        made: from.made.clone(),
        expires: from.expires.clone(),
        amount: Some(amount),
        unit: from.unit,
        inspector: from.inspector.clone(),
    }
}

/// The lot on its way; none where the receiver is not known here, the food then leaves what we can see.
fn send(_: &NewMove, facts: &Facts, inputs: &[(LotNo, Amount)]) -> Vec<NewLot> {
    let lot = |to: &Business| moved(&facts.taken[0].lot, &to.id, &to.division, true, inputs[0].1);
    facts.counterpart.iter().map(lot).collect()
}

fn accept(mv: &NewMove, facts: &Facts) -> Result<(NewLot, Option<Amount>)> {
    let taken = &facts.taken[0];
    let shipped = taken.on_hand.unwrap_or(0);
    let accepted = kit_base::amount::check_amount(mv.amount.unwrap_or(shipped))?;
    if accepted > shipped {
        let shown = |n| kit_base::amount::Shown(n, taken.lot.unit);
        let text = format!("实收 {} 多于发货 {}，请发货方更正", shown(accepted), shown(shipped));
        return Err(invalid("amount", "accepted_more_than_shipped", text));
    }
    if accepted == 0 {
        return Err(invalid("amount", "accepted_nothing", "实收为零，请选择“拒收”并写明原因"));
    }
    if accepted < shipped && mv.reason.trim().is_empty() {
        return Err(invalid("reason", "reason_missing", "实收与发货不一致，请写明原因"));
    }
    let lot = moved(&taken.lot, &facts.party.id, &facts.party.division, false, accepted);
    Ok((lot, (accepted != shipped).then_some(shipped - accepted)))
}

fn give_back(facts: &Facts) -> NewLot {
    let taken = &facts.taken[0];
    moved(&taken.lot, &taken.sender, &taken.sender_division, false, taken.on_hand.unwrap_or(0))
}

fn count(mv: &NewMove, facts: &Facts) -> Result<(Vec<NewLot>, Option<Amount>)> {
    let taken = &facts.taken[0];
    let counted = kit_base::amount::check_amount(mv.amount.unwrap_or(0))?;
    let booked = taken.on_hand.unwrap_or(0);
    if counted != booked && mv.reason.trim().is_empty() {
        return Err(invalid("reason", "reason_missing", "盘点数与账面不一致，请写明原因"));
    }
    let lot = moved(&taken.lot, &facts.party.id, &facts.party.division, false, counted);
    let lots = if counted > 0 { vec![lot] } else { Vec::new() };
    Ok((lots, (counted != booked).then_some(booked - counted)))
}

/// The lots that a harvest, production, packing or purchase from outside makes.
fn draw_up(mv: &NewMove, facts: &Facts, at: &str) -> Result<Vec<NewLot>> {
    let lot = |(i, (make, product)): (usize, (&Make, &ProductFacts))| {
        new_lot(mv, facts, make, product, at).map_err(|e| e.under(format!("makes/{i}")))
    };
    mv.makes.iter().zip(&facts.products).enumerate().map(lot).collect()
}

fn new_lot(mv: &NewMove, facts: &Facts, make: &Make, product: &ProductFacts, at: &str) -> Result<NewLot> {
    let bought = mv.kind == EventKind::Receive;
    if !product.active {
        return Err(invalid("product", "product_withdrawn", "该产品已停用"));
    }
    if product.party != facts.party.id && !(bought && product.has_gtin) {
        return Err(invalid(
            "product",
            "product_not_own",
            "只能登记本主体的产品；外购的有条码产品可直接使用",
        ));
    }
    if kit_base::amount::check_amount(make.amount)? == 0 {
        return Err(invalid("amount", "amount_zero", "数量应大于零"));
    }
    let made = match make.made.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => moment(Some(text), facts.now).map_err(|e| e.at("made"))?.0,
        None => at.to_owned(),
    };
    let expires = expiry(make.expires.as_deref(), &made, product.shelf_days)?;
    let batch = match make.batch.trim() {
        "" => made.replace('-', ""),
        given if given.chars().count() <= 40 => given.to_owned(),
        _ => return Err(invalid("batch", "batch_long", "批号不超过 40 个字符")),
    };
    Ok(NewLot {
        product: product.id.clone(),
        holder: facts.party.id.clone(),
        division: facts.party.division.clone(),
        in_transit: false,
        origin: None,
        batch,
        made,
        expires,
        amount: Some(make.amount),
        unit: product.unit,
        inspector: make.inspector.trim().to_owned(),
    })
}

/// The last day a lot may be eaten: as said, or production date and shelf life (保质期); empty where neither is known.
fn expiry(said: Option<&str>, made: &str, shelf_days: Option<i64>) -> Result<String> {
    if let Some(text) = said.map(str::trim).filter(|t| !t.is_empty()) {
        let date: PartialDate = text.parse().map_err(|e: Error| e.at("expires"))?;
        if made.parse::<PartialDate>().is_ok_and(|m| m.surely_after(date)) {
            return Err(invalid("expires", "expires_before_made", "保质期到期日早于生产日期"));
        }
        return Ok(date.to_string());
    }
    let day = made.parse::<PartialDate>().ok().and_then(PartialDate::day);
    let last = day.zip(shelf_days).and_then(|(d, n)| d.checked_add(jiff::Span::new().try_days(n).ok()?).ok());
    Ok(last.map(|d| d.to_string()).unwrap_or_default())
}

/// Whether the last day lies before today; unknown and partial days count as not yet.
pub fn is_expired(expires: &str, now: Millis) -> bool {
    let day = expires.parse::<PartialDate>().ok().and_then(PartialDate::day);
    day.is_some_and(|d| day_start(d) + 86_400_000 <= now)
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
