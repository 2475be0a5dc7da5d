//! What one voter chose, and how it fares.

use super::forms::receipt_form;
use super::*;

pub(super) async fn mine(cx: Cx, ask: Ask<(), Query>) -> Result<Response> {
    let code = ask.query.code.clone().unwrap_or_default();
    let look = look_of(ask.query.care.as_deref(), format!("/choose/mine?code={}", code.trim()));
    let found = cx.read(move |tx, _| {
        let mine = look::mine(tx, &code)?;
        let options = campaigns::options(tx, &mine.campaign.id)?;
        Ok((mine, options))
    });
    let (mine, options) = match found.await {
        Ok(found) => found,
        Err(e) if e.kind == Kind::NotFound => {
            let parts = vec![Part::Form(receipt_form(&e.message))];
            let sheet_of = Sheet {
                title: "我点的检得怎样了".into(),
                sections: vec![Section { title: String::new(), parts }],
                ..Sheet::default()
            };
            return page_of(&sheet_of, &look, StatusCode::NOT_FOUND);
        }
        Err(e) => return Err(e),
    };
    let c = &mine.campaign;
    let names = |part: &'static str, codes: &[String]| {
        let all: Vec<String> = codes.iter().map(|x| mask(part, name_of(&options, part, x))).collect();
        if all.is_empty() { "没有选".to_owned() } else { all.join("、") }
    };
    let cast = &mine.kept.cast;
    let chosen = Part::Rows(vec![
        ("投票日期".into(), at_day(Some(mine.kept.at))),
        ("区县".into(), name_of(&options, "county", &cast.county).to_owned()),
        ("品种".into(), names("food", &cast.foods)),
        ("单位".into(), names("place", &cast.places)),
        ("项目".into(), names("item", &cast.items)),
    ]);
    let row = |b: &Batch| {
        let place = match b.taken_at {
            Some(_) => mask_if_person(&b.place_name),
            None => "抽样之后公布".to_owned(),
        };
        vec![
            Cell::text(name_of(&options, "food", &b.food)),
            Cell::text(name_of(&options, "county", &b.county)),
            Cell::text(place),
            batch_state(&b.state),
        ]
    };
    let result = match mine.batches.is_empty() {
        true => Part::Text(format!(
            "{}。抽取之后，您点的品种抽到几批、检得怎样，都在这里看到。",
            state_name(&c.state)
        )),
        false => Part::Table {
            caption: "您点的品种，本区县的在前".into(),
            head: ["品种", "区县", "抽样单位", "结果"].map(str::to_owned).to_vec(),
            rows: mine.batches.iter().map(row).collect(),
        },
    };
    let link = Part::Links(vec![("这次活动的全部进展".into(), format!("/choose/{}", c.code))]);
    let sheet_of = Sheet {
        title: "我点的检得怎样了".into(),
        sub: c.name.clone(),
        sections: vec![
            Section { title: "您的选票".into(), parts: vec![chosen] },
            Section { title: "检得怎样了".into(), parts: vec![result, link] },
        ],
        simulated: c.simulated,
        ..Sheet::default()
    };
    page_of(&sheet_of, &look, StatusCode::OK)
}
