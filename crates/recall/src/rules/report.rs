//! What a holder reports, against what it can have; and the account of a recall, which closes to the gram.

use kit_base::amount::Shown;
use kit_base::{Error, Result, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a holder and a batch before a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub unit: Unit,
    pub due: i64,
    pub book_on_hand: i64,
    pub book_sold: i64,
    pub book_gone: i64,
    /// Lots without an amount: then nothing is too much.
    pub unknown: i64,
    /// The producer has it back already: it cannot be taken back.
    pub confirmed: i64,
    /// Destroyed and mended under the eyes of an officer: likewise.
    pub supervised: i64,
}

/// Where it all is, as reported, in base units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// 现存（已封存）
    pub on_hand: i64,
    /// 已售给消费者，未追回
    pub sold: i64,
    /// 已销毁
    pub destroyed: i64,
    /// 已补救
    #[serde(default)]
    pub remedied: i64,
    /// 已退回生产者
    pub returned: i64,
}

impl Told {
    /// `None` beyond what numbers hold.
    fn sum(&self) -> Option<i64> {
        let parts = [self.on_hand, self.sold, self.destroyed, self.remedied, self.returned];
        parts.iter().try_fold(0_i64, |sum, n| sum.checked_add(*n))
    }
}

/// What the report leaves unexplained; less than nothing where a count found more.
///
/// Errors: `amount_negative`, `more_than_received` with what is known, `returned_less`, `destroyed_less`.
pub fn unaccounted(known: &Known, told: &Told) -> Result<i64> {
    let fields = [
        ("on_hand", told.on_hand),
        ("sold", told.sold),
        ("destroyed", told.destroyed),
        ("remedied", told.remedied),
        ("returned", told.returned),
    ];
    for (field, amount) in fields {
        if amount < 0 {
            return Err(Error::invalid(field, "amount_negative", "数量不能小于零"));
        }
    }
    let shown = |n: i64| Shown(n, known.unit);
    let sum = told.sum().unwrap_or(i64::MAX);
    // a count may have found more than the papers say
    let most = known.due.max(known.book_on_hand + known.book_sold + known.book_gone);
    if known.unknown == 0 && sum > most {
        let text = format!(
            "填报合计 {}，超过贵单位应当说明的 {}。台账记录：收进减去转给其他单位和投入加工的为 {}，其中现存 {}、已售 {}、损耗或销毁 {}。请核对后填报；台账漏记进货的，请先补记",
            shown(sum),
            shown(most),
            shown(known.due),
            shown(known.book_on_hand),
            shown(known.book_sold),
            shown(known.book_gone)
        );
        return Err(Error::invalid("on_hand", "more_than_received", text));
    }
    if told.returned < known.confirmed {
        let text = format!("生产者已确认收到退货 {}，退回数量不能少于此数", shown(known.confirmed));
        return Err(Error::invalid("returned", "returned_less", text));
    }
    if told.destroyed + told.remedied < known.supervised {
        let text = format!("监管人员已见证处置 {}，销毁与补救合计不能少于此数", shown(known.supervised));
        return Err(Error::invalid("destroyed", "destroyed_less", text));
    }
    Ok(known.due - sum)
}

/// Where a holder stands with one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// Not reported.
    Open,
    /// Something is on hand, or missing without an accepted reason.
    Reported,
    /// Nothing on hand, and everything explained.
    Settled,
}

/// What is missing of a batch: `None` before the report; less than nothing where a count found more.
pub fn missing(due: i64, told: Option<&Told>) -> Option<i64> {
    told.map(|told| due - told.sum().unwrap_or(i64::MAX))
}

/// `accepted`: the amount missing that an officer accepted; it lapses when another amount is missing.
pub fn stand(due: i64, told: Option<&Told>, accepted: Option<i64>) -> Stand {
    match (told, missing(due, told)) {
        (Some(told), Some(missing)) if told.on_hand == 0 && (missing <= 0 || accepted == Some(missing)) => {
            Stand::Settled
        }
        (Some(_), _) => Stand::Reported,
        (None, _) => Stand::Open,
    }
}

impl Stand {
    /// As it is kept with the task of a holder.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reported => "reported",
            Self::Settled => "settled",
        }
    }
}

/// The account of a batch or of several of one unit: `produced` is the sum of all that follow it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// g, ml, pc
    pub unit: String,
    /// What the batches began with, of those where it is known.
    pub produced: i64,
    /// 投入加工: made into something else
    pub used: i64,
    /// 待报: what those answer for who have not reported
    pub waiting: i64,
    /// 现存
    pub on_hand: i64,
    /// 已售
    pub sold: i64,
    /// 已销毁
    pub destroyed: i64,
    /// 已补救
    pub remedied: i64,
    /// 退回途中: returned, and not confirmed by the producer
    pub returning: i64,
    /// 退回待处置: with the producer
    pub back: i64,
    /// 去向不明: reported, and not explained
    pub open: i64,
    /// Of `open`: an officer accepted the reason.
    #[serde(default)]
    pub accepted: i64,
    /// 历史记录差额
    pub gap: i64,
    /// Lots without an amount; they are in no sum.
    pub unknown: i64,
    /// Of `waiting`, as the ledger had it: on hand, sold, gone.
    pub book_on_hand: i64,
    pub book_sold: i64,
    pub book_gone: i64,
}

