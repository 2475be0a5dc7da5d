//! What a list of changed divisions may say.

use kit_base::Defect;
use kit_docs::table::Line;

use crate::divisions::{DivisionChange, Draft};
use crate::reference::Reference;

/// A row of a list: the change, and where it stands.
pub struct Stated<'l> {
    pub change: DivisionChange,
    pub line: &'l Line,
}

/// A code as lists write it, in plain form: the zeros at the end of 行政区划代码 of six digits and 统计用区划代码 of twelve are
/// left out.
pub fn plain(code: &str) -> String {
    let zeros = |n: usize| code.len() > n && code[n..].bytes().all(|b| b == b'0');
    let length = match code.len() {
        12 => [4, 6, 9].into_iter().find(|n| zeros(*n)).unwrap_or(12),
        6 if zeros(4) => 4,
        length => length,
    };
    code.get(..length).unwrap_or(code).to_owned()
}

/// Goes through changes that are there and those of a list in the order of their days; answers the new ones that were not
/// there yet, or what is wrong with which row. Nothing of a list with a fault is taken in.
pub fn check(
    base: &Reference,
    there: &[DivisionChange],
    list: Vec<Stated>,
) -> Result<Vec<DivisionChange>, Vec<Defect>> {
    let mut defects = Vec::new();
    let mut new: Vec<Stated> = Vec::new();
    for row in list {
        let same = |c: &DivisionChange| pair(c) == pair(&row.change);
        if new.iter().any(|n| same(&n.change)) {
            defects.push(row.line.defect(
                "old_code",
                "duplicate_in_file",
                "同一天同一变更写了两次，请删除其中一行",
            ));
        } else if !there.iter().any(same) {
            new.push(row);
        }
    }
    let mut steps: Vec<(&DivisionChange, Option<&Line>)> = there.iter().map(|c| (c, None)).collect();
    steps.extend(new.iter().map(|row| (&row.change, Some(row.line))));
    // within a day new names and new places come before what moves into them
    steps.sort_by_key(|(c, _)| (c.day.clone(), !c.old_code.is_empty(), c.old_code != c.new_code));
    let mut draft = Draft::new(base);
    for (change, line) in steps {
        if let Some(line) = line
            && let Some(defect) = fault(&draft, change, line, &new)
        {
            defects.push(defect);
            continue;
        }
        draft.apply(change);
    }
    if defects.is_empty() { Ok(new.into_iter().map(|row| row.change).collect()) } else { Err(defects) }
}

fn pair(c: &DivisionChange) -> (&str, &str, &str) {
    (&c.day, &c.old_code, &c.new_code)
}

/// What is wrong with a change, over what came before it.
fn fault(draft: &Draft, change: &DivisionChange, line: &Line, list: &[Stated]) -> Option<Defect> {
    let DivisionChange { day, old_code, old_name, new_code, new_name, .. } = change;
    if old_code.is_empty() && new_code.is_empty() {
        return Some(line.defect("old_code", "codes_missing", "原代码和新代码不能都为空"));
    }
    for (key, code) in [("old_code", old_code), ("new_code", new_code)] {
        let form = code.bytes().all(|b| b.is_ascii_digit()) && matches!(code.len(), 0 | 4 | 6 | 9 | 12);
        if !form {
            let text = format!("“{code}”不是市（4 位）、县（6 位）、街道（9 位）或村居（12 位）的区划代码");
            return Some(line.defect(key, "division_form", text));
        }
    }
    if !old_code.is_empty() && !new_code.is_empty() && old_code.len() != new_code.len() {
        return Some(line.defect("new_code", "level_differs", "原代码和新代码应是同一级的区划"));
    }
    let same_day = |c: &DivisionChange| c.day == *day && c.old_code == *old_code;
    if !old_code.is_empty() {
        let kept = |row: &Stated| same_day(&row.change) && row.change.new_code == *old_code;
        if old_code != new_code && list.iter().any(kept) {
            let text = format!("{old_code} 仍然保留，划出的部分请按街道（乡镇）逐行列出");
            return Some(line.defect("old_code", "division_kept", text));
        }
        match draft.division(old_code) {
            None if old_code.len() < 9 || old_name.is_empty() => {
                let text = format!("没有代码为 {old_code} 的区划；街道和村居还没有登记的，请同时填写原名称");
                return Some(line.defect("old_code", "division_unknown", text));
            }
            None => {}
            Some(old) if !old.valid_to.is_empty() && *old.valid_to != **day => {
                let text = format!("{} {} 已于 {} 撤销", old.code, old.name, old.valid_to);
                return Some(line.defect("old_code", "division_retired", text));
            }
            Some(old)
                if !old_name.is_empty() && *old.source_name != **old_name && *old.name != **old_name =>
            {
                let text = format!("区划 {} 的名称是“{}”，不是“{old_name}”，请核对代码", old.code, old.name);
                return Some(line.defect("old_name", "name_differs", text));
            }
            Some(_) => {}
        }
    }
    if new_code.is_empty() {
        return None;
    }
    let known = draft.division(new_code);
    if old_code == new_code {
        let same = known.is_some_and(|k| *k.source_name == **new_name || *k.name == **new_name);
        if new_name.is_empty() || same {
            return Some(line.defect(
                "new_name",
                "nothing_changes",
                "原代码和新代码相同时，请填写与原来不同的新名称",
            ));
        }
        return None;
    }
    match known {
        Some(new) if !new.valid_to.is_empty() => {
            let text = format!("代码 {new_code}（{}）已停用，不能再用", new.name);
            Some(line.defect("new_code", "division_reused", text))
        }
        Some(_) if old_code.is_empty() => {
            Some(line.defect("new_code", "division_exists", format!("区划 {new_code} 已经有了")))
        }
        Some(new) if !new_name.is_empty() && *new.source_name != **new_name && *new.name != **new_name => {
            let text = format!("区划 {new_code} 的名称是“{}”，不是“{new_name}”，请核对代码", new.name);
            Some(line.defect("new_name", "name_differs", text))
        }
        Some(_) => None,
        None if new_name.is_empty() => Some(line.defect("new_name", "required", "新设的区划要填写名称")),
        None => {
            let above = match new_code.len() {
                4 => 2,
                6 => 4,
                9 => 6,
                _ => 9,
            };
            let there = draft.division(&new_code[..above]).is_some()
                || list.iter().any(|row| row.change.new_code == new_code[..above]);
            let text = format!("没有上一级区划 {}，请先登记上一级", &new_code[..above]);
            (!there).then(|| line.defect("new_code", "division_unknown", text))
        }
    }
}
