//! Forms of the public pages, and what follows when one was sent.

use super::*;

pub(super) fn receipt_form(fault: &str) -> Form {
    Form {
        action: "/choose/mine".into(),
        fields: vec![Field {
            name: "code".into(),
            label: "查询码".into(),
            hint: "投票之后给您的 12 位字母和数字".into(),
            most: 20,
            required: true,
            ..Field::default()
        }],
        button: "查询".into(),
        fault: fault.into(),
        ..Form::default()
    }
}

/// The form, filled with what was sent.
pub(super) fn ballot_form(
    of: &Campaign,
    options: &[Choice],
    given: &Ballot,
    page: String,
    fault: &str,
) -> Form {
    let picks = setting("picks");
    let choices = |part: &'static str| -> Vec<(String, String)> {
        options_of(options, part).map(|o| (o.code.clone(), mask(part, &o.name))).collect()
    };
    let many = |name: &str, label: String, part: &'static str, chosen: &[String]| Field {
        name: name.into(),
        label,
        value: chosen.join(","),
        options: choices(part),
        many: true,
        ..Field::default()
    };
    let mut counties = vec![(String::new(), "请选择".to_owned())];
    counties.extend(choices("county"));
    let mut fields = vec![
        Field {
            name: "county".into(),
            label: "您在哪个区县？".into(),
            value: given.county.clone(),
            options: counties,
            required: true,
            ..Field::default()
        },
        many("food", format!("想检什么？（1 至 {picks} 个）"), "food", &given.food),
    ];
    for (name, label, part, chosen) in
        [("place", "想检哪家？", "place", &given.place), ("item", "想检什么项目？", "item", &given.item)]
    {
        if options_of(options, part).next().is_some() {
            fields.push(many(name, format!("{label}（可不选，最多 {picks} 个）"), part, chosen));
        }
    }
    let text = |name: &str, label: &str, hint: &str, value: &str, most: u32| Field {
        name: name.into(),
        label: label.into(),
        hint: hint.into(),
        value: value.into(),
        most,
        ..Field::default()
    };
    fields.push(text(
        "wish",
        "还想检别的？（可不填）",
        "写给监管部门，不公开，请不要写个人信息",
        &given.wish,
        60,
    ));
    fields.push(text(
        "contact",
        "手机号码（可不填）",
        "只用来寄一次结果，寄出后删除；不填可以凭查询码查看",
        &given.contact,
        20,
    ));
    fields.push(Field { name: "page".into(), value: page, hidden: true, ..Field::default() });
    Form {
        action: format!("/choose/{}", of.code),
        post: true,
        fields,
        button: "投票".into(),
        fault: fault.into(),
    }
}

pub(super) fn thanks(code: &str, receipt: &str) -> Sheet {
    let parts = vec![
        Part::Figures(vec![(receipt.to_owned(), "是您的查询码".into())]),
        Part::Text(
            "请记下来或截屏：凭它可以查看您点的品种检得怎样了。我们不知道您是谁，丢了不能找回。".into(),
        ),
        Part::Links(vec![
            ("看我点的".into(), format!("/choose/mine?code={receipt}")),
            ("看大家点了什么".into(), format!("/choose/{code}")),
        ]),
    ];
    Sheet {
        title: "谢谢您".into(),
        verdict: Some(("good", "已收到您的选票".into(), "每台设备每天可以投一次，明天可以再来。".into())),
        sections: vec![Section { title: String::new(), parts }],
        ..Sheet::default()
    }
}
