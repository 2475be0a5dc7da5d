//! 监督抽考: which paper somebody gets, and what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use kit_base::text::mask_name;
use kit_base::{Error, Millis, Result};
use kit_exam::{Bank, Question, mark};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::record::CLOCK_OFF;
use crate::model::{Asked, ExamView, Examined, POSTS, PackPaper, Visit, built_in, post_name};

const RULES: &str = include_str!("../../../../data/inspection/exam-rules.csv");
const QUESTIONS: &str = include_str!("../../../../data/inspection/questions.csv");
/// Code of the bank that the program brings.
pub const OWN: &str = "own";

/// What the rows of data/inspection/exam-rules.csv say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Questions of a paper, and how many of them are of the kind of business.
    pub questions: usize,
    pub own: usize,
    /// People who may be examined at one visit.
    pub papers: i64,
    /// Points of a hundred.
    pub pass_director: i64,
    pub pass_officer: i64,
    /// Whether somebody who failed is a finding of the visit.
    pub finding: bool,
    pub severity: String,
    /// The rule that it breaks.
    pub rule: String,
}

#[derive(Deserialize)]
struct Row {
    code: String,
    value: String,
}

static ALL: LazyLock<Rules> = LazyLock::new(|| read().unwrap_or_default());
static BANK: LazyLock<Arc<Bank>> = LazyLock::new(|| Arc::new(own().unwrap_or_default()));

/// The rules; a test reads every value.
pub fn rules() -> &'static Rules {
    &ALL
}

/// The bank that the program brings; a test reads it.
pub fn bank() -> Arc<Bank> {
    BANK.clone()
}

fn own() -> Result<Bank> {
    Bank::read(OWN, "食品安全管理人员监督抽考题库", QUESTIONS)
}

fn read() -> Result<Rules> {
    let rows: std::result::Result<Vec<Row>, csv::Error> =
        csv::Reader::from_reader(RULES.as_bytes()).deserialize().collect();
    let of: BTreeMap<String, String> =
        rows.map_err(Error::internal)?.into_iter().map(|r| (r.code, r.value)).collect();
    let text = |code: &str| {
        of.get(code).cloned().ok_or_else(|| Error::internal(format!("exam-rules.csv has no {code}")))
    };
    let number = |code: &str| text(code)?.parse::<i64>().map_err(Error::internal);
    let size = |code: &str| number(code).and_then(|n| usize::try_from(n).map_err(Error::internal));
    Ok(Rules {
        questions: size("questions")?,
        own: size("own")?,
        papers: number("papers")?,
        pass_director: number("pass.director")?,
        pass_officer: number("pass.officer")?,
        finding: number("finding")? == 1,
        severity: text("finding.severity")?,
        rule: text("finding.rule")?,
    })
}

/// Points of a hundred from which somebody of a post passes.
pub fn pass(post: &str, rules: &Rules) -> i64 {
    if post == "director" { rules.pass_director } else { rules.pass_officer }
}

/// The questions that fit a kind of business: production, sale, catering.
pub fn stage(party_kind: &str) -> &'static str {
    match super::visit::checklist_for(party_kind, built_in()) {
        Some("production" | "special") => "production",
        Some("catering") => "catering",
        _ => "sale",
    }
}

/// What a paper of a visit is drawn with. Nobody chooses it: the code of the visit was made by the house before anybody went.
pub fn seed(visit_code: &str, no: i64) -> String {
    hex::encode(&Sha256::digest(format!("exam:{visit_code}:{no}"))[..16])
}

/// The paper of a visit.
pub fn paper(bank: &Bank, version: i64, visit: &Visit, no: i64, rules: &Rules) -> PackPaper {
    let seed = seed(&visit.code, no);
    let drawn = bank.draw(version, stage(&visit.party_kind), &seed, rules.own, rules.questions);
    PackPaper { no, questions: drawn.into_iter().cloned().collect(), seed }
}

/// What somebody who was examined is looked at with.
pub struct Against<'a> {
    pub visit: &'a Visit,
    pub bank: &'a Bank,
    /// Hashes of what was handed in for this visit.
    pub photos: &'a BTreeSet<String>,
    pub rules: &'a Rules,
    pub now: Millis,
}

