//! What goes with food: certificates, vehicle, supplier (进货查验), and the additives of a production; how they are checked.

use kit_base::text::{mask_name, mask_phone};
use kit_base::{Error, Result};
use kit_web::Scope;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::EventKind;

/// Characters that a number, name or plate may have.
const SHORT: usize = 60;
const ADDRESS: usize = 200;
/// Additives that one production may list.
const MOST_ADDITIVES: usize = 50;

/// 随货凭证 and supplier of a delivery or purchase; empty: not given (食品安全法 50、53、59、60、65、98).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Papers {
    /// 动物检疫合格证明 number
    pub animal_quarantine: String,
    /// 肉品品质检验合格证 number
    pub meat_inspection: String,
    /// 植物检疫证书 number
    pub plant_quarantine: String,
    /// 产品合格证明（出厂检验报告） number
    pub quality: String,
    /// 承诺达标合格证 number
    pub commitment: String,
    /// 报关单号, of imports
    pub customs: String,
    /// 入境货物检验检疫证明 number, of imports
    pub import_inspection: String,
    /// 车牌号
    pub vehicle: String,
    /// Supplier outside the platform: person, telephone, address, licence number.
    pub supplier_contact: String,
    pub supplier_phone: String,
    pub supplier_address: String,
    pub supplier_licence: String,
}

impl Papers {
    /// Names of the fields, what people call them, in the order of sheets and exports.
    pub const FIELDS: [(&'static str, &'static str); 12] = [
        ("animal_quarantine", "动物检疫合格证明"),
        ("meat_inspection", "肉品品质检验合格证"),
        ("plant_quarantine", "植物检疫证书"),
        ("quality", "产品合格证明"),
        ("commitment", "承诺达标合格证"),
        ("customs", "报关单号"),
        ("import_inspection", "入境检验检疫证明"),
        ("vehicle", "车牌号"),
        ("supplier_contact", "供货者联系人"),
        ("supplier_phone", "供货者电话"),
        ("supplier_address", "供货者地址"),
        ("supplier_licence", "供货者许可证"),
    ];
    /// How many of them say who the supplier is; they stand last.
    pub const OF_SUPPLIER: usize = 4;

    /// The values in the order of [`Papers::FIELDS`].
    pub fn values(&self) -> [&str; 12] {
        [
            &self.animal_quarantine,
            &self.meat_inspection,
            &self.plant_quarantine,
            &self.quality,
            &self.commitment,
            &self.customs,
            &self.import_inspection,
            &self.vehicle,
            &self.supplier_contact,
            &self.supplier_phone,
            &self.supplier_address,
            &self.supplier_licence,
        ]
    }

    /// From values in the order of [`Papers::FIELDS`].
    pub fn from_values(values: [String; 12]) -> Self {
        let [
            animal_quarantine,
            meat_inspection,
            plant_quarantine,
            quality,
            commitment,
            customs,
            import_inspection,
            vehicle,
            supplier_contact,
            supplier_phone,
            supplier_address,
            supplier_licence,
        ] = values;
        Self {
            animal_quarantine,
            meat_inspection,
            plant_quarantine,
            quality,
            commitment,
            customs,
            import_inspection,
            vehicle,
            supplier_contact,
            supplier_phone,
            supplier_address,
            supplier_licence,
        }
    }

    /// Without what says who the supplier is: it is registered.
    pub fn without_supplier(self) -> Self {
        Self {
            supplier_contact: String::new(),
            supplier_phone: String::new(),
            supplier_address: String::new(),
            supplier_licence: String::new(),
            ..self
        }
    }

    pub fn is_empty(&self) -> bool {
        self.values().iter().all(|v| v.is_empty())
    }

    /// As the asker may see them: the supplier's person is whole only to the business that recorded them.
    pub fn seen_by(mut self, scope: &Scope, party: &str) -> Self {
        let own = matches!(scope, Scope::Businesses(own) if own.iter().any(|o| o == party));
        if !own {
            self.supplier_contact = mask_name(&self.supplier_contact);
            self.supplier_phone = mask_phone(&self.supplier_phone);
        }
        self
    }
}

