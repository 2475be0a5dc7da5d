//! Divisions, kinds of business, categories and the like: small, the same for all, served from memory.
//!
//! The files of data/ are compiled in; data/README.md tells their sources. [`get`] parses them once. What an agency takes
//! in later about divisions stands over them: [`crate::divisions`].

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde::Serialize;

/// 行政区划 of province (2 digits), city (4), county (6) or street level (9); a code is the prefix of what lies in it.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Division {
    pub code: Cow<'static, str>,
    /// Of a street or town without the name of its county, which some repeat (濮阳县文留镇).
    pub name: Cow<'static, str>,
    /// As the source writes it.
    #[serde(skip)]
    pub(crate) source_name: Cow<'static, str>,
    /// Label point, WGS-84 degrees; only down to counties.
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    /// First day, `2023-04` or `2023-04-03`; empty where it is not known.
    pub valid_from: Cow<'static, str>,
    /// First day on which it is no more; empty while valid.
    pub valid_to: Cow<'static, str>,
    /// The one code that came after; empty while valid, and where it was divided among several.
    pub replaced_by: Cow<'static, str>,
    /// The codes that came after.
    pub successors: Vec<Cow<'static, str>>,
}

/// A name that a division had until it got another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FormerName {
    pub name: String,
    /// First day on which it was no more its name.
    pub until: String,
}

/// 业态
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct BusinessKind {
    pub code: &'static str,
    pub name: &'static str,
    /// The kind of licence it needs: sc, jy, local; empty for none.
    pub licence: &'static str,
    /// 主体业态 of the trade licence; empty for none.
    pub main_form: &'static str,
    pub certainty: &'static str,
}

/// A food category (大类) or class of farm produce.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Category {
    /// `01` to `32` and below for food, `N…` for farm produce.
    pub code: &'static str,
    pub name: &'static str,
    /// Code of the class above; empty at the top.
    pub parent: &'static str,
    /// Farm produce that needs a 承诺达标合格证.
    pub certificate: bool,
}

/// A code and its name, in a group where the list has groups.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Coded {
    pub code: &'static str,
    pub name: &'static str,
    pub part: &'static str,
}

#[derive(Clone)]
pub struct Reference {
    /// In the order of their codes.
    pub divisions: Vec<Division>,
    /// The day that is today for what is valid; after every change for the data as it is compiled in.
    pub(crate) day: String,
    /// Former names by code, oldest first.
    pub(crate) former: BTreeMap<String, Vec<FormerName>>,
    /// Codes that are no more, each with those in whose place one lies now, over however many changes.
    pub(crate) heirs: Vec<(String, Vec<String>)>,
    pub business_kinds: Vec<BusinessKind>,
    pub categories: Vec<Category>,
    /// 食品经营项目
    pub trade_items: Vec<Coded>,
    pub licence_kinds: Vec<Coded>,
    /// County and above by full name and by own name, for reading addresses in words.
    by_name: HashMap<Cow<'static, str>, Vec<u32>>,
}

/// The reference data of this build. Divisions of today are those of [`crate::divisions::today`], which has the lists that
/// an agency took in too.
pub fn get() -> &'static Arc<Reference> {
    static REFERENCE: OnceLock<Arc<Reference>> = OnceLock::new();
    REFERENCE.get_or_init(|| Arc::new(load()))
}

