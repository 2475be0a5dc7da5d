//! Documents of cases as PDF: what stands on every one of them about the bureau and the business, seals, and the route.

use std::io::Read;

use kit_base::{Error, Kind, Result};
use kit_db::Tx;
use kit_docs::pdf::{self, Official};
use kit_flow::papers::{Paper, Papers, SEAL_LIMIT};
use kit_flow::store::papers as store;
use kit_flow::{Case, Flows, engine};
use kit_web::{Access, Act, Ask, Cx, Download, House, Route};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::home::Place;
use crate::rooms;

pub fn routes() -> Vec<Route> {
    let address = "/api/cases/{id}/documents/{number}";
    vec![Route::get(address, Access::SignedIn, "案卷文书（PDF）", document)]
}

/// Templates of every kind, brought into the flows when the house opens. Errors: `documents_syntax`.
pub fn open() -> Result<Papers> {
    Ok(Papers::open(rooms::DOCUMENTS, base, rooms::WORDS, seal)?
        .remarked(rooms::REMARKS)
        .with_others(rooms::OTHERS))
}

#[derive(Deserialize, JsonSchema)]
struct NumberPath {
    id: String,
    /// As it is written, with or without `.pdf` after it.
    number: String,
}

/// Who may see the case may have its documents, and its party those that were served on it; each look is in the audit, for they name people.
async fn document(cx: Cx, ask: Ask<NumberPath>) -> Result<Download> {
    let NumberPath { id, number } = ask.path;
    let number = number.strip_suffix(".pdf").unwrap_or(&number).to_owned();
    let wanted = number.clone();
    let (case, division, paper, seal) = cx
        .read(move |tx, cx| {
            let flows = cx.house.held::<Flows>();
            let case = match engine::seen(tx, &flows, &cx.who, &id) {
                Err(e) if e.kind == Kind::NotFound => handed(tx, cx, &id, &wanted)?,
                seen => seen?,
            };
            let unknown = || Error::not_found("没有这份文书，或没有留存正文");
            let paper = store::one(tx, &case.id, &wanted)?.ok_or_else(unknown)?;
            let seal = if paper.seal.is_empty() { None } else { store::seal(tx, &paper.seal)? };
            Ok((case.id, case.state.opened.division, paper, seal))
        })
        .await?;
    cx.looked("flow.document", &format!("case:{case}"), &division, &number).await?;
    let name = format!("{}-{number}.pdf", paper.title);
    let official = official(&cx.house.public_url, &paper, seal)?;
    let set = tokio::task::spawn_blocking(move || pdf::official(&official));
    Ok(Download::bytes(set.await.map_err(Error::internal)??, "application/pdf", name))
}

/// A document that went to the asker's business, of whichever room. Errors: not found.
fn handed(tx: &mut Tx, cx: &Cx, id: &str, number: &str) -> Result<Case> {
    match enforcement::handed(tx, cx, id, number) {
        Err(e) if e.kind == Kind::NotFound => sampling::handed(tx, cx, id, number),
        found => found,
    }
}

fn official(public_url: &str, paper: &Paper, seal: Option<Vec<u8>>) -> Result<Official> {
    let content = paper.read()?;
    // the kept parts and those that are set have one shape
    let blocks = serde_json::to_value(&content.blocks).and_then(serde_json::from_value);
    let look = serde_json::to_value(content.look).and_then(serde_json::from_value);
    Ok(Official {
        look: look.map_err(Error::internal)?,
        organ: content.organ,
        title: content.title,
        number: content.number,
        addressee: content.addressee,
        blocks: blocks.map_err(Error::internal)?,
        remedies: content.remedies,
        date: content.date,
        signs: content.signs,
        seal,
        void: paper.annulled_at.is_some(),
        url: format!("{public_url}/doc/{}", paper.verify),
        verify: paper.verify.clone(),
        hash: paper.hash.clone(),
        simulated: content.simulated,
    })
}

/// Fields that every document may name: the county's bureau, else the next above it, and the business.
fn base(act: &mut Act, case: &Case) -> Result<Map<String, Value>> {
    let mut fields = Map::new();
    let opened = &case.state.opened;
    let mut place = Some(kit_flow::store::projection::county(&opened.division));
    while let Some(division) = place {
        if let Some(bureau) = accounts::in_charge(act.tx, division)? {
            fields.insert("organ".into(), json!(bureau.name));
            fields.insert("organ.division".into(), json!(division));
            let known = act.cx.house.held::<parties::Divisions>().today(act.now);
            let name = known.full_name(division);
            if !name.is_empty() {
                fields.insert("organ.government".into(), json!(format!("{name}人民政府")));
                fields.insert("organ.place".into(), json!(name));
            }
            break;
        }
        place = kit_flow::decide::above(division);
    }
    if let Some(party) = parties::store::by_id(act.tx, &opened.business)? {
        fields.insert("party.name".into(), json!(party.name));
        fields.insert("party.code".into(), json!(party.code));
        fields.insert("party.address".into(), json!(party.address));
        fields.insert("party.uscc".into(), json!(party.uscc));
        let people = parties::store::people(act.tx, &party.id)?;
        let head = people.iter().find(|p| p.role == "legal").or(people.iter().find(|p| p.role == "head"));
        fields.insert("party.person".into(), json!(head.map(|p| &p.name)));
    }
    Ok(fields)
}

/// The picture of the seal of a division's bureau: `seals/DIVISION.png` or `.jpg` in the data folder; none: a blank place.
///
/// Errors: `seal_large`.
fn seal(house: &House, division: &str) -> Result<Option<Vec<u8>>> {
    let Some(place) = house.try_held::<Place>() else { return Ok(None) };
    if division.is_empty() || !division.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(None);
    }
    for ending in ["png", "jpg"] {
        let path = place.data.join("seals").join(format!("{division}.{ending}"));
        let file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(e.into()),
        };
        let mut picture = Vec::new();
        file.take(SEAL_LIMIT + 1).read_to_end(&mut picture)?;
        if picture.len() as u64 > SEAL_LIMIT {
            let text = format!("印章图片 {} 超过 1 MB，请换一张小的", path.display());
            return Err(Error::conflict("seal_large", text));
        }
        return Ok(Some(picture));
    }
    Ok(None)
}
