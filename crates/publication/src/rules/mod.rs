//! What a page says, decided from facts and a day.

pub mod schedule;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kit_base::PartialDate;
use trace::store::products::TraceFile;
use trace::store::steps::Step;

use crate::model::{Lot, NoticeKind, Standing, Stop};

/// The one answer of the first screen. What forbids eating goes first.
pub fn standing(
    notices: &[NoticeKind],
    corrected: bool,
    files: &[TraceFile],
    lot: &Lot,
    today: Date,
) -> Standing {
    let failed = |f: &TraceFile| f.lot.is_some() && f.kind == "test_report" && f.conclusion == "fail";
    if notices.contains(&NoticeKind::Recall) {
        return Standing::Recalled;
    }
    if notices.contains(&NoticeKind::Failure) || files.iter().any(failed) {
        return Standing::Failed;
    }
    if corrected {
        return Standing::Doubtful;
    }
    match lot.expires.parse::<PartialDate>() {
        Ok(last) if PartialDate::full(today).surely_after(last) => Standing::Expired,
        Ok(last) if last.day().is_some() => Standing::Good,
        _ => Standing::Unknown,
    }
}

/// `2026年3月1日`, `2026年3月`, `2026年`; empty where nothing is known.
pub fn date_text(text: &str) -> String {
    let Ok(date) = text.parse::<PartialDate>() else { return String::new() };
    let month = date.month.map(|m| format!("{m}月")).unwrap_or_default();
    let day = date.day.map(|d| format!("{d}日")).unwrap_or_default();
    format!("{}年{month}{day}", date.year)
}

/// How long ago a day was: `今天`, `12 天前`; nothing where the day is not wholly known or lies ahead.
pub fn age_text(made: &str, today: Date) -> String {
    match days_until(made, today) {
        Some(0) => "今天".to_owned(),
        Some(days) if days < 0 => format!("{} 天前", -days),
        _ => String::new(),
    }
}

/// How long it may be eaten: `还有 12 天`, `今天到期`, `已过期 3 天`.
pub fn left_text(expires: &str, today: Date) -> String {
    match days_until(expires, today) {
        Some(0) => "今天到期".to_owned(),
        Some(days) if days > 0 => format!("还有 {days} 天"),
        Some(days) => format!("已过期 {} 天", -days),
        None => String::new(),
    }
}

fn days_until(text: &str, today: Date) -> Option<i32> {
    let day = text.parse::<PartialDate>().ok()?.day()?;
    Some((day - today).get_days())
}

/// A business as the chain names it.
#[derive(Debug, Clone)]
pub struct Named {
    pub name: String,
    pub trade: String,
    pub place: String,
}

/// Gathers stops in the order of their first date, each business once.
#[derive(Default)]
struct Stops {
    of: BTreeMap<String, usize>,
    stops: Vec<Stop>,
}

impl Stops {
    fn add(&mut self, who: &str, stop: Stop) {
        match self.of.get(who) {
            Some(&at) => {
                let known = &mut self.stops[at];
                // goods that have arrived say more than goods on the way
                if known.what == ON_WAY && stop.what != ON_WAY {
                    *known = stop;
                } else if !stop.at.is_empty()
                    && (known.at.is_empty() || stop.at < known.at)
                    && stop.what != ON_WAY
                {
                    known.at = stop.at;
                }
            }
            None => {
                self.of.insert(who.to_owned(), self.stops.len());
                self.stops.push(stop);
            }
        }
    }

    fn by_date(mut self) -> Vec<Stop> {
        // unknown dates keep their place at the end; the sort is stable, so equal days stay in the order of the record
        self.stops.sort_by(|a, b| (a.at.is_empty(), &a.at).cmp(&(b.at.is_empty(), &b.at)));
        self.stops
    }
}

const ON_WAY: &str = "配送中";

