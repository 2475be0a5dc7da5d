//! A delivery network to investigate (溯源网络), and how it is read from a file.
//!
//! The form is that of FoodChain-Lab's networks: stations (businesses), deliveries between them, and relations that say
//! which delivery went into which. Ids may be numbers or texts; they are kept as text.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use kit_base::{Defect, Error, PartialDate, Result};
use serde_json::{Map, Value};

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 256 << 20;
/// So many wrong places are told at once.
const MAX_DEFECTS: usize = 100;
/// Larger weights mean nothing and would swallow the small ones.
const MAX_WEIGHT: f64 = 1e12;

/// What the investigator marked on a station or a delivery.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct Mark {
    /// cases and positive samples above 0, controls and clean samples below
    pub weight: f64,
    /// 交叉污染: at a station any incoming delivery may touch any outgoing one; deliveries so marked touch each other
    pub cross_contamination: bool,
    /// 杀灭: nothing is passed on
    pub kill_contamination: bool,
    /// 观察对象: what is forward and backward of it gets flagged
    pub observed: bool,
}

/// A business, as a place where deliveries come in and go out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Station {
    pub id: String,
    pub name: String,
    pub mark: Mark,
}

/// One lot that went from a station to a station.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Delivery {
    pub id: String,
    /// station id
    pub from: String,
    /// station id
    pub to: String,
    pub product: String,
    pub departure: Option<PartialDate>,
    pub arrival: Option<PartialDate>,
    pub mark: Mark,
}

/// Delivery `from` went into delivery `into`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub from: String,
    pub into: String,
}

/// Stations that count as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    pub stations: Vec<String>,
}

/// A network as read or made from the ledger; [`Network::check`] tells whether it holds together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Network {
    pub stations: Vec<Station>,
    pub deliveries: Vec<Delivery>,
    pub relations: Vec<Relation>,
    pub groups: Vec<Group>,
    pub enforce_temporal_order: bool,
}

impl Network {
    /// Reads and checks a network file.
    ///
    /// Errors: `network_too_large`, `json_syntax` (line and column in the field), and for wrong content the code and
    /// place (`deliveries/3/arrival`) of the first defect with up to 100 defects attached: `field_type`,
    /// `field_missing`, `weight_invalid`, `date_syntax`, `date_impossible`, `date_range`, and those of [`Network::check`].
    pub fn read(reader: impl Read) -> Result<Self> {
        let mut bytes = Vec::new();
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Error::new(kit_base::Kind::TooLarge, "network_too_large", "网络文件超过 256 MB"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let value: Value = serde_json::from_slice(bytes).map_err(|e| {
            let place = format!("line {} column {}", e.line(), e.column());
            let message = format!("第 {} 行第 {} 列不是合法的 JSON", e.line(), e.column());
            Error::invalid(place, "json_syntax", message).because(e)
        })?;
        let mut defects = Vec::new();
        let network = Reader { defects: &mut defects }.network(&value);
        refuse(defects)?;
        network.check()?;
        Ok(network)
    }

    /// Whether ids are unique, what is referred to exists, and weights are numbers.
    ///
    /// Errors, with place and up to 100 defects: `id_duplicate`, `station_unknown`, `delivery_unknown`,
    /// `relation_self`, `weight_invalid`, `group_empty`, `group_overlap`.
    pub fn check(&self) -> Result<()> {
        let mut defects = Vec::new();
        let mut tell = |place: String, code: &'static str, message: String| {
            defects.push(Defect { place, code: code.into(), message });
        };
        let stations = ids("stations", "站点", self.stations.iter().map(|s| (&s.id, &s.mark)), &mut tell);
        let deliveries =
            ids("deliveries", "交货", self.deliveries.iter().map(|d| (&d.id, &d.mark)), &mut tell);
        for (i, delivery) in self.deliveries.iter().enumerate() {
            for (field, id) in [("from", &delivery.from), ("to", &delivery.to)] {
                if !stations.contains(id.as_str()) {
                    let message = format!("交货“{}”的站点“{id}”不存在", delivery.id);
                    tell(format!("deliveries/{i}/{field}"), "station_unknown", message);
                }
            }
        }
        for (i, relation) in self.relations.iter().enumerate() {
            for (field, id) in [("from", &relation.from), ("into", &relation.into)] {
                if !deliveries.contains(id.as_str()) {
                    tell(format!("relations/{i}/{field}"), "delivery_unknown", format!("交货“{id}”不存在"));
                }
            }
            if relation.from == relation.into {
                let message = format!("交货“{}”不能由自身制成", relation.from);
                tell(format!("relations/{i}"), "relation_self", message);
            }
        }
        check_groups(&self.groups, &stations, &mut tell);
        refuse(defects)
    }
}

