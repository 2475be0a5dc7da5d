//! How far a text is from a word with typing errors in it.

use memchr::memmem::Finder;

/// How many errors a word may have, and the parts of which at least one stands unharmed in whatever is that near.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub errors: usize,
    pub parts: Vec<String>,
}

/// The pairs of neighbours in a word, and how many of them stand in whatever is that near: an error harms at most three.
pub struct Pairs {
    pairs: Vec<Finder<'static>>,
    least: usize,
}

impl Pairs {
    pub fn of(word: &[char], errors: usize) -> Self {
        let pairs: Vec<_> =
            word.windows(2).map(|pair| Finder::new(&pair.iter().collect::<String>()).into_owned()).collect();
        let least = pairs.len().saturating_sub(3 * errors);
        Self { pairs, least }
    }

    /// Whether enough of them stand in a row of bytes: much quicker to tell than how near it is.
    pub fn enough_in(&self, record: &[u8]) -> bool {
        let mut missing = self.pairs.len() - self.least;
        for pair in &self.pairs {
            if pair.find(record).is_none() {
                if missing == 0 {
                    return false;
                }
                missing -= 1;
            }
        }
        true
    }
}

/// The plan for a word; `None` where it is too short for a guess.
///
/// An error (a wrong, missing or needless character, or two swapped) harms at most two neighbouring parts, so that
/// `2 × errors + 1` parts are enough. Parts of two characters narrow Chinese down, letters and digits need three.
pub fn plan(word: &str) -> Option<Plan> {
    let chars: Vec<char> = word.chars().collect();
    let part = if word.is_ascii() { 3 } else { 2 };
    let errors = match chars.len() / part {
        5.. => 2,
        3.. => 1,
        _ => return None,
    };
    let count = 2 * errors + 1;
    let parts = (0..count)
        .map(|i| (i * chars.len() / count, (i + 1) * chars.len() / count))
        .map(|(from, to)| chars[from..to].iter().collect())
        .collect();
    Some(Plan { errors, parts })
}

/// The fewest errors between the word and any stretch of the text, if at most `most`.
///
/// Wrong, missing and needless characters and swapped neighbours count one each (optimal string alignment; the stretch
/// begins and ends anywhere, after Sellers 1980).
pub fn errors_within(word: &[char], text: &[char], most: usize) -> Option<usize> {
    let m = word.len();
    // the rows of the text's last but one, last and present character
    let mut before = vec![0; m + 1];
    let mut last: Vec<usize> = (0..=m).collect();
    let mut row = vec![0; m + 1];
    let mut best = last[m];
    for (j, &c) in text.iter().enumerate() {
        row[0] = 0;
        for i in 1..=m {
            let wrong = usize::from(word[i - 1] != c);
            let mut cost = (last[i - 1] + wrong).min(last[i] + 1).min(row[i - 1] + 1);
            if i > 1 && j > 0 && word[i - 1] == text[j - 1] && word[i - 2] == c {
                cost = cost.min(before[i - 2] + 1);
            }
            row[i] = cost;
        }
        best = best.min(row[m]);
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    (best <= most).then_some(best)
}
