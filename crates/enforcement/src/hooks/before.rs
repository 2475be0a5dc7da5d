//! What a form says is measured by the law before anything is done.

use kit_base::clock::china_day;
use kit_base::workdays::Period;
use kit_base::{Error, Result};
use kit_flow::{Ask, Case, Flows};
use kit_web::Act;
use serde_json::Value;

use crate::actions::answers;
use crate::actions::measure::{self, ids, sum, text};
use crate::rules::{range, tables};
use crate::store;

fn bad(field: &str, code: &'static str, text: impl Into<String>) -> Error {
    Error::invalid(format!("form/{field}"), code, text)
}

/// Whatever names officers names two or more (行政处罚法第四十二条).
///
/// Errors: `officers_few`.
pub fn two_officers(_: &mut Act, _: &Case, ask: &Ask) -> Result<()> {
    for field in ["officers", "investigators", "scene_officers", "inquiry_officers"] {
        if ask.form.get(field).is_some() && ids(&ask.form, field).len() < 2 {
            return Err(bad(field, "officers_few", "执法人员不得少于两人"));
        }
    }
    Ok(())
}

/// Errors: those of the checks below.
pub fn before(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    two_officers(act, case, ask)?;
    answers::check(act, case, ask)?;
    let form = &ask.form;
    match ask.action.as_deref() {
        Some("report") => report(act, case, form),
        Some("extend") => extended(case, form, "decision", "decide_by", "extension_days"),
        Some("extend_again") => later(case, form, "decision_longer", "decide_by"),
        Some("pass") => reviewed(case, form),
        Some("told") => served(act, case, form, "told", &["notice"]),
        Some("serve" | "serve_exempt") => served(act, case, form, "served", &["decision", "no_penalty"]),
        Some("urged") => served(act, case, form, "urged", &["urging"]),
        Some("request_hearing") => may_be_heard(case),
        Some("call_hearing") => called(act, case, form),
        Some("hear") => heard(act, case),
        Some("decide") => decided(act, case, form),
        Some("pay") => dated(act, form, "paid_on"),
        Some("tell_paid") => dated(act, form, "told_paid_on"),
        Some("pay_off") => paid_off(act, case),
        Some("publish") => public(case),
        Some("close") => closing(act, case),
        _ => Ok(()),
    }
}

/// Evidence is of this case and may be used; what is proposed keeps to the range.
///
/// Errors: `evidence_unknown`, `evidence_unreviewed`, those of [`range::range`] and [`range::within`].
fn report(act: &mut Act, case: &Case, form: &Value) -> Result<()> {
    let known = store::evidence::of_case(act.tx, &case.id)?;
    for (i, id) in ids(form, "proof").iter().enumerate() {
        let place = format!("proof/{i}");
        match known.iter().find(|e| e.id == *id) {
            None => return Err(bad(&place, "evidence_unknown", "本案没有这份证据")),
            Some(e) if !e.admissible => {
                let text = format!("监控设备收集的证据“{}”未经法制和技术审核通过，不得作为证据", e.title);
                return Err(bad(&place, "evidence_unreviewed", text));
            }
            Some(_) => {}
        }
    }
    measured(act, case, form, form)
}

/// The proposal or decision in `form` is measured by the facts in `facts`.
fn measured(act: &mut Act, case: &Case, facts: &Value, form: &Value) -> Result<()> {
    let tables = tables::get()?;
    let facts = measure::facts(act.tx, case, facts, act.now)?;
    let range = range::range(tables, &facts).map_err(|e| e.under("form"))?;
    let decided = range::Decided {
        penalties: &ids(form, "penalties"),
        fine: sum(form, "fine"),
        outside_reason: text(form, "outside_reason"),
    };
    range::within(tables, &range, &decided).map_err(|e| e.under("form"))
}

