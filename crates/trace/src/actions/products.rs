//! Products and their files.

use kit_base::codes::{self, gtin};
use kit_base::{Error, Result, Unit};
use kit_web::Act;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actions::acting_party;
use crate::model::LotNo;
use crate::store::lots;
use crate::store::products::{self, Product, TraceFile};

/// A product as a business describes it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductForm {
    /// Business that keeps the record; the only one of the person, where it is not said.
    pub party: Option<String>,
    /// 商品条码, 8, 12, 13 or 14 digits
    pub gtin: Option<String>,
    /// own number; made where it is empty
    #[serde(default)]
    pub own_code: String,
    pub name: String,
    #[serde(default)]
    pub brand: String,
    /// food category (32 大类) or agricultural code
    pub category: String,
    #[serde(default)]
    pub spec: String,
    pub unit: Unit,
    pub pack_size: Option<i64>,
    pub shelf_days: Option<i64>,
    #[serde(default)]
    pub standard: String,
    #[serde(default)]
    pub storage: String,
    /// as printed; the business itself where it is empty
    #[serde(default)]
    pub producer: String,
    pub producer_party: Option<String>,
    /// SC number
    #[serde(default)]
    pub licence: String,
    /// active (default), withdrawn
    pub status: Option<String>,
}

fn invalid(field: &str, code: &'static str, text: &str) -> Error {
    Error::invalid(field, code, text)
}

/// Checks what needs no database. Answers the GTIN as 14 digits.
pub fn check(form: &ProductForm) -> Result<Option<String>> {
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(invalid("name", "name_length", "产品名称应为 1 至 100 个字"));
    }
    if form.pack_size.is_some_and(|n| !(1..=kit_base::amount::MAX_AMOUNT).contains(&n)) {
        return Err(invalid("pack_size", "pack_size_range", "包装含量应大于零"));
    }
    if form.shelf_days.is_some_and(|n| !(1..=36_500).contains(&n)) {
        return Err(invalid("shelf_days", "shelf_days_range", "保质期应为 1 至 36500 天"));
    }
    if !matches!(form.status.as_deref(), None | Some("active" | "withdrawn")) {
        return Err(invalid("status", "status_unknown", "状态应为在用或停用"));
    }
    if parties::reference::get().category(&form.category).is_none() {
        return Err(invalid("category", "category_unknown", "没有这个食品类别"));
    }
    let Some(code) = form.gtin.as_deref().map(codes::tidy).filter(|c| !c.is_empty()) else { return Ok(None) };
    gtin::check(&code).at("gtin")?;
    Ok(Some(gtin::padded(&code)))
}

/// Adds a product.
///
/// Errors: those of [`check`]; `product_twice` for a GTIN or own code already in use.
pub fn create(act: &mut Act, form: &ProductForm) -> Result<Product> {
    let gtin = check(form)?;
    let party = acting_party(act.tx, act.who(), form.party.as_deref())?;
    let id = act.id();
    let own_code = match form.own_code.trim() {
        "" => format!("P{}", &id[id.len() - 8..]),
        given => given.to_owned(),
    };
    let blank = Product {
        id,
        party: party.id.clone(),
        division: party.division.clone(),
        simulated: party.simulated,
        created_at: act.now,
        own_code,
        gtin: None,
        name: String::new(),
        brand: String::new(),
        category: String::new(),
        spec: String::new(),
        unit: form.unit,
        pack_size: None,
        shelf_days: None,
        standard: String::new(),
        storage: String::new(),
        producer: String::new(),
        producer_party: None,
        licence: String::new(),
        status: "active".into(),
        updated_at: act.now,
    };
    let product = fill(blank, form, gtin, &party.name, act.now);
    products::insert(act.tx, &product, &search_text(&product)).map_err(twice)?;
    act.subject("product", &product.id, &product.division);
    act.note(json!({ "name": product.name }));
    Ok(product)
}

/// Changes a product; its unit stays, since lots are counted in it.
pub fn update(act: &mut Act, id: &str, form: &ProductForm) -> Result<Product> {
    let gtin = check(form)?;
    let unknown = || Error::not_found("没有这个产品");
    let before = products::by_id(act.tx, id)?.ok_or_else(unknown)?;
    let party = acting_party(act.tx, act.who(), Some(&before.party)).map_err(|_| unknown())?;
    if form.party.as_ref().is_some_and(|p| !p.is_empty() && *p != before.party) {
        return Err(invalid("party", "party_fixed", "产品不能换到另一个主体，请由该主体另建产品"));
    }
    if form.unit != before.unit {
        return Err(invalid("unit", "unit_fixed", "已有产品的计量单位不能更改，请另建产品"));
    }
    let own_code = match form.own_code.trim() {
        "" => before.own_code.clone(),
        given => given.to_owned(),
    };
    let changed = fill(Product { own_code, ..before.clone() }, form, gtin, &party.name, act.now);
    products::update(act.tx, &changed, &search_text(&changed)).map_err(twice)?;
    act.subject("product", id, &changed.division);
    act.note(json!({ "before": before, "after": changed }));
    Ok(changed)
}