/// The businesses from which a batch came: who held its ingredients, and suppliers known only by name.
pub fn sources(steps: &[Step], own: &Step, names: &BTreeMap<String, Named>) -> Vec<Stop> {
    let mut out = Stops::default();
    for step in steps.iter().chain([own]) {
        let food = if step.product == own.product { String::new() } else { step.product_name.clone() };
        if step.holder != own.holder && !step.in_transit {
            add(&mut out, names, &step.holder, source_word(&step.kind), step, &food);
        }
        // goods sent, where the sender's own record does not begin earlier
        if step.in_transit && step.party != own.holder {
            add(&mut out, names, &step.party, "发货", step, &food);
        }
        if step.kind == "receive" {
            match step.counterpart.as_deref() {
                Some(from) if from != own.holder => add(&mut out, names, from, "供货", step, &food),
                None if !step.counterpart_name.is_empty() => {
                    let stop = Stop {
                        // not registered: it may be a farmer, whose name is not for everybody (个人信息保护法 25)
                        name: kit_base::text::mask_if_person(&step.counterpart_name),
                        trade: String::new(),
                        place: String::new(),
                        what: "供货",
                        at: step.at.clone(),
                        food,
                    };
                    out.add(&format!("={}", step.counterpart_name), stop);
                }
                _ => {}
            }
        }
    }
    out.by_date()
}

/// The businesses to which a batch, or food made of it, went.
pub fn followers(steps: &[Step], own: &Step, names: &BTreeMap<String, Named>) -> Vec<Stop> {
    let mut out = Stops::default();
    for step in steps {
        if step.holder == own.holder {
            continue;
        }
        let food = if step.product == own.product { String::new() } else { step.product_name.clone() };
        let what = match (step.in_transit, step.on_hand) {
            // delivered or given back: the lot that came of it is the one to tell
            (true, Some(0)) => continue,
            (true, Some(_)) => ON_WAY,
            (false, _) if !food.is_empty() => "用于加工",
            _ => "到货",
        };
        add(&mut out, names, &step.holder, what, step, &food);
    }
    out.by_date()
}

fn add(
    out: &mut Stops,
    names: &BTreeMap<String, Named>,
    who: &str,
    what: &'static str,
    step: &Step,
    food: &str,
) {
    let Some(named) = names.get(who) else { return };
    let stop = Stop {
        name: named.name.clone(),
        trade: named.trade.clone(),
        place: named.place.clone(),
        what,
        at: step.at.clone(),
        food: food.to_owned(),
    };
    out.add(who, stop);
}

fn source_word(kind: &str) -> &'static str {
    match kind {
        "harvest" => "采收",
        "produce" => "生产",
        "pack" | "unpack" => "包装",
        _ => "经销",
    }
}

