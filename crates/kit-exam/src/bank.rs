//! A bank of questions, and papers drawn from it.

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 判断
    Judge,
    /// 单选
    Single,
    /// 多选
    Multi,
}

/// A question with what is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    pub code: String,
    pub form: Form,
    pub text: String,
    /// What may be chosen: the first is A.
    pub choices: Vec<String>,
    /// Letters in their order: `B`, `ABC`.
    pub right: String,
    /// Why, in a sentence.
    pub because: String,
    pub statute: String,
    /// confirmed: read in the text or told by an official page; unconfirmed: general knowledge.
    pub certainty: String,
    /// Kinds of business it is for: all, production, sale, catering.
    #[serde(skip)]
    stage: String,
    #[serde(skip)]
    since: i64,
    #[serde(skip)]
    until: Option<i64>,
}

#[derive(Deserialize)]
struct Row {
    code: String,
    since: i64,
    until: Option<i64>,
    stage: String,
    form: Form,
    text: String,
    a: String,
    b: String,
    c: String,
    d: String,
    right: String,
    because: String,
    statute: String,
    certainty: String,
}

/// A bank with all of its versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bank {
    pub code: String,
    pub name: String,
    all: Vec<Question>,
}

impl Bank {
    /// Reads the rows of a file: `code,since,until,stage,form,text,a,b,c,d,right,because,statute,certainty,source`.
    ///
    /// Errors: `internal` with the row that is wrong.
    pub fn read(code: &str, name: &str, csv: &str) -> Result<Self> {
        let mut all: Vec<Question> = Vec::new();
        for row in csv::Reader::from_reader(csv.as_bytes()).deserialize() {
            let question = question(row.map_err(Error::internal)?)?;
            if all.iter().any(|q| q.code == question.code) {
                return Err(Error::internal(format!("question {} stands twice", question.code)));
            }
            all.push(question);
        }
        Ok(Self { code: code.to_owned(), name: name.to_owned(), all })
    }

    /// The newest version: the last with which a question came or left.
    pub fn version(&self) -> i64 {
        self.all.iter().flat_map(|q| [Some(q.since), q.until]).flatten().max().unwrap_or(0)
    }

    pub fn question(&self, code: &str) -> Option<&Question> {
        self.all.iter().find(|q| q.code == code)
    }

    /// Questions of a version and stage.
    pub fn of(&self, version: i64, stage: &str) -> impl Iterator<Item = &Question> {
        self.all
            .iter()
            .filter(move |q| q.since <= version && q.until.is_none_or(|until| version < until))
            .filter(move |q| q.stage == stage)
    }

    /// A paper of `count` questions: `own` of the stage, the others of those that are for all; of each kind the first by
    /// SHA-256 of `SEED:CODE`, in that order. Where a kind has too few the other fills up.
    pub fn draw(&self, version: i64, stage: &str, seed: &str, own: usize, count: usize) -> Vec<&Question> {
        let sorted = |stage: &str| {
            let mut pool: Vec<(String, &Question)> =
                self.of(version, stage).map(|q| (place(seed, &q.code), q)).collect();
            pool.sort_by(|a, b| a.0.cmp(&b.0));
            pool.into_iter().map(|(_, q)| q).collect::<Vec<&Question>>()
        };
        let (special, common) = (sorted(stage), if stage == ALL { Vec::new() } else { sorted(ALL) });
        let common_first = common.len().min(count.saturating_sub(own.min(special.len())));
        let mut out: Vec<&Question> = special.into_iter().take(count - common_first).collect();
        out.extend(common.into_iter().take(common_first));
        out
    }
}

/// The stage of questions that are for every kind of business.
pub const ALL: &str = "all";

fn place(seed: &str, code: &str) -> String {
    hex::encode(Sha256::digest(format!("{seed}:{code}")))
}

