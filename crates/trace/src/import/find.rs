//! What people write, found: products, businesses, stock.

use kit_base::codes::{self, gtin};
use kit_base::{Amount, Error, Result, Unit};
use kit_web::Act;

use crate::model::Take;
use crate::store::lookup;
use crate::store::products::{self, Product};

/// The product of a code (barcode or own number), or of its exact name within the business.
///
/// Errors: `product_ambiguous`; `Ok(None)` where there is none.
pub fn product(act: &mut Act, party: &str, code: &str, name: &str) -> Result<Option<Product>> {
    if !code.is_empty() {
        if let Some(found) = lookup::by_own_code(act.tx, party, code)? {
            return Ok(Some(found));
        }
        let plain = codes::tidy(code);
        if gtin::check(&plain).is_good() {
            return products::by_gtin(act.tx, &gtin::padded(&plain));
        }
        return Ok(None);
    }
    let mut named = lookup::by_name(act.tx, party, name)?;
    match named.len() {
        0 | 1 => Ok(named.pop()),
        n => {
            let text = format!("有 {n} 个产品都叫“{name}”，请填写产品编码");
            Err(Error::conflict("product_ambiguous", text).at("product"))
        }
    }
}

/// The business of a code, or the only one of that exact name. `None` where there is none: the name is kept as written.
///
/// Errors: `party_code_unknown` for a code that nobody has.
pub fn other(act: &mut Act, code: &str, name: &str) -> Result<Option<parties::Brief>> {
    if !code.is_empty() {
        let by_platform = parties::by_code(act.tx, code).unwrap_or(None);
        let found = match by_platform {
            Some(found) => Some(found),
            None => parties::by_uscc(act.tx, &codes::tidy(code))?,
        };
        let unknown = || {
            let text = format!("没有代码为“{code}”的主体；不在平台的对方请把代码留空，只填名称");
            Error::invalid("other_code", "party_code_unknown", text)
        };
        return found.map(|p| Some(parties::Brief::from(p))).ok_or_else(unknown);
    }
    let mut named = parties::store::by_name(act.tx, name)?;
    Ok(if named.len() == 1 { named.pop().map(parties::Brief::from) } else { None })
}

/// Lots to take an amount from: what ends first goes first.
///
/// Errors: `stock_short`, `unit_conflict`.
pub fn stock(
    act: &mut Act,
    party: &str,
    product: &Product,
    batch: &str,
    wanted: (Amount, Unit),
) -> Result<Vec<Take>> {
    let (amount, unit) = wanted;
    same_unit(product, unit)?;
    let mut rest = amount;
    let mut takes = Vec::new();
    for (lot, on_hand) in lookup::on_hand(act.tx, party, &product.id, batch)? {
        if rest == 0 {
            break;
        }
        let part = on_hand.min(rest);
        rest -= part;
        takes.push(Take { lot, amount: Some(part) });
    }
    if rest == 0 {
        return Ok(takes);
    }
    let shown = |n| kit_base::amount::Shown(n, unit);
    let of = if batch.is_empty() { String::new() } else { format!("批号 {batch} ") };
    let text = format!("“{}”{of}现有库存 {}，不足 {}", product.name, shown(amount - rest), shown(amount));
    Err(Error::conflict("stock_short", text).at("amount"))
}

/// Whether an amount is in the unit that the product is counted in.
pub fn same_unit(product: &Product, unit: Unit) -> Result<()> {
    if product.unit == unit {
        return Ok(());
    }
    let name = |unit| match unit {
        Unit::G => "重量（克、公斤）",
        Unit::Ml => "容量（毫升、升）",
        Unit::Pc => "件数（件、袋、瓶）",
    };
    let text = format!("产品“{}”按{}登记，不能按{}填写", product.name, name(product.unit), name(unit));
    Err(Error::invalid("unit", "unit_conflict", text))
}
