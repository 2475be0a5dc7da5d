//! Who goes: those with the fewest so far, by chance among equals.

use std::collections::BTreeSet;

use crate::stream::Stream;

/// The people of a pool and what keeps them from a place.
pub struct Crew<'a> {
    pub team: usize,
    pub officers: &'a [String],
    /// Prefix of areas where each may go; shorter than `officers`: everywhere.
    pub reach: &'a [String],
    /// 回避: officer and subject.
    pub avoid: &'a BTreeSet<(String, String)>,
    /// 轮换: officer and an area where they went last.
    pub went: &'a BTreeSet<(String, String)>,
}

impl Crew<'_> {
    /// The team of a place, and whether the rotation was set aside for it; nobody where too few may go.
    pub fn send(
        &self,
        (subject, area): (&str, &str),
        load: &mut [u32],
        stream: &mut Stream,
    ) -> (Vec<String>, bool) {
        let mut able = self.free(subject, area, true);
        let waived = able.len() < self.team;
        if waived {
            able = self.free(subject, area, false);
        }
        if able.len() < self.team {
            return (Vec::new(), waived);
        }
        let mut team = Vec::with_capacity(self.team);
        for _ in 0..self.team {
            let least = able.iter().map(|i| load[*i]).min().unwrap_or(0);
            let equal: Vec<usize> = able.iter().copied().filter(|i| load[*i] == least).collect();
            let chosen = equal[stream.place(equal.len())];
            load[chosen] += 1;
            able.retain(|i| *i != chosen);
            team.push(self.officers[chosen].clone());
        }
        (team, waived)
    }

    fn free(&self, subject: &str, area: &str, rotate: bool) -> Vec<usize> {
        let may = |i: &usize| {
            let officer = &self.officers[*i];
            let key = |place: &str| (officer.clone(), place.to_owned());
            let reaches = self.reach.get(*i).is_none_or(|r| area.starts_with(r.as_str()));
            reaches && !self.avoid.contains(&key(subject)) && (!rotate || !self.went.contains(&key(area)))
        };
        (0..self.officers.len()).filter(may).collect()
    }
}
