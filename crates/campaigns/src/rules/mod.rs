//! Decisions: what a campaign may be, what a ballot may hold, and how counts become batches.

pub mod ballot;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kit_base::{Error, Result};
use kit_draw::seats::{Cell, HEAVIEST};
use sha2::{Digest, Sha256};

use crate::model::{Campaign, Choice, Count, NewCampaign};

/// Samples of one campaign.
pub const MOST_BATCHES: i64 = 5_000;
pub const STAGES: [(&str, &str); 3] = [("produce", "生产"), ("trade", "流通"), ("catering", "餐饮")];
pub const SOURCES: [(&str, &str); 3] = [("province", "省级"), ("city", "市级"), ("county", "县级")];

static SETTINGS: LazyLock<BTreeMap<&'static str, i64>> = LazyLock::new(|| {
    let text = include_str!("../../../../data/campaigns/settings.csv");
    let row = |line: &'static str| {
        let mut cells = line.split(',');
        Some((cells.next()?, cells.next()?.parse().ok()?))
    };
    text.lines().skip(1).filter_map(row).collect()
});

/// A value of data/campaigns/settings.csv. A test looks at each.
pub fn setting(code: &str) -> i64 {
    SETTINGS.get(code).copied().unwrap_or(0)
}

/// Errors: `name_form`, `intro_form`, `division_form`, `source_unknown`, `day_form`, `days_range`, `batches_range`, `floor_range`, `most_range`,
/// `foods_range`, `food_form`, `food_twice`, `places_range`, `items_range`, `item_form`.
pub fn check(new: &NewCampaign) -> Result<()> {
    let wrong = |field: &str, code: &'static str, text: String| Err(Error::invalid(field, code, text));
    let length = |text: &str| text.trim().chars().count();
    if !(2..=60).contains(&length(&new.name)) {
        return wrong("name", "name_form", "请填写活动名称，2 至 60 字".into());
    }
    if length(&new.intro) > 500 {
        return wrong("intro", "intro_form", "活动说明不超过 500 字".into());
    }
    if new.division.len() < 2 || !new.division.bytes().all(|b| b.is_ascii_digit()) {
        return wrong("division", "division_form", "请选择区划".into());
    }
    if !SOURCES.iter().any(|s| s.0 == new.source) {
        return wrong("source", "source_unknown", "任务来源应为省级、市级或县级".into());
    }
    days(&new.from_day, &new.until_day)?;
    if !(1..=MOST_BATCHES).contains(&new.batches) {
        return wrong("batches", "batches_range", format!("计划批次应为 1 至 {MOST_BATCHES}"));
    }
    if !(0..=new.batches).contains(&new.floor) {
        return wrong("floor", "floor_range", "每个区县的保底批次不能超过计划批次".into());
    }
    if !(1..=100).contains(&new.most) {
        return wrong("most", "most_range", "同一单位应为 1 至 100 批次".into());
    }
    foods(new)?;
    if new.places.len() > 200 {
        return wrong("places", "places_range", "可点名的单位不超过 200 家".into());
    }
    if new.items.len() > 50 {
        return wrong("items", "items_range", "可选的检验项目不超过 50 个".into());
    }
    match new.items.iter().position(|i| !(1..=40).contains(&length(i))) {
        Some(i) => wrong(&format!("items/{i}"), "item_form", "检验项目应为 1 至 40 字".into()),
        None => Ok(()),
    }
}

fn foods(new: &NewCampaign) -> Result<()> {
    let wrong = |field: String, code: &'static str, text: &str| Err(Error::invalid(field, code, text));
    if !(1..=200).contains(&new.foods.len()) {
        return wrong("foods".into(), "foods_range", "可选的食品品种应为 1 至 200 个");
    }
    for (i, food) in new.foods.iter().enumerate() {
        let level = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric());
        let category = food.category.len() <= 40 && food.category.split('.').all(level);
        if !(1..=30).contains(&food.name.trim().chars().count()) || !category {
            return wrong(
                format!("foods/{i}"),
                "food_form",
                "请填写品种名称（30 字以内）和食品分类（如 14.1）",
            );
        }
        if !STAGES.iter().any(|s| s.0 == food.stage) {
            return wrong(format!("foods/{i}/stage"), "food_form", "环节应为生产、流通或餐饮");
        }
        if new.foods[..i].iter().any(|f| f.name.trim() == food.name.trim()) {
            return wrong(format!("foods/{i}/name"), "food_twice", "同一品种填写了两次");
        }
    }
    Ok(())
}

