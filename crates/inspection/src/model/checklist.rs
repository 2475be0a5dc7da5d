//! Checklists (检查要点表) and kinds of inspection: data of data/checklists and data/visit-kinds.csv.

use std::sync::LazyLock;

use kit_base::{Error, Millis, Result};
use kit_db::{FromRow, Row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::KIND;

/// When a photo is asked for.
pub const PHOTO_RULES: [&str; 3] = ["always", "bad", "never"];

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Unique in its list: `C01`.
    pub code: String,
    pub section: String,
    /// 重点项目
    pub important: bool,
    pub text: String,
    pub statute: String,
    /// statute: the article is read in the text; H: general knowledge.
    pub certainty: String,
    pub guidance: String,
    /// always, bad, never
    pub photo: String,
}

/// A version of a checklist, without its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChecklistHead {
    /// SHA-256 of the content, hex; visits are pinned to it.
    pub hash: String,
    pub code: String,
    pub version: i64,
    pub name: String,
    pub source: String,
    /// data 随程序, import 由机关导入
    pub origin: String,
    pub items: i64,
    /// Empty: the program.
    pub by_name: String,
    pub added_at: Millis,
}

impl FromRow for ChecklistHead {
    fn from_row(r: &Row) -> Result<Self> {
        Ok(Self {
            hash: r.get(0)?,
            code: r.get(1)?,
            version: r.get(2)?,
            name: r.get(3)?,
            source: r.get(4)?,
            origin: r.get(5)?,
            items: r.get(6)?,
            by_name: r.get(7)?,
            added_at: r.get(8)?,
        })
    }
}

/// A version of a checklist with its items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Checklist {
    pub head: ChecklistHead,
    pub list: Vec<Item>,
}

/// SHA-256 over code, version, name and items.
pub fn hash_of(code: &str, version: i64, name: &str, items: &[Item]) -> Result<String> {
    let text = serde_json::to_string(&(code, version, name, items)).map_err(Error::internal)?;
    Ok(hex::encode(Sha256::digest(text.as_bytes())))
}

/// One that the program brings.
#[derive(Debug, Clone)]
pub struct Brought {
    pub head: ChecklistHead,
    pub list: Vec<Item>,
    /// 业态 it is for.
    pub kinds: Vec<String>,
}

const INDEX: &str = include_str!("../../../../data/checklists/index.csv");
const LISTS: [(&str, &str); 6] = [
    ("production", include_str!("../../../../data/checklists/production.csv")),
    ("sale", include_str!("../../../../data/checklists/sale.csv")),
    ("catering", include_str!("../../../../data/checklists/catering.csv")),
    ("special", include_str!("../../../../data/checklists/special.csv")),
    ("market", include_str!("../../../../data/checklists/market.csv")),
    ("storage", include_str!("../../../../data/checklists/storage.csv")),
];

static BROUGHT: LazyLock<Vec<Brought>> = LazyLock::new(|| brought().unwrap_or_default());

/// What the program brings; a test reads every file.
pub fn built_in() -> &'static [Brought] {
    &BROUGHT
}

/// Reads the files of data/checklists. Errors: `internal` with file and line.
pub fn brought() -> Result<Vec<Brought>> {
    let mut out = Vec::new();
    for row in rows(INDEX)? {
        let [code, version, name, _, kinds, source] = cells(&row)?;
        let text = LISTS.iter().find(|l| l.0 == code).map(|l| l.1);
        let text = text.ok_or_else(|| Error::internal(format!("no checklist file {code}")))?;
        let version = version.parse().map_err(Error::internal)?;
        let list = rows(text)?.iter().map(|row| item(row)).collect::<Result<Vec<Item>>>()?;
        let head = ChecklistHead {
            hash: hash_of(code, version, name, &list)?,
            code: code.to_owned(),
            version,
            name: name.to_owned(),
            source: source.to_owned(),
            origin: "data".to_owned(),
            items: list.len() as i64,
            by_name: String::new(),
            added_at: 0,
        };
        let kinds = kinds.split_whitespace().map(str::to_owned).collect();
        out.push(Brought { head, list, kinds });
    }
    Ok(out)
}

fn item(row: &[String]) -> Result<Item> {
    let [code, section, important, text, statute, certainty, guidance, photo] = cells(row)?;
    Ok(Item {
        code: code.to_owned(),
        section: section.to_owned(),
        important: important == "1",
        text: text.to_owned(),
        statute: statute.to_owned(),
        certainty: certainty.to_owned(),
        guidance: guidance.to_owned(),
        photo: photo.to_owned(),
    })
}

