//! The one search box over as many businesses and products as a province has.

use kit_find::{Found, Index, Query, Text, Thing};

use super::Options;
use super::parties::{name, thing};
use super::report::{Report, Wanted};
use super::watch::{Times, timed};

const GOODS: [&str; 16] = [
    "老豆腐",
    "花生油",
    "辣椒酱",
    "挂面",
    "酱牛肉",
    "苹果",
    "纯牛奶",
    "黄瓜",
    "面包",
    "香油",
    "粉条",
    "红薯",
    "鸡蛋",
    "米醋",
    "豆瓣酱",
    "馒头",
];
const BRANDS: [&str; 9] = ["龙都", "帝丘", "澶渊", "卫水", "古城", "黄河滩", "杂技乡", "中原", "戚城"];
/// What people type: common and rare words, pinyin, initials, numbers, addresses, two words.
const QUERIES: [&str; 18] = [
    "福满",
    "超市",
    "老街",
    "fmcs",
    "lvyuan",
    "人民路",
    "410902",
    "孙 烘焙",
    "路88号",
    "豆腐",
    "龙都 辣椒",
    "ldf",
    "huashengyou",
    "6901234",
    "戚城红薯",
    "P1999999",
    "500g",
    "黄河",
];
/// Long names with a typing error in them.
const TYPED: [&str; 6] = [
    "戚城花生有12",
    "龙都老豆付7号",
    "濮阳福满李记超巿",
    "帝丘辣交酱500克",
    "黄河滩苹菓99号",
    "古城纯牛乃333",
];
const ROUNDS: usize = 10;
const STEP: usize = 50_000;

pub fn run(options: &Options, report: &mut Report) {
    let businesses = filled(options.businesses, thing);
    let products = filled(options.products, product);
    let both = |text: &str, find: fn(&Index, &Query) -> Found| {
        let query = Query {
            text: text.into(),
            jurisdiction: vec!["41".into()],
            take: 5,
            enough: 20_000,
            ..Query::default()
        };
        timed(|| std::hint::black_box((find(&businesses, &query), find(&products, &query)))).1
    };
    let [mut exact, mut guessed] = [Times::default(), Times::default()];
    for _ in 0..ROUNDS {
        QUERIES.iter().for_each(|text| exact.add(both(text, Index::find)));
        TYPED.iter().for_each(|text| guessed.add(both(text, Index::near)));
    }
    let how =
        format!("{} businesses and {} products, {} queries", businesses.len(), products.len(), QUERIES.len());
    report.tell("search box, median", exact.median() * 1e3, "ms", how);
    report.add("search box, 99 of 100", exact.share(0.99) * 1e3, "ms", Wanted::AtMost(100.0), "the same");
    let how = format!("{} long names with a typing error, 99 of 100", TYPED.len());
    report.add("search box with typing errors", guessed.share(0.99) * 1e3, "ms", Wanted::AtMost(100.0), how);
    let bytes = businesses.bytes() + products.bytes();
    report.tell("memory of both indexes", bytes as f64 / 1_048_576.0, "MiB", "");
}

fn filled(count: u32, thing: fn(u32) -> Thing) -> Index {
    let mut index = Index::default();
    let numbers: Vec<u32> = (0..count).collect();
    for part in numbers.chunks(STEP) {
        let things: Vec<Thing> = part.iter().map(|&n| thing(n)).collect();
        let rows = Index::rows(&things);
        index.put_all(&things, &rows);
    }
    index
}

fn product(n: u32) -> Thing {
    let pick = |list: &[&'static str], by: u32| list[((n / by) as usize ^ n as usize) % list.len()];
    let title = format!("{}{}{}号", pick(&BRANDS, 5), pick(&GOODS, 7), n % 10_000);
    Thing {
        id: u128::from(n) + 1,
        seq: i64::from(n) + 1,
        text: Text::new(&title)
            .code(&format!("P{n:07}"))
            .code(&format!("0690{n:010}"))
            .other(pick(&BRANDS, 5))
            .other("500g/盒")
            .other(&name(n % 5_000)),
        division: "410902001001".into(),
        kind: "25".into(),
        status: "active".into(),
    }
}