fn days(from: &str, until: &str) -> Result<()> {
    let day = |field: &'static str, text: &str| {
        let wrong = || Error::invalid(field, "day_form", "日期应如 2026-04-01");
        text.parse::<jiff::civil::Date>().map_err(|_| wrong())
    };
    let (from, until) = (day("from_day", from)?, day("until_day", until)?);
    let length = i64::from((until - from).get_days()) + 1;
    let most = setting("days_most");
    match (1..=most).contains(&length) {
        true => Ok(()),
        false => Err(Error::invalid("until_day", "days_range", format!("征集时间应为 1 至 {most} 天"))),
    }
}

/// The rules as they are published, lines of text; whoever has the counts and the draw can follow them by hand.
pub fn published(c: &Campaign, options: &[Choice]) -> String {
    let mut out = format!(
        "活动 {}\n征集 {} 至 {}\n共抽 {} 批次\n每个区县至少 {} 批次\n同一单位最多 {} 批次\n每张选票：所在区县一个，品种 1 至 {} 个，单位、项目各不超过 {} 个\n\
         同一设备每天一票，同一网络地址每天不超过 {} 票\n\
         批次分配：先给每个区县保底，其余每次给“票数 ÷（2 × 已有批次 + 1）”最大的品种和区县（圣拉古法），相等时由抽取决定先后\n\
         抽样单位：在该区县、该环节在营的单位中抽取，每家权重为 1 加点名票数\n抽取方法：shian-draw-2，种子和名单的指纹事先写入账本\n",
        c.name,
        c.from_day,
        c.until_day,
        c.batches,
        c.floor,
        c.most,
        setting("picks"),
        setting("picks"),
        setting("network_day"),
    );
    for o in options {
        let part = match o.part.as_str() {
            "food" => "品种",
            "place" => "单位",
            "item" => "项目",
            _ => "区县",
        };
        out.push_str(&format!("{part} {} {} {} {}", o.code, o.name, o.category, o.stage));
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out
}

/// SHA-256, hex and as bytes.
pub fn hash(text: &str) -> (String, [u8; 32]) {
    let bytes: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    (hex::encode(bytes), bytes)
}

/// A cell for each food in each county, as heavy as its votes; in the order of their ids.
pub fn cells(options: &[Choice], counts: &[Count], batches: usize) -> Vec<Cell> {
    let of = |part: &'static str| options.iter().filter(move |o| o.part == part);
    let votes: BTreeMap<(&str, &str), i64> = counts
        .iter()
        .filter(|c| c.part == "food")
        .map(|c| ((c.code.as_str(), c.county.as_str()), c.votes))
        .collect();
    let mut out = Vec::new();
    for food in of("food") {
        for county in of("county") {
            let votes = votes.get(&(food.code.as_str(), county.code.as_str())).copied().unwrap_or(0);
            out.push(Cell {
                id: format!("{}@{}", food.code, county.code),
                area: county.code.clone(),
                group: food.stage.clone(),
                weight: (votes.max(0) as u64).min(HEAVIEST),
                most: batches,
            });
        }
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// Food and county of a cell.
pub fn cell_of(id: &str) -> (&str, &str) {
    id.split_once('@').unwrap_or((id, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Food;

    fn new() -> NewCampaign {
        NewCampaign {
            name: "你点我检".into(),
            intro: String::new(),
            division: "4109".into(),
            source: "city".into(),
            from_day: "2026-04-01".into(),
            until_day: "2026-04-30".into(),
            batches: 100,
            floor: 5,
            most: 3,
            foods: vec![Food { name: "鲜面条".into(), category: "6.1".into(), stage: "trade".into() }],
            places: Vec::new(),
            items: vec!["苯甲酸".into()],
        }
    }

    #[test]
    fn what_a_campaign_may_be() {
        check(&new()).unwrap();
        type Break = fn(&mut NewCampaign);
        let table: [(Break, &str); 15] = [
            (|n| n.name = "x".into(), "name_form"),
            (|n| n.intro = "长".repeat(501), "intro_form"),
            (|n| n.division = "a".into(), "division_form"),
            (|n| n.source = "national".into(), "source_unknown"),
            (|n| n.from_day = "四月".into(), "day_form"),
            (|n| n.until_day = "2026-03-31".into(), "days_range"),
            (|n| n.until_day = "2026-07-02".into(), "days_range"),
            (|n| n.batches = 0, "batches_range"),
            (|n| n.floor = 101, "floor_range"),
            (|n| n.most = 0, "most_range"),
            (|n| n.foods.clear(), "foods_range"),
            (|n| n.foods[0].category = "6..1".into(), "food_form"),
            (|n| n.foods.push(n.foods[0].clone()), "food_twice"),
            (|n| n.items = vec![" ".into()], "item_form"),
            (|n| n.places = vec![String::new(); 201], "places_range"),
        ];
        for (i, (change, code)) in table.into_iter().enumerate() {
            let mut n = new();
            change(&mut n);
            assert_eq!(check(&n).unwrap_err().code, code, "{i}");
        }
    }

    #[test]
    fn settings_are_there() {
        for code in ["picks", "device_day", "network_day", "wait_seconds", "page_hours", "days_most", "team"]
        {
            assert!(setting(code) > 0, "{code}");
        }
    }

    #[test]
    fn every_food_has_a_cell_in_every_county() {
        let option = |part: &str, code: &str, stage: &str| Choice {
            part: part.into(),
            code: code.into(),
            name: code.into(),
            category: String::new(),
            stage: stage.into(),
        };
        let options = [
            option("food", "F01", "trade"),
            option("food", "F02", "catering"),
            option("county", "410902", ""),
            option("county", "410922", ""),
            option("place", "B1", ""),
        ];
        let count = Count { part: "food".into(), code: "F02".into(), county: "410922".into(), votes: 7 };
        let cells = cells(&options, &[count], 9);
        let told: Vec<(&str, u64)> = cells.iter().map(|c| (c.id.as_str(), c.weight)).collect();
        assert_eq!(told, [("F01@410902", 0), ("F01@410922", 0), ("F02@410902", 0), ("F02@410922", 7)]);
        assert_eq!(cell_of("F02@410922"), ("F02", "410922"));
        assert_eq!(
            (cells[3].group.as_str(), cells[3].area.as_str(), cells[3].most),
            ("catering", "410922", 9)
        );
    }

    /// 2,475 wishes for 38 kinds in seven counties become 2,046 batches: every seat is given, by votes with a floor, at places of the county
    /// and the stage, none more often than allowed, and anybody who does it again has the same.
    #[test]
    fn wishes_of_a_city_become_its_batches() {
        let counties: Vec<String> = (1..=7).map(|i| format!("51050{i}")).collect();
        let option = |part: &str, code: String, stage: &str| Choice {
            part: part.into(),
            name: code.clone(),
            code,
            category: String::new(),
            stage: stage.into(),
        };
        let stages = ["produce", "trade", "trade", "catering"];
        let mut options: Vec<Choice> =
            (1..=38).map(|i| option("food", format!("F{i:03}"), stages[i % 4])).collect();
        options.extend(counties.iter().map(|c| option("county", c.clone(), "")));
        let mut counts: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        // many ask for few kinds, and the first county asks most
        for n in 0..2_475_usize {
            *counts.entry((n * n % 38 + 1, n % 13 % 7)).or_default() += 1;
        }
        let counts: Vec<Count> = counts
            .iter()
            .map(|((food, county), votes)| Count {
                part: "food".into(),
                code: format!("F{food:03}"),
                county: counties[*county].clone(),
                votes: *votes,
            })
            .collect();
        assert_eq!(counts.iter().map(|c| c.votes).sum::<i64>(), 2_475);
        let place = |i: usize| kit_draw::seats::Place {
            id: format!("B{i:04}"),
            area: format!("{}{:03}", counties[i % 7], i % 5),
            groups: stages[i % 4].into(),
            weight: 1 + (i as u64 % 9) * 3,
        };
        let pool = kit_draw::seats::Pool {
            count: 2_046,
            floor: 100,
            team: 2,
            most: 5,
            cells: cells(&options, &counts, 2_046),
            places: (0..3_000).map(place).collect(),
            officers: (0..60).map(|i| (format!("O{i:02}"), counties[i % 7].clone())).collect(),
            ..Default::default()
        };
        let drawn = kit_draw::seats::draw(&pool, "ab", "root", "pool");
        assert_eq!(drawn, kit_draw::seats::draw(&pool, "ab", "root", "pool"));
        assert_eq!(drawn.len(), 2_046);
        let (mut of_county, mut of_place, mut of_food) =
            (BTreeMap::<&str, i64>::new(), BTreeMap::<&str, i64>::new(), BTreeMap::<&str, i64>::new());
        for x in &drawn {
            let (food, county) = cell_of(&x.cell);
            *of_county.entry(county).or_default() += 1;
            *of_food.entry(food).or_default() += 1;
            *of_place.entry(&x.subject).or_default() += 1;
            let place = pool.places.iter().find(|p| p.id == x.subject).unwrap();
            assert!(place.area.starts_with(county) && x.officers.len() == 2);
        }
        assert!(of_county.len() == 7 && of_county.values().all(|n| *n >= 100), "{of_county:?}");
        assert!(of_place.values().all(|n| *n <= 5));
        // of two kinds the one with more votes in all has no fewer batches, but for what the floors gave
        let votes = |f: &str| counts.iter().filter(|c| c.code == f).map(|c| c.votes).sum::<i64>();
        let most = of_food.iter().max_by_key(|(_, n)| **n).unwrap().0;
        let best = options.iter().filter(|o| o.part == "food").map(|o| votes(&o.code)).max().unwrap();
        assert_eq!(votes(most), best);
    }
}
