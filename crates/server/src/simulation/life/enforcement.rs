//! Cases of enforcement: from findings that became cases and from leads, by ordinary and simple procedure, with a hearing,
//! a seizure, a transfer; paid, unpaid, published and archived.

use std::rc::Rc;

use kit_base::Result;
use serde_json::{Value, json};
use simulator::{Dice, Role};

use super::people::{Business, Someone};
use super::{Life, Scene, findings, text};

/// What is special about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Usual,
    Simple,
    Hearing,
    Seizure,
    Preserved,
    NotFiled,
    Transferred,
    Unpaid,
    Exempt,
    /// The notice was served some days before the end: its party may answer.
    Told,
}

/// Those that every city sees; when the lead comes, in thousandths of the life.
const TURNS: &[(Turn, i64)] = &[
    (Turn::Usual, 15),
    (Turn::Hearing, 25),
    (Turn::Seizure, 60),
    (Turn::Unpaid, 40),
    (Turn::Exempt, 90),
    (Turn::Preserved, 400),
    (Turn::NotFiled, 180),
    (Turn::Transferred, 260),
    (Turn::Simple, 140),
    (Turn::Simple, 500),
    (Turn::Simple, 860),
    (Turn::Usual, 300),
    (Turn::Hearing, 470),
    (Turn::Usual, 610),
    (Turn::Seizure, 690),
    (Turn::Usual, 740),
    (Turn::Usual, 800),
    (Turn::Usual, 860),
    (Turn::Usual, 920),
    (Turn::Usual, 975),
];

/// What is suspected, and what of it is proved. Sums in fen.
struct Deed {
    source: &'static str,
    roles: &'static [Role],
    what: &'static str,
    facts: &'static str,
    article: &'static str,
    broken: &'static str,
    value: i64,
    penalties: &'static [&'static str],
    fine: i64,
}

const DEEDS: &[Deed] = &[
    Deed {
        source: "inspection",
        roles: &[Role::Restaurant],
        what: "使用超过保质期的食品原料加工食品",
        facts: "当事人厨房冷柜内存有超过保质期的鱼丸两袋、火腿肠三根，处于待用状态，货值金额 186 元，不能提供使用记录",
        article: "124",
        broken: "食品安全法第三十四条第三项",
        value: 18_600,
        penalties: &["fine", "confiscate_goods"],
        fine: 5_000_000,
    },
    Deed {
        source: "complaint",
        roles: &[Role::Shop],
        what: "销售超过保质期的食品",
        facts: "当事人货架上陈列销售超过保质期的饼干六袋、饮料四瓶，货值金额 92 元，已售出一瓶",
        article: "124",
        broken: "食品安全法第三十四条第十项",
        value: 9_200,
        penalties: &["fine", "confiscate_goods"],
        fine: 5_000_000,
    },
    Deed {
        source: "sample",
        roles: &[Role::Producer],
        what: "生产超限量使用食品添加剂的食品",
        facts: "当事人生产的一批次调味料防腐剂超出限量，该批次货值金额 20000 元，库存已封存",
        article: "124",
        broken: "食品安全法第三十四条第四项",
        value: 2_000_000,
        penalties: &["fine", "confiscate_goods"],
        fine: 20_000_000,
    },
    Deed {
        source: "inspection",
        roles: &[Role::Producer],
        what: "生产标签不符合规定的食品",
        facts: "当事人生产的一批次产品标签未标注贮存条件，该批次货值金额 3600 元，已更换标签",
        article: "125",
        broken: "食品安全法第六十七条第一款",
        value: 360_000,
        penalties: &["fine", "confiscate_goods"],
        fine: 500_000,
    },
];

