//! 监督抽考: people of the business who look after food safety, examined at a visit.

use kit_base::Millis;
use kit_exam::{Mark, Question};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Posts of those who may be examined.
pub const POSTS: [(&str, &str); 4] = [
    ("director", "食品安全总监"),
    ("officer", "食品安全员"),
    ("head", "主要负责人"),
    ("other", "其他食品安全管理人员"),
];

/// What a post is called.
pub fn post_name(code: &str) -> &'static str {
    POSTS.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| name)
}

/// What was chosen of one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    pub question: String,
    /// Letters: `B`, `ACD`; empty: not answered, which is wrong.
    pub chosen: String,
}

/// Somebody who was examined, as the device hands it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Examined {
    /// Number of the paper in the pack, from 1.
    pub no: i64,
    /// Bank and version of the paper.
    pub bank: String,
    pub version: i64,
    /// director, officer, head, other
    pub post: String,
    /// Masked: `张*`. The whole name is kept nowhere.
    pub name: String,
    /// By the device, ms UTC.
    pub started_at: Millis,
    pub ended_at: Millis,
    pub answers: Vec<Chosen>,
    /// Hash of the person's signature; empty: not signed.
    #[serde(default)]
    pub file: String,
}

/// A paper that is ready to be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackPaper {
    pub no: i64,
    /// What it was drawn with: bank, version, stage and seed give the same paper again.
    pub seed: String,
    pub questions: Vec<Question>,
}

/// From how many points of a hundred somebody of a post passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostPass {
    pub post: String,
    pub name: String,
    pub pass: i64,
}

/// Papers for those who look after food safety there, drawn beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackExam {
    pub bank: String,
    pub version: i64,
    /// What the bank is called.
    pub name: String,
    pub posts: Vec<PostPass>,
    pub papers: Vec<PackPaper>,
}

/// A question that was asked, with what was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    #[serde(flatten)]
    pub question: Question,
    pub chosen: String,
    /// It was answered as it should be.
    pub fits: bool,
}

/// What came of an examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExamView {
    pub no: i64,
    pub post: String,
    pub post_name: String,
    /// Masked.
    pub name: String,
    pub bank: String,
    pub version: i64,
    pub stage: String,
    pub seed: String,
    #[serde(flatten)]
    pub mark: Mark,
    /// From how many points of a hundred it was passed.
    pub pass: i64,
    pub passed: bool,
    pub started_at: Millis,
    pub ended_at: Millis,
    /// Hash of the signature; empty none.
    pub file: String,
    /// The finding that it opened; empty none.
    pub finding: String,
    pub asked_of: Vec<Asked>,
}

impl ExamView {
    /// In one line, as paper and pages say it.
    pub fn line(&self) -> String {
        let result = if self.passed { "合格" } else { "不合格" };
        format!("{} {}：{} 分（{} 分合格），{result}", self.post_name, self.name, self.mark.score, self.pass)
    }
}
