//! Sections of a campaign's public page.

use super::*;

pub(super) fn progress(s: &Seen) -> Section {
    let c = &s.campaign;
    let figures = [(c.drawn, "批次"), (c.taken, "已抽样"), (c.done, "已出结果"), (c.failed, "不合格")];
    let figures = figures.iter().map(|(n, what)| (n.to_string(), (*what).to_owned())).collect();
    let mut rows = Vec::new();
    for food in options_of(&s.options, "food") {
        let of = s.cells.iter().filter(|b| b.food == food.code);
        let (all, taken, done, failed) =
            of.fold((0, 0, 0, 0), |(a, t, d, f), b| (a + b.batches, t + b.taken, d + b.done, f + b.failed));
        if all > 0 {
            let failed =
                if failed > 0 { Cell::marked(failed.to_string(), "num no") } else { Cell::number(0) };
            let numbers = [all, taken, done].map(Cell::number);
            rows.push([Cell::text(food.name.clone())].into_iter().chain(numbers).chain([failed]).collect());
        }
    }
    let head = ["品种", "批次", "已抽样", "已出结果", "不合格"].map(str::to_owned).to_vec();
    let table = Part::Table { caption: "各品种的进展".into(), head, rows };
    Section { title: "检得怎样了".into(), parts: vec![Part::Figures(figures), table] }
}

pub(super) fn batch_state(state: &str) -> Cell {
    match state {
        "taken" => Cell::marked("已抽样，送检中", "hm"),
        "testing" => Cell::marked("检验中", "hm"),
        "conforms" => Cell::marked("合格", "ok"),
        "fails" => Cell::marked("不合格", "no"),
        "none" => Cell::text("未出结论"),
        _ => Cell::text("待抽样"),
    }
}

pub(super) fn samples(s: &Seen) -> Section {
    let row = |b: &Batch| {
        vec![
            Cell::text(name_of(&s.options, "food", &b.food)),
            Cell::text(mask_if_person(&b.place_name)),
            Cell::text(at_day(b.taken_at)),
            batch_state(&b.state),
        ]
    };
    let mut parts = vec![Part::Note("抽样不事先通知：抽到哪家，抽样之后才在这里公布。".into())];
    if s.taken.items.is_empty() {
        parts.push(Part::Text("还没有抽样。".into()));
    } else {
        let head = ["品种", "抽样单位", "抽样日期", "结果"].map(str::to_owned).to_vec();
        let caption = format!("已抽样 {} 批次，最近的在前", s.taken.total);
        parts.push(Part::Table { caption, head, rows: s.taken.items.iter().map(row).collect() });
    }
    let to = |page: i64| format!("/choose/{}?page={page}", s.campaign.code);
    let mut links = Vec::new();
    if s.campaign.state != "ended" {
        links.push(("实时进展（每分钟更新）".to_owned(), format!("/choose/{}/live", s.campaign.code)));
    }
    if s.taken.page > 1 {
        links.push(("上一页".to_owned(), to(s.taken.page - 1)));
    }
    if s.taken.page * s.taken.size < s.taken.total {
        links.push(("下一页".to_owned(), to(s.taken.page + 1)));
    }
    if !links.is_empty() {
        parts.push(Part::Links(links));
    }
    Section { title: "抽样现场".into(), parts }
}

pub(super) fn choices(s: &Seen) -> Section {
    let top = |part: &'static str, most: usize| -> Vec<(String, i64)> {
        let votes = |o: &Choice| {
            s.counts.iter().filter(|c| c.part == part && c.code == o.code).map(|c| c.votes).sum::<i64>()
        };
        let mut all: Vec<(String, i64)> = options_of(&s.options, part)
            .map(|o| (mask(part, &o.name), votes(o)))
            .filter(|v| v.1 > 0)
            .collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.1));
        all.truncate(most);
        all
    };
    let mut parts = vec![Part::Figures(vec![
        (s.campaign.wishes.to_string(), "条心愿".into()),
        (s.campaign.kinds.to_string(), "个品种可选".into()),
        (s.campaign.batches.to_string(), "批次计划".into()),
    ])];
    for (part, title, most) in [("food", "品种", 40), ("place", "单位", 20), ("item", "项目", 20)] {
        let rows: Vec<Vec<Cell>> =
            top(part, most).into_iter().map(|(name, n)| vec![Cell::text(name), Cell::number(n)]).collect();
        if !rows.is_empty() {
            let head = vec![title.to_owned(), "票".to_owned()];
            parts.push(Part::Table { caption: format!("点得最多的{title}"), head, rows });
        }
    }
    Section { title: "大家点了什么".into(), parts }
}

pub(super) fn rules(c: &Campaign) -> Section {
    let mut rows = vec![("规则指纹".to_owned(), c.rules_hash.clone())];
    if !c.tally_hash.is_empty() {
        rows.push(("计票指纹".to_owned(), c.tally_hash.clone()));
    }
    let mut links = vec![("全部计票（JSON）".to_owned(), format!("/choose/{}/tally", c.code))];
    if !c.draw.is_empty() {
        links.push(("抽取文件（JSON）".to_owned(), format!("/api/public/campaigns/{}/draw", c.code)));
    }
    let said =
        c.rules.lines().filter(|l| !["品种 ", "单位 ", "项目 ", "区县 "].iter().any(|p| l.starts_with(p)));
    let mut parts: Vec<Part> = said.skip(2).map(|l| Part::Text(l.to_owned())).collect();
    let note = "规则、计票和抽取名单的指纹都写入了防篡改账本；抽样结束后公开抽取文件，任何人都能用公开的程序重新算一遍。";
    parts.extend([Part::Note(note.into()), Part::Rows(rows), Part::Links(links)]);
    Section { title: "规则".into(), parts }
}