fn question(row: Row) -> Result<Question> {
    let wrong = |what: &str| Error::internal(format!("question {}: {what}", row.code));
    let choices: Vec<String> =
        [&row.a, &row.b, &row.c, &row.d].into_iter().filter(|c| !c.is_empty()).cloned().collect();
    let letters: Vec<u8> = row.right.bytes().collect();
    let known = letters.iter().all(|l| (b'A'..b'A' + choices.len() as u8).contains(l));
    let sorted = letters.windows(2).all(|w| w[0] < w[1]);
    let fits = match row.form {
        Form::Judge => choices.len() == 2 && letters.len() == 1,
        Form::Single => choices.len() >= 2 && letters.len() == 1,
        Form::Multi => letters.len() >= 2,
    };
    if !known || !sorted || !fits {
        return Err(wrong("the right answer does not fit its choices"));
    }
    if [&row.text, &row.because, &row.statute].into_iter().any(|t| t.trim().is_empty()) {
        return Err(wrong("text, reason or statute is missing"));
    }
    Ok(Question {
        form: row.form,
        choices,
        right: row.right,
        text: row.text,
        because: row.because,
        statute: row.statute,
        certainty: row.certainty,
        stage: row.stage,
        since: row.since,
        until: row.until,
        code: row.code,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "code,since,until,stage,form,text,a,b,c,d,right,because,statute,certainty,source\n";

    fn bank() -> Bank {
        let mut text = HEAD.to_owned();
        for i in 0..8 {
            text += &format!(
                "A{i},1,{},all,judge,题,对,错,,,A,因,法,confirmed,文\n",
                if i == 0 { "2" } else { "" }
            );
        }
        text += "A9,2,,all,judge,题,对,错,,,B,因,法,confirmed,文\n";
        for i in 0..4 {
            text += &format!("S{i},1,,sale,multi,题,甲,乙,丙,,AC,因,法,confirmed,文\n");
        }
        Bank::read("own", "题库", &text).unwrap()
    }

    #[test]
    fn the_same_seed_draws_the_same_paper_of_the_same_version() {
        let bank = bank();
        assert_eq!(bank.version(), 2);
        let codes = |version, seed: &str, own, count| {
            bank.draw(version, "sale", seed, own, count)
                .iter()
                .map(|q| q.code.clone())
                .collect::<Vec<String>>()
        };
        assert_eq!(codes(1, "s", 3, 6), codes(1, "s", 3, 6));
        let seeds: std::collections::BTreeSet<_> =
            (0..40).map(|i| codes(1, &format!("s{i}"), 3, 6)).collect();
        assert!(seeds.len() > 30, "papers differ by their seed");
        for i in 0..40 {
            let of = codes(2, &format!("s{i}"), 3, 6);
            assert_eq!(of.iter().filter(|c| c.starts_with('S')).count(), 3, "{of:?}");
            assert!(!of.contains(&"A0".to_owned()), "what left with version 2 is not asked in it: {of:?}");
            assert!(!codes(1, &format!("s{i}"), 3, 6).contains(&"A9".to_owned()));
        }
        // too few of one kind: the other fills up
        assert_eq!(codes(1, "s", 6, 10).iter().filter(|c| c.starts_with('S')).count(), 4);
        assert_eq!(codes(1, "s", 0, 12).len(), 12);
        assert_eq!(codes(1, "s", 9, 99).len(), 12, "no more than there are");
    }

    #[test]
    fn a_row_that_cannot_be_answered_is_told() {
        for row in [
            "X,1,,all,judge,题,对,错,,,C,因,法,confirmed,文",
            "X,1,,all,single,题,对,错,,,AB,因,法,confirmed,文",
            "X,1,,all,multi,题,甲,乙,,,BA,因,法,confirmed,文",
            "X,1,,all,judge,题,对,错,,,A,因,,confirmed,文",
            "X,1,,all,essay,题,对,错,,,A,因,法,confirmed,文",
        ] {
            assert!(Bank::read("own", "题库", &format!("{HEAD}{row}\n")).is_err(), "{row}");
        }
        let twice = "X,1,,all,judge,题,对,错,,,A,因,法,confirmed,文\n";
        assert!(Bank::read("own", "题库", &format!("{HEAD}{twice}{twice}")).is_err());
    }
}
