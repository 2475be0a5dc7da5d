//! What the forms of a case say, measured by the tables.

use kit_base::clock::{china_day, day_start};
use kit_base::{Millis, Result};
use kit_db::Tx;
use kit_flow::Case;
use serde_json::Value;

use crate::model::EnforcementCase;
use crate::rules::range::{self, Due, Facts};
use crate::rules::tables;
use crate::store;

/// A text of a form; empty where there is none.
pub fn text<'v>(form: &'v Value, field: &str) -> &'v str {
    form.get(field).and_then(Value::as_str).unwrap_or("")
}

/// A sum of a form, fen.
pub fn sum(form: &Value, field: &str) -> Option<i64> {
    form.get(field).and_then(Value::as_i64)
}

/// The entries of a list.
pub fn ids(form: &Value, field: &str) -> Vec<String> {
    let list = form.get(field).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The facts that a form tells, with the penalties of the year before.
pub fn facts(tx: &mut Tx, case: &Case, form: &Value, now: Millis) -> Result<Facts> {
    Ok(Facts {
        article: text(form, "article").to_owned(),
        goods_value: sum(form, "goods_value"),
        gain: sum(form, "gain"),
        circumstances: ids(form, "circumstances"),
        person: text(form, "party_kind") == "person",
        penalties_before: before(tx, &case.state.opened.business, &case.id, now)?,
    })
}

/// Penalties of a business in the year before that count.
pub fn before(tx: &mut Tx, party: &str, but: &str, now: Millis) -> Result<i64> {
    let tables = tables::get()?;
    let since = now - tables.limit("rolling_days")? * 86_400_000;
    let decided = store::cases::decided(tx, party, since, but)?;
    range::in_year(&decided, now, tables)
}

/// What the procedure asks for, for the penalties and sums that a form names.
pub fn due(case: &Case, form: &Value) -> Result<Due> {
    let fine = sum(form, "fine").unwrap_or(0);
    let gain = sum(form, "confiscated").or(sum(&Value::Object(case.state.data.clone()), "gain")).unwrap_or(0);
    let person = text(&Value::Object(case.state.data.clone()), "party_kind") == "person";
    range::due(tables::get()?, &ids(form, "penalties"), fine + gain, fine, person)
}

/// What is to be paid. Fen.
pub struct Owed {
    pub surcharge: i64,
    pub total: i64,
}

/// The fine, what is confiscated, and three per cent of the fine for each day late, to the day of the last payment.
pub fn owed(case: &Case, row: &EnforcementCase, now: Millis) -> Result<Owed> {
    let fine = row.fine.unwrap_or(0);
    let clocks = ["payment_later", "payment"];
    let late_from = clocks.iter().find_map(|c| case.state.clocks.get(*c)).map(|t| t.due.late_from);
    let data = Value::Object(case.state.data.clone());
    let paid_on = text(&data, "paid_on").parse::<jiff::civil::Date>().map(day_start);
    let at = paid_on.unwrap_or_else(|_| day_start(china_day(now)));
    let days = late_from.map_or(0, |from| (at - from).div_euclid(86_400_000) + 1);
    let surcharge = range::surcharge(fine, days, tables::get()?.limit("late_rate")?);
    Ok(Owed { surcharge, total: fine + row.confiscated.unwrap_or(0) + surcharge })
}
