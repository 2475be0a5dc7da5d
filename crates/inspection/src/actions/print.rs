//! The record on paper: A4 as PDF, and a receipt for the pocket printer.

use kit_base::clock::{china_day, china_text};
use kit_base::{Error, PartialDate, Result};
use kit_db::Tx;
use kit_docs::pdf::{RecordItem, VisitRecord};

use super::look::pinned;
use crate::model::{Answered, Checklist, ExamView, Item, NewRecord, VisitView};
use crate::rules::escpos::Line;

/// What stands on paper, with the checklist beside it.
pub struct Paper {
    pub view: VisitView,
    pub list: Checklist,
    pub record: NewRecord,
}

/// Errors: `no_record` where none was handed in.
pub fn paper(tx: &mut Tx, view: VisitView) -> Result<Paper> {
    let record = view.record.as_ref().map(|r| r.record.clone());
    let none = || Error::conflict("no_record", "还没有提交检查记录，无法打印");
    let list = pinned(tx, &view.visit)?;
    Ok(Paper { record: record.ok_or_else(none)?, list, view })
}

fn conclusion(code: &str) -> &'static str {
    if code == "no_issue" { "未发现问题" } else { "发现问题" }
}

pub fn way(code: &str) -> &'static str {
    match code {
        "onsite_correct" => "当场改正",
        "rectify" => "责令限期改正",
        _ => "调查处理",
    }
}

fn severity(code: &str) -> &'static str {
    match code {
        "minor" => "轻微",
        "general" => "一般",
        _ => "严重",
    }
}

fn verdict(code: &str) -> &'static str {
    match code {
        "ok" => "符合",
        "bad" => "不符合",
        _ => "不适用",
    }
}

impl Paper {
    fn item(&self, code: &str) -> Option<&Item> {
        self.list.list.iter().find(|i| i.code == code)
    }

    fn counts(&self) -> (usize, usize, usize) {
        let of = |verdict: &str| self.record.answers.iter().filter(|a| a.verdict == verdict).count();
        (of("ok"), of("bad"), of("na"))
    }

    fn bad(&self) -> impl Iterator<Item = &Answered> {
        self.record.answers.iter().filter(|a| a.verdict == "bad")
    }

    fn handled(&self) -> String {
        let ways: Vec<&str> = self.view.visit.handling.iter().map(|h| way(h)).collect();
        if ways.is_empty() { "无".into() } else { ways.join("、") }
    }

    fn signed(&self) -> String {
        match (&self.record.signatures.business, &self.record.signatures.refusal) {
            (Some(b), _) if b.post.is_empty() => format!("{}（已签字）", b.name),
            (Some(b), _) => format!("{} {}（已签字）", b.name, b.post),
            (None, Some(r)) => format!("拒绝签字：{}；见证人 {}", r.reason, r.witness),
            (None, None) => String::new(),
        }
    }

    fn officers(&self) -> String {
        let signed = |user: &String| self.record.signatures.officers.iter().any(|s| s.user == *user);
        let names = self.view.visit.officers.iter().filter(|o| signed(&o.user)).map(|o| o.name.as_str());
        names.collect::<Vec<_>>().join("、")
    }

