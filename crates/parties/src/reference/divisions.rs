//! Divisions by code, name and day: what they are called, what lies in them, and where places of codes that are no more lie now.

use super::{Division, FormerName, Reference};

impl Reference {
    /// Makes what is looked up by name, and where places of codes that are no more lie now.
    pub(crate) fn index(&mut self) {
        self.by_name.clear();
        for (i, division) in self.divisions.iter().enumerate() {
            self.by_name.entry(division.name.clone()).or_default().push(i as u32);
            if division.source_name != division.name {
                self.by_name.entry(division.source_name.clone()).or_default().push(i as u32);
            }
        }
        let ended = self.divisions.iter().filter(|d| !self.is_valid(d));
        let heirs: Vec<(String, Vec<String>)> =
            ended.map(|d| (d.code.clone().into_owned(), self.leaves(&d.code, 0))).collect();
        self.heirs = heirs;
    }

    /// The valid codes in whose place a code lies now; none where it ended without one.
    fn leaves(&self, code: &str, depth: u8) -> Vec<String> {
        let Some(division) = self.division(code) else { return Vec::new() };
        if self.is_valid(division) {
            return vec![code.to_owned()];
        }
        // a circle of codes is refused where lists come in; the data has none
        let next = division.successors.iter().filter(|s| depth < 16 && **s != code);
        let mut all: Vec<String> = next.flat_map(|s| self.leaves(s, depth + 1)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Whether a division is there today.
    pub fn is_valid(&self, division: &Division) -> bool {
        *division.valid_from <= *self.day && (division.valid_to.is_empty() || *self.day < *division.valid_to)
    }

    /// Where a place lies now: its own code while that is valid, else that of its one successor, over however many changes
    /// there were. `None` where it was divided among several and nothing says which, or ended without one.
    pub fn now(&self, code: &str) -> Option<String> {
        let mut at = code.to_owned();
        for _ in 0..16 {
            let deepest = [12, 9, 6, 4, 2].into_iter().filter_map(|n| at.get(..n));
            let ended = deepest.filter_map(|c| self.division(c)).find(|d| !self.is_valid(d));
            let Some(ended) = ended else { return Some(at) };
            let [successor] = ended.successors.as_slice() else { return None };
            at = self.carried(&at, ended, successor);
        }
        None
    }

    /// A code below a division that got another: the street of the same number and name where there is one, else only the
    /// successor, for its streets may be numbered anew.
    fn carried(&self, code: &str, ended: &Division, successor: &str) -> String {
        let moved = format!("{successor}{}", &code[ended.code.len()..]);
        let street = |code: &str| code.get(..9).and_then(|c| self.division(c));
        match (street(code), street(&moved)) {
            _ if moved == successor => moved,
            (Some(old), Some(new)) if self.is_valid(new) && old.name == new.name => moved,
            _ => successor.to_owned(),
        }
    }

    /// What belongs to the jurisdiction over a prefix beside what begins with it: codes that are no more and whose
    /// place lies within it now; and, where the prefix itself is no more, the code that took its whole place and
    /// nothing else.
    pub fn reach(&self, prefix: &str) -> Vec<String> {
        let mut more = Vec::new();
        if prefix.is_empty() {
            return more;
        }
        for (ended, now) in &self.heirs {
            if now.iter().any(|n| n.starts_with(prefix)) && !ended.starts_with(prefix) {
                more.push(ended.clone());
            }
        }
        let heir = self.now(prefix).filter(|now| now != prefix && now.len() == prefix.len());
        more.extend(heir.filter(|now| self.took_over(prefix, now)));
        more
    }

    /// Whether the division `now` lies in was set up in the place of the one `old` lies in, and of no other.
    fn took_over(&self, old: &str, now: &str) -> bool {
        let above = |code: &str| {
            [12, 9, 6, 4].into_iter().filter_map(|n| code.get(..n)).map(str::to_owned).collect::<Vec<_>>()
        };
        let ended = above(old).into_iter().filter_map(|c| self.division(&c)).find(|d| !self.is_valid(d));
        let Some(ended) = ended else { return false };
        let new = above(now)
            .into_iter()
            .filter_map(|c| self.division(&c))
            .find(|d| ended.successors.contains(&d.code));
        let Some(new) = new else { return false };
        let before = self.divisions.iter().filter(|d| d.successors.contains(&new.code)).count();
        before == 1 && !new.valid_from.is_empty() && new.valid_from == ended.valid_to
    }

    /// The codes that a division came after.
    pub fn predecessors(&self, code: &str) -> Vec<String> {
        let all = self.divisions.iter().filter(|d| d.successors.iter().any(|s| s == code));
        all.map(|d| d.code.clone().into_owned()).collect()
    }

    /// Names that a division had, oldest first.
    pub fn former_names(&self, code: &str) -> &[FormerName] {
        self.former.get(code).map_or(&[], Vec::as_slice)
    }

    /// The name of a division on a day (`2026-03-01`); that of today where it has had one only.
    pub fn name_on(&self, code: &str, day: &str) -> Option<&str> {
        let former = self.former_names(code).iter().find(|f| day < f.until.as_str());
        former.map(|f| f.name.as_str()).or_else(|| self.division(code).map(|d| &*d.name))
    }

    /// The division with exactly this code, retired ones included.
    pub fn division(&self, code: &str) -> Option<&Division> {
        let at = self.divisions.binary_search_by(|d| (*d.code).cmp(code)).ok()?;
        Some(&self.divisions[at])
    }

    /// The deepest known division that a code lies in: the street for a village's 12 digits.
    pub fn nearest(&self, code: &str) -> Option<&Division> {
        [9, 6, 4, 2].into_iter().filter_map(|n| code.get(..n)).find_map(|c| self.division(c))
    }

    /// What lies directly in a division: `""` gives the provinces. Without retired codes, and those that are not yet.
    pub fn children(&self, code: &str) -> Vec<&Division> {
        let deeper = match code.len() {
            0 => 2,
            2 => 4,
            4 => 6,
            6 => 9,
            _ => return Vec::new(),
        };
        let from = self.divisions.partition_point(|d| *d.code < *code);
        self.divisions[from..]
            .iter()
            .take_while(|d| d.code.starts_with(code))
            .filter(|d| d.code.len() == deeper && self.is_valid(d))
            .collect()
    }

    /// `河南省濮阳市华龙区`; what is not known of a code is left out, 市辖区 of municipalities too.
    pub fn full_name(&self, code: &str) -> String {
        self.full_name_on(code, &self.day)
    }

    /// [`Reference::full_name`] as it was on a day (`2026-03-01`): what a record of that day says.
    pub fn full_name_on(&self, code: &str, day: &str) -> String {
        let parts: Vec<&str> = [2, 4, 6, 9]
            .into_iter()
            .filter_map(|n| code.get(..n))
            .filter_map(|c| self.name_on(c, day))
            .filter(|n| !matches!(*n, "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划"))
            .collect();
        let mut out = String::new();
        for (i, part) in parts.iter().enumerate() {
            // 东莞市东莞市, 台湾省台湾省
            if i == 0 || parts[i - 1] != *part {
                out.push_str(part);
            }
        }
        out
    }

    /// The division that a text means: a code (6 to 12 digits, zeros at the end left out), a full name
    /// (`河南省濮阳市华龙区`, `河南濮阳华龙区`), or a name that only one division has. `None` where it is unknown or could be
    /// several.
    pub fn resolve(&self, text: &str) -> Option<String> {
        let text: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '/' | '-' | '>')).collect();
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return self.resolve_code(&text);
        }
        if let Some(found) = self.by_name.get(text.as_str()) {
            let valid: Vec<&str> = found
                .iter()
                .map(|i| &self.divisions[*i as usize])
                .filter(|d| self.is_valid(d))
                .map(|d| &*d.code)
                .collect();
            return match valid.as_slice() {
                [one] => Some((*one).to_owned()),
                // 东莞市 is city and county: the deeper one is meant
                [a, b] if b.starts_with(a) => Some((*b).to_owned()),
                _ => None,
            };
        }
        let (mut rest, mut within) = (text.as_str(), "");
        while !rest.is_empty() {
            let (next, length) = self.longest_in(within, rest)?;
            within = &next.code;
            rest = &rest[length..];
        }
        // 东莞市 has one county of its own name: the county is meant
        let own = self.division(within)?;
        let deeper = self.children(within).into_iter().find(|d| d.name == own.name);
        Some(deeper.unwrap_or(own).code.clone().into_owned())
    }

    fn resolve_code(&self, digits: &str) -> Option<String> {
        let code = match digits.len() {
            12 if digits.ends_with("000000") => &digits[..6],
            12 if digits.ends_with("000") => &digits[..9],
            6 if digits.ends_with("0000") => &digits[..2],
            6 if digits.ends_with("00") => &digits[..4],
            _ => digits,
        };
        let known = match code.len() {
            // villages are not in the list; their street must be
            12 => self.division(&code[..9]).is_some(),
            _ => self.division(code).is_some(),
        };
        known.then(|| code.to_owned())
    }

    /// The division inside `within` whose name the text begins with, and how much of the text that is. Streets only
    /// below a known county or city.
    fn longest_in(&self, within: &str, text: &str) -> Option<(&Division, usize)> {
        let from = self.divisions.partition_point(|d| *d.code < *within);
        self.divisions[from..]
            .iter()
            .take_while(|d| d.code.starts_with(within))
            .filter(|d| d.code != within && self.is_valid(d))
            .filter(|d| d.code.len() < 9 || within.len() >= 4)
            .filter_map(|d| Some((d, named(d, text)?)))
            .max_by_key(|(d, length)| (*length, std::cmp::Reverse(d.code.len())))
    }
}

/// How much of the text names the division: its whole name, or that of a province or city without 省, 市.
fn named(division: &Division, text: &str) -> Option<usize> {
    let whole = [&division.source_name, &division.name].into_iter().find(|name| text.starts_with(&***name));
    if let Some(name) = whole {
        return Some(name.len());
    }
    let short = division.name.strip_suffix(['省', '市'])?;
    (division.code.len() <= 4 && short.chars().count() >= 2 && text.starts_with(short)).then_some(short.len())
}
