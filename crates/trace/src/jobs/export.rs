//! A list out, as XLSX or CSV: products, lots, events, either ledger.

use kit_base::clock::china_text;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_docs::table::out::{Field, OutColumn};
use kit_jobs::{Kind, Running};
use kit_sheets::out::{Export, Format};
use kit_web::{House, Scope};
use serde::{Deserialize, Serialize};

use crate::api::ledgers::{LedgerRow, named};
use crate::api::named::{NamedLot, NamedProduct, Names};
use crate::model::EventKind;
use crate::papers::Papers;
use crate::store::lists::{self, EventQuery, Ledger, LotQuery, ProductQuery};

pub const EXPORT: Kind<House> = Kind { name: "trace.export", run };

/// Rows read at once.
const PART: i64 = 1_000;

/// Which list, as it was filtered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum List {
    Products(ProductQuery),
    Lots(LotQuery),
    Events(Ledger, EventQuery),
}

impl List {
    /// Sheet and file name.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Products(_) => "产品",
            Self::Lots(_) => "批次",
            Self::Events(Ledger::All, _) => "流转记录",
            Self::Events(Ledger::Purchases, _) => "进货查验台账",
            Self::Events(Ledger::Sales, _) => "销售台账",
        }
    }

    fn headings(&self) -> Vec<OutColumn> {
        let headings = match self {
            Self::Products(_) => {
                "名称 品牌 类别 规格 商品条码 自编码 保质期（天） 执行标准 贮存条件 生产者 生产许可证 登记主体 区划 数据标记"
            }
            Self::Lots(_) => {
                "产品 规格 批号 状态 持有者 上一家 生产日期 到期日期 批量 现存 单位 来自 日期 单号 区划 数据标记"
            }
            Self::Events(..) => {
                "种类 日期 主体 对方 对方地址 产品 规格 批号 生产日期 到期日期 数量 差额 单位 单号 原因 更正 登记时间 区划 数据标记"
            }
        };
        let papers = matches!(self, Self::Events(..)).then_some(Papers::FIELDS).into_iter().flatten();
        headings.split(' ').chain(papers.map(|(_, name)| name)).map(OutColumn::text).collect()
    }

    /// What its text means; products look after that themselves.
    fn meant(&self, tx: &mut Tx, house: &House) -> Result<Option<lists::Meant>> {
        match self {
            Self::Products(_) => Ok(None),
            Self::Lots(q) => crate::search::meant(tx, house, q.q.as_deref()),
            Self::Events(_, q) => crate::search::meant(tx, house, q.q.as_deref()),
        }
    }

    fn count(&self, tx: &mut Tx, house: &House, scope: &Scope) -> Result<i64> {
        let one = Some(1);
        let meant = self.meant(tx, house)?;
        let meant = meant.as_ref();
        Ok(match self {
            Self::Products(q) => lists::products(tx, scope, &ProductQuery { size: one, ..q.clone() })?.total,
            Self::Lots(q) => lists::lots(tx, scope, &LotQuery { size: one, ..q.clone() }, meant)?.total,
            Self::Events(l, q) => {
                lists::events(tx, scope, *l, &EventQuery { size: one, ..q.clone() }, meant)?.total
            }
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportInput {
    pub list: List,
    pub format: Format,
    pub scope: Scope,
    pub actor: String,
}

fn run(house: &House, job: &Running) -> Result<String> {
    let input: ExportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let mut out =
        Export::begin(house, input.format, input.list.title(), &input.actor, &input.list.headings())?;
    let total = house.db.read_blocking(|tx| input.list.count(tx, house, &input.scope))?.unsigned_abs();
    let mut walk =
        Walk { house, scope: &input.scope, names: Names::of_house(house), rows: 0, last: After::default() };
    loop {
        let more = walk.step(&input.list, &mut out)?;
        job.progress(walk.rows, Some(total), "正在导出")?;
        if !more {
            break;
        }
    }
    out.end()
}

/// How far an export has come in its list.
#[derive(Debug, Default)]
struct After {
    id: String,
    no: i64,
}

/// A list walked in parts, so that a slow disk does not hold a snapshot for long.
struct Walk<'h> {
    house: &'h House,
    scope: &'h Scope,
    names: Names,
    rows: u64,
    last: After,
}

impl Walk<'_> {
    /// Writes the next part; false after the last one.
    fn step(&mut self, list: &List, out: &mut Export) -> Result<bool> {
        let Self { house, scope, names, last, .. } = self;
        let n = match list {
            List::Products(q) => {
                let part: Vec<NamedProduct> = house.db.read_blocking(|tx| {
                    let part = lists::products_after(tx, scope, q, &last.id, PART)?;
                    part.into_iter().map(|p| names.product(tx, p)).collect()
                })?;
                last.id = part.last().map(|p| p.product.id.clone()).unwrap_or_default();
                part.iter().try_for_each(|p| out.row(product_row(p)))?;
                part.len()
            }
            List::Lots(q) => {
                let part: Vec<NamedLot> = house.db.read_blocking(|tx| {
                    let meant = list.meant(tx, house)?;
                    let part = lists::lots_after(tx, scope, q, meant.as_ref(), last.no, PART)?;
                    part.into_iter().map(|l| names.lot(tx, l)).collect()
                })?;
                last.no = part.last().map(|l| l.lot.no).unwrap_or_default();
                part.iter().try_for_each(|l| out.row(lot_row(l)))?;
                part.len()
            }
            List::Events(ledger, q) => {
                let part: Vec<LedgerRow> = house.db.read_blocking(|tx| {
                    let meant = list.meant(tx, house)?;
                    let part = lists::events_after(tx, scope, *ledger, q, meant.as_ref(), last.no, PART)?;
                    part.into_iter().map(|e| named(tx, names, scope, e)).collect()
                })?;
                last.no = part.last().map(|e| e.event.no).unwrap_or_default();
                part.iter().try_for_each(|e| out.row(event_row(e)))?;
                part.len()
            }
        };
        self.rows += n as u64;
        Ok(n as i64 == PART)
    }
}

/// kg, L or pieces of base units, as a number; empty where unknown.
fn amount(n: Option<i64>, unit: &str) -> Field<'static> {
    match (n, unit) {
        (None, _) => Field::Empty,
        (Some(n), "pc") => Field::Whole(n),
        (Some(n), _) => Field::Number(n as f64 / 1000.0),
    }
}