/// Errors: `extension_long`, and those of [`later`].
fn extended(case: &Case, form: &Value, clock: &str, field: &str, limit: &str) -> Result<()> {
    later(case, form, clock, field)?;
    let most = tables::get()?.limit(limit)?;
    let last = last_day(case, clock)?.checked_add(jiff::Span::new().days(most)).map_err(Error::internal)?;
    match day(form, field)? > last {
        true => Err(bad(field, "extension_long", format!("最多延长 {most} 日，即至 {last}"))),
        false => Ok(()),
    }
}

/// Errors: `extension_short`.
fn later(case: &Case, form: &Value, clock: &str, field: &str) -> Result<()> {
    let last = last_day(case, clock)?;
    match day(form, field)? <= last {
        true => Err(bad(field, "extension_short", format!("应晚于现在的期限 {last}"))),
        false => Ok(()),
    }
}

fn last_day(case: &Case, clock: &str) -> Result<jiff::civil::Date> {
    let timer = case.state.clocks.get(clock);
    let timer = timer.ok_or_else(|| Error::conflict("needs_clock", "期限已过或未开始"))?;
    timer.due.last_day.parse().map_err(Error::internal)
}

fn day(form: &Value, field: &str) -> Result<jiff::civil::Date> {
    text(form, field).parse().map_err(|_| bad(field, "form_kind", "请填写日期，如 2026-03-01"))
}

/// What may be heard, or is serious, is reviewed by whoever reviews law (行政处罚法第五十八条).
///
/// Errors: `legal_review_due`.
fn reviewed(case: &Case, form: &Value) -> Result<()> {
    let due = measure::due(case, &Value::Object(case.state.data.clone()))?;
    if text(form, "review_kind") != "legal" && !due.hearing.is_empty() {
        let text = format!("本案{}，应当进行法制审核", due.hearing.join("、"));
        return Err(bad("review_kind", "legal_review_due", text));
    }
    Ok(())
}

/// The day of service, from which clocks count, lies between the day of the document and today.
///
/// Errors: `consent_missing`, `publication_untold`, `date_future`, `date_before_document`.
fn served(act: &mut Act, case: &Case, form: &Value, what: &str, documents: &[&str]) -> Result<()> {
    let electronic = text(form, &format!("{what}_way")) == "electronic";
    let consent = format!("{what}_consent");
    if electronic && form.get(&consent).and_then(Value::as_bool) != Some(true) {
        return Err(bad(&consent, "consent_missing", "电子送达须经当事人同意并签订确认书"));
    }
    if what == "served" && form.get("told_publication").and_then(Value::as_bool) == Some(false) {
        return Err(bad("told_publication", "publication_untold", "送达时应当告知当事人处罚信息将公示"));
    }
    let field = format!("{what}_on");
    dated(act, form, &field)?;
    let stands =
        |d: &&kit_flow::state::Document| documents.contains(&d.code.as_str()) && d.annulled_at.is_none();
    let issued = case.state.documents.iter().rev().find(stands).map(|d| china_day(d.issued_at));
    match issued.filter(|issued| day(form, &field).is_ok_and(|on| on < *issued)) {
        Some(issued) => {
            let text = format!("送达日期不能早于文书日期 {issued}");
            Err(bad(&field, "date_before_document", text))
        }
        None => Ok(()),
    }
}

/// Errors: `date_future`.
fn dated(act: &mut Act, form: &Value, field: &str) -> Result<()> {
    match day(form, field)? > china_day(act.now) {
        true => Err(bad(field, "date_future", "日期不能晚于今天")),
        false => Ok(()),
    }
}

/// The party asks by itself only where the law gives the right (行政处罚法第六十三条).
///
/// Errors: `hearing_not_due`.
fn may_be_heard(case: &Case) -> Result<()> {
    let due = measure::due(case, &Value::Object(case.state.data.clone()))?;
    match due.hearing.is_empty() {
        true => {
            let text = "本案拟作出的处罚不在可以要求听证的范围内，可以提出陈述、申辩";
            Err(Error::conflict("hearing_not_due", text))
        }
        false => Ok(()),
    }
}

