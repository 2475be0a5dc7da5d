//! Decisions about businesses, as pure functions.

pub mod divisions;

use std::str::FromStr as _;

use kit_base::codes::{Verdict, licence, person, tidy, uscc};
use kit_base::text::{half_width, mask_name, mask_phone};
use kit_base::{Defect, Error, Kind, PartialDate, Result};

use crate::model::{
    FieldChange, Licence, NewLicence, NewParty, NewPerson, NewSite, PERSON_ROLES, Party, Person, Position,
    SITE_KINDS, Status, Warning,
};
use crate::reference::Reference;

const MAX_LICENCES: usize = 50;
const MAX_PEOPLE: usize = 200;

/// Collects every fault of an input, so that a form can show them all at once.
#[derive(Default)]
struct Faults {
    defects: Vec<Defect>,
    warnings: Vec<Warning>,
}

impl Faults {
    fn wrong(&mut self, field: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.defects.push(Defect { place: field.into(), code: code.into(), message: message.into() });
    }

    fn take(&mut self, field: String, verdict: Verdict) {
        match verdict {
            Verdict::Good => {}
            Verdict::Warning(f) => {
                self.warnings.push(Warning { field, code: f.code.to_owned(), message: f.message });
            }
            Verdict::Wrong(f) => self.wrong(field, f.code, f.message),
        }
    }

    fn text(&mut self, field: &str, name: &str, text: &str, max: usize) {
        if text.chars().count() > max {
            self.wrong(field, "too_long", format!("{name}不超过 {max} 个字"));
        }
        if text.chars().any(|c| c.is_control()) {
            self.wrong(field, "control_character", format!("{name}中有不可见的控制字符，请重新输入"));
        }
    }

    /// The first fault is the refusal's own field and text; all are its defects.
    fn answer(self) -> Result<Vec<Warning>> {
        let Some(first) = self.defects.first() else { return Ok(self.warnings) };
        let error =
            Error::new(Kind::Invalid, first.code.clone(), first.message.clone()).at(first.place.clone());
        Err(error.with_defects(self.defects))
    }
}

/// Brings an input into its plain form: codes upper case and half width, texts trimmed, licence kinds found.
pub fn tidied(mut party: NewParty) -> NewParty {
    party.name = tidy_text(&party.name);
    party.address = tidy_text(&party.address);
    party.note = party.note.trim().to_owned();
    party.uscc = party.uscc.map(|c| tidy(&c)).filter(|c| !c.is_empty());
    party.division = party.division.trim().to_owned();
    party.items.sort();
    party.items.dedup();
    for one in &mut party.licences {
        one.number = tidy(&one.number);
        if one.kind.is_empty() {
            one.kind = licence::Kind::of_number(&one.number).as_str().to_owned();
        }
        one.issuer = tidy_text(&one.issuer);
    }
    for one in party.people.iter_mut().flatten() {
        one.name = tidy_text(&one.name);
        one.phone = tidy(&one.phone);
    }
    party
}