fn unit(unit: &str) -> Field<'static> {
    Field::from(match unit {
        "g" => "公斤",
        "ml" => "升",
        "pc" => "件",
        _ => "",
    })
}

/// A full date as a date, a partial one as text, an unknown one empty.
fn date(text: &str) -> Field<'_> {
    match text.parse::<kit_base::PartialDate>() {
        Ok(date) if !text.is_empty() => Field::Date(date),
        _ => Field::from(text),
    }
}

fn mark(simulated: bool, declared: bool) -> Field<'static> {
    Field::from(match (simulated, declared) {
        (true, _) => "模拟数据",
        (_, true) => "申报的历史",
        _ => "",
    })
}

fn product_row(named: &NamedProduct) -> Vec<Field<'_>> {
    let p = &named.product;
    vec![
        Field::from(p.name.as_str()),
        Field::from(p.brand.as_str()),
        Field::from(named.category_name.as_str()),
        Field::from(p.spec.as_str()),
        Field::from(p.gtin.as_deref()),
        Field::from(p.own_code.as_str()),
        Field::from(p.shelf_days),
        Field::from(p.standard.as_str()),
        Field::from(p.storage.as_str()),
        Field::from(p.producer.as_str()),
        Field::from(p.licence.as_str()),
        Field::from(named.party_name.as_str()),
        Field::from(named.division_name.as_str()),
        mark(p.simulated, false),
    ]
}

fn kind(code: &str) -> Field<'_> {
    match EventKind::parse(code) {
        Some(kind) => Field::from(kind.name()),
        None => Field::from(code),
    }
}

fn lot_row(named: &NamedLot) -> Vec<Field<'_>> {
    let l = &named.lot;
    vec![
        Field::from(l.product_name.as_str()),
        Field::from(l.spec.as_str()),
        Field::from(l.batch.as_str()),
        Field::from(if l.state == "transit" { "在途" } else { "库存" }),
        Field::from(named.holder_name.as_str()),
        Field::from(named.from_name.as_str()),
        date(&l.made),
        date(&l.expires),
        amount(l.amount, &l.unit),
        amount(l.on_hand, &l.unit),
        unit(&l.unit),
        kind(&l.kind),
        date(&l.at),
        Field::from(l.doc_no.as_str()),
        Field::from(named.division_name.as_str()),
        mark(l.simulated, l.declared),
    ]
}

fn event_row(row: &LedgerRow) -> Vec<Field<'_>> {
    let e = &row.event;
    let of_unit = e.unit.as_deref().unwrap_or_default();
    let papers = e.papers.as_ref().map(Papers::values).unwrap_or_default();
    let own = [
        kind(&e.kind),
        date(&e.at),
        Field::from(row.party_name.as_str()),
        Field::from(row.other_name.as_str()),
        Field::from(row.other_address.as_str()),
        Field::from(e.product_name.as_deref()),
        Field::from(e.spec.as_deref()),
        Field::from(e.batch.as_deref()),
        date(e.made.as_deref().unwrap_or_default()),
        date(e.expires.as_deref().unwrap_or_default()),
        amount(e.amount, of_unit),
        amount(e.difference, of_unit),
        unit(of_unit),
        Field::from(e.doc_no.as_str()),
        Field::from(e.reason.as_str()),
        Field::from(e.corrected.as_deref()),
        Field::from(china_text(e.recorded_at)),
        Field::from(row.division_name.as_str()),
        mark(e.simulated, e.declared),
    ];
    own.into_iter().chain(papers.map(Field::from)).collect()
}