/// Seven working days lie before the hearing, and who holds it did not investigate.
///
/// Errors: `hearing_too_soon`, `same_person`.
fn called(act: &mut Act, case: &Case, form: &Value) -> Result<()> {
    let days = tables::get()?.limit("hearing_notice_days")?;
    let days = u16::try_from(days).map_err(Error::internal)?;
    let flows = act.cx.house.held::<Flows>();
    let calendar = flows.calendar(act.tx)?;
    let last = calendar.deadline(act.now, Period::WorkingDays(days))?.last_day;
    if day(form, "hear_on")? <= last {
        let text = format!("听证应在举行的 {days} 个工作日前通知，最早为 {last} 的次日");
        return Err(bad("hear_on", "hearing_too_soon", text));
    }
    let chosen = text(form, "hear_by");
    let investigated = case.state.doers.get("report").into_iter().flatten().any(|p| p.user == chosen);
    if investigated
        || ids(&Value::Object(case.state.data.clone()), "investigators").iter().any(|u| u == chosen)
    {
        return Err(bad("hear_by", "same_person", "听证由非本案调查人员主持"));
    }
    Ok(())
}

/// Errors: `not_hearing_officer`, `hearing_not_yet`.
fn heard(act: &mut Act, case: &Case) -> Result<()> {
    let data = Value::Object(case.state.data.clone());
    if text(&data, "hear_by") != act.who().user {
        return Err(Error::forbidden("not_hearing_officer", "听证由指定的听证主持人记录"));
    }
    match day(&data, "hear_on")? > china_day(act.now) {
        true => Err(Error::conflict("hearing_not_yet", format!("听证定于 {} 举行", text(&data, "hear_on")))),
        false => Ok(()),
    }
}

/// Errors: `statement_unanswered`, `city_level`, `discussion_due`, `heavier_than_told`, those of [`range::within`].
fn decided(act: &mut Act, case: &Case, form: &Value) -> Result<()> {
    let flag = |f: &str| case.state.flags.contains(f);
    let weighed_apart = case.pinned.definition.action("weigh").is_some();
    if weighed_apart && flag("stated") && !flag("weighed") {
        let text = "当事人提出了陈述、申辩，请先复核并写明是否采纳（行政处罚法第四十五条）";
        return Err(Error::conflict("statement_unanswered", text));
    }
    let data = Value::Object(case.state.data.clone());
    measured(act, case, &data, form)?;
    let due = measure::due(case, form)?;
    if due.city && !of_city(act, case) {
        let text = "罚款三十万元以上的，由设区的市级以上人民政府食品安全监督管理部门决定，请报请上级决定";
        return Err(Error::forbidden("city_level", text));
    }
    if !due.hearing.is_empty() && !flag("discussed") {
        let text = format!("本案{}，应当由负责人集体讨论决定，请先记录集体讨论", due.hearing.join("、"));
        return Err(Error::conflict("discussion_due", text));
    }
    let more = sum(form, "fine").unwrap_or(0) > sum(&data, "fine").unwrap_or(0);
    let told = ids(&data, "penalties");
    let other = ids(form, "penalties").iter().any(|p| !told.contains(p));
    if more || other {
        let text = "处罚重于或不同于已告知的内容：不得因陈述、申辩加重处罚；确需变更的，请退回调查并重新告知";
        return Err(Error::conflict("heavier_than_told", text));
    }
    Ok(())
}

/// The one who decides sits at the city or above.
fn of_city(act: &Act, case: &Case) -> bool {
    let division = &case.state.opened.division;
    division.get(..4).is_some_and(|city| act.who().scope_for("enforcement.approve").covers(city, None))
}

