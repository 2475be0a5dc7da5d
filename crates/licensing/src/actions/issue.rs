//! Licences are made, changed, renewed, ended.

use jiff::civil::Date;
use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::Flows;
use kit_ledger::Ledger;
use kit_web::{Act, House};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{apply, checks};
use crate::model::matters::Matter;
use crate::model::{Licence, Permit, PublicLicence};
use crate::rules::{numbers, reference, windows};
use crate::store::licences as store;

/// Letters and digits that nobody takes for one another.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// First line of the signed form: no checkpoint of the ledger begins like this.
pub const HEAD: &str = "shian-licence/1";
/// Numbers of others that are passed over when the next of a series is taken.
const TAKEN: usize = 10_000;

/// Does what was granted; answers the licence that came of it, empty where one ended.
pub fn conclude(act: &mut Act, permit: &Permit) -> Result<String> {
    let matter = reference::matter(&permit.matter)?;
    let content = apply::content(act.tx, &permit.id)?;
    let prior = match permit.licence.is_empty() {
        true => None,
        false => store::last(act.tx, &permit.licence)?,
    };
    if permit.act == "cancel" {
        return end_on_request(act, permit, prior).map(|()| String::new());
    }
    let licence = made(act, matter, permit, &content, prior.as_ref())?;
    if let Some(prior) = &prior {
        store::end(
            act.tx,
            &prior.id,
            "replaced",
            act.now,
            &format!("{}（{}）", permit.act_name_of(matter), permit.number),
        )?;
    }
    store::insert(act.tx, &licence)?;
    let held = parties::NewLicence {
        kind: licence.kind.clone(),
        number: licence.number.clone(),
        issued: licence.issued.clone(),
        expires: licence.expires.clone(),
        issuer: licence.issuer.clone(),
    };
    parties::put_licence(act, &permit.party, held)?;
    checks::after_grant(act, matter, permit, &licence)?;
    Ok(licence.id)
}

impl Permit {
    fn act_name_of(&self, matter: &Matter) -> String {
        matter.act(&self.act).map(|a| a.name.clone()).unwrap_or_default()
    }
}

fn end_on_request(act: &mut Act, permit: &Permit, prior: Option<Licence>) -> Result<()> {
    if let Some(prior) = prior {
        store::end(act.tx, &prior.id, "cancelled", act.now, &format!("依申请注销（{}）", permit.number))?;
    }
    parties::drop_licence(act, &permit.party, &permit.licence)
}

/// The licence as it is to be, signed.
fn made(
    act: &mut Act,
    matter: &Matter,
    permit: &Permit,
    content: &Map<String, Value>,
    prior: Option<&Licence>,
) -> Result<Licence> {
    let number = match permit.licence.is_empty() {
        true => next_number(act, matter, permit, content)?,
        false => permit.licence.clone(),
    };
    let (issued, expires) = term(act, matter, permit, prior)?;
    let face = match permit.act.as_str() {
        // nothing else is asked for a copy
        "reissue" => prior.map(|p| p.face.clone()).unwrap_or_default(),
        _ => apply::printed(permit, content)?,
    };
    let (remind_on, shut_on) = reminded(act, matter, &expires)?;
    let mut licence = Licence {
        id: act.id(),
        permit: permit.id.clone(),
        party: permit.party.clone(),
        party_name: permit.party_name.clone(),
        matter: matter.code.clone(),
        matter_name: matter.name.clone(),
        kind: matter.licence.clone(),
        number,
        division: permit.division.clone(),
        issuer: issuer(act, &permit.division)?,
        issued,
        expires,
        face,
        status: "valid".into(),
        status_at: act.now,
        reason: String::new(),
        code: code(act),
        shut_on,
        remind_on,
        reminded_at: None,
        simulated: permit.simulated,
        note: String::new(),
    };
    licence.note = signed(&act.cx.house, &licence)?;
    Ok(licence)
}

/// First and last day. A renewal goes on from where the old one ends; a change or copy ends when it did.
fn term(
    act: &mut Act,
    matter: &Matter,
    permit: &Permit,
    prior: Option<&Licence>,
) -> Result<(String, String)> {
    let today = china_day(act.now);
    let old = match prior {
        Some(prior) => prior.expires.clone(),
        None if permit.licence.is_empty() => String::new(),
        None => {
            let held = parties::licences(act.tx, &permit.party)?;
            held.into_iter().find(|l| l.number == permit.licence).map(|l| l.expires).unwrap_or_default()
        }
    };
    let end = |from: Date| windows::last_day(from, matter.years).map(|d| d.to_string()).unwrap_or_default();
    let expires = match permit.act.as_str() {
        "renew" => match old.parse::<Date>() {
            // applied for before the end: without a gap, whenever it was decided
            Ok(old) if old >= china_day(permit.received_at) => end(old.tomorrow().unwrap_or(old)),
            _ => end(today),
        },
        "change" | "reissue" => old,
        _ => end(today),
    };
    Ok((today.to_string(), expires))
}

/// From which day the business is reminded, and the last day in time; empty where it is not to be renewed.
fn reminded(act: &mut Act, matter: &Matter, expires: &str) -> Result<(String, String)> {
    let (Some(window), Ok(end)) = (&matter.renew, expires.parse::<Date>()) else {
        return Ok((String::new(), String::new()));
    };
    let calendar = act.cx.house.held::<Flows>().calendar(act.tx)?;
    let days = windows::days(&calendar, window, end);
    Ok((days.remind.to_string(), days.shut.to_string()))
}

