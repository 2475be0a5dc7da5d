//! What may be imposed: the range of the fine for a conduct, with every reason, and what the procedure asks for.

use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tables::{Band, Tables};

/// What a decision is to be measured by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PenaltyFacts")]
pub struct Facts {
    /// Code of the penalty table: `124`.
    pub article: String,
    /// Fen.
    #[serde(default)]
    pub goods_value: Option<i64>,
    /// 违法所得, fen.
    #[serde(default)]
    pub gain: Option<i64>,
    /// Codes of circumstances.
    #[serde(default)]
    pub circumstances: Vec<String>,
    /// A citizen, not a unit.
    #[serde(default)]
    pub person: bool,
    /// Penalties other than 停产停业 and 吊销 in the year before.
    #[serde(default)]
    pub penalties_before: i64,
}

/// The range and what follows from it. Sums in fen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyRange")]
pub struct Range {
    pub article: String,
    pub conduct: String,
    /// `null`: no fine (yet): what comes first is in `first`.
    pub low: Option<i64>,
    pub high: Option<i64>,
    /// The part of the range that the circumstances point to.
    pub advised_low: Option<i64>,
    pub advised_high: Option<i64>,
    /// A fine below the range may be lawful (减轻).
    pub below: bool,
    pub first: String,
    pub extra: String,
    /// Serious (情节严重), and what may come besides.
    pub serious: bool,
    pub serious_extra: String,
    /// must, may, or empty: not to be punished.
    pub exempt: String,
    /// The third penalty in a year (第一百三十四条): 责令停产停业, until 吊销.
    pub third_in_year: bool,
    /// Signs of a crime: to be looked at for a transfer to the police.
    pub police: Vec<String>,
    /// Step by step, Chinese.
    pub reasons: Vec<String>,
    pub source: String,
    pub certainty: String,
}

/// What may be imposed for these facts.
///
/// Errors: `article_unknown`, `goods_value_missing`, `goods_value_form`, `circumstance_unknown`.
pub fn range(tables: &Tables, f: &Facts) -> Result<Range> {
    let band = tables.band(&f.article, f.goods_value)?;
    for (i, code) in f.circumstances.iter().enumerate() {
        if tables.circumstance(code).is_none() {
            let place = format!("circumstances/{i}");
            return Err(Error::invalid(place, "circumstance_unknown", "没有这种裁量情节"));
        }
    }
    let mut out = Range {
        article: band.article.clone(),
        conduct: band.conduct.clone(),
        low: None,
        high: None,
        advised_low: None,
        advised_high: None,
        below: false,
        first: band.first.clone(),
        extra: band.extra.clone(),
        serious: false,
        serious_extra: String::new(),
        exempt: String::new(),
        third_in_year: false,
        police: Vec::new(),
        reasons: Vec::new(),
        source: band.source.clone(),
        certainty: band.certainty.clone(),
    };
    fined(&mut out, band, f);
    seriousness(&mut out, tables, band, f)?;
    weigh(&mut out, tables, f)?;
    third(&mut out, tables, f)?;
    crime(&mut out, tables, f)?;
    Ok(out)
}

fn with<'t>(tables: &'t Tables, f: &Facts, effect: &str) -> Vec<&'t super::tables::Circumstance> {
    let named = f.circumstances.iter().filter_map(|c| tables.circumstance(c));
    named.filter(|c| c.effect == effect).collect()
}

/// The statutory range.
fn fined(out: &mut Range, band: &Band, f: &Facts) {
    if !band.needs.is_empty() && !f.circumstances.contains(&band.needs) {
        out.reasons.push(format!("{}：先{}；拒不改正的，再处罚款", band.article, band.first));
        return;
    }
    let value = f.goods_value.unwrap_or(0);
    let of = |fixed: Option<i64>, times: Option<i64>| fixed.or(times.map(|t| t.saturating_mul(value)));
    (out.low, out.high) = (of(band.low, band.low_times), of(band.high, band.high_times));
    let money = kit_flow::papers::words::money;
    let shown = match (band.low_times, band.high_times) {
        (Some(low), Some(high)) => format!("货值金额 {} 的 {low} 倍以上 {high} 倍以下", money(value)),
        _ => match band.value_to {
            Some(to) => format!("货值金额不足 {}", money(to)),
            None => "不论货值金额".to_owned(),
        },
    };
    let range = (money(out.low.unwrap_or(0)), money(out.high.unwrap_or(0)));
    out.reasons.push(format!("{}：{shown}，罚款 {} 至 {}", band.article, range.0, range.1));
    (out.advised_low, out.advised_high) = (out.low, out.high);
}