/// Groups are not empty, do not overlap, and their ids are not those of stations outside them.
pub(crate) fn check_groups(
    groups: &[Group],
    stations: &HashSet<&str>,
    tell: &mut impl FnMut(String, &'static str, String),
) {
    let mut member_of: HashMap<&str, &str> = HashMap::new();
    let mut group_ids = HashSet::new();
    for (i, group) in groups.iter().enumerate() {
        let own = group.stations.contains(&group.id);
        if !group_ids.insert(&group.id) || (stations.contains(group.id.as_str()) && !own) {
            tell(format!("groups/{i}/id"), "id_duplicate", format!("分组编号“{}”已被使用", group.id));
        }
        if group.stations.is_empty() {
            tell(format!("groups/{i}/stations"), "group_empty", format!("分组“{}”没有站点", group.id));
        }
        for (k, id) in group.stations.iter().enumerate() {
            let place = format!("groups/{i}/stations/{k}");
            if !stations.contains(id.as_str()) {
                tell(place, "station_unknown", format!("分组“{}”的站点“{id}”不存在", group.id));
            } else if let Some(other) = member_of.insert(id, &group.id) {
                tell(place, "group_overlap", format!("站点“{id}”已属于分组“{other}”"));
            }
        }
    }
}

/// The set of ids; tells doubles and weights that are no numbers.
fn ids<'a>(
    list: &str,
    kind: &str,
    items: impl Iterator<Item = (&'a String, &'a Mark)>,
    tell: &mut impl FnMut(String, &'static str, String),
) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    for (i, (id, mark)) in items.enumerate() {
        if !seen.insert(id.as_str()) {
            tell(format!("{list}/{i}/id"), "id_duplicate", format!("{kind}编号“{id}”重复"));
        }
        if !weight_is_valid(mark.weight) {
            tell(format!("{list}/{i}/weight"), "weight_invalid", format!("{kind}“{id}”的权重不是有效数字"));
        }
    }
    seen
}

pub(crate) fn weight_is_valid(weight: f64) -> bool {
    weight.abs() <= MAX_WEIGHT
}

/// An error of all defects, led by the first; nothing where there are none.
pub(crate) fn refuse(mut defects: Vec<Defect>) -> Result<()> {
    let Some(first) = defects.first().cloned() else { return Ok(()) };
    let more = match defects.len() {
        1 => String::new(),
        n => format!("（共 {n} 处错误）"),
    };
    defects.truncate(MAX_DEFECTS);
    Err(Error::invalid(first.place, first.code, first.message + &more).with_defects(defects))
}

/// Reads values field by field and notes what is wrong where.
struct Reader<'d> {
    defects: &'d mut Vec<Defect>,
}