fn load() -> Reference {
    let mut divisions: Vec<Division> = rows(include_str!("../../../data/divisions.csv"))
        .map(|c| Division {
            code: c[0].into(),
            name: c[1].into(),
            source_name: c[1].into(),
            lon: c[2].parse().ok(),
            lat: c[3].parse().ok(),
            valid_from: c[4].into(),
            valid_to: c[5].into(),
            replaced_by: c[6].into(),
            successors: Some(c[6]).filter(|s| !s.is_empty()).map(Cow::from).into_iter().collect(),
        })
        .collect();
    shorten(&mut divisions);
    let business_kinds = rows(include_str!("../../../data/business-kinds.csv"))
        .map(|c| BusinessKind { code: c[0], name: c[1], licence: c[2], main_form: c[3], certainty: c[4] })
        .collect();
    let food = rows(include_str!("../../../data/food-categories.csv")).map(|c| Category {
        code: c[0],
        name: c[1],
        parent: if c[0].len() > 2 { &c[0][..2] } else { "" },
        certificate: false,
    });
    let farm = rows(include_str!("../../../data/farm-categories.csv")).map(|c| Category {
        code: c[0],
        name: c[1],
        parent: c[2],
        certificate: c[3] == "1",
    });
    let mut all = Reference {
        day: "9999-12-31".to_owned(),
        former: BTreeMap::new(),
        heirs: Vec::new(),
        by_name: HashMap::new(),
        business_kinds,
        categories: food.chain(farm).collect(),
        trade_items: rows(include_str!("../../../data/trade-items.csv"))
            .map(|c| Coded { code: c[0], part: c[1], name: c[2] })
            .collect(),
        licence_kinds: rows(include_str!("../../../data/licence-kinds.csv"))
            .map(|c| Coded { code: c[0], part: "", name: c[1] })
            .collect(),
        divisions,
    };
    all.index();
    all
}

/// Takes the name of the county or city off the names of streets that repeat it: 濮阳县 + 濮阳县文留镇. Names of which
/// hardly anything would be left (青县农场) stay.
fn shorten(divisions: &mut [Division]) {
    let none = || (Cow::Borrowed(""), Cow::Borrowed(""));
    let (mut city, mut county) = (none(), none());
    for division in divisions {
        match division.code.len() {
            4 => city = (division.code.clone(), division.name.clone()),
            6 => county = (division.code.clone(), division.name.clone()),
            9 => {
                let above =
                    [&county, &city].into_iter().filter(|(code, _)| division.code.starts_with(&**code));
                division.name = short_name(&division.name, above.map(|(_, name)| &**name)).into();
            }
            _ => {}
        }
    }
}

/// The name of a street or town without that of what it lies in.
pub(crate) fn short_name<'a>(name: &str, above: impl Iterator<Item = &'a str>) -> String {
    let short = above.filter_map(|above| name.strip_prefix(above));
    let short = short.filter(|s| s.chars().count() > 2).min_by_key(|s| s.len());
    short.unwrap_or(name).to_owned()
}

/// The rows of a compiled-in file without quoting; the heading row is left out. A test reads every file.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split(',').collect())
}

impl Reference {
    /// Makes what is looked up by name, and where places of codes that are no more lie now.
    pub(crate) fn index(&mut self) {
        self.by_name.clear();
        for (i, division) in self.divisions.iter().enumerate() {
            self.by_name.entry(division.name.clone()).or_default().push(i as u32);
            if division.source_name != division.name {
                self.by_name.entry(division.source_name.clone()).or_default().push(i as u32);
            }
        }
        let ended = self.divisions.iter().filter(|d| !self.is_valid(d));
        let heirs: Vec<(String, Vec<String>)> =
            ended.map(|d| (d.code.clone().into_owned(), self.leaves(&d.code, 0))).collect();
        self.heirs = heirs;
    }

