//! The penalty table, circumstances, kinds of penalty and limits, as data/penalties has them.

use std::sync::LazyLock;

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A row of the penalty table: a conduct in a band of the value of goods. Sums in fen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyBand")]
pub struct Band {
    /// Of the conduct: `124`, `125-label`.
    pub code: String,
    pub article: String,
    pub conduct: String,
    /// Goods worth this or more.
    pub value_from: i64,
    /// Goods worth less than this; `null` without end.
    pub value_to: Option<i64>,
    pub low: Option<i64>,
    pub high: Option<i64>,
    /// Times the value of goods.
    pub low_times: Option<i64>,
    pub high_times: Option<i64>,
    /// A circumstance without which there is no fine; empty for none.
    pub needs: String,
    /// What comes first, without that circumstance.
    pub first: String,
    /// What may come besides in serious cases.
    pub serious: String,
    pub extra: String,
    pub source: String,
    pub certainty: String,
}

/// 裁量情节
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Circumstance {
    pub code: String,
    pub name: String,
    /// mitigate 从轻减轻, exempt 不予处罚, `may_exempt` 可以不予处罚, aggravate 从重, serious 情节严重, step, police
    pub effect: String,
    pub statute: String,
    pub certainty: String,
}

/// 处罚种类
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyKind")]
pub struct Kind {
    pub code: String,
    pub name: String,
    pub weight: i64,
    /// 1: always a hearing may be asked for.
    pub hearing: i64,
    /// 1: counts for the three in a year (第一百三十四条).
    pub counts: i64,
    pub statute: String,
    pub certainty: String,
}

/// A limit with its date and source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyLimit")]
pub struct Limit {
    pub code: String,
    pub value: i64,
    pub unit: String,
    pub effective_from: String,
    pub source: String,
    pub certainty: String,
}

/// All of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyTables")]
pub struct Tables {
    pub bands: Vec<Band>,
    pub circumstances: Vec<Circumstance>,
    pub kinds: Vec<Kind>,
    pub limits: Vec<Limit>,
}

static TABLES: LazyLock<std::result::Result<Tables, String>> = LazyLock::new(read);

fn read() -> std::result::Result<Tables, String> {
    Ok(Tables {
        bands: rows(include_str!("../../../../data/penalties/food-safety-law.csv"))?,
        circumstances: rows(include_str!("../../../../data/penalties/circumstances.csv"))?,
        kinds: rows(include_str!("../../../../data/penalties/kinds.csv"))?,
        limits: rows(include_str!("../../../../data/penalties/limits.csv"))?,
    })
}

fn rows<T: serde::de::DeserializeOwned>(text: &str) -> std::result::Result<Vec<T>, String> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| row.map_err(|e| e.to_string()))
        .collect()
}

/// The tables that the program brings. Errors: `internal` where a file is damaged, which a test shows.
pub fn get() -> Result<&'static Tables> {
    TABLES.as_ref().map_err(Error::internal)
}

impl Tables {
    /// Errors: `internal` where the file has no such limit.
    pub fn limit(&self, code: &str) -> Result<i64> {
        let found = self.limits.iter().find(|l| l.code == code);
        found.map(|l| l.value).ok_or_else(|| Error::internal(format!("no limit {code}")))
    }

    pub fn circumstance(&self, code: &str) -> Option<&Circumstance> {
        self.circumstances.iter().find(|c| c.code == code)
    }

    pub fn kind(&self, code: &str) -> Option<&Kind> {
        self.kinds.iter().find(|k| k.code == code)
    }

    /// The band of a conduct for goods of a value. Errors: `article_unknown`, `goods_value_missing`.
    pub fn band(&self, code: &str, goods_value: Option<i64>) -> Result<&Band> {
        let mut own = self.bands.iter().filter(|b| b.code == code).peekable();
        let Some(first) = own.peek() else {
            return Err(Error::invalid("article", "article_unknown", "裁量表中没有这个处罚条款"));
        };
        let banded = first.value_to.is_some();
        let value = match (goods_value, banded) {
            (Some(value), _) => value,
            (None, false) => 0,
            (None, true) => {
                let text = "该条款的罚款幅度取决于货值金额，请填写货值金额";
                return Err(Error::invalid("goods_value", "goods_value_missing", text));
            }
        };
        own.find(|b| value >= b.value_from && b.value_to.is_none_or(|to| value < to))
            .ok_or_else(|| Error::invalid("goods_value", "goods_value_form", "货值金额不能小于零"))
    }
}
