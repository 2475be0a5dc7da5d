//! A row of the sheet 产品 as a product.

use kit_base::codes::{self, gtin};
use kit_base::{Error, Result, Unit};
use kit_docs::table::{Line, Record};
use kit_web::Act;

use super::job::Taken;
use crate::actions::products::{self as actions, ProductForm};
use crate::store::lookup;
use crate::store::products::{self, Product};

/// Adds the product of a row. One that is there (the same own code or barcode, else the same name and specification) is
/// written over where `update` says so; a row that says what is there already is taken as it is, so that a file sent
/// twice goes in once. Empty cells leave what is there.
///
/// Errors: those of the forms, under the keys of the columns; `product_twice`.
pub(super) fn record(act: &mut Act, party: &str, update: bool, line: &Line) -> Result<Taken> {
    let form = form(party, &line.record)?;
    let Some(there) = known(act, party, &form)? else {
        actions::create(act, &form)?;
        return Ok(Taken::Added);
    };
    let merged = merged(&there, form);
    if says(&there, &merged) {
        return Ok(Taken::Updated);
    }
    if !update {
        let text = format!("本主体已有此产品（{}），要更改请选择“更新已有产品”", there.own_code);
        return Err(Error::conflict("product_twice", text).at("name"));
    }
    actions::update(act, &there.id, &merged)?;
    Ok(Taken::Updated)
}

fn form(party: &str, r: &Record) -> Result<ProductForm> {
    let text = |key: &str| r.text(key).unwrap_or_default().trim().to_owned();
    let unit = Unit::parse(&text("unit"));
    let unit = unit.ok_or_else(|| Error::invalid("unit", "required", "请填写计量方式"))?;
    let pack_size = match r.amount("pack_size") {
        Some((amount, of)) if of == unit => Some(amount),
        Some(_) => {
            let text = "包装含量的单位与计量方式不一致，如按重量计量应写 500克";
            return Err(Error::invalid("pack_size", "unit_conflict", text));
        }
        None => None,
    };
    Ok(ProductForm {
        party: Some(party.to_owned()),
        gtin: Some(text("gtin")).filter(|g| !g.is_empty()),
        own_code: text("own_code"),
        name: text("name"),
        brand: text("brand"),
        category: text("category"),
        spec: text("spec"),
        unit,
        pack_size,
        shelf_days: r.whole("shelf_days"),
        standard: text("standard"),
        storage: text("storage"),
        producer: text("producer"),
        producer_party: None,
        licence: text("licence"),
        status: Some(text("status")).filter(|s| !s.is_empty()),
    })
}

/// The business's product that a row is about.
fn known(act: &mut Act, party: &str, form: &ProductForm) -> Result<Option<Product>> {
    if !form.own_code.is_empty() {
        return lookup::by_own_code(act.tx, party, &form.own_code);
    }
    if let Some(code) = form.gtin.as_deref().map(codes::tidy).filter(|c| gtin::check(c).is_good()) {
        let found = products::by_gtin(act.tx, &gtin::padded(&code))?;
        return Ok(found.filter(|p| p.party == party));
    }
    let named = lookup::by_name(act.tx, party, &form.name)?;
    Ok(named.into_iter().find(|p| p.spec == form.spec))
}

/// The form with what it leaves empty filled from what is there.
fn merged(there: &Product, form: ProductForm) -> ProductForm {
    let filled = |new: String, old: &str| if new.is_empty() { old.to_owned() } else { new };
    ProductForm {
        gtin: form.gtin.or_else(|| there.gtin.clone()),
        own_code: filled(form.own_code, &there.own_code),
        brand: filled(form.brand, &there.brand),
        spec: filled(form.spec, &there.spec),
        pack_size: form.pack_size.or(there.pack_size),
        shelf_days: form.shelf_days.or(there.shelf_days),
        standard: filled(form.standard, &there.standard),
        storage: filled(form.storage, &there.storage),
        producer: filled(form.producer, &there.producer),
        producer_party: there.producer_party.clone(),
        licence: filled(form.licence, &there.licence),
        status: form.status.or_else(|| Some(there.status.clone())),
        ..form
    }
}

/// Whether the product is already as the form says.
fn says(there: &Product, form: &ProductForm) -> bool {
    let code = form.gtin.as_deref().map(codes::tidy).map(|c| gtin::padded(&c));
    there.gtin == code
        && there.unit == form.unit
        && there.pack_size == form.pack_size
        && there.shelf_days == form.shelf_days
        && form.status.as_deref() == Some(there.status.as_str())
        && [
            (&there.own_code, &form.own_code),
            (&there.name, &form.name),
            (&there.brand, &form.brand),
            (&there.category, &form.category),
            (&there.spec, &form.spec),
            (&there.standard, &form.standard),
            (&there.storage, &form.storage),
            (&there.producer, &form.producer),
            (&there.licence, &form.licence),
        ]
        .into_iter()
        .all(|(a, b)| a == b)
}