fn fill(base: Product, form: &ProductForm, gtin: Option<String>, owner: &str, now: i64) -> Product {
    let text = |t: &str| t.trim().to_owned();
    Product {
        gtin,
        name: text(&form.name),
        brand: text(&form.brand),
        category: form.category.clone(),
        spec: text(&form.spec),
        pack_size: form.pack_size,
        shelf_days: form.shelf_days,
        standard: text(&form.standard),
        storage: text(&form.storage),
        producer: if form.producer.trim().is_empty() { owner.to_owned() } else { text(&form.producer) },
        producer_party: form.producer_party.clone(),
        licence: text(&form.licence),
        status: form.status.clone().unwrap_or_else(|| "active".into()),
        updated_at: now,
        ..base
    }
}

fn twice(e: Error) -> Error {
    match (e.code.as_ref(), e.field.as_deref()) {
        ("unique_violation", Some("products_gtin")) => {
            Error::conflict("product_twice", "该商品条码已登记过产品，可直接使用").at("gtin")
        }
        ("unique_violation", _) => {
            Error::conflict("product_twice", "该产品编号已被本主体使用").at("own_code")
        }
        _ => e,
    }
}

/// What a product is found by: name, its pinyin and initials, brand, codes, in search form.
pub fn search_text(p: &Product) -> String {
    let reading = kit_base::text::reading(&p.name);
    let mut out = String::new();
    for part in [p.name.as_str(), &p.brand, &p.spec, &p.own_code, p.gtin.as_deref().unwrap_or("")] {
        kit_base::text::search_form_into(part, &mut out);
        out.push(' ');
    }
    out.push_str(&reading.full);
    out.push(' ');
    out.push_str(&reading.initials);
    out
}

/// What is said about an uploaded file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct FileForm {
    /// licence, label, picture, test_report, certificate
    pub kind: String,
    pub title: Option<String>,
    pub lot: Option<LotNo>,
    /// of a report: pass, fail
    pub conclusion: Option<String>,
    pub number: Option<String>,
    pub issued: Option<String>,
    /// 0: not on the scan page
    pub public: Option<i64>,
}

/// A file in the store, not yet of anything.
#[derive(Debug, Clone)]
pub struct Stored {
    pub hash: String,
    pub size: u64,
    pub media: String,
    pub name: String,
}

/// Gives a product, or one of its lots, a file.
pub fn attach(act: &mut Act, product: &str, form: &FileForm, stored: &Stored) -> Result<TraceFile> {
    let unknown = || Error::not_found("没有这个产品");
    let product = products::by_id(act.tx, product)?.ok_or_else(unknown)?;
    acting_party(act.tx, act.who(), Some(&product.party)).map_err(|_| unknown())?;
    if !["licence", "label", "picture", "test_report", "certificate"].contains(&form.kind.as_str()) {
        return Err(invalid("kind", "file_kind_unknown", "文件类别不正确"));
    }
    if !["image/jpeg", "image/png", "image/webp", "application/pdf"].contains(&stored.media.as_str()) {
        return Err(invalid("file", "file_media", "只接受 JPG、PNG、WebP 图片和 PDF"));
    }
    if let Some(lot) = form.lot {
        let lot = lots::by_no(act.tx, lot)?.filter(|l| l.product == product.id);
        lot.ok_or_else(|| invalid("lot", "lot_unknown", "该产品没有这个批次"))?;
    }
    let text = |t: &Option<String>| t.as_deref().unwrap_or("").trim().to_owned();
    let file = TraceFile {
        id: act.id(),
        product: product.id.clone(),
        lot: form.lot,
        kind: form.kind.clone(),
        title: if text(&form.title).is_empty() { stored.name.clone() } else { text(&form.title) },
        hash: stored.hash.clone(),
        media: stored.media.clone(),
        size: i64::try_from(stored.size).unwrap_or(i64::MAX),
        conclusion: text(&form.conclusion),
        number: text(&form.number),
        issued: text(&form.issued),
        public: form.public != Some(0),
        created_at: act.now,
    };
    products::add_file(act.tx, &file)?;
    act.subject("product", &product.id, &product.division);
    act.note(json!({ "file": file.id, "kind": file.kind, "hash": file.hash }));
    Ok(file)
}
