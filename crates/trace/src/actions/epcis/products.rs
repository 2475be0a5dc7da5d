//! Products for codes that no product is known by.

use kit_base::{Result, Unit};
use kit_web::Act;

use super::ledger::Keeper;
use crate::actions::products::search_text;
use crate::epcis::PlannedItem;
use crate::store::lookup;
use crate::store::products::{self, Product};

/// What the product says of itself, until somebody completes it.
const MARK: &str = "由导入文件自动建立，待完善";
/// Names and own codes are cut here.
const LONGEST: usize = 100;

impl Keeper {
    /// The product of a code and its unit: by its GTIN where it has one. One that is not known is made as a minimal
    /// record of the importing business: a class is called by its code; single things without a GTIN (pallets, animals)
    /// share one product a scheme.
    pub(super) fn product_for(
        &mut self,
        act: &mut Act,
        item: &PlannedItem,
        class: bool,
    ) -> Result<(String, Unit)> {
        let gtin = item.gs1.as_ref().and_then(|g| g.gtin14()).map(str::to_owned);
        let (own_code, name) = match (&gtin, &item.gs1) {
            (Some(gtin), _) => (format!("01:{gtin}"), gtin.clone()),
            (None, _) if item.key.starts_with("transformation:") => {
                ("epcis:transformation".to_owned(), "在制品".to_owned())
            }
            (None, Some(gs1)) if !class => {
                let ai = gs1.scheme.ai();
                let name = if gs1.sscc().is_some() {
                    "物流单元（SSCC）".to_owned()
                } else {
                    format!("GS1 单品（AI {ai}）")
                };
                (format!("epcis:{ai}"), name)
            }
            (None, None) if !class => ("epcis:x".to_owned(), "按其他编码标识的单品".to_owned()),
            (None, _) => (cut(&item.key), cut(&item.code)),
        };
        if let Some(known) = self.products.get(&own_code) {
            return Ok(known.clone());
        }
        let known = match &gtin {
            Some(gtin) => products::by_gtin(act.tx, gtin)?,
            None => lookup::by_own_code(act.tx, &self.party.id, &own_code)?,
        };
        let product = match known {
            Some(product) => product,
            None => self.minimal(act, gtin, &own_code, &name, item)?,
        };
        let found = (product.id, product.unit);
        if self.products.len() < 100_000 {
            self.products.insert(own_code, found.clone());
        }
        Ok(found)
    }

    fn minimal(
        &self,
        act: &mut Act,
        gtin: Option<String>,
        own_code: &str,
        name: &str,
        item: &PlannedItem,
    ) -> Result<Product> {
        let unit = item.amount.map_or(Unit::Pc, |(_, unit)| unit);
        let product = Product { gtin, ..minimal_product(act, &self.party, own_code, name, unit) };
        products::insert(act.tx, &product, &search_text(&product))?;
        Ok(product)
    }
}

/// A product of which only its name is known.
pub fn minimal_product(act: &Act, party: &parties::Brief, own_code: &str, name: &str, unit: Unit) -> Product {
    Product {
        id: act.id(),
        party: party.id.clone(),
        division: party.division.clone(),
        gtin: None,
        own_code: own_code.to_owned(),
        name: name.to_owned(),
        brand: String::new(),
        category: String::new(),
        spec: MARK.to_owned(),
        unit,
        pack_size: None,
        shelf_days: None,
        standard: String::new(),
        storage: String::new(),
        producer: String::new(),
        producer_party: None,
        licence: String::new(),
        status: "active".to_owned(),
        simulated: party.simulated,
        created_at: act.now,
        updated_at: act.now,
    }
}

/// At most so many characters.
pub fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
