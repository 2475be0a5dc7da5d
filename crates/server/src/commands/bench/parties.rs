//! Businesses: search over as many as a province has, import, and a large sheet.

use std::path::Path;
use std::sync::Arc;

use kit_base::{Error, Ids, Result};
use kit_docs::table::out::{Field, OutColumn, XlsxOut};
use kit_find::{Text, Thing};
use parties::Search;
use parties::search::{Entry, Query};
use serde_json::json;

use super::Options;
use super::report::{Report, Wanted};
use super::town::Town;
use super::watch::{Times, timed};

const PLACES: [&str; 10] = ["濮阳", "华龙", "清丰", "南乐", "范县", "台前", "龙都", "澶州", "颛顼", "帝丘"];
const OWNERS: [&str; 14] =
    ["李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱"];
const WORDS: [&str; 12] =
    ["福满", "鑫源", "惠民", "老街", "东方", "家和", "绿源", "聚香", "百味", "万家", "丰收", "三和"];
const TRADES: [&str; 10] =
    ["超市", "粮油店", "饭店", "面馆", "食品厂", "豆制品坊", "水果店", "烧烤店", "便利店", "烘焙坊"];
const QUERIES: [&str; 14] = [
    "福满",
    "超市",
    "老街",
    "面馆",
    "fmcs",
    "lvyuan",
    "三和饭店",
    "人民路",
    "410902",
    "孙 烘焙",
    "胡记",
    "东方 豆制品",
    "bianlidian",
    "路88号",
];
const ROUNDS: usize = 20;
const IMPORTED: u32 = 100_000;
const PAGE: usize = 20;

pub fn run(options: &Options, work: &Path, report: &mut Report) -> Result<()> {
    searching(options.businesses, report);
    importing(work, report)?;
    sheet(work, report)
}

/// A name out of a number; neighbours differ.
pub(super) fn name(n: u32) -> String {
    let pick = |list: &[&'static str], by: u32| list[((n / by) as usize ^ n as usize) % list.len()];
    format!("{}{}{}记{}{}号店", pick(&PLACES, 7), pick(&WORDS, 11), pick(&OWNERS, 13), pick(&TRADES, 17), n)
}

fn entry(ids: &Ids, n: u32) -> Entry {
    Entry {
        id: ids.next(0),
        seq: i64::from(n) + 1,
        name: name(n),
        code: format!("S{n:011}"),
        uscc: String::new(),
        licences: vec![format!("JY1410902{n:07}")],
        address: format!("人民路{}号", n % 3_000),
        division: "410902001001".into(),
        kind: "shop".into(),
        status: "active".into(),
    }
}

/// The same business for an index of its own.
pub(super) fn thing(n: u32) -> Thing {
    let text = Text::new(&name(n)).code(&format!("S{n:011}")).code(&format!("JY1410902{n:07}"));
    Thing {
        id: u128::from(n) + 1,
        seq: i64::from(n) + 1,
        text: text.other(&format!("人民路{}号", n % 3_000)),
        division: "410902001001".into(),
        kind: "shop".into(),
        status: "active".into(),
    }
}

fn searching(count: u32, report: &mut Report) {
    let (search, ids) = (Search::new(), Ids::seeded(1));
    let numbers: Vec<u32> = (0..count).collect();
    for part in numbers.chunks(50_000) {
        let entries: Vec<Entry> = part.iter().map(|&n| entry(&ids, n)).collect();
        search.apply(&entries);
    }
    let mut times = Times::default();
    for _ in 0..ROUNDS {
        for text in QUERIES {
            let query = Query {
                text: text.into(),
                jurisdiction: vec![String::new()],
                take: PAGE,
                ..Query::default()
            };
            times.add(timed(|| std::hint::black_box(search.find(&query))).1);
        }
    }
    let how =
        format!("{count} businesses, {} queries of names, pinyin, initials, codes, addresses", QUERIES.len());
    report.tell("search, median", times.median() * 1e3, "ms", how);
    report.add("search, 99 of 100", times.share(0.99) * 1e3, "ms", Wanted::AtMost(100.0), "the same");
    report.tell("memory of the search", search.bytes() as f64 / 1_048_576.0, "MiB", "");
}

fn importing(work: &Path, report: &mut Report) -> Result<()> {
    let town = Town::new(&work.join("parties"))?;
    let new = (0..IMPORTED).map(|n| {
        let form = json!({ "name": name(n), "kind": "shop", "division": "410902", "address": format!("人民路{}号", n % 3_000) });
        serde_json::from_value(form).map_err(Error::internal)
    });
    let new = new.collect::<Result<Vec<::parties::NewParty>>>()?;
    let search: Arc<Search> = town.house.held();
    let (done, time) = timed(|| {
        town.at_farm("bench.bring").act_blocking(move |act| {
            let (ids, now) = (act.ids().clone(), act.now);
            ::parties::bring_in(
                act.tx,
                &ids,
                now,
                &search,
                ::parties::reference::get(),
                ::parties::Program { name: "bench", simulated: true },
                new,
            )
            .map(|made| made.len())
        })
    });
    done?;
    report.tell(
        "businesses brought in",
        time.as_secs_f64(),
        "s",
        format!("{IMPORTED} in one transaction, checked, searchable; without reading the sheet"),
    );
    Ok(())
}

/// A sheet as large as the workbench may export.
fn sheet(work: &Path, report: &mut Report) -> Result<()> {
    let headings = ["编号", "名称", "地址", "区划", "批号", "生产日期", "数量", "单位"];
    let columns: Vec<OutColumn> = headings.into_iter().map(OutColumn::text).collect();
    let (done, time) = timed(|| {
        let mut out = XlsxOut::new();
        out.sheet("流转", &columns, &[])?;
        for n in 0..IMPORTED {
            let (name, address, batch) = (name(n), format!("人民路{}号", n % 3_000), format!("B{n:06}"));
            let number = n.to_string();
            let cells = [&number, &name, &address, "410902", &batch, "2026-03-01", "1000", "g"];
            out.row(cells.into_iter().map(Field::from))?;
        }
        out.save(&work.join("sheet.xlsx"))
    });
    done?;
    report.add("xlsx of 100 000 rows", time.as_secs_f64(), "s", Wanted::AtMost(10.0), "8 columns");
    Ok(())
}
