//! Sums of several items, and sums of their ratios.

use super::{Dec, Found, Limit, Outcome, Part, Reading, Verdict, converted, undecided};

/// A part as a number: what was not detected counts as nought. Errors: why there is none.
fn counted(limit: &Limit, item: &str, all: &[Found]) -> Result<Dec, String> {
    let of = all.iter().find(|f| f.item == item).ok_or_else(|| format!("缺少{item}的结果"))?;
    let (readings, _) = converted(limit, of)?;
    match readings.as_slice() {
        [Reading::Value(v)] => Ok(*v),
        [Reading::NotDetected(_) | Reading::Below(_)] => Ok(Dec::ZERO),
        _ => Err(format!("{item}的结果不能相加")),
    }
}

pub(super) fn sum(limit: &Limit, parts: &[String], value: Dec, all: &[Found]) -> Verdict {
    let mut total = Dec::ZERO;
    for part in parts {
        let next = counted(limit, part, all);
        match next.map(|v| total.plus(v)) {
            Ok(Some(sum)) => total = sum,
            Ok(None) => return undecided("结果的位数过多，不能相加"),
            Err(why) => return undecided(format!("按{}之和判定，{why}", parts.join("与"))),
        }
    }
    let told = format!("{}之和 {total}（未检出按 0 计），限量 ≤{value} {}", parts.join("与"), limit.unit);
    match total <= value {
        true => (Outcome::Conforms, format!("{told}，合格")),
        false => (Outcome::Fails, format!("{told}，不合格")),
    }
}

/// Compares `Σ vᵢ/Lᵢ` with the value without dividing: both sides times all limits.
pub(super) fn ratios(limit: &Limit, parts: &[Part], value: Dec, all: &[Found]) -> Verdict {
    let mut amounts = Vec::new();
    for part in parts {
        match counted(limit, &part.item, all) {
            Ok(amount) => amounts.push(amount),
            // an additive that was not used was not tested for
            Err(_) if !all.iter().any(|f| f.item == part.item) => amounts.push(Dec::ZERO),
            Err(why) => return undecided(why),
        }
    }
    let product = |skip: Option<usize>| {
        let mut others = parts.iter().enumerate().filter(|(i, _)| Some(*i) != skip);
        others.try_fold(Dec::ONE, |p, (_, part)| p.times(part.value))
    };
    let left = amounts
        .iter()
        .enumerate()
        .try_fold(Dec::ZERO, |sum, (i, amount)| sum.plus(amount.times(product(Some(i))?)?));
    let right = product(None).and_then(|all| all.times(value));
    let (Some(left), Some(right)) = (left, right) else {
        return undecided("结果的位数过多，不能求和");
    };
    let terms: Vec<String> =
        parts.iter().zip(&amounts).map(|(p, a)| format!("{} {a}/{}", p.item, p.value)).collect();
    let told = format!("各自用量占其最大使用量的比例之和：{}，限量 ≤{value}", terms.join(" + "));
    match left <= right {
        true => (Outcome::Conforms, format!("{told}，合格")),
        false => (Outcome::Fails, format!("{told}，不合格")),
    }
}
