//! The twin: who did what and who had what, held against one another.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::Millis;
use sampling::model::Hand;

use super::flow::Flow;

/// What the twin writes down.
#[derive(Default)]
pub struct Twin {
    /// Action and user, in order.
    pub did: Vec<(String, String)>,
    /// Of each part: from when, whose hands, in order.
    pub held: BTreeMap<&'static str, Vec<(Millis, String)>>,
}

impl Flow<'_> {
    /// What the twin makes of it: nothing here comes from the definition, nor from the rules.
    pub fn faults(&self) -> Vec<String> {
        let mut out = Vec::new();
        let role = |action: &str| match action {
            "take" | "seal" => "sampler",
            "enter" => "analyst",
            "verify" => "verifier",
            "check" => "checker",
            "issue_pass" | "issue_monitor" | "issue_fail" | "issue_grave" => "issuer",
            "recheck_enter" => "second analyst",
            "recheck_verify" => "second verifier",
            "recheck_upheld" | "recheck_overturned" => "second issuer",
            _ => "",
        };
        let mut roles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (action, user) in &self.twin.did {
            if !role(action).is_empty() {
                roles.entry(user).or_default().insert(role(action));
            }
        }
        for (user, held) in roles.iter().filter(|(_, held)| held.len() > 1) {
            out.push(format!("{user} is {held:?}"));
        }
        let by = |action: &str| {
            self.twin
                .did
                .iter()
                .filter(move |(a, _)| a == action)
                .map(|(_, u)| u.as_str())
                .collect::<Vec<_>>()
        };
        if by("take").iter().any(|u| by("seal").contains(u)) {
            out.push("one person took and sealed".into());
        }
        let house =
            |user: &str| self.ground.people.iter().find(|p| p.signer.user == user).map(|p| &p.signer.house);
        if self.mode != "inner"
            && by("take").iter().chain(&by("seal")).any(|u| house(u).is_some_and(|h| h == "lab-1"))
        {
            out.push("a sampler of the laboratory".into());
        }
        let at = |wanted: &str| self.twin.did.iter().position(|(a, _)| role(a) == wanted);
        if self.mode == "quality"
            && at("issuer").is_some()
            && at("checker").is_none_or(|c| Some(c) > at("issuer"))
        {
            out.push("issued before it was checked".into());
        }
        for (part, hands) in &self.hands {
            self.custody_faults(part, hands, &mut out);
        }
        out
    }

    fn custody_faults(&self, part: &str, hands: &[Hand], out: &mut Vec<String>) {
        let told = self.twin.held.get(part).map_or(&[][..], Vec::as_slice);
        let Some((sealed, _)) = told.first() else { return };
        // at every moment that matters exactly one has it, and it is the one that the twin wrote down
        let moments = told.iter().flat_map(|(t, _)| [*t - 1, *t, *t + 1]).chain([self.now]);
        for at in moments.filter(|t| t >= sealed) {
            let having: Vec<&str> = hands
                .iter()
                .filter(|h| h.from_at <= at && h.until_at.is_none_or(|until| at < until))
                .map(|h| h.holder.as_str())
                .collect();
            let right = told.iter().rfind(|(t, _)| *t <= at).map(|(_, holder)| holder.as_str());
            if having.len() != 1 || having.first().copied() != right {
                out.push(format!("{part} at {at}: {having:?}, the twin says {right:?}"));
            }
        }
        for pair in hands.windows(2) {
            let giver = self.ground.people.iter().find(|p| p.signer.user == pair[1].giver);
            if giver.is_none_or(|g| g.signer.house != pair[0].holder) || pair[1].giver == pair[1].person {
                out.push(format!("{part}: handed over by {}, held by {}", pair[1].giver, pair[0].holder));
            }
        }
    }
}