/// Errors: `not_paid`.
fn paid_off(act: &mut Act, case: &Case) -> Result<()> {
    let Some(row) = store::cases::by_id(act.tx, &case.id)? else { return Ok(()) };
    let owed = measure::owed(case, &row, act.now)?;
    if row.paid < owed.total {
        let money = kit_flow::papers::words::money;
        let text = format!(
            "应缴 {}（其中加处罚款 {}），已登记缴款 {}，尚未缴清",
            money(owed.total),
            money(owed.surcharge),
            money(row.paid)
        );
        return Err(Error::conflict("not_paid", text));
    }
    Ok(())
}

/// Errors: `publication_none`.
fn public(case: &Case) -> Result<()> {
    let penalties = ids(&Value::Object(case.state.data.clone()), "penalties");
    match range::public_kind(&penalties) {
        None => Err(Error::conflict("publication_none", "仅受到警告处罚的不予公示")),
        Some(_) => Ok(()),
    }
}

/// Errors: `not_executed`, `not_published`.
fn closing(act: &mut Act, case: &Case) -> Result<()> {
    let flag = |f: &str| case.state.flags.contains(f);
    if flag("no_penalty") || flag("revoked") {
        return Ok(());
    }
    let Some(row) = store::cases::by_id(act.tx, &case.id)? else { return Ok(()) };
    let owes = row.fine.unwrap_or(0) + row.confiscated.unwrap_or(0) > 0;
    if owes && !flag("paid") && !flag("court") {
        return Err(Error::conflict("not_executed", "罚没款尚未缴清，也未申请强制执行，不能结案"));
    }
    let public = range::public_kind(&row.penalties).is_some();
    let waits =
        case.state.clocks.get("publication").is_some_and(|t| t.state != kit_flow::state::Run::Stopped);
    if public && !flag("published") && waits {
        return Err(Error::conflict("not_published", "处罚信息尚未公示，请先公示或登记不予公示的依据"));
    }
    Ok(())
}

/// On the spot: two officers, a small fine or a warning, rights told.
///
/// Errors: `rights_untold`, `simple_penalty`, `simple_fine`, those of [`range::within`], `not_paid`, `not_executed`.
pub fn before_simple(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    two_officers(act, case, ask)?;
    answers::check(act, case, ask)?;
    let form = &ask.form;
    match ask.action.as_deref() {
        Some("decide") => {
            if form.get("heard").and_then(Value::as_bool) != Some(true) {
                let text = "应当出示执法证件，告知事实、理由、依据和权利，并听取陈述申辩";
                return Err(bad("heard", "rights_untold", text));
            }
            if ids(form, "penalties").iter().any(|p| p != "warning" && p != "fine") {
                let text = "简易程序只能给予警告或者小额罚款，其他处罚请转普通程序";
                return Err(bad("penalties", "simple_penalty", text));
            }
            let tables = tables::get()?;
            let person = text(form, "party_kind") == "person";
            let most = tables.limit(if person { "simple_person" } else { "simple_unit" })?;
            if sum(form, "fine").unwrap_or(0) > most {
                let text =
                    format!("简易程序罚款不超过 {}，请转普通程序", kit_flow::papers::words::money(most));
                return Err(bad("fine", "simple_fine", text));
            }
            measured(act, case, form, form)
        }
        Some("pay") => dated(act, form, "paid_on"),
        Some("tell_paid") => dated(act, form, "told_paid_on"),
        Some("pay_off") => paid_off(act, case),
        Some("close") => {
            let row = store::cases::by_id(act.tx, &case.id)?;
            let owes = row.is_some_and(|r| r.fine.unwrap_or(0) > 0);
            match owes && !case.state.flags.contains("paid") {
                true => Err(Error::conflict("not_executed", "罚款尚未缴清，不能结案")),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

pub fn before_seize(act: &mut Act, case: &Case, ask: &Ask) -> Result<()> {
    two_officers(act, case, ask)?;
    match ask.action.as_deref() {
        Some("extend") => extended(case, &ask.form, "term", "keep_until", "seize_extension_days"),
        _ => Ok(()),
    }
}
