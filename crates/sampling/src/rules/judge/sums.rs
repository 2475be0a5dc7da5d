//! Sums of several items, and sums of their ratios.

use super::{Dec, Found, Limit, Outcome, Part, Reading, Verdict, converted, undecided};

/// What a part may truly be: at least, at most. What was not detected counts as nought; `<x` is anything up to x, as it is for an item alone.
type Span = (Dec, Dec);

/// Errors: why there is none.
fn counted(limit: &Limit, item: &str, all: &[Found]) -> Result<Span, String> {
    let of = all.iter().find(|f| f.item == item).ok_or_else(|| format!("缺少{item}的结果"))?;
    let (readings, _) = converted(limit, of)?;
    match readings.as_slice() {
        [Reading::Value(v)] => Ok((*v, *v)),
        [Reading::NotDetected(_)] => Ok((Dec::ZERO, Dec::ZERO)),
        [Reading::Below(v)] => Ok((Dec::ZERO, *v)),
        _ => Err(format!("{item}的结果不能相加")),
    }
}

/// `told` of what lies between `low` and `high`, both of one scale with `most`.
fn compared(told: &str, (low, high): Span, most: Dec) -> Verdict {
    match () {
        () if high <= most => (Outcome::Conforms, format!("{told}，合格")),
        () if low > most => (Outcome::Fails, format!("{told}，不合格")),
        () => undecided(format!("{told}，有结果只报告为小于某值，不能判定")),
    }
}

fn between((low, high): Span) -> String {
    if low == high { low.to_string() } else { format!("{low}～{high}") }
}

pub(super) fn sum(limit: &Limit, parts: &[String], value: Dec, all: &[Found]) -> Verdict {
    let mut total: Span = (Dec::ZERO, Dec::ZERO);
    for part in parts {
        let next = counted(limit, part, all);
        match next.map(|v| total.0.plus(v.0).zip(total.1.plus(v.1))) {
            Ok(Some(sum)) => total = sum,
            Ok(None) => return undecided("结果的位数过多，不能相加"),
            Err(why) => return undecided(format!("按{}之和判定，{why}", parts.join("与"))),
        }
    }
    let told =
        format!("{}之和 {}（未检出按 0 计），限量 ≤{value} {}", parts.join("与"), between(total), limit.unit);
    compared(&told, total, value)
}

/// Compares `Σ vᵢ/Lᵢ` with the value without dividing: both sides times all limits.
pub(super) fn ratios(limit: &Limit, parts: &[Part], value: Dec, all: &[Found]) -> Verdict {
    let mut amounts: Vec<Span> = Vec::new();
    for part in parts {
        match counted(limit, &part.item, all) {
            Ok(amount) => amounts.push(amount),
            // an additive that was not used was not tested for
            Err(_) if !all.iter().any(|f| f.item == part.item) => amounts.push((Dec::ZERO, Dec::ZERO)),
            Err(why) => return undecided(why),
        }
    }
    let product = |skip: Option<usize>| {
        let mut others = parts.iter().enumerate().filter(|(i, _)| Some(*i) != skip);
        others.try_fold(Dec::ONE, |p, (_, part)| p.times(part.value))
    };
    let left = |of: fn(&Span) -> Dec| {
        let mut all = amounts.iter().enumerate();
        all.try_fold(Dec::ZERO, |sum, (i, amount)| sum.plus(of(amount).times(product(Some(i))?)?))
    };
    let right = product(None).and_then(|all| all.times(value));
    let (Some(low), Some(high), Some(right)) = (left(|a| a.0), left(|a| a.1), right) else {
        return undecided("结果的位数过多，不能求和");
    };
    let terms: Vec<String> =
        parts.iter().zip(&amounts).map(|(p, a)| format!("{} {}/{}", p.item, between(*a), p.value)).collect();
    let told = format!("各自用量占其最大使用量的比例之和：{}，限量 ≤{value}", terms.join(" + "));
    compared(&told, (low, high), right)
}
