//! A row of a sheet as moves.

use kit_base::{Amount, Error, Kind, Result, Unit};
use kit_docs::table::{Line, Record};
use kit_web::Act;

use super::find;
use super::tables::SheetKind;
use crate::actions::moves::{self, Source};
use crate::actions::products::{self as product_actions, ProductForm};
use crate::model::{EventKind, Make, NewMove, Take};
use crate::papers::{Additive, FineUnit, Papers};
use crate::store::products::Product;

/// Food category of products that a sheet makes, until somebody completes them: 其他食品.
const OTHER_FOOD: &str = "31";

/// How rows are taken.
pub struct Rows<'r> {
    pub kind: SheetKind,
    /// The business whose ledger it is.
    pub party: &'r str,
    /// Products that are not known are made out of name and unit.
    pub create_products: bool,
    pub source: &'r Source,
    /// Prefix of the rows' own keys.
    pub file: &'r str,
}

impl Rows<'_> {
    /// Records a row. Errors name the column: `product`, `amount`, `other` …
    pub fn record(&self, act: &mut Act, line: &Line) -> Result<()> {
        let moves = match self.kind {
            SheetKind::Purchases => self.purchase(act, &line.record)?,
            SheetKind::Sales => self.sale(act, &line.record)?,
            SheetKind::Production => self.production(act, &line.record)?,
            SheetKind::Products => return Err(Error::internal("products are no moves")),
        };
        for (i, mut mv) in moves.into_iter().enumerate() {
            mv.client_key = Some(format!("{}:{}:{}:{i}", self.file, self.kind.name(), line.row));
            moves::record(act, self.source, &mv).map_err(|e| self.in_columns(e))?;
        }
        Ok(())
    }

    /// A refusal of the ledger in the words of the sheet.
    fn in_columns(&self, e: Error) -> Error {
        let column = match e.field.as_deref().unwrap_or_default().split('/').collect::<Vec<_>>().as_slice() {
            ["counterpart" | "counterpart_name"] => "other",
            ["papers", field] => {
                let known = Papers::FIELDS.iter().find(|(key, _)| key == field);
                return e.at(known.map_or("other", |(key, _)| key));
            }
            ["additives", ..] => "additives",
            ["at"] => "date",
            ["takes", ..] if self.kind == SheetKind::Production => "inputs",
            ["takes", ..] | ["amount"] | ["makes", _, "amount"] => "amount",
            ["makes", _, "batch"] => "batch",
            ["makes", _, "made"] if self.kind == SheetKind::Purchases => "made",
            ["makes", _, "made"] => "date",
            ["makes", _, "expires"] => "expires",
            _ => "product",
        };
        e.at(column)
    }

    fn purchase(&self, act: &mut Act, r: &Record) -> Result<Vec<NewMove>> {
        let (amount, unit) = amount_of(r)?;
        let product = self.product(act, r, unit)?;
        find::same_unit(&product, unit)?;
        let (counterpart, counterpart_name) = self.other(act, r)?;
        let make = Make {
            product: product.id,
            batch: text(r, "batch"),
            amount,
            made: date(r, "made"),
            expires: date(r, "expires"),
            inspector: String::new(),
        };
        let mut mv =
            NewMove { counterpart, counterpart_name, makes: vec![make], ..self.blank(EventKind::Receive, r) };
        if mv.counterpart.is_some() {
            mv.papers = mv.papers.map(Papers::without_supplier);
        }
        Ok(vec![mv])
    }

    fn sale(&self, act: &mut Act, r: &Record) -> Result<Vec<NewMove>> {
        let product = self.known(act, r)?;
        let takes = find::stock(act, self.party, &product, &text(r, "batch"), amount_of(r)?)?;
        if text(r, "other").is_empty() && text(r, "other_code").is_empty() {
            return Ok(vec![NewMove { takes, ..self.blank(EventKind::Sell, r) }]);
        }
        let (counterpart, counterpart_name) = self.other(act, r)?;
        // a delivery is of one lot
        let ship = |take: Take| NewMove {
            counterpart: counterpart.clone(),
            counterpart_name: counterpart_name.clone(),
            takes: vec![take],
            ..self.blank(EventKind::Ship, r)
        };
        Ok(takes.into_iter().map(ship).collect())
    }

    fn production(&self, act: &mut Act, r: &Record) -> Result<Vec<NewMove>> {
        let (amount, unit) = amount_of(r)?;
        let product = self.known(act, r)?;
        find::same_unit(&product, unit)?;
        let mut takes: Vec<Take> = Vec::new();
        for part in text(r, "inputs").split([';', '；', '\n']).map(str::trim).filter(|p| !p.is_empty()) {
            let taken = self.ingredient(act, part).map_err(|e| e.at("inputs"))?;
            if let Some(twice) = taken.iter().find(|t| takes.iter().any(|o| o.lot == t.lot)) {
                let text = format!("原料批次 {} 写了两次，请合并数量", twice.lot);
                return Err(Error::invalid("inputs", "lot_twice", text));
            }
            takes.extend(taken);
        }
        let make = Make {
            product: product.id,
            batch: text(r, "batch"),
            amount,
            made: None,
            expires: date(r, "expires"),
            inspector: text(r, "inspector"),
        };
        let additives = text(r, "additives");
        let parts = additives.split([';', '；', '\n']).map(str::trim).filter(|p| !p.is_empty());
        let additives = parts.map(additive).collect::<Result<_>>()?;
        Ok(vec![NewMove { takes, makes: vec![make], additives, ..self.blank(EventKind::Produce, r) }])
    }

    /// `小麦粉#20260301 190公斤`
    fn ingredient(&self, act: &mut Act, part: &str) -> Result<Vec<Take>> {
        let wrong = || {
            let text = format!("“{part}”应写成 名称 数量单位，如 小麦粉 190公斤");
            Error::invalid("inputs", "ingredient_syntax", text)
        };
        let (what, quantity) = part.rsplit_once(char::is_whitespace).ok_or_else(wrong)?;
        let split = quantity.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let wanted = kit_base::amount::parse_amount(&quantity[..split], &quantity[split..])?;
        let (name, batch) = what.trim().split_once('#').unwrap_or((what.trim(), ""));
        let name = name.trim();
        let found = match find::product(act, self.party, name, "")? {
            Some(found) => Some(found),
            None => find::product(act, self.party, "", name)?,
        };
        let unknown =
            || Error::invalid("inputs", "product_unknown", format!("没有原料产品“{name}”，请先登记进货"));
        find::stock(act, self.party, &found.ok_or_else(unknown)?, batch.trim(), wanted)
    }

    /// The product of a row, made where it is not known and the person asked for that.
    fn product(&self, act: &mut Act, r: &Record, unit: Unit) -> Result<Product> {
        let (code, name) = (text(r, "product_code"), text(r, "product"));
        if let Some(found) = find::product(act, self.party, &code, &name)? {
            return Ok(found);
        }
        if !self.create_products {
            return Err(unknown_product(&code, &name));
        }
        let is_gtin = kit_base::codes::gtin::check(&code).is_good();
        let form = ProductForm {
            party: Some(self.party.to_owned()),
            gtin: is_gtin.then(|| code.clone()),
            own_code: if is_gtin { String::new() } else { code },
            name,
            brand: String::new(),
            category: OTHER_FOOD.to_owned(),
            spec: text(r, "spec"),
            unit,
            pack_size: None,
            shelf_days: None,
            standard: String::new(),
            storage: String::new(),
            producer: "未填写".to_owned(),
            producer_party: None,
            licence: String::new(),
            status: None,
        };
        product_actions::create(act, &form).map_err(|e| e.at("product"))
    }

    fn known(&self, act: &mut Act, r: &Record) -> Result<Product> {
        let (code, name) = (text(r, "product_code"), text(r, "product"));
        find::product(act, self.party, &code, &name)?.ok_or_else(|| unknown_product(&code, &name))
    }

    fn other(&self, act: &mut Act, r: &Record) -> Result<(Option<String>, String)> {
        let name = text(r, "other");
        let found = find::other(act, &text(r, "other_code"), &name)?;
        Ok((found.map(|b| b.id), name))
    }

    fn blank(&self, kind: EventKind, r: &Record) -> NewMove {
        NewMove {
            client_key: None,
            kind,
            party: Some(self.party.to_owned()),
            counterpart: None,
            counterpart_name: String::new(),
            at: date(r, "date"),
            takes: Vec::new(),
            makes: Vec::new(),
            amount: None,
            doc_no: text(r, "doc_no"),
            reason: String::new(),
            papers: papers(r),
            additives: Vec::new(),
        }
    }
}

