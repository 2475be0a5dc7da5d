//! Published notices (监督抽检信息): workbooks that were made for people, read into samples with their items.
//!
//! A sample that failed in two items takes two rows; the second has the item only. Rows are grouped by the number of the
//! 抽样单 and filled forward. Headings differ from notice to notice.

use jiff::civil::{Date, date};
use kit_docs::sheet::{Cell, Row};
use serde::{Deserialize, Serialize};

use super::judge::{Bound, Found, Limit, Outcome, against, read_bound, words};
use super::reading::{self, Reading};

/// Headings that mean the same.
const HEADINGS: [(&str, &[&str]); 16] = [
    ("sample_no", &["抽样编号", "抽样单编号", "样品编号", "抽样单号"]),
    (
        "producer",
        &["标称生产企业名称", "标称生产单位", "生产企业名称", "生产企业", "生产单位", "标称生产者名称"],
    ),
    ("producer_address", &["标称生产企业地址", "生产企业地址", "生产单位地址"]),
    ("shop", &["被抽样单位名称", "被抽样单位", "抽样单位", "销售单位", "被抽检单位"]),
    ("shop_address", &["被抽样单位地址", "抽样单位地址", "销售单位地址"]),
    ("food", &["食品名称", "样品名称", "产品名称"]),
    ("spec", &["规格型号", "规格", "型号规格"]),
    ("brand", &["商标"]),
    ("day", &["生产日期/批号", "生产日期", "购进日期", "生产日期/购进日期", "生产/购进日期"]),
    ("whole", &["不合格项目║检验结果║标准值", "不合格项目‖检验结果‖标准值", "不合格项目|检验结果|标准值"]),
    ("item", &["不合格项目", "检验项目"]),
    ("result", &["检验结果", "实测值"]),
    ("limit", &["标准值", "标准要求", "标准限值"]),
    ("category", &["分类", "食品大类", "食品分类"]),
    ("lab", &["检验机构", "承检机构"]),
    ("remark", &["备注"]),
];
/// What stands for none.
const NONE: [&str; 6] = ["", "/", "／", "—", "-", "——"];

/// A sample out of a notice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub sample_no: String,
    pub food: String,
    pub spec: String,
    pub brand: String,
    pub category: String,
    pub producer: Option<String>,
    pub shop: String,
    pub stall: Option<String>,
    pub platform: Option<String>,
    pub produced: Option<String>,
    pub purchased: Option<String>,
    /// Of a farm product, when nobody says which day it is.
    pub date: Option<String>,
    /// The named producer says that it did not make it.
    pub counterfeit_claimed: bool,
    pub lab: String,
    pub remark: String,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub item: String,
    /// Where several are counted as one.
    pub sum_of: Vec<String>,
    /// As numbers, or `<10`, `ND`.
    pub results: Vec<String>,
    pub unit: String,
    /// `≤0.2`, `51～53`, `不得检出`, `n=5,c=2,m=10000,M=100000`
    pub limit: String,
    pub bound: Bound,
    /// What its own limit makes of it; `None` where that cannot be said.
    pub conforms: Option<bool>,
    pub recheck: Option<String>,
}

/// A row that did not go in.
#[derive(Debug, Clone, PartialEq)]
pub struct Bad {
    pub number: u32,
    pub cells: Vec<String>,
    pub why: String,
}

/// Reads rows one by one.
#[derive(Debug, Default)]
pub struct Reader {
    columns: Vec<(&'static str, usize)>,
    heads: Vec<String>,
    pub samples: Vec<Published>,
    pub bad: Vec<Bad>,
    pub rows: i64,
}

impl Reader {
    /// Whether headings were found.
    pub fn begun(&self) -> bool {
        !self.columns.is_empty()
    }

    pub fn heads(&self) -> &[String] {
        &self.heads
    }

    /// What another sheet of the workbook says beside this one; its bad rows name it.
    pub fn more(&mut self, other: Self, sheet: &str) {
        self.rows += other.rows;
        self.samples.extend(other.samples);
        let named = |bad: Bad| Bad { why: format!("工作表“{sheet}”：{}", bad.why), ..bad };
        self.bad.extend(other.bad.into_iter().map(named));
    }

    pub fn take(&mut self, row: &Row) {
        if !self.begun() {
            return self.look_for_headings(row);
        }
        self.rows += 1;
        if let Err(why) = self.read(row) {
            let cells = row.cells.iter().map(Cell::shown).collect();
            self.bad.push(Bad { number: row.number, cells, why });
        }
    }