fn seriousness(out: &mut Range, tables: &Tables, band: &Band, f: &Facts) -> Result<()> {
    let limit = tables.limit("serious_value")?;
    if f.goods_value.is_some_and(|v| v >= limit) {
        let sum = kit_flow::papers::words::money(limit);
        out.reasons.push(format!("情节严重：货值金额 {sum} 以上（食品安全法实施条例第六十七条）"));
        out.serious = true;
    }
    for c in with(tables, f, "serious") {
        out.reasons.push(format!("情节严重：{}（{}）", c.name, c.statute));
        out.serious = true;
    }
    if out.serious {
        out.serious_extra.clone_from(&band.serious);
    }
    Ok(())
}

/// 从轻、减轻、从重、不予处罚.
fn weigh(out: &mut Range, tables: &Tables, f: &Facts) -> Result<()> {
    for c in with(tables, f, "may_exempt") {
        out.reasons.push(format!("可以不予（免予）处罚：{}（{}）", c.name, c.statute));
        out.exempt = "may".into();
    }
    for c in with(tables, f, "exempt") {
        out.reasons.push(format!("不予处罚：{}（{}）", c.name, c.statute));
        out.exempt = "must".into();
    }
    let (light, heavy) = (with(tables, f, "mitigate"), with(tables, f, "aggravate"));
    for c in &light {
        out.reasons.push(format!("应当从轻或者减轻：{}（{}）", c.name, c.statute));
    }
    for c in &heavy {
        out.reasons.push(format!("从重：{}（{}）", c.name, c.statute));
    }
    out.below = !light.is_empty();
    let (Some(low), Some(high)) = (out.low, out.high) else { return Ok(()) };
    let part = |percent: i64| (high - low) / 100 * percent + (high - low) % 100 * percent / 100;
    match (light.is_empty(), heavy.is_empty() && !out.serious) {
        (false, true) => {
            let percent = tables.limit("light_percent")?;
            out.advised_high = Some(low + part(percent));
            out.reasons.push(format!("从轻：建议在幅度较低的 {percent}% 部分，减轻的可以低于下限"));
        }
        (true, false) => {
            let percent = tables.limit("heavy_percent")?;
            out.advised_low = Some(high - part(percent));
            out.reasons.push(format!("从重：建议在幅度较高的 {percent}% 部分"));
        }
        (false, false) => out.reasons.push("兼有从轻和从重情节，请综合考虑并写明理由".into()),
        (true, true) => {}
    }
    Ok(())
}

fn third(out: &mut Range, tables: &Tables, f: &Facts) -> Result<()> {
    let count = tables.limit("rolling_count")?;
    if f.penalties_before > 0 {
        let text = format!("一年内此前已受处罚 {} 次", f.penalties_before);
        out.reasons.push(text);
    }
    if f.penalties_before + 1 >= count {
        out.third_in_year = true;
        out.reasons.push(format!(
            "一年内累计 {count} 次受到责令停产停业、吊销许可证以外处罚的，责令停产停业，直至吊销许可证（第一百三十四条）"
        ));
    }
    Ok(())
}

/// Signs of a crime (危害食品安全刑事案件解释); a person looks at them.
fn crime(out: &mut Range, tables: &Tables, f: &Facts) -> Result<()> {
    let (much, some) = (tables.limit("police_sales")?, tables.limit("police_sales_some")?);
    let value = f.goods_value.unwrap_or(0);
    let signs = with(tables, f, "police");
    if value >= much {
        out.police.push("生产、销售金额二十万元以上".into());
    } else if value >= some {
        out.police.extend(signs.iter().map(|c| format!("金额十万元以上，且{}", c.name)));
    }
    let harm = f.circumstances.iter().any(|c| c == "harm");
    let ill = f.circumstances.iter().any(|c| c == "ten_ill");
    if harm || ill {
        out.police.push("造成严重食物中毒等后果".into());
    }
    Ok(())
}

