//! Checklists as XLSForm (the workbook that ODK, KoboToolbox and Survey123 read) and back: sheets `survey`, `choices`, `settings`.
//!
//! Each item is a `select_one verdict` with a note and a photo behind it; what XLSForm has no word for (statute, certainty, whether it
//! is a key item, when a photo is asked for) are columns of their own, which other programs pass over.

use std::collections::{BTreeSet, HashMap};

use kit_base::{Error, Result};

use crate::model::{Checklist, Item, PHOTO_RULES};

/// A sheet: its name and its rows.
pub type Sheet = (&'static str, Vec<Vec<String>>);

const HEAD: [&str; 10] = [
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "important",
    "statute",
    "certainty",
    "photo_rule",
];
/// Items that a checklist may have.
const MOST: usize = 500;

/// The three sheets of a checklist.
pub fn sheets(list: &Checklist) -> Vec<Sheet> {
    let text = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let mut survey = vec![text(&HEAD)];
    let (mut section, mut no) = ("", 0);
    for item in &list.list {
        if item.section != section {
            if no > 0 {
                survey.push(text(&["end_group"]));
            }
            no += 1;
            section = &item.section;
            survey.push(text(&["begin_group", &format!("section_{no}"), section]));
        }
        question(&mut survey, item);
    }
    if no > 0 {
        survey.push(text(&["end_group"]));
    }
    let choices = [
        ["list_name", "name", "label"],
        ["verdict", "ok", "符合"],
        ["verdict", "bad", "不符合"],
        ["verdict", "na", "不适用"],
    ];
    let settings = vec![
        text(&["form_title", "form_id", "version", "source"]),
        text(&[&list.head.name, &list.head.code, &list.head.version.to_string(), &list.head.source]),
    ];
    vec![("survey", survey), ("choices", choices.iter().map(|c| text(c)).collect()), ("settings", settings)]
}

fn question(survey: &mut Vec<Vec<String>>, item: &Item) {
    let text = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<String>>();
    let code = item.code.as_str();
    let bad = format!("${{{code}}} = 'bad'");
    let important = if item.important { "yes" } else { "" };
    survey.push(text(&[
        "select_one verdict",
        code,
        &item.text,
        &item.guidance,
        "yes",
        "",
        important,
        &item.statute,
        &item.certainty,
        &item.photo,
    ]));
    survey.push(text(&["text", &format!("{code}_note"), "情况说明", "", "", &bad]));
    match item.photo.as_str() {
        "always" => survey.push(text(&["image", &format!("{code}_photo"), "照片", "", "yes"])),
        "bad" => survey.push(text(&["image", &format!("{code}_photo"), "照片", "", "yes", &bad])),
        _ => {}
    }
}

/// What a form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub code: String,
    pub name: String,
    pub source: String,
    pub items: Vec<Item>,
}

/// Rows of a sheet by the names of its first row.
struct Named<'a> {
    head: Vec<String>,
    rows: &'a [Vec<String>],
}

impl<'a> Named<'a> {
    fn of(sheets: &'a HashMap<String, Vec<Vec<String>>>, name: &str) -> Result<Self> {
        let missing = || Error::invalid(name.to_owned(), "xlsform_sheet", format!("工作簿缺少工作表 {name}"));
        let rows = sheets.get(name).filter(|r| !r.is_empty()).ok_or_else(missing)?;
        let head = rows[0].iter().map(|h| h.trim().to_lowercase()).collect();
        Ok(Self { head, rows: &rows[1..] })
    }

    /// A cell; `label::中文 (zh)` counts as `label`.
    fn cell<'r>(&self, row: &'r [String], name: &str) -> &'r str {
        let of = |h: &String| h == name || h.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"));
        let at = self.head.iter().position(of);
        at.and_then(|i| row.get(i)).map_or("", |c| c.trim())
    }
}

/// Reads a form.
///
/// Errors: `xlsform_sheet`, `form_id_form`, `name_form`, `xlsform_question` (a kind of question that no item is), `item_code`, `item_twice`,
/// `item_text`, `items_none`, `items_many`.
pub fn read(sheets: &HashMap<String, Vec<Vec<String>>>) -> Result<Form> {
    let settings = Named::of(sheets, "settings")?;
    let set = settings.rows.first().map_or(&[][..], Vec::as_slice);
    let (code, name) = (settings.cell(set, "form_id"), settings.cell(set, "form_title"));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !(2..=40).contains(&code.len()) || !plain(code) {
        let text = "settings 的 form_id 应为 2 至 40 个小写字母、数字或下划线";
        return Err(Error::invalid("settings/form_id", "form_id_form", text));
    }
    if name.is_empty() || name.chars().count() > 80 {
        return Err(Error::invalid(
            "settings/form_title",
            "name_form",
            "settings 的 form_title 不能为空，不超过 80 字",
        ));
    }
    let items = items(&Named::of(sheets, "survey")?, &verdicts(sheets)?)?;
    let source = settings.cell(set, "source");
    Ok(Form {
        code: code.to_owned(),
        name: name.to_owned(),
        source: source.chars().take(300).collect(),
        items,
    })
}