    fn look_for_headings(&mut self, row: &Row) {
        let cells: Vec<String> =
            row.cells.iter().map(|c| half(&c.shown()).replace([' ', '\n'], "")).collect();
        let find = |names: &[&str]| cells.iter().position(|c| names.contains(&c.as_str()));
        let found: Vec<(&'static str, usize)> =
            HEADINGS.iter().filter_map(|(key, names)| Some((*key, find(names)?))).collect();
        let has = |key: &str| found.iter().any(|(k, _)| *k == key);
        if has("sample_no") && has("food") {
            (self.columns, self.heads) = (found, row.cells.iter().map(Cell::shown).collect());
        }
    }

    fn cell<'r>(&self, row: &'r Row, key: &str) -> Option<&'r Cell> {
        let at = self.columns.iter().find(|(k, _)| *k == key)?.1;
        row.cells.get(at)
    }

    fn text(&self, row: &Row, key: &str) -> String {
        let text = self.cell(row, key).map(|c| half(c.shown().trim())).unwrap_or_default();
        if NONE.contains(&text.as_str()) { String::new() } else { text }
    }

    fn read(&mut self, row: &Row) -> Result<(), String> {
        let number = self.text(row, "sample_no");
        let item = self.item(row)?;
        if number.is_empty() || self.samples.last().is_some_and(|s| s.sample_no == number) {
            let last = self.samples.last_mut().ok_or("没有抽样编号，且前面没有样品可以续行")?;
            last.items.push(item.ok_or("续行没有检验项目")?);
            return Ok(());
        }
        if !is_sample_no(&number) {
            return Err(format!("“{number}”不是抽样编号"));
        }
        if self.samples.iter().any(|s| s.sample_no == number) {
            return Err(format!("抽样编号 {number} 前面已有，且不相连"));
        }
        let mut sample = self.sample(row, number)?;
        sample.items.extend(item);
        if let Some(last) = sample.items.last_mut() {
            last.recheck = recheck(&sample.remark);
        }
        self.samples.push(sample);
        Ok(())
    }

    fn sample(&self, row: &Row, sample_no: String) -> Result<Published, String> {
        let text = |key: &str| self.text(row, key);
        let shop = text("shop");
        let (remark, category) = (text("remark"), text("category"));
        let food = text("food");
        if food.is_empty() {
            return Err("没有食品名称".into());
        }
        let mut out = Published {
            sample_no,
            food,
            spec: text("spec"),
            brand: text("brand"),
            producer: Some(text("producer")).filter(|p| !p.is_empty()),
            stall: stall(&shop),
            platform: platform(&shop),
            counterfeit_claimed: remark.contains("假冒"),
            lab: text("lab"),
            shop,
            remark,
            category,
            ..Published::default()
        };
        let Some((day, kind)) = self.day(row)? else { return Ok(out) };
        let day = Some(day.to_string());
        match kind {
            "purchased" => out.purchased = day,
            "" if out.category.contains("农产品") => out.date = day,
            _ => out.produced = day,
        }
        Ok(out)
    }

    /// The day of a sample and what kind of day it says it is.
    fn day(&self, row: &Row) -> Result<Option<(Date, &'static str)>, String> {
        let text = match self.cell(row, "day") {
            Some(Cell::Date(day)) => return Ok(Some((*day, ""))),
            Some(Cell::Number(n)) => kit_docs::sheet::decimal(*n),
            _ => self.text(row, "day"),
        };
        let words = [("购进日期", "purchased"), ("加工日期", "produced"), ("生产日期", "produced")];
        let (kind, rest) = words
            .iter()
            .find_map(|(word, kind)| Some((*kind, text.strip_prefix(word)?.trim_start_matches([':', '：']))))
            .unwrap_or(("", text.as_str()));
        let rest = rest.split(['/', ' ']).next().filter(|_| rest.contains("/批")).unwrap_or(rest).trim();
        if rest.is_empty() {
            return Ok(None);
        }
        read_day(rest).map(|d| Some((d, kind))).ok_or_else(|| format!("“{text}”不是日期"))
    }

    fn item(&self, row: &Row) -> Result<Option<Item>, String> {
        let whole = self.text(row, "whole");
        let (name, result, limit) = if whole.is_empty() {
            (self.text(row, "item"), self.text(row, "result"), self.text(row, "limit"))
        } else {
            let parts: Vec<&str> = whole.split(['║', '‖', '|']).map(str::trim).collect();
            match parts.as_slice() {
                [name, result, limit] => ((*name).to_owned(), (*result).to_owned(), (*limit).to_owned()),
                _ => return Err(format!("“{whole}”应为 项目║结果║标准值")),
            }
        };
        if name.is_empty() {
            return Ok(None);
        }
        let read = reading::read(&result).ok_or_else(|| format!("{name}的结果“{result}”不能识别"))?;
        let (bound, unit) = read_bound(&limit).ok_or_else(|| format!("{name}的标准值“{limit}”不能识别"))?;
        let (item, sum_of) = summed(&name);
        let unit_of = if read.unit.is_empty() { unit.clone() } else { read.unit.clone() };
        Ok(Some(Item {
            conforms: judged(&item, &read.readings, &unit_of, &bound, &unit),
            results: read.readings.iter().map(plain).collect(),
            unit: unit_of.replace(['μ', 'µ'], "u"),
            limit: words(&bound, ""),
            recheck: None,
            bound,
            item,
            sum_of,
        }))
    }
}

