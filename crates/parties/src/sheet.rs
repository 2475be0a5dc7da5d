//! The sheet 主体: its columns, a row read as a business, a business written as a row. An export can be imported again.

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::coords::Datum;
use kit_base::text::{mask_name, mask_phone};
use kit_base::{Defect, Error, Result};
use kit_docs::table::out::{Field, OutColumn};
use kit_docs::table::{Column, Line, Table};

use crate::actions::Incoming;
use crate::model::{Licence, NewLicence, NewParty, NewPerson, Party, Person, Position, Status};
use crate::reference::Reference;
use crate::rules;

/// Name of the sheet.
pub const SHEET: &str = "主体";

/// The columns people fill.
pub fn table(reference: &Reference) -> Table {
    let kinds = reference.business_kinds.iter().map(|k| (k.code, k.name));
    let statuses = Status::ALL.map(|s| (s.as_str(), s.name()));
    Table::new(SHEET)
        .column(
            Column::text("name", "名称", 100)
                .required()
                .alias("主体名称")
                .alias("企业名称")
                .alias("店铺名称")
                .example("濮阳市华龙区老王超市（示例，请删除本行）")
                .help("与营业执照或登记证一致"),
        )
        .column(
            Column::code("uscc", "统一社会信用代码")
                .unique()
                .alias("信用代码")
                .alias("社会信用代码")
                .example("92330100MA2ABCD13F")
                .help("18 位，没有的留空"),
        )
        .column(Column::choice("kind", "业态", kinds).required().alias("主体业态").help("从下拉列表中选择"))
        .column(
            Column::text("division", "行政区划", 60)
                .required()
                .alias("所属区划")
                .alias("区划代码")
                .example("河南省濮阳市华龙区")
                .help("填到县级或街道：名称（如 河南省濮阳市华龙区）或代码（6、9、12 位）"),
        )
        .column(Column::text("address", "地址", 200).alias("经营场所").alias("详细地址").example("胜利路 88 号"))
        .column(Column::number("lon", "经度", -180.0, 180.0).help("度，十进制小数"))
        .column(Column::number("lat", "纬度", -90.0, 90.0).help("度，十进制小数"))
        .column(
            Column::choice(
                "datum",
                "坐标系",
                [("wgs84", "WGS-84（北斗、GPS、天地图）"), ("gcj02", "GCJ-02（高德、腾讯）"), ("bd09", "BD-09（百度）")],
            )
            .help("填了经纬度就要选，系统统一换算为 WGS-84"),
        )
        .column(
            Column::text("licence", "许可证编号", 500)
                .alias("许可证号")
                .alias("食品经营许可证编号")
                .alias("食品生产许可证编号")
                .alias("登记证编号")
                .help("多个之间用分号隔开"),
        )
        .column(Column::partial_date("licence_expires", "许可证有效期至").alias("有效期至").help("如 2028-03-05"))
        .column(Column::text("licence_issuer", "发证机关", 100))
        .column(Column::text("legal", "法定代表人", 50).alias("经营者"))
        .column(Column::text("head", "负责人", 50).alias("食品安全负责人"))
        .column(Column::code("phone", "联系电话").alias("手机号").alias("电话").help("负责人的电话"))
        .column(Column::choice("status", "状态", statuses).help("不填为正常"))
        .column(Column::code("code", "主体码").help("由系统生成；更新已有主体时填写，新增时留空"))
        .column(Column::text("note", "备注", 500))
        .note("导出的文件改好后可以再导入：选择“更新已有主体”，按主体码、统一社会信用代码或名称加地址对应；留空的格子不改动原有内容")
}

/// Reads rows as inputs; remembers what names of divisions mean.
pub struct Reader {
    reference: Arc<Reference>,
    divisions: HashMap<String, Option<String>>,
}

impl Reader {
    pub fn new(reference: Arc<Reference>) -> Self {
        Self { reference, divisions: HashMap::new() }
    }