pub fn begin(life: &Rc<Life>) {
    let mut dice = life.dice();
    for (no, (turn, permille)) in TURNS.iter().copied().enumerate() {
        let deed = match turn {
            Turn::Hearing => &DEEDS[2],
            _ => &DEEDS[no % 2],
        };
        let county = dice.below(4).min(life.people.borrow().offices.len() as u32 - 1) as usize;
        let county = if no < 3 { 0 } else { county };
        let Some(party) = life.some(deed.roles, Some(county), 1, &mut dice).pop() else { continue };
        let (of, own, day) = (life.clone(), life.dice(), permille * life.days / 1_000);
        life.work.begin("case", async move { lead(of, party, deed, turn, day, own).await });
    }
    // what the owner of the factory sees of the business's own cases: one to be paid, one to be answered
    let Some(party) = life.people.borrow().factory else { return };
    for (turn, day) in [(Turn::Unpaid, life.days - 70), (Turn::Told, life.days - 36)] {
        let (of, own) = (life.clone(), life.dice());
        let deed = if turn == Turn::Told { &DEEDS[2] } else { &DEEDS[3] };
        life.work.begin("case", async move { lead(of, party, deed, turn, day.max(0), own).await });
    }
}

/// Who does what in a case.
struct Team {
    business: Business,
    one: Someone,
    two: Someone,
    reviewer: Someone,
    hearer: Someone,
    chief: Someone,
}

fn team(life: &Life, business: Business, one: &Someone, two: &Someone) -> Team {
    let office = life.office(&business.division);
    let reviewer = life.other(&business.division, &[one, two]);
    let hearer = life.other(&business.division, &[one, two, &reviewer]);
    Team { business, one: one.clone(), two: two.clone(), reviewer, hearer, chief: office.chief }
}

async fn lead(life: Rc<Life>, party: u32, deed: &Deed, turn: Turn, day: i64, mut dice: Dice) -> Result<()> {
    life.at(day, dice.between(9 * 60, 11 * 60)).await;
    let business = life.business(party);
    let (one, two) = life.pair(&business.division, &mut dice);
    let team = team(&life, business, &one, &two);
    let new = json!({
        "procedure": if turn == Turn::Simple { "simple" } else { "ordinary" }, "source": deed.source, "source_ref": "",
        "party": team.business.id,
        "what": if turn == Turn::Simple { "未按规定建立并遵守进货查验记录制度" } else { deed.what },
    });
    let id = text(&life.post(&one, "/api/enforcement/cases", new).await?, "id")?;
    match turn {
        Turn::Simple => simple(&life, &team, &id, &mut dice).await,
        _ => ordinary(&life, &team, &id, deed, turn, &mut dice).await,
    }
}

/// A finding that became a case: the case below it goes its way.
pub async fn of_finding(life: &Rc<Life>, found: &findings::Case, mut dice: Dice) -> Result<()> {
    let seen = life.get(&found.verifier, &format!("/api/cases/{}", found.id)).await?;
    let id = text(&seen["children"][0], "id")?;
    let two = life.other(&found.business.division, &[&found.verifier]);
    let team = team(life, found.business.clone(), &found.verifier, &two);
    let deed = if found.business.role == Role::Shop { &DEEDS[1] } else { &DEEDS[0] };
    ordinary(life, &team, &id, deed, Turn::Usual, &mut dice).await?;
    life.later(1, &mut dice).await;
    life.act(&found.verifier, &found.id, "file", json!({ "case_no": "见执法案卷" })).await.map(drop)
}

