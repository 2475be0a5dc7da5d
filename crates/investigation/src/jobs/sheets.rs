//! The workbook: 主体, 批次, 流转; a row a thing, amounts in base units with their unit beside.

use std::collections::HashMap;
use std::path::Path;

use kit_base::Result;
use kit_base::clock::china_text;
use kit_docs::table::out::{Field, OutColumn, XlsxOut};
use kit_jobs::Running;
use trace::model::EventKind;

use super::Source;
use crate::rules::Score;
use crate::rules::picture::{Business, LotFact, county_name};

/// Rows between two reports of progress.
const STEP: u64 = 5_000;

/// Writes the workbook; answers the rows in all.
pub fn write(source: &Source, path: &Path, job: &Running) -> Result<u64> {
    let mut out = Out { book: XlsxOut::new(), rows: 0, total: 0, job };
    if source.case.source == "network" {
        let network = &source.loaded.network;
        out.total = (network.stations.len() + network.deliveries.len()) as u64;
        file_stations(source, &mut out)?;
        file_deliveries(source, &mut out)?;
    } else {
        let (picture, summary) = (&source.loaded.picture, &source.loaded.summary);
        out.total = (summary.places.len() + picture.lots.len()) as u64 + summary.deliveries.unsigned_abs();
        businesses(source, &mut out)?;
        lots(source, &mut out)?;
        moves(source, &mut out)?;
    }
    out.book.save(path)?;
    Ok(out.rows)
}

struct Out<'j> {
    book: XlsxOut,
    rows: u64,
    total: u64,
    job: &'j Running,
}

impl Out<'_> {
    fn sheet(&mut self, source: &Source, name: &str, headings: &[&str]) -> Result<()> {
        let columns: Vec<OutColumn> = headings
            .iter()
            .map(|h| match *h {
                "名称" | "产品" | "持有者" | "发出" | "收到" | "生产者" => {
                    OutColumn::text(*h).width(30)
                }
                "区划" => OutColumn::text(*h).width(24),
                _ => OutColumn::text(*h),
            })
            .collect();
        self.book.sheet(name, &columns, &notes(source))
    }

    fn row<'a>(&mut self, fields: Vec<Field<'a>>) -> Result<()> {
        self.book.row(fields)?;
        self.rows += 1;
        if self.rows.is_multiple_of(STEP) {
            self.job.progress(self.rows, Some(self.total), "正在写表格")?;
        }
        Ok(())
    }
}

fn notes(source: &Source) -> Vec<String> {
    let mut notes = vec![format!(
        "{}　{}　{}　导出人 {}　{}",
        source.number(),
        source.case.no,
        source.case.title,
        source.actor,
        china_text(source.now)
    )];
    if let Some(scope) = &source.scope {
        notes.push(format!("固定于 {}，内容校验 SHA-256 {}", china_text(scope.at), scope.hash));
    }
    notes.push("数量按基本单位：g 克、ml 毫升、pc 件；空白为不详".to_owned());
    if source.loaded.picture.simulated() {
        notes.push("模拟数据".to_owned());
    }
    notes
}

const SCORES: [&str; 4] = ["得分", "阳性分", "阴性分", "归一分"];

fn scored(score: Option<&Score>) -> [Field<'static>; 4] {
    match score {
        Some(s) => [s.score, s.positive, s.negative, s.normalized].map(Field::Number),
        None => [Field::Empty, Field::Empty, Field::Empty, Field::Empty],
    }
}

type ById<'s> = HashMap<&'s str, &'s Score>;

/// Scores of stations and of deliveries; empty where nothing is weighed.
fn scores(source: &Source) -> (ById<'_>, ById<'_>) {
    fn by_id(list: &[Score]) -> ById<'_> {
        list.iter().map(|s| (s.id.as_str(), s)).collect()
    }
    source.scores.as_ref().map(|s| (by_id(&s.stations), by_id(&s.deliveries))).unwrap_or_default()
}

/// The group that a station counts in, or itself.
fn group_of<'s>(source: &'s Source, id: &'s str) -> &'s str {
    let group = source.marks.groups.iter().find(|g| g.stations.iter().any(|s| s == id));
    group.map_or(id, |g| &g.id)
}