/// Lists of choices that are verdicts: they have `ok` and `bad`.
fn verdicts(sheets: &HashMap<String, Vec<Vec<String>>>) -> Result<BTreeSet<String>> {
    let choices = Named::of(sheets, "choices")?;
    let mut names: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for row in choices.rows {
        let list = [choices.cell(row, "list_name"), choices.cell(row, "list name")];
        let list = list.into_iter().find(|l| !l.is_empty()).unwrap_or("");
        names.entry(list).or_default().insert(choices.cell(row, "name"));
    }
    let both = names.into_iter().filter(|(_, has)| has.contains("ok") && has.contains("bad"));
    Ok(both.map(|(list, _)| list.to_owned()).collect())
}

fn items(survey: &Named, verdicts: &BTreeSet<String>) -> Result<Vec<Item>> {
    let (mut groups, mut out) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for (i, row) in survey.rows.iter().enumerate() {
        let wrong =
            |code: &'static str, text: String| Err(Error::invalid(format!("survey/{}", i + 2), code, text));
        let kind = survey.cell(row, "type").replace(' ', "_");
        let (name, label) = (survey.cell(row, "name"), survey.cell(row, "label"));
        match kind.as_str() {
            "begin_group" => groups.push(label.to_owned()),
            "end_group" => _ = groups.pop(),
            // what stands behind an item, and what a program adds by itself
            "" | "text" | "image" | "note" | "start" | "end" | "today" | "deviceid" | "username"
            | "calculate" => {}
            _ => {
                let list = kind.strip_prefix("select_one_").unwrap_or("");
                if !verdicts.contains(list) {
                    let text =
                        format!("第 {} 行的题型不能作检查项目：应为 select_one，选项含 ok 与 bad", i + 2);
                    return wrong("xlsform_question", text);
                }
                let fits = (1..=20).contains(&name.len())
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
                if !fits {
                    return wrong("item_code", format!("第 {} 行的 name 应为 20 个以内的字母、数字", i + 2));
                }
                if !seen.insert(name) {
                    return wrong("item_twice", format!("第 {} 行的 name {name} 已用过", i + 2));
                }
                if label.is_empty() || label.chars().count() > 500 {
                    return wrong("item_text", format!("第 {} 行的 label 不能为空，不超过 500 字", i + 2));
                }
                out.push(item(survey, row, groups.first().map_or("", String::as_str)));
            }
        }
    }
    match out.len() {
        0 => Err(Error::invalid("survey", "items_none", "没有一个检查项目")),
        n if n > MOST => Err(Error::invalid("survey", "items_many", format!("一份要点表最多 {MOST} 项"))),
        _ => Ok(out),
    }
}

fn item(survey: &Named, row: &[String], section: &str) -> Item {
    let yes = |text: &str| matches!(text.to_lowercase().as_str(), "yes" | "true" | "1" | "是" | "重点");
    let photo = survey.cell(row, "photo_rule");
    let certainty = survey.cell(row, "certainty");
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    Item {
        code: survey.cell(row, "name").to_owned(),
        section: if section.is_empty() { "其他".to_owned() } else { cut(section, 60) },
        important: yes(survey.cell(row, "important")),
        text: survey.cell(row, "label").to_owned(),
        statute: cut(survey.cell(row, "statute"), 300),
        // an agency's own word is taken for what it is
        certainty: if certainty == "statute" { "statute" } else { "H" }.to_owned(),
        guidance: cut(survey.cell(row, "hint"), 500),
        photo: if PHOTO_RULES.contains(&photo) { photo } else { "bad" }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brought;

    fn book(list: &Checklist) -> HashMap<String, Vec<Vec<String>>> {
        sheets(list).into_iter().map(|(name, rows)| (name.to_owned(), rows)).collect()
    }

    #[test]
    fn every_checklist_comes_back_as_it_went() {
        for b in brought().unwrap() {
            let list = Checklist { head: b.head, list: b.list };
            let form = read(&book(&list)).unwrap();
            assert_eq!(
                (form.code, form.name, form.source),
                (list.head.code, list.head.name, list.head.source)
            );
            assert_eq!(form.items, list.list);
        }
    }

    #[test]
    fn what_is_no_checklist_is_refused_and_says_where() {
        let b = brought().unwrap().remove(0);
        let list = Checklist { head: b.head, list: b.list };
        type Break = fn(&mut HashMap<String, Vec<Vec<String>>>);
        let table: [(Break, &str, &str); 7] = [
            (|s| _ = s.remove("survey"), "xlsform_sheet", "survey"),
            (|s| s.get_mut("settings").unwrap()[1][1] = "A B".into(), "form_id_form", "settings/form_id"),
            (|s| s.get_mut("settings").unwrap()[1][0] = String::new(), "name_form", "settings/form_title"),
            (|s| s.get_mut("survey").unwrap()[2][0] = "geopoint".into(), "xlsform_question", "survey/3"),
            (|s| s.get_mut("survey").unwrap()[2][1] = "检查".into(), "item_code", "survey/3"),
            (|s| s.get_mut("survey").unwrap()[2][2] = String::new(), "item_text", "survey/3"),
            (|s| s.get_mut("survey").unwrap().truncate(1), "items_none", "survey"),
        ];
        for (i, (change, code, field)) in table.into_iter().enumerate() {
            let mut sheets = book(&list);
            change(&mut sheets);
            let e = read(&sheets).unwrap_err();
            assert_eq!((e.code.as_ref(), e.field.as_deref()), (code, Some(field)), "{i}");
        }
    }
}