/// Rows of a file without its head.
fn rows(text: &str) -> Result<Vec<Vec<String>>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let each = |row: csv::Result<csv::StringRecord>| {
        row.map(|r| r.iter().map(str::to_owned).collect()).map_err(Error::internal)
    };
    reader.records().map(each).collect()
}

fn cells<const N: usize>(row: &[String]) -> Result<[&str; N]> {
    let cells: Vec<&str> = row.iter().map(String::as_str).collect();
    cells
        .try_into()
        .map_err(|_| Error::internal(format!("a row of {} cells, {N} wanted: {row:?}", row.len())))
}

/// A kind of inspection (检查类型).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitKind {
    pub code: String,
    pub name: String,
    /// The business is told before.
    pub announced: bool,
    /// Every item must be answered.
    pub whole: bool,
    /// By video: nobody goes there.
    pub remote: bool,
    /// Least number of officers.
    pub officers: i64,
    /// 监督检查, 许可, 农产品五查, 远程
    pub family: String,
    pub source: String,
    /// statute, H, practice
    pub certainty: String,
    /// Kind of its case: `inspection` 监督检查: what is found is ordered to be mended and the result is published;
    /// `site_check` 现场核查: the record goes to whoever asked for it, and that is all.
    pub flow: String,
}

impl VisitKind {
    /// Findings are opened, it counts in the plan of the year, and the result is published.
    pub fn supervises(&self) -> bool {
        self.flow == KIND
    }
}

const KINDS: &str = include_str!("../../../../data/visit-kinds.csv");
static VISIT_KINDS: LazyLock<Vec<VisitKind>> = LazyLock::new(|| visit_kinds().unwrap_or_default());

fn visit_kinds() -> Result<Vec<VisitKind>> {
    let read = |row: &Vec<String>| {
        let [code, name, announced, whole, remote, officers, family, source, certainty, flow] = cells(row)?;
        Ok(VisitKind {
            code: code.to_owned(),
            name: name.to_owned(),
            announced: announced == "1",
            whole: whole == "1",
            remote: remote == "1",
            officers: officers.parse().map_err(Error::internal)?,
            family: family.to_owned(),
            source: source.to_owned(),
            certainty: certainty.to_owned(),
            flow: flow.to_owned(),
        })
    };
    rows(KINDS)?.iter().map(read).collect()
}

/// All kinds of inspection.
pub fn kinds() -> &'static [VisitKind] {
    &VISIT_KINDS
}

/// One by code. Errors: `kind_unknown`.
pub fn kind(code: &str) -> Result<&'static VisitKind> {
    let found = kinds().iter().find(|k| k.code == code);
    found.ok_or_else(|| Error::invalid("kind", "kind_unknown", "没有这种检查类型"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::SITE_CHECK;

    #[test]
    fn every_checklist_is_whole() {
        let all = brought().unwrap();
        assert_eq!(all.len(), LISTS.len());
        for b in &all {
            let codes: BTreeSet<&str> = b.list.iter().map(|i| i.code.as_str()).collect();
            assert_eq!(codes.len(), b.list.len(), "{}: a code twice", b.head.code);
            let least =
                if ["production", "sale", "catering"].contains(&b.head.code.as_str()) { 40 } else { 12 };
            assert!(b.list.len() >= least, "{}: {} items", b.head.code, b.list.len());
            for i in &b.list {
                let whole = [&i.section, &i.text, &i.statute, &i.guidance].iter().all(|t| !t.is_empty());
                assert!(whole && PHOTO_RULES.contains(&i.photo.as_str()), "{}", i.code);
                assert!(["statute", "H"].contains(&i.certainty.as_str()), "{}", i.code);
            }
            assert!(b.list.iter().any(|i| i.important) && b.list.iter().any(|i| !i.important));
        }
        // the sections that the order names
        let sections = |code: &str| {
            let list = all.iter().find(|b| b.head.code == code).unwrap();
            list.list.iter().map(|i| i.section.as_str()).collect::<BTreeSet<_>>().len()
        };
        assert_eq!((sections("production"), sections("sale"), sections("catering")), (12, 17, 9));
        assert_eq!(kinds().len(), 13);
        assert!(kinds().iter().all(|k| [KIND, SITE_CHECK].contains(&k.flow.as_str())));
    }

    #[test]
    fn no_two_checklists_are_for_one_kind_of_business() {
        let mut seen = BTreeSet::new();
        for b in brought().unwrap() {
            for kind in b.kinds {
                assert!(seen.insert(kind.clone()), "{kind}");
            }
        }
    }
}