/// An additive that went into a production.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Additive {
    pub name: String,
    /// Milligrams or microlitres.
    pub amount: i64,
    pub unit: FineUnit,
    /// 功能类别: 防腐剂, 膨松剂 …
    pub purpose: String,
}

/// Additives are weighed finer than food.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FineUnit {
    /// milligrams
    Mg,
    /// microlitres
    Ul,
}

impl FineUnit {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mg => "mg",
            Self::Ul => "ul",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Mg, Self::Ul].into_iter().find(|u| u.as_str() == text)
    }
}

fn invalid(field: impl Into<String>, code: &'static str, message: impl Into<String>) -> Error {
    Error::invalid(field.into(), code, message.into())
}

/// Checks papers and tidies them: trimmed, numbers and plate without spaces and in capitals. `outside`: the supplier is
/// not known here. `None` where nothing was given.
///
/// Errors: `papers_unexpected` (that kind of move has none), `paper_long`, `vehicle_form`, `phone_form`,
/// `supplier_known`; the field is under `papers/`.
pub fn checked(kind: EventKind, papers: Option<&Papers>, outside: bool) -> Result<Option<Papers>> {
    let Some(papers) = papers else { return Ok(None) };
    let tidied = Papers::from_values(papers.values().map(|v| v.trim().to_owned()));
    if tidied.is_empty() {
        return Ok(None);
    }
    if !matches!(kind, EventKind::Ship | EventKind::Return | EventKind::Receive) {
        let text = format!("{}不填随货凭证，请在发货或收货时填写", kind.name());
        return Err(invalid("papers", "papers_unexpected", text));
    }
    let mut papers = tidied;
    for ((field, name), value) in Papers::FIELDS.iter().zip(papers.values()) {
        let most = if *field == "supplier_address" { ADDRESS } else { SHORT };
        if value.chars().count() > most || value.chars().any(char::is_control) {
            let text = format!("{name}不超过 {most} 个字，不能有换行");
            return Err(invalid(format!("papers/{field}"), "paper_long", text));
        }
    }
    papers.vehicle = papers.vehicle.chars().filter(|c| !matches!(c, ' ' | '·' | '-')).collect::<String>();
    papers.vehicle = papers.vehicle.to_uppercase();
    if !papers.vehicle.is_empty() && !is_plate(&papers.vehicle) {
        let text = format!("“{}”不是车牌号，请写成 豫J12345", papers.vehicle);
        return Err(invalid("papers/vehicle", "vehicle_form", text));
    }
    if !papers.supplier_phone.is_empty() && !is_phone(&papers.supplier_phone) {
        let text = format!("“{}”不是电话号码", papers.supplier_phone);
        return Err(invalid("papers/supplier_phone", "phone_form", text));
    }
    let at = Papers::FIELDS.len() - Papers::OF_SUPPLIER;
    let given = papers.values()[at..].iter().position(|v| !v.is_empty());
    if let Some(i) = given.filter(|_| !outside) {
        let text = "对方已在平台登记，联系方式以登记为准，请留空";
        return Err(invalid(format!("papers/{}", Papers::FIELDS[at + i].0), "supplier_known", text));
    }
    Ok(Some(papers))
}

/// 豫J12345, 豫AD12345 (新能源), 豫J1234挂
fn is_plate(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let [first, second, rest @ ..] = chars.as_slice() else { return false };
    let last_may = |c: &char| c.is_ascii_alphanumeric() || "挂学警港澳领超".contains(*c);
    let Some((last, middle)) = rest.split_last() else { return false };
    ('\u{4e00}'..='\u{9fff}').contains(first)
        && second.is_ascii_uppercase()
        && (4..=5).contains(&middle.len())
        && middle.iter().all(char::is_ascii_alphanumeric)
        && last_may(last)
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (5..=15).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c))
}