/// The papers of a row, where its sheet has columns for them and any is filled.
fn papers(r: &Record) -> Option<Papers> {
    let value = |key| if r.has(key) { text(r, key) } else { String::new() };
    let values = Papers::FIELDS.map(|(key, _)| value(key));
    Some(Papers::from_values(values)).filter(|p| !p.is_empty())
}

/// `山梨酸钾 50克 防腐剂`
fn additive(part: &str) -> Result<Additive> {
    let wrong = || {
        let text = format!("“{part}”应写成 名称 用量单位 功能类别，如 山梨酸钾 50克 防腐剂");
        Error::invalid("additives", "additive_syntax", text)
    };
    let words: Vec<&str> = part.split_whitespace().collect();
    let [name @ .., quantity, purpose] = words.as_slice() else { return Err(wrong()) };
    let split = quantity.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
    let (number, unit) = quantity.split_at(split);
    let (unit, factor) = match (unit, kit_base::amount::written_unit(unit)) {
        ("毫克" | "mg", _) => (FineUnit::Mg, 1),
        (_, Some((Unit::G, factor))) => (FineUnit::Mg, factor * 1_000),
        (_, Some((Unit::Ml, factor))) => (FineUnit::Ul, factor * 1_000),
        _ => return Err(wrong()),
    };
    let amount = kit_base::amount::parse_decimal(number, factor).map_err(|e| e.at("additives"))?;
    Ok(Additive { name: name.join(" "), amount, unit, purpose: (*purpose).to_owned() })
}

fn unknown_product(code: &str, name: &str) -> Error {
    let (field, which) = if code.is_empty() { ("product", name) } else { ("product_code", code) };
    Error::new(Kind::Invalid, "product_unknown", format!("本主体没有产品“{which}”，请先登记产品")).at(field)
}

fn text(r: &Record, key: &str) -> String {
    r.text(key).unwrap_or_default().trim().to_owned()
}

fn date(r: &Record, key: &str) -> Option<String> {
    r.date(key).map(|d| d.to_string())
}

fn amount_of(r: &Record) -> Result<(Amount, Unit)> {
    r.amount("amount").ok_or_else(|| Error::invalid("amount", "required", "请填写数量"))
}