/// Marks a paper. The field is its part.
///
/// Errors: `exam_no`, `post_unknown`, `name_whole`, `time_order`, `time_future`, `exam_version`, `exam_paper`, `exam_choice`, `photo_unknown`.
pub fn marked(exam: &Examined, against: &Against) -> Result<ExamView> {
    let wrong =
        |field: &str, code: &'static str, text: String| Err(Error::invalid(field.to_owned(), code, text));
    let rules = against.rules;
    if !(1..=rules.papers).contains(&exam.no) {
        return wrong("no", "exam_no", format!("一次检查最多抽考 {} 人", rules.papers));
    }
    if !POSTS.iter().any(|(code, _)| *code == exam.post) {
        return wrong("post", "post_unknown", "请选择被抽考人的职务".into());
    }
    if exam.name.is_empty() || mask_name(&exam.name) != exam.name {
        return wrong("name", "name_whole", "只记姓氏，写成“张*”的形式".into());
    }
    if exam.ended_at < exam.started_at || exam.started_at < 0 {
        return wrong("ended_at", "time_order", "结束时间不能早于开始时间".into());
    }
    if exam.ended_at > against.now + CLOCK_OFF {
        return wrong("ended_at", "time_future", "结束时间晚于现在，请检查设备的时钟".into());
    }
    if !exam.file.is_empty() && !against.photos.contains(&exam.file) {
        return wrong("file", "photo_unknown", "没有这份签名，请先上传".into());
    }
    if !(1..=against.bank.version()).contains(&exam.version) {
        return wrong("version", "exam_version", "没有这一版题库".into());
    }
    let paper = paper(against.bank, exam.version, against.visit, exam.no, rules);
    let asked = asked(exam, &paper.questions)?;
    let mark = mark(asked.iter().map(|a| (&a.question, a.chosen.as_str())));
    let pass = pass(&exam.post, rules);
    Ok(ExamView {
        no: exam.no,
        post: exam.post.clone(),
        post_name: post_name(&exam.post).to_owned(),
        name: exam.name.clone(),
        bank: exam.bank.clone(),
        version: exam.version,
        stage: stage(&against.visit.party_kind).to_owned(),
        seed: paper.seed,
        mark,
        pass,
        passed: mark.score >= pass,
        started_at: exam.started_at,
        ended_at: exam.ended_at,
        file: exam.file.clone(),
        finding: String::new(),
        asked_of: asked,
    })
}

/// The questions of the paper in their order, each with what was chosen: neither one more nor one less.
fn asked(exam: &Examined, drawn: &[Question]) -> Result<Vec<Asked>> {
    let other = || {
        let text = "题目与为这次检查抽取的不一致，请重新打开检查再抽考";
        Error::invalid("answers", "exam_paper", text)
    };
    let mut chosen: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, answer) in exam.answers.iter().enumerate() {
        let letters = answer.chosen.as_str();
        let question = drawn.iter().find(|q| q.code == answer.question).ok_or_else(other)?;
        let most = question.choices.len() as u8;
        if letters.len() > 4 || !letters.bytes().all(|l| (b'A'..b'A' + most).contains(&l)) {
            return Err(Error::invalid(format!("answers/{i}/chosen"), "exam_choice", "没有这个选项"));
        }
        chosen.insert(&answer.question, letters);
    }
    let complete = chosen.len() == exam.answers.len() && drawn.len() == chosen.len();
    if !complete || !drawn.iter().all(|q| chosen.contains_key(q.code.as_str())) {
        return Err(other());
    }
    let each = |q: &Question| {
        let chosen = chosen.get(q.code.as_str()).copied().unwrap_or_default().to_owned();
        let fits = mark(std::iter::once((q, chosen.as_str()))).right == 1;
        Asked { question: q.clone(), chosen, fits }
    };
    Ok(drawn.iter().map(each).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_read_whole() {
        let rules = read().unwrap();
        assert_eq!((rules.questions, rules.own, rules.papers), (10, 6, 5));
        assert_eq!((pass("director", &rules), pass("officer", &rules), pass("head", &rules)), (80, 60, 60));
        assert!(rules.finding && rules.rule.contains("第四十四条") && rules.severity == "general");
        let bank = own().unwrap();
        let of = |stage: &str| bank.of(bank.version(), stage).count();
        assert!(of("all") >= 20 && ["production", "sale", "catering"].iter().all(|s| of(s) >= rules.own));
        assert!(of("all") + of("production") + of("sale") + of("catering") >= 40);
        assert_eq!(
            (stage("restaurant"), stage("producer"), stage("shop")),
            ("catering", "production", "sale")
        );
    }

    #[test]
    fn every_visit_and_person_gets_another_paper() {
        let seeds: BTreeSet<String> = (1..=5).flat_map(|no| ["A", "B"].map(|code| seed(code, no))).collect();
        assert_eq!(seeds.len(), 10);
    }
}