/// What its own limit makes of a published result.
fn judged(item: &str, readings: &[Reading], unit: &str, bound: &Bound, of: &str) -> Option<bool> {
    let limit = Limit {
        id: String::new(),
        standard: String::new(),
        item: item.to_owned(),
        category: String::new(),
        food: String::new(),
        except: Vec::new(),
        bound: bound.clone(),
        unit: if of.is_empty() { unit.to_owned() } else { of.to_owned() },
        from: String::new(),
        until: String::new(),
        verified: true,
    };
    let found =
        Found { item: item.to_owned(), readings: readings.to_vec(), unit: unit.to_owned(), lod: None };
    match against(&limit, &found, &[]).outcome {
        Outcome::Conforms => Some(true),
        Outcome::Fails => Some(false),
        Outcome::Undecided => None,
    }
}

fn plain(reading: &Reading) -> String {
    match reading {
        Reading::NotDetected(Some(lod)) => format!("<{lod}"),
        Reading::NotDetected(None) => "ND".into(),
        other => other.shown(),
    }
}

/// `恩诺沙星（以恩诺沙星与环丙沙星之和计）`
fn summed(name: &str) -> (String, Vec<String>) {
    let Some((item, rest)) = name.split_once(['(', '（']) else { return (name.to_owned(), Vec::new()) };
    let inner = rest.trim_end_matches([')', '）']);
    let parts = inner.strip_prefix('以').and_then(|t| t.strip_suffix("之和计"));
    match parts {
        Some(parts) => {
            let parts = parts.split(['与', '和', '、', '及']).map(|p| p.trim().to_owned()).collect();
            (item.trim().to_owned(), parts)
        }
        None => (name.to_owned(), Vec::new()),
    }
}

/// `复检结果：298μg/kg，维持`
fn recheck(remark: &str) -> Option<String> {
    let after = remark.split("复检结果").nth(1)?.trim_start_matches([':', '：', '为']);
    let end = after.find(['，', '。', '；', ';']).unwrap_or(after.len());
    reading::number(&after[..end]).map(|(value, _)| value.to_string())
}

/// `某市场A区12号 张*`: the stall within a market.
fn stall(shop: &str) -> Option<String> {
    let (_, rest) = shop.split_once("市场")?;
    let rest = rest.split([' ', '(']).next().unwrap_or("").trim();
    (rest.contains('号') || rest.contains('区')).then(|| rest.to_owned()).filter(|r| !r.is_empty())
}

/// `某网店（平台：某商城）`
fn platform(shop: &str) -> Option<String> {
    let (_, rest) = shop.split_once("平台")?;
    let rest = rest.trim_start_matches([':', '：']).trim_end_matches([')', '）']);
    Some(rest.trim().to_owned()).filter(|r| !r.is_empty())
}

/// 1.11
pub fn is_sample_no(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = &text[letters..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let tail = &rest[digits..];
    (2..=4).contains(&letters)
        && (14..=20).contains(&digits)
        && tail.len() <= 2
        && tail.bytes().all(|b| b.is_ascii_uppercase())
}

/// `2024/3/5`, `2024-03-05`, `2024.3.5`, `20240305`, `2024年3月5日`, 45356 (days of a spreadsheet).
pub fn read_day(text: &str) -> Option<Date> {
    let text = half(text);
    let parts: Vec<&str> =
        text.trim_end_matches('日').split(['/', '-', '.', '年', '月']).filter(|p| !p.is_empty()).collect();
    if let [y, m, d] = parts.as_slice() {
        return Date::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?).ok();
    }
    let number: i64 = text.trim().parse().ok()?;
    if text.len() == 8 {
        let (y, m, d) = (number / 10_000, number / 100 % 100, number % 100);
        return Date::new(i16::try_from(y).ok()?, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    }
    // 2000-01-01 to 2100-01-01, counted from 1899-12-30
    let span = (36_526..73_051).contains(&number).then(|| jiff::Span::new().days(number))?;
    date(1899, 12, 30).checked_add(span).ok()
}

/// Full-width letters, digits and signs as narrow ones; Chinese brackets stay.
pub fn half(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        c => c,
    };
    text.chars().map(narrow).collect()
}
