//! 你点我检: one campaign of the county that came to samples and results, and one that is open when the life ends.

use std::rc::Rc;

use campaigns::model::Ballot;
use kit_base::{Error, Result};
use serde_json::{Value, json};
use simulator::Dice;

use super::people::{Office, Someone};
use super::sampling::{Lab, Turn, course};
use super::{Life, nights, text};

/// Wishes of a campaign, by day.
const DAYS: i64 = 7;
const A_DAY: i64 = 18;
/// What may be chosen: name, place in the tree of foods, stage.
const FOODS: [(&str, &str, &str); 12] = [
    ("豆干", "4.1", "produce"),
    ("散装卤豆制品", "4.2", "trade"),
    ("果蔬干制品", "4.3", "trade"),
    ("酱油", "12.1", "trade"),
    ("食醋", "12.2", "trade"),
    ("火锅底料", "12.3", "trade"),
    ("鲜面条", "6.1", "trade"),
    ("馒头、花卷", "6.2", "catering"),
    ("凉拌菜", "16.1", "catering"),
    ("油炸面制品", "6.3", "catering"),
    ("餐饮具", "16.2", "catering"),
    ("腌渍菜", "4.4", "produce"),
];
const ITEMS: [&str; 6] = ["苯甲酸", "山梨酸", "大肠菌群", "铝的残留量", "铅", "农药残留"];
const WISHES: [&str; 5] =
    ["学校门口的炸串", "早市上的现榨芝麻油", "外卖凉皮", "婴幼儿辅食", "小区门口流动摊的烤冷面"];

pub fn begin(life: &Rc<Life>, lab: &Lab) {
    for (permille, whole) in [(130, true), (860, false)] {
        let (of, own, lab) = (life.clone(), life.dice(), lab.clone());
        let day = permille * life.days / 1_000;
        life.work.begin("campaign", async move { campaign(of, lab, day, whole, own).await });
    }
}

async fn campaign(life: Rc<Life>, lab: Lab, day: i64, whole: bool, mut dice: Dice) -> Result<()> {
    life.at(day, 9 * 60 + 20).await;
    let Some(office) = life.people.borrow().offices.first().cloned() else { return Ok(()) };
    let Some(officer) = office.officers.first().cloned() else { return Ok(()) };
    let made = life.post(&officer, "/api/campaigns", plan(&life, &office, whole)).await?;
    let (id, path) = (text(&made, "id")?, format!("/api/campaigns/{}", text(&made, "id")?));
    life.work.pass(super::MINUTE * 90);
    life.post(&office.chief, &format!("{path}/publish"), json!({})).await?;
    let options = life.get(&officer, &path).await?["options"].clone();
    for n in 0..DAYS {
        if life.today() + 1 >= life.days {
            return Ok(());
        }
        life.any_day(life.today() + i64::from(n > 0), 19 * 60 + 10).await;
        let (id, ballots) = (id.clone(), ballots(&options, &office.county, &mut dice));
        let bring =
            move |act: &mut kit_web::Act| Ok(json!({ "brought": campaigns::bring(act, &id, &ballots)? }));
        life.by_house("campaigns.vote", bring).await?;
    }
    if !whole {
        return Ok(());
    }
    life.later(1, &mut dice).await;
    life.post(&office.chief, &format!("{path}/close"), json!({})).await?;
    life.post(&officer, &format!("{path}/draw"), json!({})).await?;
    nights::checkpoint(&life.house).await?;
    life.later(1, &mut dice).await;
    life.post(&officer, &format!("{path}/draw/run"), json!({})).await?;
    let how = json!({ "mode": "outer", "lab": lab.party, "most": 200 });
    life.post(&officer, &format!("{path}/tasks"), how).await?;
    samples(&life, &path, &officer, &lab, &mut dice).await
}

fn plan(life: &Life, office: &Office, whole: bool) -> Value {
    let foods: Vec<Value> = FOODS
        .iter()
        .map(|(name, category, stage)| json!({ "name": name, "category": category, "stage": stage }))
        .collect();
    json!({
        "name": if whole { "你点我检·家门口的味道" } else { "你点我检·校园周边" },
        "intro": "想检什么您来点：选出您关心的品种、项目，我们按公布的规则抽样，检验结果在这里公布。", "division": office.county,
        "source": "county", "from_day": life.date(life.today()), "until_day": life.date(life.today() + DAYS + 14), "batches": 16, "floor": 4,
        "most": 2, "foods": foods, "places": [], "items": ITEMS,
    })
}

/// What a day brings: few foods are asked for by many.
fn ballots(options: &Value, county: &str, dice: &mut Dice) -> Vec<Ballot> {
    let of = |part: &str| -> Vec<String> {
        let all = options.as_array().map_or(&[][..], Vec::as_slice);
        let code = |o: &Value| o["code"].as_str().map(str::to_owned);
        all.iter().filter(|o| o["part"] == part).filter_map(code).collect()
    };
    let (foods, items) = (of("food"), of("item"));
    let mut one = |_| {
        let mut some = |from: &[String], most: i64| -> Vec<String> {
            let mut out = Vec::new();
            for _ in 0..dice.between(1, most) {
                let near = dice.between(0, from.len() as i64 - 1).min(dice.between(0, from.len() as i64 - 1));
                let code = &from[near as usize];
                if !out.contains(code) {
                    out.push(code.clone());
                }
            }
            out
        };
        let (food, item) = (some(&foods, 3), some(&items, 2));
        let wish = if dice.once_in(6) { WISHES[dice.below(WISHES.len() as u32) as usize] } else { "" };
        Ballot { county: county.to_owned(), food, item, wish: wish.to_owned(), ..Ballot::default() }
    };
    (0..A_DAY).map(&mut one).collect()
}

/// Most batches are sampled in the days that follow; some are still waiting.
async fn samples(life: &Rc<Life>, path: &str, officer: &Someone, lab: &Lab, dice: &mut Dice) -> Result<()> {
    let batches = life.get(officer, &format!("{path}/batches?state=planned&size=100")).await?;
    for (i, batch) in batches["items"].as_array().map_or(&[][..], Vec::as_slice).iter().enumerate() {
        let party = text(batch, "party")?;
        let Some(no) = life.no_of(&party) else {
            continue;
        };
        let sample = text(batch, "sample")?;
        let detail = life.get(officer, &format!("/api/samples/{sample}")).await?;
        let (task, names) = (detail["sample"].clone(), &detail["sampler_names"]);
        let someone = |key: &str, i: usize| -> Result<Someone> {
            Ok(Someone { id: text(&task, key)?, name: names[i].as_str().unwrap_or_default().to_owned() })
        };
        let (one, two) = (someone("sampler1", 0)?, someone("sampler2", 1)?);
        let turn = match i % 8 {
            0..5 => Turn::Conforms,
            5 => Turn::Testing,
            6 => Turn::Offered,
            _ => Turn::Planned,
        };
        let (of, lab, mut own) = (life.clone(), lab.clone(), life.dice());
        let wait = dice.between(1, 9);
        life.work.begin("chosen sample", async move {
            of.later(wait, &mut own).await;
            let business = of.business(no);
            let done = course(&of, &task, (&one, &two), &business, &lab, turn, 500 + i, &mut own);
            done.await.map_err(|e| Error::internal(format!("{}: {e}", business.name)))
        });
    }
    Ok(())
}