async fn ordinary(
    life: &Rc<Life>,
    t: &Team,
    id: &str,
    deed: &Deed,
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.later(dice.between(1, 3), dice).await;
    let suggestion = match turn {
        Turn::NotFiled => "no_file",
        Turn::Transferred => "transfer",
        _ => "file",
    };
    let form = json!({ "findings": format!("经核查，{}", deed.facts), "suspected": deed.broken, "suggestion": suggestion });
    life.act(&t.one, id, "propose", form).await?;
    life.later(dice.between(1, 2), dice).await;
    match turn {
        Turn::NotFiled => {
            let form = json!({ "no_file_ground": "minor", "reason": "当事人初次违法，货值轻微并已当场改正，没有造成危害后果" });
            return life.act(&t.chief, id, "no_file", form).await.map(drop);
        }
        Turn::Transferred => {
            let form = json!({ "transfer_to": "organ", "transfer_organ": "农业农村局", "reason": "线索涉及养殖环节，属农业农村部门职责" });
            return life.act(&t.chief, id, "transfer", form).await.map(drop);
        }
        _ => {}
    }
    let people = json!([t.one.id, t.two.id]);
    life.act(&t.chief, id, "file", json!({ "investigators": people, "filing_opinion": "同意立案" })).await?;
    let proof = investigated(life, t, id, turn, dice).await?;
    let report = json!({
        "facts": deed.facts, "proof": [proof], "article": deed.article, "broken": deed.broken, "goods_value": deed.value,
        "circumstances": [], "discretion": "当事人配合调查，主动封存剩余食品，建议按幅度下限处罚", "penalties": deed.penalties,
        "fine": deed.fine,
    });
    life.act(&t.one, id, "report", report.clone()).await?;
    life.later(0, dice).await;
    life.act(&t.two, id, "report", report).await?;
    life.later(dice.between(1, 3), dice).await;
    let pass =
        json!({ "review_kind": "legal", "opinion": "事实清楚，证据确凿，适用依据正确，程序合法，裁量适当" });
    life.act(&t.reviewer, id, "pass", pass).await?;
    life.later(1, dice).await;
    if turn == Turn::Told {
        life.at(life.days - 4, 10 * 60).await;
    }
    life.act(&t.chief, id, "notify", json!({})).await?;
    let told =
        json!({ "told_way": "direct", "told_on": life.date(life.today()), "told_to": t.business.person });
    life.act(&t.one, id, "told", told).await?;
    if turn == Turn::Told {
        return Ok(());
    }
    heard(life, t, id, turn, dice).await?;
    decided(life, t, id, deed, turn, dice).await
}

/// Records of scene and inquiry, a photo as evidence, measures; answers the evidence.
async fn investigated(life: &Rc<Life>, t: &Team, id: &str, turn: Turn, dice: &mut Dice) -> Result<String> {
    life.later(1, dice).await;
    let (people, time) = (json!([t.one.id, t.two.id]), format!("{} 9:30 至 10:40", life.date(life.today())));
    let scene = json!({
        "scene_officers": people, "scene_place": "当事人经营场所", "scene_time": time, "scene_present": t.business.person,
        "scene_record": "执法人员出示证件，说明来意。现场发现涉案食品若干，逐一清点、拍照，当事人在场并签字。",
    });
    life.act(&t.one, id, "scene", scene).await?;
    let path = format!(
        "/api/enforcement/cases/{id}/evidence?kind=audiovisual&title=涉案食品照片&origin=现场拍摄&camera=0"
    );
    let photo = super::picture::jpeg(if dice.once_in(2) { Scene::Shelf } else { Scene::Label }, dice)?;
    let proof = text(&life.put(&t.one, &path, "image/jpeg", photo).await?, "id")?;
    for measure in ["seize", "preserve"] {
        if (measure == "seize" && turn == Turn::Seizure) || (measure == "preserve" && turn == Turn::Preserved)
        {
            life.act(&t.one, id, measure, json!({})).await?;
            measured(life, t, id, measure).await?;
        }
    }
    life.later(dice.between(1, 3), dice).await;
    let inquiry = json!({
        "inquiry_officers": people, "inquiry_place": "市场监管所询问室", "inquiry_time": format!("{} 14:30 至 15:20", life.date(life.today())),
        "inquiry_person": t.business.person,
        "inquiry_record": "问：涉案食品从何处购进？答：从批发市场购进，有送货单。问：是否知道已超过保质期？答：盘点不及时，没有发现。",
    });
    life.act(&t.two, id, "inquire", inquiry).await?;
    life.later(dice.between(2, 6), dice).await;
    Ok(proof)
}

