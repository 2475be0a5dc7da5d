//! Marks as the fold of their log.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Defect, Result};

use crate::model::{MarkChange, MarkEntry, MarkGroup, Marks};
use crate::network::{Mark, Network, refuse, weight_is_valid};

/// Most marks a case may carry.
pub const MOST: usize = 50_000;

/// What a network file brings with it.
pub fn of_network(network: &Network) -> Marks {
    let set = |mark: &Mark| *mark != Mark::default();
    let stations = network.stations.iter().filter(|s| set(&s.mark)).map(|s| (s.id.clone(), s.mark));
    let deliveries = network.deliveries.iter().filter(|d| set(&d.mark)).map(|d| (d.id.clone(), d.mark));
    let group = |g: &crate::network::Group| MarkGroup {
        id: g.id.clone(),
        name: String::new(),
        stations: g.stations.clone(),
    };
    Marks {
        stations: stations.collect(),
        deliveries: deliveries.collect(),
        groups: network.groups.iter().map(group).collect(),
        enforce_temporal_order: network.enforce_temporal_order,
    }
}

/// The marks after a log, from what stood at the beginning.
pub fn fold(start: Marks, log: &[MarkEntry]) -> Marks {
    let withdrawn: BTreeSet<i64> = log.iter().filter_map(|entry| entry.withdraws).collect();
    let holds = log.iter().filter(|entry| entry.withdraws.is_none() && !withdrawn.contains(&entry.no));
    holds.fold(start, |marks, entry| apply(marks, &entry.change))
}

/// The entry that a withdrawal now would take back; none where nothing is left.
pub fn last_held(log: &[MarkEntry]) -> Option<i64> {
    let withdrawn: BTreeSet<i64> = log.iter().filter_map(|entry| entry.withdraws).collect();
    log.iter().rev().find(|e| e.withdraws.is_none() && !withdrawn.contains(&e.no)).map(|e| e.no)
}

fn apply(mut marks: Marks, change: &MarkChange) -> Marks {
    for (list, changes) in
        [(&mut marks.stations, &change.stations), (&mut marks.deliveries, &change.deliveries)]
    {
        for (id, mark) in changes {
            match mark {
                Some(mark) => list.insert(id.clone(), *mark),
                None => list.remove(id),
            };
        }
    }
    if let Some(groups) = &change.groups {
        marks.groups = groups.clone();
    }
    if let Some(flag) = change.enforce_temporal_order {
        marks.enforce_temporal_order = flag;
    }
    marks
}

/// What leads from one state of the marks to another; `None` where they are the same.
pub fn difference(old: &Marks, new: &Marks) -> Option<MarkChange> {
    let list = |old: &BTreeMap<String, Mark>, new: &BTreeMap<String, Mark>| {
        let gone = old.keys().filter(|id| !new.contains_key(*id)).map(|id| (id.clone(), None));
        let set = new.iter().filter(|(id, mark)| old.get(*id) != Some(*mark));
        gone.chain(set.map(|(id, mark)| (id.clone(), Some(*mark)))).collect::<BTreeMap<_, _>>()
    };
    let timed = new.enforce_temporal_order;
    let change = MarkChange {
        stations: list(&old.stations, &new.stations),
        deliveries: list(&old.deliveries, &new.deliveries),
        groups: (old.groups != new.groups).then(|| new.groups.clone()),
        enforce_temporal_order: (old.enforce_temporal_order != timed).then_some(timed),
    };
    (change != MarkChange::default()).then_some(change)
}

/// Refuses marks that could not be kept: too many, or weights that are no numbers. Ids are checked when scores are made.
///
/// Errors: `marks_too_many`, `weight_invalid`, `group_overlap`.
pub fn check(marks: &Marks) -> Result<()> {
    let mut defects = Vec::new();
    let mut tell = |place: String, code: &'static str, message: String| {
        defects.push(Defect { place, code: code.into(), message });
    };
    let grouped: usize = marks.groups.iter().map(|g| g.stations.len()).sum();
    if marks.stations.len() + marks.deliveries.len() + grouped > MOST {
        tell("marks".into(), "marks_too_many", format!("标记最多 {MOST} 个"));
    }
    for (list, name) in [(&marks.stations, "stations"), (&marks.deliveries, "deliveries")] {
        for (id, _) in list.iter().filter(|(_, mark)| !weight_is_valid(mark.weight)) {
            tell(format!("{name}/{id}/weight"), "weight_invalid", format!("“{id}”的权重不是有效数字"));
        }
    }
    let mut member = BTreeSet::new();
    for (i, group) in marks.groups.iter().enumerate() {
        for id in group.stations.iter().filter(|id| !member.insert(id.as_str())) {
            tell(format!("groups/{i}"), "group_overlap", format!("站点“{id}”属于两个分组"));
        }
    }
    refuse(defects)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weigh(id: &str, weight: f64) -> MarkChange {
        let mark = (weight != 0.0).then_some(Mark { weight, ..Mark::default() });
        MarkChange { stations: [(id.to_owned(), mark)].into(), ..MarkChange::default() }
    }

    fn entry(no: i64, change: MarkChange, withdraws: Option<i64>) -> MarkEntry {
        MarkEntry { no, at: 0, by: String::new(), change, withdraws }
    }

    #[test]
    fn a_withdrawal_leaves_the_log_and_takes_the_change_back() {
        let log = [
            entry(1, weigh("a", 1.0), None),
            entry(2, weigh("a", 2.0), None),
            entry(3, MarkChange::default(), Some(2)),
            entry(4, weigh("b", -1.0), None),
            entry(5, MarkChange::default(), Some(4)),
        ];
        let weights = |n: usize| {
            let marks = fold(Marks::default(), &log[..n]);
            marks.stations.iter().map(|(id, m)| format!("{id}{}", m.weight)).collect::<Vec<_>>().join(" ")
        };
        let states: Vec<String> = (0..=5).map(weights).collect();
        assert_eq!(states, ["", "a1", "a2", "a1", "a1 b-1", "a1"]);
        assert_eq!((last_held(&log), last_held(&log[..2]), last_held(&[])), (Some(1), Some(2), None));
    }

    #[test]
    fn the_difference_leads_from_one_state_to_the_other() {
        let mark = |weight: f64| Mark { weight, ..Mark::default() };
        let old = Marks {
            stations: [("a".to_owned(), mark(1.0)), ("b".to_owned(), mark(1.0))].into(),
            ..Marks::default()
        };
        let new = Marks {
            stations: [("b".to_owned(), mark(2.0)), ("c".to_owned(), mark(1.0))].into(),
            enforce_temporal_order: true,
            groups: vec![MarkGroup { id: "g".into(), name: "一组".into(), stations: vec!["a".into()] }],
            ..Marks::default()
        };
        let change = difference(&old, &new).unwrap();
        assert_eq!(change.stations.len(), 3);
        assert_eq!(apply(old, &change), new);
        assert_eq!(difference(&new, &new), None);
    }

    #[test]
    fn marks_that_mean_nothing_are_refused() {
        let mut marks = Marks::default();
        marks.stations.insert("a".into(), Mark { weight: f64::NAN, ..Mark::default() });
        assert_eq!(check(&marks).unwrap_err().code, "weight_invalid");
        let group = |id: &str| MarkGroup { id: id.into(), name: String::new(), stations: vec!["a".into()] };
        let marks = Marks { groups: vec![group("g"), group("h")], ..Marks::default() };
        assert_eq!(check(&marks).unwrap_err().code, "group_overlap");
    }
}
