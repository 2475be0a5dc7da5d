//! What came of a paper.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bank::Question;

/// What came of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Mark {
    /// Questions asked.
    pub asked: i64,
    /// Answered as they should be: all right choices and no other.
    pub right: i64,
    /// Of a hundred, rounded down.
    pub score: i64,
}

/// Marks a paper: each question with what was chosen; no answer is a wrong one. The order of the letters does not matter.
pub fn mark<'q>(answers: impl Iterator<Item = (&'q Question, &'q str)>) -> Mark {
    let (mut asked, mut right) = (0, 0);
    for (question, chosen) in answers {
        asked += 1;
        let mut letters: Vec<char> = chosen.trim().to_uppercase().chars().collect();
        letters.sort_unstable();
        letters.dedup();
        right += i64::from(letters.into_iter().collect::<String>() == question.right);
    }
    Mark { asked, right, score: if asked == 0 { 0 } else { right * 100 / asked } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Bank;

    #[test]
    fn only_all_right_choices_count() {
        let text = "code,since,until,stage,form,text,a,b,c,d,right,because,statute,certainty,source\n\
            X,1,,all,multi,题,甲,乙,丙,,AC,因,法,confirmed,文\n";
        let bank = Bank::read("own", "题库", text).unwrap();
        let q = bank.question("X").unwrap();
        for (chosen, right) in [("AC", 1), ("ca", 1), ("A", 0), ("ABC", 0), ("", 0), ("AAC", 1)] {
            assert_eq!(mark([(q, chosen)].into_iter()).right, right, "{chosen}");
        }
        assert_eq!(mark([(q, "AC"), (q, ""), (q, "B")].into_iter()), Mark { asked: 3, right: 1, score: 33 });
        assert_eq!(mark([].into_iter()), Mark { asked: 0, right: 0, score: 0 });
    }
}