    /// The valid codes in whose place a code lies now; none where it ended without one.
    fn leaves(&self, code: &str, depth: u8) -> Vec<String> {
        let Some(division) = self.division(code) else { return Vec::new() };
        if self.is_valid(division) {
            return vec![code.to_owned()];
        }
        // a circle of codes is refused where lists come in; the data has none
        let next = division.successors.iter().filter(|s| depth < 16 && **s != code);
        let mut all: Vec<String> = next.flat_map(|s| self.leaves(s, depth + 1)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Whether a division is there today.
    pub fn is_valid(&self, division: &Division) -> bool {
        *division.valid_from <= *self.day && (division.valid_to.is_empty() || *self.day < *division.valid_to)
    }

    /// Where a place lies now: its own code while that is valid, else that of its one successor, over however many changes
    /// there were. `None` where it was divided among several and nothing says which, or ended without one.
    pub fn now(&self, code: &str) -> Option<String> {
        let mut at = code.to_owned();
        for _ in 0..16 {
            let deepest = [12, 9, 6, 4, 2].into_iter().filter_map(|n| at.get(..n));
            let ended = deepest.filter_map(|c| self.division(c)).find(|d| !self.is_valid(d));
            let Some(ended) = ended else { return Some(at) };
            let [successor] = ended.successors.as_slice() else { return None };
            at = self.carried(&at, ended, successor);
        }
        None
    }

    /// A code below a division that got another: the street of the same number and name where there is one, else only the
    /// successor, for its streets may be numbered anew.
    fn carried(&self, code: &str, ended: &Division, successor: &str) -> String {
        let moved = format!("{successor}{}", &code[ended.code.len()..]);
        let street = |code: &str| code.get(..9).and_then(|c| self.division(c));
        match (street(code), street(&moved)) {
            _ if moved == successor => moved,
            (Some(old), Some(new)) if self.is_valid(new) && old.name == new.name => moved,
            _ => successor.to_owned(),
        }
    }

    /// What belongs to the jurisdiction over a prefix beside what begins with it: codes that are no more and whose
    /// place lies within it now; and, where the prefix itself is no more, the code that took its whole place and
    /// nothing else.
    pub fn reach(&self, prefix: &str) -> Vec<String> {
        let mut more = Vec::new();
        if prefix.is_empty() {
            return more;
        }
        for (ended, now) in &self.heirs {
            if now.iter().any(|n| n.starts_with(prefix)) && !ended.starts_with(prefix) {
                more.push(ended.clone());
            }
        }
        let heir = self.now(prefix).filter(|now| now != prefix && now.len() == prefix.len());
        more.extend(heir.filter(|now| self.took_over(prefix, now)));
        more
    }

    /// Whether the division `now` lies in was set up in the place of the one `old` lies in, and of no other.
    fn took_over(&self, old: &str, now: &str) -> bool {
        let above = |code: &str| {
            [12, 9, 6, 4].into_iter().filter_map(|n| code.get(..n)).map(str::to_owned).collect::<Vec<_>>()
        };
        let ended = above(old).into_iter().filter_map(|c| self.division(&c)).find(|d| !self.is_valid(d));
        let Some(ended) = ended else { return false };
        let new = above(now)
            .into_iter()
            .filter_map(|c| self.division(&c))
            .find(|d| ended.successors.contains(&d.code));
        let Some(new) = new else { return false };
        let before = self.divisions.iter().filter(|d| d.successors.contains(&new.code)).count();
        before == 1 && !new.valid_from.is_empty() && new.valid_from == ended.valid_to
    }

    /// The codes that a division came after.
    pub fn predecessors(&self, code: &str) -> Vec<String> {
        let all = self.divisions.iter().filter(|d| d.successors.iter().any(|s| s == code));
        all.map(|d| d.code.clone().into_owned()).collect()
    }

    /// Names that a division had, oldest first.
    pub fn former_names(&self, code: &str) -> &[FormerName] {
        self.former.get(code).map_or(&[], Vec::as_slice)
    }

    /// The name of a division on a day (`2026-03-01`); that of today where it has had one only.
    pub fn name_on(&self, code: &str, day: &str) -> Option<&str> {
        let former = self.former_names(code).iter().find(|f| day < f.until.as_str());
        former.map(|f| f.name.as_str()).or_else(|| self.division(code).map(|d| &*d.name))
    }

    /// The division with exactly this code, retired ones included.
    pub fn division(&self, code: &str) -> Option<&Division> {
        let at = self.divisions.binary_search_by(|d| (*d.code).cmp(code)).ok()?;
        Some(&self.divisions[at])
    }

    /// The deepest known division that a code lies in: the street for a village's 12 digits.
    pub fn nearest(&self, code: &str) -> Option<&Division> {
        [9, 6, 4, 2].into_iter().filter_map(|n| code.get(..n)).find_map(|c| self.division(c))
    }

    /// What lies directly in a division: `""` gives the provinces. Without retired codes, and those that are not yet.
    pub fn children(&self, code: &str) -> Vec<&Division> {
        let deeper = match code.len() {
            0 => 2,
            2 => 4,
            4 => 6,
            6 => 9,
            _ => return Vec::new(),
        };
        let from = self.divisions.partition_point(|d| *d.code < *code);
        self.divisions[from..]
            .iter()
            .take_while(|d| d.code.starts_with(code))
            .filter(|d| d.code.len() == deeper && self.is_valid(d))
            .collect()
    }

    /// `河南省濮阳市华龙区`; what is not known of a code is left out, 市辖区 of municipalities too.
    pub fn full_name(&self, code: &str) -> String {
        self.full_name_on(code, &self.day)
    }

    /// [`Reference::full_name`] as it was on a day (`2026-03-01`): what a record of that day says.
    pub fn full_name_on(&self, code: &str, day: &str) -> String {
        let parts: Vec<&str> = [2, 4, 6, 9]
            .into_iter()
            .filter_map(|n| code.get(..n))
            .filter_map(|c| self.name_on(c, day))
            .filter(|n| !matches!(*n, "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划"))
            .collect();
        let mut out = String::new();
        for (i, part) in parts.iter().enumerate() {
            // 东莞市东莞市, 台湾省台湾省
            if i == 0 || parts[i - 1] != *part {
                out.push_str(part);
            }
        }
        out
    }

    /// The division that a text means: a code (6 to 12 digits, zeros at the end left out), a full name
    /// (`河南省濮阳市华龙区`, `河南濮阳华龙区`), or a name that only one division has. `None` where it is unknown or could be
    /// several.
    pub fn resolve(&self, text: &str) -> Option<String> {
        let text: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '/' | '-' | '>')).collect();
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return self.resolve_code(&text);
        }
        if let Some(found) = self.by_name.get(text.as_str()) {
            let valid: Vec<&str> = found
                .iter()
                .map(|i| &self.divisions[*i as usize])
                .filter(|d| self.is_valid(d))
                .map(|d| &*d.code)
                .collect();
            return match valid.as_slice() {
                [one] => Some((*one).to_owned()),
                // 东莞市 is city and county: the deeper one is meant
                [a, b] if b.starts_with(a) => Some((*b).to_owned()),
                _ => None,
            };
        }
        let (mut rest, mut within) = (text.as_str(), "");
        while !rest.is_empty() {
            let (next, length) = self.longest_in(within, rest)?;
            within = &next.code;
            rest = &rest[length..];
        }
        // 东莞市 has one county of its own name: the county is meant
        let own = self.division(within)?;
        let deeper = self.children(within).into_iter().find(|d| d.name == own.name);
        Some(deeper.unwrap_or(own).code.clone().into_owned())
    }

    fn resolve_code(&self, digits: &str) -> Option<String> {
        let code = match digits.len() {
            12 if digits.ends_with("000000") => &digits[..6],
            12 if digits.ends_with("000") => &digits[..9],
            6 if digits.ends_with("0000") => &digits[..2],
            6 if digits.ends_with("00") => &digits[..4],
            _ => digits,
        };
        let known = match code.len() {
            // villages are not in the list; their street must be
            12 => self.division(&code[..9]).is_some(),
            _ => self.division(code).is_some(),
        };
        known.then(|| code.to_owned())
    }

    /// The division inside `within` whose name the text begins with, and how much of the text that is. Streets only
    /// below a known county or city.
    fn longest_in(&self, within: &str, text: &str) -> Option<(&Division, usize)> {
        let from = self.divisions.partition_point(|d| *d.code < *within);
        self.divisions[from..]
            .iter()
            .take_while(|d| d.code.starts_with(within))
            .filter(|d| d.code != within && self.is_valid(d))
            .filter(|d| d.code.len() < 9 || within.len() >= 4)
            .filter_map(|d| Some((d, named(d, text)?)))
            .max_by_key(|(d, length)| (*length, std::cmp::Reverse(d.code.len())))
    }

    pub fn business_kind(&self, code: &str) -> Option<&BusinessKind> {
        self.business_kinds.iter().find(|k| k.code == code)
    }

    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.iter().find(|c| c.code == code)
    }

    pub fn trade_item(&self, code: &str) -> Option<&Coded> {
        self.trade_items.iter().find(|c| c.code == code)
    }
}