/// Checks the additives of a production.
///
/// Errors: `additives_unexpected`, `additives_many`, `additive_name`, `additive_purpose`, `additive_amount`,
/// `additive_twice`; the field is under `additives/N`.
pub fn checked_additives(kind: EventKind, additives: &[Additive]) -> Result<Vec<Additive>> {
    if !additives.is_empty() && kind != EventKind::Produce {
        return Err(invalid("additives", "additives_unexpected", "只有生产记录可以填写食品添加剂"));
    }
    if additives.len() > MOST_ADDITIVES {
        let text = format!("食品添加剂最多 {MOST_ADDITIVES} 种");
        return Err(invalid("additives", "additives_many", text));
    }
    let mut out: Vec<Additive> = Vec::with_capacity(additives.len());
    for (i, additive) in additives.iter().enumerate() {
        let at = |field: &str| format!("additives/{i}/{field}");
        let short =
            |text: &str| (1..=SHORT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        let (name, purpose) = (additive.name.trim(), additive.purpose.trim());
        if !short(name) {
            return Err(invalid(at("name"), "additive_name", "请填写食品添加剂的名称"));
        }
        if !short(purpose) {
            let text = format!("请填写“{name}”的功能类别，如 防腐剂、膨松剂");
            return Err(invalid(at("purpose"), "additive_purpose", text));
        }
        if !(1..=kit_base::amount::MAX_AMOUNT).contains(&additive.amount) {
            return Err(invalid(at("amount"), "additive_amount", format!("“{name}”的用量应大于零")));
        }
        if out.iter().any(|a| a.name == name) {
            return Err(invalid(at("name"), "additive_twice", format!("“{name}”填写了两次，请合并用量")));
        }
        out.push(Additive { name: name.to_owned(), purpose: purpose.to_owned(), ..additive.clone() });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plates_and_numbers_are_taken_or_refused() {
        for (plate, good) in [
            ("豫J12345", true),
            ("豫j·12345", true),
            ("豫AD12345", true),
            ("豫J1234挂", true),
            ("J12345", false),
            ("豫12345", false),
            ("豫J123", false),
            ("豫J1234567", false),
        ] {
            let papers = Papers { vehicle: plate.into(), ..Papers::default() };
            assert_eq!(checked(EventKind::Ship, Some(&papers), true).is_ok(), good, "{plate}");
        }
        let papers = Papers { supplier_address: "人民路1号".into(), ..Papers::default() };
        assert_eq!(checked(EventKind::Receive, Some(&papers), false).unwrap_err().code, "supplier_known");
        assert_eq!(checked(EventKind::Sell, Some(&papers), true).unwrap_err().code, "papers_unexpected");
        assert_eq!(checked(EventKind::Sell, Some(&Papers::default()), true).unwrap(), None);
    }

    #[test]
    fn additives_are_whole_and_named_once() {
        let one = |name: &str, amount, purpose: &str| Additive {
            name: name.into(),
            amount,
            unit: FineUnit::Mg,
            purpose: purpose.into(),
        };
        let code = |kind, list: &[Additive]| checked_additives(kind, list).err().map(|e| e.code.into_owned());
        let good = one("山梨酸钾", 500, "防腐剂");
        let made = EventKind::Produce;
        assert_eq!(code(made, std::slice::from_ref(&good)), None);
        assert_eq!(code(made, &[good.clone(), good.clone()]).as_deref(), Some("additive_twice"));
        assert_eq!(code(made, &[one("山梨酸钾", 0, "防腐剂")]).as_deref(), Some("additive_amount"));
        assert_eq!(code(made, &[one("", 5, "防腐剂")]).as_deref(), Some("additive_name"));
        assert_eq!(code(made, &[one("山梨酸钾", 5, " ")]).as_deref(), Some("additive_purpose"));
        assert_eq!(code(EventKind::Ship, &[good]).as_deref(), Some("additives_unexpected"));
    }
}