/// What was decided on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decided<'a> {
    pub penalties: &'a [String],
    pub fine: Option<i64>,
    pub outside_reason: &'a str,
}

/// Whether a decision keeps to the range.
///
/// Errors: `penalty_unknown`, `fine_missing`, `fine_unwanted`, `fine_not_yet`, `fine_above`, `fine_below`.
pub fn within(tables: &Tables, range: &Range, d: &Decided) -> Result<()> {
    if let Some(i) = d.penalties.iter().position(|p| tables.kind(p).is_none()) {
        return Err(Error::invalid(format!("penalties/{i}"), "penalty_unknown", "没有这种处罚"));
    }
    let fined = d.penalties.iter().any(|p| p == "fine");
    let fine = match (fined, d.fine) {
        (true, None | Some(0)) => return Err(Error::invalid("fine", "fine_missing", "请填写罚款金额")),
        (false, Some(1..)) => {
            return Err(Error::invalid("fine", "fine_unwanted", "有罚款金额时，处罚种类应包含罚款"));
        }
        (false, _) => return Ok(()),
        (true, Some(fine)) => fine,
    };
    let reasoned = !d.outside_reason.trim().is_empty();
    let money = kit_flow::papers::words::money;
    let (Some(low), Some(high)) = (range.low, range.high) else {
        let text = format!("{}：应先{}，拒不改正的才可以罚款", range.article, range.first);
        return Err(Error::invalid("fine", "fine_not_yet", text));
    };
    if fine > high {
        let text = format!("罚款不得超过法定最高限 {}", money(high));
        return Err(Error::invalid("fine", "fine_above", text));
    }
    if fine < low && !range.below && !reasoned {
        let text = format!("罚款低于法定最低限 {}，须有减轻情节或写明法定理由", money(low));
        return Err(Error::invalid("fine", "fine_below", text));
    }
    Ok(())
}

/// What the procedure asks for before a decision, and why. Chinese sentences.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyDue")]
pub struct Due {
    /// A hearing may be asked for, so that a legal review and a collective discussion are needed too.
    pub hearing: Vec<String>,
    /// Only a bureau of a city with districts or above may decide.
    pub city: bool,
}

/// What penalties of this weight ask for.
pub fn due(tables: &Tables, penalties: &[String], sums: i64, fine: i64, person: bool) -> Result<Due> {
    let mut out = Due::default();
    for kind in penalties.iter().filter_map(|p| tables.kind(p)).filter(|k| k.hearing == 1) {
        out.hearing.push(format!("拟作出{}", kind.name));
    }
    let limit = tables.limit(if person { "hearing_person" } else { "hearing_unit" })?;
    if sums >= limit {
        let sum = kit_flow::papers::words::money(limit);
        out.hearing.push(format!("罚没数额较大（{sum} 以上）"));
    }
    out.city = fine >= tables.limit("city_level")?;
    Ok(out)
}

/// The surcharge on a fine that is late by some days: three per cent a day, at most the fine again.
pub fn surcharge(fine: i64, days_late: i64, percent: i64) -> i64 {
    fine.saturating_mul(percent).saturating_mul(days_late.max(0)).saturating_div(100).min(fine)
}

/// The term under which a penalty is published (令45号); `None` where it is not published at all: only a warning.
pub fn public_kind(penalties: &[String]) -> Option<&'static str> {
    let of = |kinds: &[&str]| penalties.iter().all(|p| kinds.contains(&p.as_str()));
    match () {
        () if of(&["warning"]) => None,
        () if of(&["warning", "criticism"]) => Some("penalty_light"),
        () => Some("penalty"),
    }
}

/// Decisions within the year before a moment, of those whose penalties count.
pub fn in_year(decided: &[(Millis, Vec<String>)], now: Millis, tables: &Tables) -> Result<i64> {
    let from = now - tables.limit("rolling_days")? * 86_400_000;
    let counts = |penalties: &Vec<String>| {
        penalties.iter().filter_map(|p| tables.kind(p)).any(|k| k.counts == 1)
            && !penalties.iter().filter_map(|p| tables.kind(p)).any(|k| k.counts == 0)
    };
    let found = decided.iter().filter(|(at, penalties)| *at > from && *at <= now && counts(penalties));
    Ok(i64::try_from(found.count()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests;