/// The next number of the county, without gaps: numbers that businesses brought with them are passed over.
fn next_number(
    act: &mut Act,
    matter: &Matter,
    permit: &Permit,
    content: &Map<String, Value>,
) -> Result<String> {
    let numbering = &matter.number;
    let county = permit.division.get(..6).unwrap_or(&permit.division);
    let lead = content.get(&numbering.lead).and_then(Value::as_str).unwrap_or("");
    for _ in 0..TAKEN {
        let serial = match store::next_serial(act.tx, &numbering.prefix, county)? {
            Some(serial) => serial,
            None => {
                store::begin_series(act.tx, &numbering.prefix, county, 0)?;
                continue;
            }
        };
        let number = numbers::written(numbering, lead, county, serial)?;
        if !parties::licence_known(act.tx, &number)? {
            return Ok(number);
        }
    }
    Err(Error::conflict("number_full", "本县（区）此类证号已用完，请联系系统管理员"))
}

/// The bureau of whoever acts, or of the county where the house itself does.
fn issuer(act: &mut Act, division: &str) -> Result<String> {
    let bureau = act.who().bureau.clone();
    if !bureau.is_empty()
        && let Some(found) = accounts::bureau(act.tx, &bureau)?
    {
        return Ok(found.name);
    }
    let county = division.get(..6).unwrap_or(division);
    Ok(format!("{}市场监督管理局", parties::divisions::today(&act.cx.house).full_name(county)))
}

/// A code that cannot be guessed: 80 bits.
fn code(act: &Act) -> String {
    let bytes: [u8; 16] = act.ids().bytes();
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// What is signed of a licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedLicence {
    pub number: String,
    pub kind: String,
    pub matter: String,
    pub holder: String,
    pub issuer: String,
    pub issued: String,
    pub expires: String,
    pub face: Vec<(String, String)>,
    /// Where it is asked whether it still stands.
    pub url: String,
    pub simulated: bool,
}

fn signed(house: &House, l: &Licence) -> Result<String> {
    let said = SignedLicence {
        number: l.number.clone(),
        kind: l.kind.clone(),
        matter: l.matter_name.clone(),
        holder: l.party_name.clone(),
        issuer: l.issuer.clone(),
        issued: l.issued.clone(),
        expires: l.expires.clone(),
        face: open_face(&l.face),
        url: url(house, &l.code),
        simulated: l.simulated,
    };
    let json = serde_json::to_string(&said).map_err(Error::internal)?;
    Ok(house.held::<Ledger>().sign(&format!("{HEAD}\n{json}\n")))
}

/// Reads a signed form with the key of the house that issued it; needs no database.
///
/// Errors: `note_form`, `note_unsigned`, `note_signature`, `licence_file`.
pub fn read_signed(key: &kit_ledger::PublicKey, note: &str) -> Result<SignedLicence> {
    let text = key.open(note)?;
    let other = || Error::invalid("", "licence_file", "不是本平台的证照文件");
    let json = text.strip_prefix(HEAD).map(str::trim).ok_or_else(other)?;
    serde_json::from_str(json).map_err(|_| other())
}

/// What is printed, without persons: the signed form goes to everybody.
fn open_face(face: &[(String, String)]) -> Vec<(String, String)> {
    let person = |name: &str| name.contains("法定代表人") || name.contains("负责人");
    face.iter().filter(|(name, _)| !person(name)).cloned().collect()
}

/// What the QR code of a licence says.
pub fn url(house: &House, code: &str) -> String {
    format!("{}/l/{code}", house.public_url)
}

/// What anybody may know of a licence by its code. Errors: not found.
pub fn public(tx: &mut Tx, code: &str) -> Result<PublicLicence> {
    let code = code.trim().to_uppercase();
    let l = store::by_code(tx, &code)?;
    let l = l.ok_or_else(|| Error::not_found("没有这份证照，请核对二维码；可能是仿冒，可拨打 12315"))?;
    Ok(PublicLicence {
        matter_name: reference::matter(&l.matter).map(|m| m.name.clone()).unwrap_or_default(),
        status_name: status_name(&l.status).to_owned(),
        number: l.number,
        party_name: l.party_name,
        issuer: l.issuer,
        issued: l.issued,
        expires: l.expires,
        face: open_face(&l.face),
        status: l.status,
        note: l.note,
        simulated: l.simulated,
    })
}

pub fn status_name(status: &str) -> &'static str {
    match status {
        "valid" => "有效",
        "expired" => "已过期",
        "replaced" => "已换发新证",
        "cancelled" => "已注销",
        "revoked" => "已撤销",
        _ => "",
    }
}

/// The licence as PDF. Errors: those of kit-docs.
pub fn pdf(house: &House, l: &Licence) -> Result<Vec<u8>> {
    let matter = reference::matter(&l.matter)?;
    kit_docs::pdf::licence(&kit_docs::pdf::LicencePaper {
        title: match l.kind.as_str() {
            "sc" => "食品生产许可证",
            "jy" => "食品经营许可证",
            "yb" => "仅销售预包装食品经营者备案凭证",
            _ if matter.group == "filing" => "备案凭证",
            _ => "登记证",
        }
        .to_owned(),
        subtitle: matter.name.clone(),
        number: l.number.clone(),
        holder: l.party_name.clone(),
        lines: l.face.clone(),
        issued: l.issued.clone(),
        expires: l.expires.clone(),
        issuer: l.issuer.clone(),
        url: url(house, &l.code),
        state: if l.status == "valid" { String::new() } else { status_name(&l.status).to_owned() },
        simulated: l.simulated,
    })
}
