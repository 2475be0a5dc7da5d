//! Sampling plans n/c/m/M.

use super::holds::holds;
use super::{Bound, Dec, Found, Limit, Outcome, Reading, Verdict, converted, undecided, words};

pub(super) fn plan(limit: &Limit, of: &Found, (n, c, m, top): (u32, u32, Dec, Option<Dec>)) -> Verdict {
    let wording = words(&limit.bound, &limit.unit);
    let (readings, lod) = match converted(limit, of) {
        Ok(found) => found,
        Err(why) => return undecided(why),
    };
    let shown: Vec<String> = readings.iter().map(Reading::shown).collect();
    let shown = shown.join("、");
    // one "not detected" for the whole says it of each
    let whole = readings.len() == 1 && matches!(readings[0], Reading::NotDetected(_) | Reading::Below(_));
    let count = u32::try_from(readings.len()).unwrap_or(u32::MAX);
    if count != n && !whole {
        return undecided(format!("采样方案 {wording} 需 {n} 个结果，只有 {count} 个"));
    }
    let (mut over, mut unsure) = (0_u32, false);
    for reading in &readings {
        if let Some(top) = top {
            match holds(&Bound::Most { value: top }, reading, lod) {
                Some(true) => {}
                Some(false) => {
                    let rule = format!("{shown}；采样方案 {wording}：{} 超过 M，不合格", reading.shown());
                    return (Outcome::Fails, rule);
                }
                None => unsure = true,
            }
        }
        match holds(&Bound::Most { value: m }, reading, lod) {
            Some(true) => {}
            Some(false) => over += 1,
            None => unsure = true,
        }
    }
    let told = format!("{shown}；采样方案 {wording}：{over} 个超过 m");
    match (over > c, unsure) {
        (true, _) => (Outcome::Fails, format!("{told}，多于 c，不合格")),
        (false, false) => (Outcome::Conforms, format!("{told}，不多于 c，合格")),
        (false, true) => undecided(format!("{told}，有结果凭其写法不能判定")),
    }
}