/// How much of the text names the division: its whole name, or that of a province or city without 省, 市.
fn named(division: &Division, text: &str) -> Option<usize> {
    let whole = [&division.source_name, &division.name].into_iter().find(|name| text.starts_with(&***name));
    if let Some(name) = whole {
        return Some(name.len());
    }
    let short = division.name.strip_suffix(['省', '市'])?;
    (division.code.len() <= 4 && short.chars().count() >= 2 && text.starts_with(short)).then_some(short.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_whole() {
        let all = get();
        assert!(all.divisions.windows(2).all(|w| w[0].code < w[1].code), "divisions are in order");
        assert!(all.divisions.len() > 44_000);
        assert_eq!(
            all.categories.iter().filter(|c| c.code.len() == 2 && !c.code.starts_with('N')).count(),
            32
        );
        assert!(
            all.business_kinds
                .iter()
                .all(|k| { k.licence.is_empty() || all.licence_kinds.iter().any(|l| l.code == k.licence) })
        );
        assert!(all.categories.iter().all(|c| c.parent.is_empty() || all.category(c.parent).is_some()));
        assert_eq!(all.trade_items.len(), 12);
    }

    #[test]
    fn divisions_are_found_by_code_and_by_name() {
        let all = get();
        assert_eq!(all.full_name("410902"), "河南省濮阳市华龙区");
        assert_eq!(all.full_name("110101"), "北京市东城区");
        assert_eq!(all.full_name("441900"), "广东省东莞市");
        assert_eq!(all.full_name("410928102"), "河南省濮阳市濮阳县文留镇");
        assert_eq!(all.full_name("130922400"), "河北省沧州市青县青县农场");
        let table = [
            ("410902", Some("410902")),
            ("410902000000", Some("410902")),
            ("410900", Some("4109")),
            ("河南省濮阳市华龙区", Some("410902")),
            ("河南 濮阳 华龙区", Some("410902")),
            ("濮阳市华龙区", Some("410902")),
            ("华龙区", Some("410902")),
            ("北京市东城区", Some("110101")),
            ("广东省东莞市", Some("441900")),
            ("河南省濮阳市濮阳县文留镇", Some("410928102")),
            ("河南省濮阳市濮阳县濮阳县文留镇", Some("410928102")),
            ("濮阳县文留镇", Some("410928102")),
            // 朝阳区 is in Beijing and in Changchun
            ("朝阳区", None),
            ("长春市朝阳区", Some("220104")),
            ("亚特兰蒂斯", None),
            ("999999", None),
        ];
        for (text, code) in table {
            assert_eq!(all.resolve(text).as_deref(), code, "{text}");
        }
        assert_eq!(all.nearest("410902001999").map(|d| d.code.len()), Some(9));
        assert_eq!(all.children("").len(), 34);
        assert!(all.children("4109").iter().any(|d| d.code == "410902"));
        assert_eq!(all.division("540422").map(|d| &*d.replaced_by), Some("540481"));
    }

    /// What every national map must show (web.md, Maps): the make script asserts it too, this guards the files.
    #[test]
    fn the_maps_are_whole() {
        let read = |path: &str| -> serde_json::Value {
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/maps/");
            serde_json::from_str(&std::fs::read_to_string(format!("{root}{path}")).unwrap()).unwrap()
        };
        let rings = |map: &serde_json::Value, object: &str, id: &str| -> usize {
            let all = map["objects"][object]["geometries"].as_array().unwrap();
            let one = all.iter().find(|g| g["id"] == id).unwrap();
            let arcs = one["arcs"].as_array().unwrap();
            match one["type"].as_str().unwrap() {
                "Polygon" => arcs.len(),
                _ => arcs.iter().map(|p| p.as_array().unwrap().len()).sum(),
            }
        };
        for (path, object) in [("counties.json", "counties"), ("provinces/46.json", "counties")] {
            let map = read(path);
            assert_eq!(rings(&map, object, "460321"), 97, "{path}");
            assert_eq!(rings(&map, object, "460322"), 228, "{path}");
        }
        assert_eq!(rings(&read("provinces/71.json"), "counties", "710021"), 5);
        for path in ["counties.json", "china.json"] {
            let map = read(path);
            let lines = map["objects"]["lines"]["geometries"].as_array().unwrap().clone();
            let dashes = lines.iter().find(|l| l["id"] == "nine-dash").unwrap();
            assert_eq!(dashes["arcs"].as_array().unwrap().len(), 9, "{path}");
        }
        let china = read("china.json");
        assert_eq!(china["objects"]["provinces"]["geometries"].as_array().unwrap().len(), 34);
        assert!(rings(&china, "provinces", "46") >= 325 && rings(&china, "provinces", "71") >= 5);
    }
}
