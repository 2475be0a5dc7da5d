//! A notice of what others found (监督抽检信息) as a city publishes it, invented and saying so: samples of businesses of the sample city in
//! the shape that such workbooks have, with a row that comes back.

use std::rc::Rc;

use simulator::{Dice, Role};

use super::super::Life;
use super::super::people::Someone;

/// When it is taken in, in thousandths of the life.
const WHEN: i64 = 350;
const HEADS: &str = "抽样编号,标称生产企业名称,标称生产企业地址,被抽样单位名称,被抽样单位地址,食品名称,规格型号,商标,\
    生产日期/批号,不合格项目║检验结果║标准值,分类,检验机构,备注";
/// Food, its class, how it is sold, what was found.
const FOUND: [(&str, &str, &str, &str); 8] = [
    ("五香豆干", "豆制品", "120g/袋", "苯甲酸║1.28 g/kg║≤1.0 g/kg"),
    ("韭菜", "食用农产品", "散装称重", "腐霉利║0.55 mg/kg║≤0.2 mg/kg"),
    ("酱油", "调味品", "500ml/瓶", "氨基酸态氮║0.36 g/100mL║≥0.40 g/100mL"),
    ("淡水鱼", "食用农产品", "散装称重", "恩诺沙星║312 μg/kg║≤100 μg/kg"),
    ("麻花", "糕点", "300g/袋", "过氧化值║0.41 g/100g║≤0.25 g/100g"),
    ("辣椒粉", "调味品", "200g/袋", "苏丹红Ⅳ║未检出(<0.01) mg/kg║不得检出"),
    ("豇豆", "食用农产品", "散装称重", "灭蝇胺║1.9 mg/kg║≤0.5 mg/kg"),
    ("白酒", "酒类", "500ml/瓶", "酒精度║50.2 %vol║52±1.0 %vol"),
];

pub fn begin(life: &Rc<Life>, officer: &Someone) {
    let (of, officer, mut dice) = (life.clone(), officer.clone(), life.dice());
    life.work.begin("published notice", async move {
        of.at(WHEN * of.days / 1_000, 16 * 60).await;
        let sheet = sheet(&of, &mut dice).into_bytes();
        let name = "食品监督抽检信息（模拟数据）.csv";
        of.file(&officer, "/api/published-samples/import", (name, "text/csv"), sheet).await.map(drop)
    });
}

fn sheet(life: &Life, dice: &mut Dice) -> String {
    let mut lines = vec!["食品监督抽检信息（模拟数据）".to_owned(), HEADS.to_owned()];
    let today = life.today();
    let (day, county) = (life.date(today - 20), life.business(0).division[..4].to_owned());
    let makers = life.some(&[Role::Producer, Role::Workshop], None, FOUND.len(), dice);
    let shops = life.some(&[Role::Shop, Role::Stall], None, FOUND.len(), dice);
    let sides = makers.into_iter().zip(shops);
    for (no, ((food, class, spec, found), (maker, shop))) in FOUND.iter().zip(sides).enumerate() {
        let (maker, shop) = (life.world.party(maker), life.world.party(shop));
        // who grows it is on no label
        let farm = *class == "食用农产品";
        let (name, place) = if farm { ("/", "/") } else { (maker.name.as_str(), maker.address.as_str()) };
        let day = if farm { format!("购进日期：{day}") } else { day.clone() };
        let number = format!("DBJ{}{county}00{:09}", &life.date(today)[2..4], no + 1);
        lines.push(format!(
            "{number},{name},{place},{},{},{food},{spec},/,{day},{found},{class},示范检验所（模拟）,模拟数据",
            shop.name, shop.address
        ));
    }
    // the number was torn off: it comes back with the reason
    lines.push("编号缺损,/,/,示范商行,,蜂蜜,500g/瓶,/,/,氯霉素║0.42 μg/kg║不得检出,蜂产品,示范检验所（模拟）,模拟数据".to_owned());
    lines.join("\n")
}