    /// The receipt.
    pub fn receipt(&self) -> Vec<Line> {
        let v = &self.view.visit;
        let pair = |name: &str, value: &str| Line::Pair(name.into(), value.into());
        let (ok, bad, na) = self.counts();
        let supervises = self.view.kind_of.supervises();
        let title = if supervises { "监督检查结果记录" } else { "现场核查记录" };
        let mut out = vec![Line::Title(title.into()), Line::Middle(v.record_no.clone())];
        if v.simulated {
            out.push(Line::Middle("【模拟数据】".into()));
        }
        out.extend([
            Line::Rule,
            pair("被检查单位", &v.name),
            pair("地址", &v.address),
            pair("检查类型", &v.kind_name),
            pair("检查时间", &china_text(self.record.ended_at)),
            pair(
                "检查依据",
                &format!("{}（第 {} 版）", self.view.checklist_name, self.view.checklist_version),
            ),
            pair("检查项目", &format!("符合 {ok} 项，不符合 {bad} 项，不适用 {na} 项")),
            pair("结论", conclusion(&v.conclusion)),
            pair("处理", &self.handled()),
        ]);
        out.extend(self.view.exams.iter().map(|e| pair("监督抽考", &e.line())));
        out.push(Line::Rule);
        for (no, answer) in self.bad().enumerate() {
            let item = self.item(&answer.item);
            let mark = if item.is_some_and(|i| i.important) { "*" } else { "" };
            let text = item.map_or("", |i| i.text.as_str());
            out.push(Line::Bold(format!("{}. {}{mark} {}", no + 1, answer.item, severity(&answer.severity))));
            out.push(Line::Text(text.into()));
            out.push(pair("情况", &answer.note));
            let found = self.view.findings.iter().find(|f| f.item == answer.item);
            if let Some(f) = found {
                out.push(pair("编号", &f.number));
                out.extend(f.due_at.map(|at| pair("整改期限", &china_day(at - 1).to_string())));
            }
        }
        if bad > 0 {
            out.push(Line::Rule);
        }
        if !self.record.opinion.trim().is_empty() {
            out.push(pair("检查意见", self.record.opinion.trim()));
        }
        out.extend([
            pair("检查人员", &self.officers()),
            pair("被检查单位", &self.signed()),
            Line::Gap,
            Line::Code(self.view.answer_url.clone()),
        ]);
        out.extend(match supervises {
            true => [
                Line::Middle("扫码查看结果、提交整改、陈述意见".into()),
                Line::Middle("请将本记录公示至下次检查".into()),
            ],
            false => [Line::Middle("扫码查看本次核查".into()), Line::Middle("许可决定作出后另行告知".into())],
        });
        out
    }

    /// The A4 form.
    pub fn form(&self, bureau: &str) -> Result<VisitRecord> {
        let v = &self.view.visit;
        let (ok, bad, na) = self.counts();
        let day = china_day(self.record.ended_at);
        let item = |a: &Answered| {
            let item = self.item(&a.item);
            RecordItem {
                code: a.item.clone(),
                section: item.map(|i| i.section.clone()).unwrap_or_default(),
                important: item.is_some_and(|i| i.important),
                text: item.map(|i| i.text.clone()).unwrap_or_default(),
                verdict: verdict(&a.verdict).to_owned(),
                note: self.noted(a),
            }
        };
        let [title, scan, note] = match self.view.kind_of.supervises() {
            true => [
                "监督检查结果记录表",
                "扫码查看结果、提交整改、陈述意见",
                "本表应在经营场所公示至下次检查；撤除、涂改的，依照《食品生产经营监督检查管理办法》处理。",
            ],
            false => {
                ["现场核查记录表", "扫码查看本次核查", "本表为许可审查的材料之一，许可决定作出后另行告知。"]
            }
        };
        let mut lines = vec![
            ("被检查单位".into(), v.name.clone()),
            ("地址".into(), v.address.clone()),
            ("检查类型".into(), v.kind_name.clone()),
            (
                "检查时间".into(),
                format!("{} 至 {}", china_text(self.record.started_at), china_text(self.record.ended_at)),
            ),
            (
                "检查依据".into(),
                format!(
                    "{}（第 {} 版，{}）",
                    self.list.head.name, self.list.head.version, self.list.head.source
                ),
            ),
            ("检查项目".into(), format!("符合 {ok} 项，不符合 {bad} 项，不适用 {na} 项")),
        ];
        if !self.view.exams.is_empty() {
            let each: Vec<String> = self.view.exams.iter().map(ExamView::line).collect();
            lines.push(("监督抽考".into(), each.join("；")));
        }
        lines.extend([
            ("结论".into(), conclusion(&v.conclusion).into()),
            ("处理".into(), self.handled()),
            ("检查意见".into(), self.record.opinion.trim().to_owned()),
        ]);
        Ok(VisitRecord {
            title: title.to_owned(),
            scan: scan.to_owned(),
            note: note.to_owned(),
            bureau: bureau.to_owned(),
            number: v.record_no.clone(),
            date: day.to_string().parse::<PartialDate>().map_err(Error::internal)?,
            lines,
            items: self.record.answers.iter().map(item).collect(),
            officers: self.officers(),
            business: self.signed(),
            url: self.view.answer_url.clone(),
            simulated: v.simulated,
        })
    }

    fn noted(&self, a: &Answered) -> String {
        let found = self.view.findings.iter().find(|f| f.item == a.item && a.verdict == "bad");
        let Some(f) = found else { return a.note.clone() };
        let due = f.due_at.map(|at| format!("，{} 前整改", china_day(at - 1))).unwrap_or_default();
        format!("{}（{}，{}{due}）", a.note, severity(&a.severity), f.number)
    }
}