impl Reader<'_> {
    fn network(&mut self, value: &Value) -> Network {
        let Some(top) = self.object("", value) else { return Network::default() };
        Network {
            stations: self.list(top, "stations", true, Self::station),
            deliveries: self.list(top, "deliveries", true, Self::delivery),
            relations: self.list(top, "relations", false, Self::relation),
            groups: self.list(top, "groups", false, Self::group),
            enforce_temporal_order: self.flag(top, "", "enforce_temporal_order"),
        }
    }

    fn station(&mut self, place: &str, value: &Value) -> Option<Station> {
        let fields = self.object(place, value)?;
        Some(Station {
            id: self.id(fields, place, "id")?,
            name: self.text(fields, place, "name"),
            mark: self.mark(fields, place),
        })
    }

    fn delivery(&mut self, place: &str, value: &Value) -> Option<Delivery> {
        let fields = self.object(place, value)?;
        let (id, from, to) =
            (self.id(fields, place, "id"), self.id(fields, place, "from"), self.id(fields, place, "to"));
        Some(Delivery {
            product: self.text(fields, place, "product"),
            departure: self.date(fields, place, "departure"),
            arrival: self.date(fields, place, "arrival"),
            mark: self.mark(fields, place),
            id: id?,
            from: from?,
            to: to?,
        })
    }

    fn relation(&mut self, place: &str, value: &Value) -> Option<Relation> {
        let fields = self.object(place, value)?;
        let (from, into) = (self.id(fields, place, "from"), self.id(fields, place, "into"));
        Some(Relation { from: from?, into: into? })
    }

    fn group(&mut self, place: &str, value: &Value) -> Option<Group> {
        let fields = self.object(place, value)?;
        let id = self.id(fields, place, "id");
        let stations = match fields.get("stations") {
            Some(Value::Array(items)) => items
                .iter()
                .enumerate()
                .filter_map(|(i, item)| {
                    let id = id_text(item);
                    if id.is_none() {
                        self.tell(format!("{place}/stations/{i}"), "field_type", "编号须为文字或整数".into());
                    }
                    id
                })
                .collect(),
            _ => {
                self.tell(format!("{place}/stations"), "field_missing", "分组缺少站点列表".into());
                Vec::new()
            }
        };
        Some(Group { id: id?, stations })
    }

    fn mark(&mut self, fields: &Map<String, Value>, place: &str) -> Mark {
        Mark {
            weight: self.weight(fields, place),
            cross_contamination: self.flag(fields, place, "cross_contamination"),
            kill_contamination: self.flag(fields, place, "kill_contamination"),
            observed: self.flag(fields, place, "observed"),
        }
    }

    fn weight(&mut self, fields: &Map<String, Value>, place: &str) -> f64 {
        match present(fields, "weight") {
            None => 0.0,
            Some(value) => value.as_f64().filter(|w| weight_is_valid(*w)).unwrap_or_else(|| {
                self.tell(format!("{place}/weight"), "weight_invalid", format!("权重 {value} 不是有效数字"));
                0.0
            }),
        }
    }

    fn date(&mut self, fields: &Map<String, Value>, place: &str, field: &str) -> Option<PartialDate> {
        let value = present(fields, field)?;
        let Some(text) = value.as_str() else {
            self.tell(join(place, field), "date_syntax", format!("{value} 不是日期，请写成 \"2026-03-01\""));
            return None;
        };
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|e: Error| self.tell(join(place, field), e.code, e.message)).ok()
    }

    fn flag(&mut self, fields: &Map<String, Value>, place: &str, field: &str) -> bool {
        match present(fields, field) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                self.tell(join(place, field), "field_type", format!("{other} 须为 true 或 false"));
                false
            }
        }
    }

    fn text(&mut self, fields: &Map<String, Value>, place: &str, field: &str) -> String {
        match present(fields, field) {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.tell(join(place, field), "field_type", "须为文字".into());
                String::new()
            }
        }
    }

    fn id(&mut self, fields: &Map<String, Value>, place: &str, field: &str) -> Option<String> {
        let Some(value) = present(fields, field) else {
            self.tell(join(place, field), "field_missing", format!("缺少 {field}"));
            return None;
        };
        let id = id_text(value);
        if id.is_none() {
            self.tell(join(place, field), "field_type", "编号须为文字或整数".into());
        }
        id
    }

    fn list<T>(
        &mut self,
        fields: &Map<String, Value>,
        field: &str,
        required: bool,
        read: impl Fn(&mut Self, &str, &Value) -> Option<T>,
    ) -> Vec<T> {
        match present(fields, field) {
            Some(Value::Array(items)) => {
                let place = |i| format!("{field}/{i}");
                items.iter().enumerate().filter_map(|(i, item)| read(self, &place(i), item)).collect()
            }
            Some(_) => {
                self.tell(field.to_owned(), "field_type", format!("{field} 须为列表"));
                Vec::new()
            }
            None => {
                if required {
                    self.tell(field.to_owned(), "field_missing", format!("缺少列表 {field}"));
                }
                Vec::new()
            }
        }
    }

    fn object<'v>(&mut self, place: &str, value: &'v Value) -> Option<&'v Map<String, Value>> {
        if value.as_object().is_none() {
            self.tell(place.to_owned(), "field_type", "须为对象 { … }".into());
        }
        value.as_object()
    }

    fn tell(&mut self, place: String, code: impl Into<std::borrow::Cow<'static, str>>, message: String) {
        self.defects.push(Defect { place, code: code.into(), message });
    }
}

fn present<'v>(fields: &'v Map<String, Value>, field: &str) -> Option<&'v Value> {
    fields.get(field).filter(|value| !value.is_null())
}

fn join(place: &str, field: &str) -> String {
    if place.is_empty() { field.to_owned() } else { format!("{place}/{field}") }
}

fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}