    /// A row as a checked input, or its defects.
    pub fn read(&mut self, line: &Line) -> Result<Incoming, Vec<Defect>> {
        let record = &line.record;
        let text = |key: &str| record.text(key).unwrap_or_default().trim().to_owned();
        let mut defects = Vec::new();
        let division = text("division");
        let code = self.division(&division);
        if code.is_none() {
            let words = format!("没有“{division}”，或有同名的区划，请写全省、市、县（区），或填代码");
            defects.push(line.defect("division", "division_unknown", words));
        }
        let position = match position(line) {
            Ok(position) => position,
            Err(defect) => {
                defects.push(defect);
                None
            }
        };
        let platform = match record.text("code").map(kit_base::codes::platform::read) {
            None => None,
            Some(Ok((_, code))) => Some(code),
            Some(Err(finding)) => {
                defects.push(line.defect("code", finding.code, finding.message));
                None
            }
        };
        if !defects.is_empty() {
            return Err(defects);
        }
        let people = people(line);
        // an export without the permission for persons has them masked: such cells are nobody's names
        let masked = people.iter().flatten().any(|p| p.name.contains('*') || p.phone.contains('*'));
        let new = rules::tidied(NewParty {
            name: text("name"),
            uscc: record.text("uscc").map(str::to_owned),
            kind: text("kind"),
            division: code.unwrap_or_default(),
            address: text("address"),
            position,
            items: Vec::new(),
            licences: licences(line),
            people: people.filter(|_| !masked),
            note: text("note"),
        });
        // warnings are for forms; in a sheet of many thousand rows nobody could answer them
        rules::check_party(&new, &self.reference).map_err(|e| refusal(line, &e))?;
        Ok(Incoming { new, code: platform, status: record.text("status").and_then(Status::parse), masked })
    }

    fn division(&mut self, text: &str) -> Option<String> {
        if let Some(known) = self.divisions.get(text) {
            return known.clone();
        }
        let code = self.reference.resolve(text);
        self.divisions.insert(text.to_owned(), code.clone());
        code
    }
}

/// A refusal of the room as defects of a row: its fields in the words of the sheet.
pub fn refusal(line: &Line, error: &Error) -> Vec<Defect> {
    let column = |field: &str| -> &'static str {
        match field.split('/').collect::<Vec<_>>().as_slice() {
            ["licences", _, "expires" | "issued"] => "licence_expires",
            ["licences", _, "issuer"] => "licence_issuer",
            ["licences", ..] => "licence",
            ["people", _, "phone"] => "phone",
            ["people", ..] => "head",
            ["position"] => "lon",
            ["uscc"] => "uscc",
            ["kind"] => "kind",
            ["division"] => "division",
            ["address"] => "address",
            ["code"] => "code",
            ["note"] => "note",
            _ => "name",
        }
    };
    let one = |field: &str, code: &std::borrow::Cow<'static, str>, text: &str| {
        let mut defect = line.defect(column(field), "", text);
        defect.code = code.clone();
        defect
    };
    if error.defects.is_empty() {
        return vec![one(error.field.as_deref().unwrap_or(""), &error.code, &error.message)];
    }
    error.defects.iter().map(|d| one(&d.place, &d.code, &d.message)).collect()
}

fn position(line: &Line) -> Result<Option<Position>, Defect> {
    let record = &line.record;
    match (record.number("lon"), record.number("lat"), record.text("datum").and_then(Datum::parse)) {
        (None, None, _) => Ok(None),
        (Some(lon), Some(lat), Some(datum)) => Ok(Some(Position { lon, lat, datum, accuracy: None })),
        (Some(_), Some(_), None) => Err(line.defect("datum", "datum_missing", "填了经纬度就要选坐标系")),
        (None, ..) => Err(line.defect("lon", "position_half", "只填了纬度，请补经度或都留空")),
        (_, None, _) => Err(line.defect("lat", "position_half", "只填了经度，请补纬度或都留空")),
    }
}

fn licences(line: &Line) -> Vec<NewLicence> {
    let record = &line.record;
    let numbers = record.text("licence").unwrap_or_default();
    let expires = record.date("licence_expires").map(|d| d.to_string()).unwrap_or_default();
    let issuer = record.text("licence_issuer").unwrap_or_default();
    numbers
        .split([';', '；', '、', '\n'])
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(|number| NewLicence {
            number: number.to_owned(),
            expires: expires.clone(),
            issuer: issuer.to_owned(),
            ..NewLicence::default()
        })
        .collect()
}

fn people(line: &Line) -> Option<Vec<NewPerson>> {
    let record = &line.record;
    let person = |role: &str, name: &str, phone: &str| NewPerson {
        role: role.into(),
        name: name.into(),
        phone: phone.into(),
    };
    let phone = record.text("phone").unwrap_or_default();
    let legal = record.text("legal").map(|name| person("legal", name, ""));
    let head = match (record.text("head"), record.text("legal")) {
        (Some(name), _) => Some(person("head", name, phone)),
        (None, Some(name)) if !phone.is_empty() => Some(person("head", name, phone)),
        (None, None) if !phone.is_empty() => Some(person("contact", "联系人", phone)),
        _ => None,
    };
    let people: Vec<NewPerson> = legal.into_iter().chain(head).collect();
    (!people.is_empty()).then_some(people)
}