fn headings(base: &[&'static str], with_scores: bool) -> Vec<&'static str> {
    let mut all = base.to_vec();
    if with_scores {
        all.extend(SCORES);
    }
    all
}

fn businesses(source: &Source, out: &mut Out) -> Result<()> {
    let (picture, summary) = (&source.loaded.picture, &source.loaded.summary);
    let (stations, _) = scores(source);
    let base = [
        "主体码",
        "名称",
        "业态",
        "区划代码",
        "区划",
        "地址",
        "辖区内",
        "批次数",
        "进",
        "出",
        "单位",
        "收进",
        "自产",
        "发出",
        "用于生产",
        "售出",
        "损耗",
        "销毁",
        "现存",
        "在途",
        "去向不明",
        "数量不详批数",
        "现存不详批数",
        "去向不能核算批数",
    ];
    out.sheet(source, "主体", &headings(&base, source.scores.is_some()))?;
    for place in &summary.places {
        let party = &picture.parties[place.party as usize];
        let seen = Business::of(picture, place, &source.reach);
        let kind = parties::reference::get().business_kind(&party.kind).map_or("", |k| k.name);
        // a business without lots of its own (a sender of before) has one line without sums
        let none = [crate::rules::picture::Sums::default()];
        let sums = if place.sums.is_empty() { &none[..] } else { &place.sums[..] };
        for s in sums {
            let mut row: Vec<Field> = vec![
                party.code.as_str().into(),
                party.name.as_str().into(),
                kind.into(),
                party.division.as_str().into(),
                county_name(party.division.get(..6).unwrap_or(&party.division)).into(),
                if seen.outside { "" } else { party.address.as_str() }.into(),
                if seen.outside { "否" } else { "是" }.into(),
                s.lots.into(),
                place.into.into(),
                place.out.into(),
                Field::Text(s.unit.clone().into()),
            ];
            let amounts = [
                s.received,
                s.made,
                s.shipped,
                s.used,
                s.sold,
                s.lost,
                s.destroyed,
                s.on_hand,
                s.on_way,
                s.unaccounted,
                s.unknown_amount,
                s.unknown_on_hand,
                s.unknown_unaccounted,
            ];
            row.extend(amounts.map(Field::Whole));
            if source.scores.is_some() {
                row.extend(scored(stations.get(group_of(source, &party.id)).copied()));
            }
            out.row(row)?;
        }
    }
    Ok(())
}

fn lots(source: &Source, out: &mut Out) -> Result<()> {
    let picture = &source.loaded.picture;
    let base = [
        "批次号",
        "产品",
        "规格",
        "生产者",
        "批号",
        "生产日期",
        "保质期至",
        "持有者",
        "区划代码",
        "状态",
        "来由",
        "日期",
        "来自",
        "单位",
        "数量",
        "现存",
        "发出",
        "售出",
        "损耗",
        "销毁",
        "去向不明",
        "起点",
    ];
    out.sheet(source, "批次", &base)?;
    for lot in &picture.lots {
        let (product, holder) =
            (&picture.products[lot.product as usize], &picture.parties[lot.holder as usize]);
        let state = match (lot.corrected, lot.transit) {
            (true, _) => "已更正",
            (_, true) => "在途",
            _ => "在库",
        };
        out.row(vec![
            i64::from(lot.no).into(),
            product.name.as_str().into(),
            product.spec.as_str().into(),
            product.producer.as_str().into(),
            picture.batches[lot.batch as usize].as_str().into(),
            lot.made.into(),
            lot.expires.into(),
            holder.name.as_str().into(),
            holder.division.as_str().into(),
            state.into(),
            EventKind::name(lot.kind).into(),
            lot.at.into(),
            picture.parties[lot.sender as usize].name.as_str().into(),
            lot.unit.as_str().into(),
            lot.amount.into(),
            lot.on_hand.into(),
            lot.gone.shipped.into(),
            lot.gone.sold.into(),
            lot.gone.lost.into(),
            lot.gone.destroyed.into(),
            lot.unaccounted().into(),
            if picture.is_seed(lot.no) { "是" } else { "" }.into(),
        ])?;
    }
    Ok(())
}

fn moves(source: &Source, out: &mut Out) -> Result<()> {
    let picture = &source.loaded.picture;
    let (_, deliveries) = scores(source);
    let base = ["批次号", "产品", "批号", "发出", "收到", "发出日", "到达日", "单位", "数量"];
    out.sheet(source, "流转", &headings(&base, source.scores.is_some()))?;
    let name = |party: u32| Field::from(picture.parties[party as usize].name.as_str());
    for lot in picture.deliveries() {
        let mut row: Vec<Field> = vec![
            i64::from(lot.no).into(),
            picture.products[lot.product as usize].name.as_str().into(),
            picture.batches[lot.batch as usize].as_str().into(),
            name(lot.sender),
            name(lot.holder),
            lot.at.into(),
            lot.arrival.into(),
            lot.unit.as_str().into(),
            lot.amount.into(),
        ];
        if source.scores.is_some() {
            row.extend(scored(deliveries.get(delivery_id(lot).as_str()).copied()));
        }
        out.row(row)?;
    }
    Ok(())
}

fn delivery_id(lot: &LotFact) -> String {
    crate::rules::picture::delivery_id(lot)
}

fn file_stations(source: &Source, out: &mut Out) -> Result<()> {
    let (stations, _) = scores(source);
    out.sheet(source, "主体", &headings(&["编号", "名称"], source.scores.is_some()))?;
    for station in &source.loaded.network.stations {
        let mut row: Vec<Field> = vec![station.id.as_str().into(), station.name.as_str().into()];
        if source.scores.is_some() {
            row.extend(scored(stations.get(group_of(source, &station.id)).copied()));
        }
        out.row(row)?;
    }
    Ok(())
}

fn file_deliveries(source: &Source, out: &mut Out) -> Result<()> {
    let (_, deliveries) = scores(source);
    let base = ["编号", "产品", "发出", "收到", "发出日", "到达日"];
    out.sheet(source, "流转", &headings(&base, source.scores.is_some()))?;
    for d in &source.loaded.network.deliveries {
        let mut row: Vec<Field> = vec![
            d.id.as_str().into(),
            d.product.as_str().into(),
            d.from.as_str().into(),
            d.to.as_str().into(),
            d.departure.into(),
            d.arrival.into(),
        ];
        if source.scores.is_some() {
            row.extend(scored(deliveries.get(d.id.as_str()).copied()));
        }
        out.row(row)?;
    }
    Ok(())
}