/// Half width spaces, one between words, none around; the rest of Chinese punctuation stays.
fn tidy_text(text: &str) -> String {
    let text: String = text.chars().map(|c| if c == '\u{3000}' { half_width(c) } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks a tidied input. Answers warnings, or every fault at once (as defects, their place is the field).
pub fn check_party(party: &NewParty, reference: &Reference) -> Result<Vec<Warning>> {
    let mut faults = Faults::default();
    if party.name.chars().count() < 2 {
        faults.wrong("name", "name_missing", "名称至少 2 个字，请按营业执照填写");
    }
    faults.text("name", "名称", &party.name, 100);
    faults.text("address", "地址", &party.address, 200);
    faults.text("note", "备注", &party.note.replace(['\n', '\r'], " "), 1_000);
    if let Some(code) = &party.uscc {
        faults.take("uscc".to_owned(), uscc::check(code));
    }
    if reference.business_kind(&party.kind).is_none() {
        faults.wrong("kind", "kind_unknown", format!("没有业态“{}”，请从列表中选择", party.kind));
    }
    check_division(&mut faults, "division", &party.division, reference);
    check_position(&mut faults, "position", party.position.as_ref());
    for code in party.items.iter().filter(|c| reference.trade_item(c).is_none()) {
        faults.wrong("items", "item_unknown", format!("没有经营项目“{code}”，请从列表中选择"));
    }
    check_licences(&mut faults, party);
    check_people(&mut faults, party.people.as_deref().unwrap_or_default());
    faults.answer()
}

/// Checks a further place.
pub fn check_site(site: &NewSite, reference: &Reference) -> Result<Vec<Warning>> {
    let mut faults = Faults::default();
    if site.name.trim().is_empty() {
        faults.wrong("name", "name_missing", "场所名称不能为空");
    }
    faults.text("name", "场所名称", &site.name, 100);
    faults.text("address", "地址", &site.address, 200);
    if SITE_KINDS.iter().all(|(code, _)| *code != site.kind) {
        faults.wrong("kind", "kind_unknown", format!("没有场所类型“{}”，请从列表中选择", site.kind));
    }
    check_division(&mut faults, "division", &site.division, reference);
    check_position(&mut faults, "position", site.position.as_ref());
    faults.answer()
}

fn check_division(faults: &mut Faults, field: &str, code: &str, reference: &Reference) {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    if !digits || !matches!(code.len(), 6 | 9 | 12) {
        return faults.wrong(
            field,
            "division_form",
            "行政区划应为县（6 位）、街道（9 位）或村居（12 位）的代码",
        );
    }
    let Some(county) = reference.division(&code[..6]).filter(|d| *d.valid_from <= *reference.day) else {
        return faults.wrong(field, "division_unknown", format!("没有行政区划 {code}，请从列表中选择"));
    };
    let ended = [9, 6].into_iter().filter_map(|n| code.get(..n)).filter_map(|c| reference.division(c));
    let ended = ended.into_iter().find(|d| !d.valid_to.is_empty() && !reference.is_valid(d));
    if let Some(ended) = ended {
        let now = ended.successors.iter().map(|s| format!("{s} {}", reference.full_name(s)));
        let now = now.collect::<Vec<_>>().join("、");
        let now = if now.is_empty() { "没有后继区划".to_owned() } else { format!("现为 {now}") };
        faults.warnings.push(Warning {
            field: field.to_owned(),
            code: "division_retired".to_owned(),
            message: format!("区划 {} 已撤销，{now}", ended.code),
        });
    } else if code.len() > 6 && reference.division(&code[..9]).is_none() {
        faults.warnings.push(Warning {
            field: field.to_owned(),
            code: "division_street_unknown".to_owned(),
            message: format!("{}中没有代码为 {} 的街道，请核对", county.name, &code[..9]),
        });
    }
}

fn check_position(faults: &mut Faults, field: &str, position: Option<&Position>) {
    let Some(position) = position else { return };
    let at = position.wgs84();
    if (73.0..=136.0).contains(&at.lat) && (3.0..=54.0).contains(&at.lon) {
        return faults.wrong(field, "position_swapped", "经度和纬度写反了，请对调");
    }
    if !at.is_real() {
        return faults.wrong(
            field,
            "position_impossible",
            "经度应在 -180 到 180 之间，纬度应在 -90 到 90 之间",
        );
    }
    if position.accuracy.is_some_and(|m| !(0..=1_000_000).contains(&m)) {
        faults.wrong(field, "accuracy_range", "定位精度应为 0 到 1,000,000 米");
    }
    if !(73.0..=136.0).contains(&at.lon) || !(3.0..=54.0).contains(&at.lat) {
        faults.warnings.push(Warning {
            field: field.to_owned(),
            code: "position_abroad".to_owned(),
            message: "坐标不在中国境内，请核对".to_owned(),
        });
    }
}

fn check_licences(faults: &mut Faults, party: &NewParty) {
    if party.licences.len() > MAX_LICENCES {
        faults.wrong("licences", "too_many", format!("许可证不超过 {MAX_LICENCES} 个"));
    }
    for (i, one) in party.licences.iter().enumerate().take(MAX_LICENCES) {
        let at = |name: &str| format!("licences/{i}/{name}");
        match licence::Kind::parse(&one.kind) {
            Some(kind) => faults.take(at("number"), licence::check(kind, &one.number)),
            None => faults.wrong(at("kind"), "kind_unknown", format!("没有许可证类型“{}”", one.kind)),
        }
        if party.licences[..i].iter().any(|other| other.number == one.number) {
            faults.wrong(at("number"), "licence_twice", format!("许可证编号“{}”写了两次", one.number));
        }
        faults.text(&at("issuer"), "发证机关", &one.issuer, 100);
        check_dates(faults, one, &at);
        let inside = licence::division(&one.number).filter(|d| party.division.get(..4) != d.get(..4));
        if let Some(inside) = inside {
            faults.warnings.push(Warning {
                field: at("number"),
                code: "licence_elsewhere".to_owned(),
                message: format!("许可证编号中的区划 {inside} 与主体所在地不同，请核对"),
            });
        }
    }
}

fn check_dates(faults: &mut Faults, one: &NewLicence, at: &dyn Fn(&str) -> String) {
    let mut read = |name: &str, text: &str| -> Option<PartialDate> {
        if text.is_empty() {
            return None;
        }
        match PartialDate::from_str(text) {
            Ok(date) => Some(date),
            Err(e) => {
                faults.defects.push(Defect { place: at(name), code: e.code, message: e.message });
                None
            }
        }
    };
    let (issued, expires) = (read("issued", &one.issued), read("expires", &one.expires));
    if let (Some(issued), Some(expires)) = (issued, expires)
        && issued.surely_after(expires)
    {
        faults.wrong(at("expires"), "dates_reversed", "有效期至早于发证日期，请核对");
    }
}

fn check_people(faults: &mut Faults, people: &[NewPerson]) {
    if people.len() > MAX_PEOPLE {
        faults.wrong("people", "too_many", format!("人员不超过 {MAX_PEOPLE} 名"));
    }
    for (i, one) in people.iter().enumerate().take(MAX_PEOPLE) {
        let at = |name: &str| format!("people/{i}/{name}");
        if PERSON_ROLES.iter().all(|(code, _)| *code != one.role) {
            faults.wrong(at("role"), "role_unknown", format!("没有职务“{}”，请从列表中选择", one.role));
        }
        if one.name.is_empty() {
            faults.wrong(at("name"), "name_missing", "人员姓名不能为空");
        }
        faults.text(&at("name"), "姓名", &one.name, 50);
        if !one.phone.is_empty() {
            faults.take(at("phone"), person::check_phone(&one.phone));
        }
    }
}

/// Whether a business may go from one status to another. A business that was struck off comes back only with a reason.
///
/// Errors: `status_same`, `reason_missing`.
pub fn check_status(from: Status, to: Status, reason: &str) -> Result<()> {
    if from == to {
        return Err(Error::conflict("status_same", format!("该主体已是“{}”状态", to.name())).at("status"));
    }
    if reason.trim().chars().count() < 2 {
        return Err(Error::invalid("reason", "reason_missing", "请填写变更状态的原因（不少于 2 个字）"));
    }
    Ok(())
}

/// What a person of the business itself may not change: what the registration office keeps.
///
/// Errors: `field_not_yours` with the field.
pub fn check_own_update(old: &Party, new: &NewParty) -> Result<()> {
    let kept = [
        ("name", old.name == new.name),
        ("uscc", old.uscc == new.uscc),
        ("kind", old.kind == new.kind),
        ("division", old.division == new.division),
    ];
    for (field, same) in kept {
        if !same {
            let text = "登记事项由监管部门变更，请联系辖区市场监管所";
            return Err(Error::forbidden("field_not_yours", text).at(field));
        }
    }
    Ok(())
}

/// What an update changes, for the history; persons masked.
pub fn changes(old: &Party, licences: &[Licence], people: &[Person], new: &NewParty) -> Vec<FieldChange> {
    let place = |lon: Option<f64>, lat: Option<f64>| match (lon, lat) {
        (Some(lon), Some(lat)) => format!("{lon:.6},{lat:.6}"),
        _ => String::new(),
    };
    let at = new.position.map(|p| p.wgs84());
    let new_people = new.people.is_some();
    let licence =
        |kind: &str, number: &str, issued: &str, expires: &str| format!("{kind} {number} {issued}~{expires}");
    let person =
        |role: &str, name: &str, phone: &str| format!("{role} {} {}", mask_name(name), mask_phone(phone));
    let pairs = [
        ("name", old.name.clone(), new.name.clone()),
        ("uscc", old.uscc.clone().unwrap_or_default(), new.uscc.clone().unwrap_or_default()),
        ("kind", old.kind.clone(), new.kind.clone()),
        ("division", old.division.clone(), new.division.clone()),
        ("address", old.address.clone(), new.address.clone()),
        ("position", place(old.lon, old.lat), place(at.map(|p| p.lon), at.map(|p| p.lat))),
        ("items", old.items.join(","), new.items.join(",")),
        (
            "licences",
            sorted(licences.iter().map(|l| licence(&l.kind, &l.number, &l.issued, &l.expires))),
            sorted(new.licences.iter().map(|l| licence(&l.kind, &l.number, &l.issued, &l.expires))),
        ),
        (
            "people",
            sorted(people.iter().map(|p| person(&p.role, &p.name, &p.phone))),
            sorted(new.people.iter().flatten().map(|p| person(&p.role, &p.name, &p.phone))),
        ),
        ("note", old.note.clone(), new.note.clone()),
    ];
    pairs
        .into_iter()
        .filter(|(field, old, new)| old != new && (*field != "people" || new_people))
        .map(|(field, old, new)| FieldChange { field: field.to_owned(), old, new })
        .collect()
}

/// Licences as the history of a business tells them.
pub fn licences_text(licences: &[Licence]) -> String {
    sorted(licences.iter().map(|l| format!("{} {} {}~{}", l.kind, l.number, l.issued, l.expires)))
}

fn sorted(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<String> = texts.collect();
    texts.sort();
    texts.join("；")
}

#[cfg(test)]
mod tests;