/// What a row of a sheet leaves of a business that is there: empty cells, and what the sheet has no columns for, stay.
pub fn merged(old: &Party, licences: &[Licence], new: NewParty) -> NewParty {
    let filled = |new: String, old: &str| if new.is_empty() { old.to_owned() } else { new };
    let kept = licences.iter().map(|l| NewLicence {
        kind: l.kind.clone(),
        number: l.number.clone(),
        issued: l.issued.clone(),
        expires: l.expires.clone(),
        issuer: l.issuer.clone(),
    });
    let listed = if new.licences.is_empty() {
        kept.collect()
    } else {
        let before: HashMap<String, NewLicence> = kept.map(|l| (l.number.clone(), l)).collect();
        let one = |l: NewLicence| match before.get(&l.number) {
            Some(old) => NewLicence {
                issued: filled(l.issued, &old.issued),
                expires: filled(l.expires, &old.expires),
                issuer: filled(l.issuer, &old.issuer),
                ..l
            },
            None => l,
        };
        new.licences.into_iter().map(one).collect()
    };
    let position = new.position.or_else(|| {
        let datum = old.datum.as_deref().and_then(Datum::parse)?;
        // stored in WGS-84; given back in the datum of the source, so that nothing moves
        let at = kit_base::coords::from_wgs84(kit_base::coords::LonLat::new(old.lon?, old.lat?), datum);
        Some(Position { lon: at.lon, lat: at.lat, datum, accuracy: old.accuracy })
    });
    NewParty {
        uscc: new.uscc.or_else(|| old.uscc.clone()),
        address: filled(new.address, &old.address),
        note: filled(new.note, &old.note),
        items: if new.items.is_empty() { old.items.clone() } else { new.items },
        licences: listed,
        position,
        ..new
    }
}

/// The headings of an export: those of the template, in its order, and what the system knows besides.
pub fn headings(reference: &Reference) -> Vec<OutColumn> {
    let own = table(reference).columns().iter().map(|c| OutColumn::text(c.name.clone())).collect::<Vec<_>>();
    own.into_iter().chain(["所属区划名称", "数据标记"].map(OutColumn::text)).collect()
}

/// A business as a row of an export. Persons are masked unless `open`.
pub fn row<'a>(
    reference: &Reference,
    party: &'a Party,
    licences: &'a [Licence],
    people: &'a [Person],
    open: bool,
) -> Vec<Field<'a>> {
    let person = |role: &str| people.iter().find(|p| p.role == role);
    let name = |role: &str| {
        let name = person(role).map(|p| p.name.as_str()).unwrap_or_default();
        if open { name.to_owned() } else { mask_name(name) }
    };
    let phone = ["head", "contact", "legal"].iter().filter_map(|r| person(r)).map(|p| p.phone.as_str());
    let phone = phone.into_iter().find(|p| !p.is_empty()).unwrap_or_default();
    let expires = licences.first().map(|l| l.expires.as_str()).unwrap_or_default();
    let numbers: Vec<&str> = licences.iter().map(|l| l.number.as_str()).collect();
    let datum = party.lon.map(|_| "WGS-84（北斗、GPS、天地图）");
    vec![
        Field::from(party.name.as_str()),
        Field::from(party.uscc.as_deref()),
        Field::from(crate::actions::kind_name(&party.kind)),
        Field::from(party.division.as_str()),
        Field::from(party.address.as_str()),
        Field::from(party.lon),
        Field::from(party.lat),
        Field::from(datum),
        Field::from(numbers.join("；")),
        Field::from(expires.parse::<kit_base::PartialDate>().ok()),
        Field::from(licences.first().map(|l| l.issuer.as_str())),
        Field::from(name("legal")),
        Field::from(name("head")),
        Field::from(if open { phone.to_owned() } else { mask_phone(phone) }),
        Field::from(party.status.name()),
        Field::from(party.code.as_str()),
        Field::from(party.note.as_str()),
        Field::from(reference.full_name(&party.division)),
        Field::from(if party.simulated { "模拟数据" } else { "" }),
    ]
}