/// 查封扣押 or 先行登记保存.
async fn measured(life: &Rc<Life>, t: &Team, id: &str, kind: &str) -> Result<()> {
    let seen = life.get(&t.one, &format!("/api/cases/{id}")).await?;
    let child = seen["children"].as_array().into_iter().flatten().find(|c| c["kind"] == kind);
    let child = text(child.unwrap_or(&Value::Null), "id")?;
    let mut form =
        json!({ "officers": [t.one.id, t.two.id], "grounds": "食品安全法第一百一十条，防止涉案食品转移" });
    if kind == "seize" {
        form["way"] = json!("seal");
    }
    life.act(&t.chief, &child, "approve", form).await?;
    for who in [&t.one, &t.two] {
        let form = json!({ "items": "涉案食品 40 箱，批号见清单", "kept_at": "当事人成品库，加贴封条" });
        life.act(who, &child, "list", form).await?;
    }
    if kind == "seize" {
        let (of, chief, mut own) = (life.clone(), t.chief.clone(), life.dice());
        life.work.begin("seizure", async move {
            of.later(own.between(18, 22), &mut own).await;
            of.act(&chief, &child, "settle", json!({ "basis": "涉案食品依处罚决定没收" })).await.map(drop)
        });
    }
    Ok(())
}

/// What the party says, or that it says nothing.
async fn heard(life: &Rc<Life>, t: &Team, id: &str, turn: Turn, dice: &mut Dice) -> Result<()> {
    life.later(dice.between(1, 3), dice).await;
    if turn == Turn::Hearing {
        life.act(&t.one, id, "ask_hearing", json!({ "hearing_asked": "当事人书面申请听证，认为罚款过重" }))
            .await?;
        life.later(1, dice).await;
        // seven working days before, and some more
        let on = life.after_working(9);
        let call =
            json!({ "hear_on": life.date(on), "hear_at": "9:30，局机关三楼听证室", "hear_by": t.hearer.id });
        life.act(&t.reviewer, id, "call_hearing", call).await?;
        life.at(on, 11 * 60 + 20).await;
        let record = json!({
            "hearing_record": "当事人陈述：已召回全部产品，经营困难。调查人员出示证据，双方质证、辩论。",
            "hearing_opinion": "事实清楚，当事人未提出新的证据，建议维持拟处罚意见",
        });
        return life.act(&t.hearer, id, "hear", record).await.map(drop);
    }
    if Some(t.business.no) == life.people.borrow().factory {
        return answered(life, t, id, dice).await;
    }
    if dice.once_in(2) {
        return life
            .act(&t.one, id, "waive", json!({ "waived": "当事人书面表示放弃陈述、申辩" }))
            .await
            .map(drop);
    }
    let form = json!({ "statement": "已清查全部库存，请求从轻处罚", "statement_answer": "已在裁量时考虑" });
    life.act(&t.one, id, "state", form).await?;
    // five working days, then the house goes on
    life.at(life.after_working(5), 9 * 60 + 10).await;
    Ok(())
}

/// The owner of the demo account answers with evidence of its own, and the bureau weighs it.
async fn answered(life: &Rc<Life>, t: &Team, id: &str, dice: &mut Dice) -> Result<()> {
    let owner = life.owner(&t.business).await?;
    let path = format!("/api/enforcement/mine/{id}");
    let photo = super::picture::jpeg(Scene::Label, dice)?;
    let file = ("更换后的标签（模拟）.jpg", "image/jpeg");
    let photo = life.file(&owner, &format!("{path}/files"), file, photo).await?;
    let said = json!({ "statement": "标签已全部更换，附照片；系初次违法，请求从轻处罚", "statement_files": [photo["id"]] });
    life.post(&owner, &format!("{path}/acts"), json!({ "action": "answer", "form": said })).await?;
    life.later(1, dice).await;
    let weighed = json!({ "statement_answer": "所附照片属实，改正情况予以采纳，已在裁量时按幅度下限处理" });
    life.act(&t.one, id, "weigh", weighed).await?;
    // five working days, then the house goes on
    life.at(life.after_working(5), 9 * 60 + 10).await;
    Ok(())
}