/// What the business is to the batch that began at it.
pub fn maker_role(kind: &str) -> &'static str {
    match kind {
        "harvest" => "种植养殖者",
        "produce" => "生产者",
        "pack" | "unpack" => "包装者",
        _ => "登记者",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use trace::model::LotNo;

    use super::*;
    use crate::model::{Notice, NoticeKind};

    fn lot(expires: &str) -> Lot {
        Lot {
            no: 1,
            batch: "B1".into(),
            made: "2026-03-01".into(),
            expires: expires.into(),
            inspector: String::new(),
        }
    }

    fn report(conclusion: &str, lot: Option<LotNo>) -> TraceFile {
        TraceFile {
            id: "f".into(),
            product: "p".into(),
            lot,
            kind: "test_report".into(),
            title: String::new(),
            hash: String::new(),
            media: String::new(),
            size: 0,
            conclusion: conclusion.into(),
            number: String::new(),
            issued: String::new(),
            public: true,
            created_at: 0,
        }
    }

    fn recall(product: &str, batch: &str, lot: Option<LotNo>) -> Notice {
        Notice {
            id: "n".into(),
            kind: NoticeKind::Recall,
            product: product.into(),
            batch: batch.into(),
            lot,
            party: String::new(),
            division: String::new(),
            grade: None,
            reason: String::new(),
            advice: String::new(),
            issuer: String::new(),
            since: 0,
            until: None,
            author: String::new(),
            lifted_at: None,
            lifted_by: String::new(),
            lift_reason: String::new(),
        }
    }

    #[test]
    fn the_worst_is_said_first() {
        let today = date(2026, 3, 10);
        let table = [
            (false, "", None, "2026-03-10", Standing::Good),
            (false, "", None, "2026-03-09", Standing::Expired),
            (false, "", None, "2026-02", Standing::Expired),
            (false, "", None, "2026-03", Standing::Unknown),
            (false, "", None, "", Standing::Unknown),
            (true, "", None, "2026-03-10", Standing::Doubtful),
            (false, "pass", Some(1), "2026-03-10", Standing::Good),
            (true, "fail", Some(1), "2026-03-09", Standing::Failed),
            // a failed report of the product in general says nothing of this batch
            (false, "fail", None, "2026-03-10", Standing::Good),
        ];
        for (corrected, conclusion, of, expires, expected) in table {
            let files = [report(conclusion, of)];
            let said = |notices: &[NoticeKind]| standing(notices, corrected, &files, &lot(expires), today);
            assert_eq!(said(&[]), expected, "{corrected} {conclusion} {expires}");
            assert_eq!(said(&[NoticeKind::Failure]), Standing::Failed);
            assert_eq!(said(&[NoticeKind::Failure, NoticeKind::Recall]), Standing::Recalled);
        }
    }

    #[test]
    fn a_notice_names_what_it_says_and_no_more() {
        let table = [
            (recall("p", "", None), true),
            (recall("q", "", None), false),
            (recall("p", "B1", None), true),
            (recall("p", "B2", None), false),
            (recall("p", "", Some(7)), true),
            (recall("p", "", Some(8)), false),
        ];
        for (notice, expected) in table {
            assert_eq!(notice.names(7, "p", "B1"), expected, "{notice:?}");
        }
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let today = date(2026, 3, 10);
        assert_eq!(date_text("2026-03-01"), "2026年3月1日");
        assert_eq!((date_text("2026-03"), date_text("")), ("2026年3月".into(), String::new()));
        assert_eq!(age_text("2026-03-10", today), "今天");
        assert_eq!(age_text("2025-12-31", today), "69 天前");
        assert_eq!(age_text("2026-03", today), "");
        assert_eq!(left_text("2026-03-10", today), "今天到期");
        assert_eq!(left_text("2026-04-10", today), "还有 31 天");
        assert_eq!(left_text("2026-03-07", today), "已过期 3 天");
    }

    fn step(no: LotNo, holder: &str, kind: &str, in_transit: bool, at: &str) -> Step {
        Step {
            no,
            product: "p".into(),
            product_name: "面粉".into(),
            holder: holder.into(),
            division: String::new(),
            in_transit,
            batch: String::new(),
            kind: kind.into(),
            at: at.into(),
            party: holder.into(),
            counterpart: None,
            counterpart_name: String::new(),
            on_hand: Some(5),
            simulated: false,
        }
    }

    fn names() -> BTreeMap<String, Named> {
        let named = |n: &str| Named { name: n.to_uppercase(), trade: String::new(), place: String::new() };
        ["farm", "mill", "shop", "cafe"].map(|n| (n.to_owned(), named(n))).into()
    }

    #[test]
    fn each_business_stands_once_in_the_chain() {
        let own = step(4, "mill", "produce", false, "2026-03-03");
        let mut sent = step(2, "mill", "ship", true, "2026-03-02");
        sent.party = "farm".into();
        let mut outside = step(3, "mill", "receive", false, "2026-03-02");
        outside.counterpart_name = "外地粮站".into();
        outside.product = "wheat".into();
        outside.product_name = "小麦".into();
        let back = [step(1, "farm", "harvest", false, "2026-02-01"), sent, outside];
        let found = sources(&back, &own, &names());
        let said: Vec<_> = found.iter().map(|s| (s.name.as_str(), s.what, s.food.as_str())).collect();
        assert_eq!(said, [("FARM", "采收", ""), ("外地粮站", "供货", "小麦")]);

        let mut done = step(5, "shop", "ship", true, "2026-03-04");
        done.on_hand = Some(0);
        let ahead = [
            done,
            step(6, "shop", "receive", false, "2026-03-05"),
            step(7, "shop", "receive", false, "2026-03-04"),
            step(8, "cafe", "ship", true, "2026-03-06"),
            step(9, "mill", "refuse", false, "2026-03-07"),
        ];
        let found = followers(&ahead, &own, &names());
        let said: Vec<_> = found.iter().map(|s| (s.name.as_str(), s.what, s.at.as_str())).collect();
        assert_eq!(said, [("SHOP", "到货", "2026-03-04"), ("CAFE", "配送中", "2026-03-06")]);
    }
}