impl Account {
    /// Everything that stands against `produced`.
    pub fn explained(&self) -> i64 {
        [
            self.used,
            self.waiting,
            self.on_hand,
            self.sold,
            self.destroyed,
            self.remedied,
            self.returning,
            self.back,
            self.open,
            self.gap,
        ]
        .iter()
        .sum()
    }

    /// Under control: on hand and sealed, back, destroyed, mended.
    pub fn controlled(&self) -> i64 {
        self.on_hand + self.destroyed + self.remedied + self.returning + self.back
    }

    /// In tenths of a percent of what was not made into something else; `None` where there is nothing.
    pub fn share(&self) -> Option<i64> {
        let of = self.produced - self.used - self.gap;
        (of > 0).then(|| (i128::from(self.controlled()) * 1_000 / i128::from(of)) as i64)
    }
}

/// A line as an account needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub due: i64,
    pub book_on_hand: i64,
    pub book_sold: i64,
    pub book_gone: i64,
    /// `None`: not reported.
    pub told: Option<Told>,
    pub confirmed: i64,
}

/// The sides of a batch that no holder's line has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whole {
    pub produced: Option<i64>,
    pub used: i64,
    pub gap: i64,
    pub unknown: i64,
    pub back_destroyed: i64,
    pub back_remedied: i64,
}

impl Account {
    pub fn line(&mut self, e: &Entry) {
        let Some(told) = e.told else {
            self.waiting += e.due;
            self.book_on_hand += e.book_on_hand;
            self.book_sold += e.book_sold;
            self.book_gone += e.book_gone;
            return;
        };
        self.on_hand += told.on_hand;
        self.sold += told.sold;
        self.destroyed += told.destroyed;
        self.remedied += told.remedied;
        self.returning += told.returned - e.confirmed;
        self.back += e.confirmed;
        self.open += e.due - told.sum().unwrap_or(i64::MAX);
    }

    pub fn whole(&mut self, w: &Whole) {
        self.produced += w.produced.unwrap_or(0);
        self.used += w.used;
        self.gap += w.gap;
        self.unknown += w.unknown;
        self.back -= w.back_destroyed + w.back_remedied;
        self.destroyed += w.back_destroyed;
        self.remedied += w.back_remedied;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Known = Known {
        unit: Unit::G,
        due: 10_000,
        book_on_hand: 6_000,
        book_sold: 3_500,
        book_gone: 0,
        unknown: 0,
        confirmed: 0,
        supervised: 0,
    };

    fn told(on_hand: i64, sold: i64, destroyed: i64, returned: i64) -> Told {
        Told { on_hand, sold, destroyed, returned, remedied: 0 }
    }

    #[test]
    fn a_holder_is_done_when_nothing_is_missing_or_an_officer_accepted_it() {
        use Stand::{Open, Reported, Settled};
        let table: [(Option<Told>, Option<i64>, Stand); 9] = [
            (None, None, Open),
            (Some(told(0, 4_000, 6_000, 0)), None, Settled),
            (Some(told(1, 4_000, 5_999, 0)), None, Reported),
            (Some(told(0, 4_000, 5_999, 0)), None, Reported),
            (Some(told(0, 4_000, 5_999, 0)), Some(1), Settled),
            // another amount than the one accepted
            (Some(told(0, 4_000, 5_998, 0)), Some(1), Reported),
            (Some(told(1, 4_000, 5_998, 0)), Some(1), Reported),
            // a count found more than the papers say: nothing is missing
            (Some(told(0, 4_003, 6_000, 0)), None, Settled),
            (None, Some(0), Open),
        ];
        for (told, accepted, wanted) in table {
            assert_eq!(stand(10_000, told.as_ref(), accepted), wanted, "{told:?} {accepted:?}");
        }
    }

    #[test]
    fn reports_are_measured_by_what_came_in() {
        let at = |confirmed, supervised| Known { confirmed, supervised, ..KNOWN };
        let found_more = Known { due: 10_000, book_on_hand: 10_003, book_sold: 0, ..KNOWN };
        let table: [(Known, Told, std::result::Result<i64, &str>); 10] = [
            (KNOWN, told(6_000, 4_000, 0, 0), Ok(0)),
            (KNOWN, told(5_000, 3_500, 500, 800), Ok(200)),
            (KNOWN, told(0, 0, 0, 0), Ok(10_000)),
            (KNOWN, told(6_000, 4_001, 0, 0), Err("more_than_received")),
            (KNOWN, told(-1, 0, 0, 0), Err("amount_negative")),
            (KNOWN, told(i64::MAX, i64::MAX, 0, 0), Err("more_than_received")),
            (found_more, told(10_003, 0, 0, 0), Ok(-3)),
            (Known { unknown: 1, ..KNOWN }, told(20_000, 0, 0, 0), Ok(-10_000)),
            (at(500, 0), told(0, 0, 0, 499), Err("returned_less")),
            (at(0, 300), told(0, 0, 299, 0), Err("destroyed_less")),
        ];
        for (known, told, wanted) in table {
            let found = unaccounted(&known, &told).map_err(|e| e.code.into_owned());
            assert_eq!(found, wanted.map_err(str::to_owned), "{told:?}");
        }
        let text = unaccounted(&KNOWN, &told(6_000, 4_001, 0, 0)).unwrap_err().message;
        assert!(text.contains("10.001 公斤") && text.contains("已售 3.5 公斤"), "{text}");
    }
}