async fn decided(
    life: &Rc<Life>,
    t: &Team,
    id: &str,
    deed: &Deed,
    turn: Turn,
    dice: &mut Dice,
) -> Result<()> {
    life.later(dice.between(1, 3), dice).await;
    let served =
        |name: &str| json!({ "served_way": "direct", "served_on": name, "served_to": t.business.person });
    if turn == Turn::Exempt {
        let form = json!({ "exempt_ground": "first", "reason": "初次违法且危害后果轻微并及时改正，对当事人进行教育" });
        life.act(&t.chief, id, "exempt", form).await?;
        life.later(1, dice).await;
        life.act(&t.one, id, "serve_exempt", served(&life.date(life.today()))).await?;
        life.later(2, dice).await;
        let end = json!({ "outcome": "不予处罚，已教育", "archive_no": archive(life, dice) });
        return life.act(&t.chief, id, "close", end).await.map(drop);
    }
    if turn == Turn::Hearing {
        let form = json!({
            "discussed_by": "局长、分管局长、法制科、食品科", "discussion": "一致认为事实清楚、证据确凿", "conclusion": "同意按告知的内容处罚",
        });
        life.act(&t.chief, id, "discuss", form).await?;
    }
    let form = json!({ "penalties": deed.penalties, "fine": deed.fine, "discretion": "综合违法情节，按幅度下限处罚" });
    life.act(&t.chief, id, "decide", form).await?;
    life.later(dice.between(1, 2), dice).await;
    let mut form = served(&life.date(life.today()));
    form["told_publication"] = json!(true);
    life.act(&t.one, id, "serve", form).await?;
    life.later(1, dice).await;
    life.act(&t.one, id, "publish", json!({})).await?;
    if turn == Turn::Unpaid {
        return asks_for_time(life, t, id, dice).await;
    }
    life.later(dice.between(2, 5), dice).await;
    let paid = json!({ "paid": deed.fine, "paid_on": life.date(life.today()), "paid_no": format!("豫{:08}", dice.between(1, 99_999_999)) });
    life.act(&t.two, id, "pay", paid).await?;
    life.act(&t.two, id, "pay_off", json!({})).await?;
    life.later(dice.between(1, 3), dice).await;
    // a seizure below the case ends before it
    if turn == Turn::Seizure {
        life.later(10, dice).await;
    }
    let end = json!({ "outcome": "罚款已缴清，涉案食品已没收销毁", "archive_no": archive(life, dice) });
    life.act(&t.chief, id, "close", end).await.map(drop)
}

/// The party has no money now.
async fn asks_for_time(life: &Rc<Life>, t: &Team, id: &str, dice: &mut Dice) -> Result<()> {
    life.later(dice.between(2, 4), dice).await;
    let owner = life.owner(&t.business).await?;
    let why = json!({ "later_reason": "旺季备货占用资金，申请分两期在三个月内缴清" });
    let act = json!({ "action": "request_later", "form": why });
    life.post(&owner, &format!("/api/enforcement/mine/{id}/acts"), act).await.map(drop)
}

fn archive(life: &Life, dice: &mut Dice) -> String {
    format!("{}-罚-{:04}", &life.date(life.today())[..4], dice.between(1, 9_999))
}

async fn simple(life: &Rc<Life>, t: &Team, id: &str, dice: &mut Dice) -> Result<()> {
    life.work.pass(super::MINUTE * 25);
    let form = json!({
        "officers": [t.one.id, t.two.id], "facts": "抽查三个品种，均未查验并留存供货者许可证复印件，当事人承认", "article": "126",
        "broken": "食品安全法第五十三条第一款", "party_kind": "unit", "penalties": ["warning"], "discretion": "初次违法，责令改正并警告",
        "heard": true, "spot_statement": "无异议", "outside_reason": "",
    });
    life.act(&t.one, id, "decide", form).await?;
    life.later(dice.between(1, 4), dice).await;
    let year = life.date(life.today())[..4].to_owned();
    let end = json!({ "archive_no": format!("{year}-简-{:04}", dice.between(1, 9_999)) });
    life.act(&t.chief, id, "close", end).await.map(drop)
}
