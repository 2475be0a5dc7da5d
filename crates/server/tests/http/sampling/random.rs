//! Random people do random things to real samples, over HTTP and in the database, in each of the three modes; a twin that reads only the
//! rows says who did what and who had what.
//!
//! `SHIAN_SAMPLE_REAL=200` for that many in each mode; 2 otherwise. Millions without a database: crates/sampling/tests/flows.

use std::collections::{BTreeMap, BTreeSet};

use kit_db::{Sql, params};
use kit_test::Client;
use serde_json::{Value, json};

use super::recheck::{Other, apply, other, result};
use super::{Bench, bench, photos, sheet, task};
use crate::findings::sound;
use crate::world::{World, each};

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// What a status asks for, so that flows come far; by number of [`wish`].
fn usual(status: &str) -> &'static [usize] {
    match status {
        "planned" => &[1],
        "taken" => &[2, 3, 5],
        "testing" => &[4, 7, 9, 11, 12, 13],
        "failed" => &[16, 17],
        "served" => &[18],
        "recheck" => &[2, 4, 6, 7, 9, 11, 13, 15, 19],
        _ => &[],
    }
}

/// One thing that somebody tries; refusals are answers, a fault of the server is none. Three of four are what the status asks for,
/// and half of those by somebody of the house whose work it is; the rest is anything by anybody.
async fn wish(chance: &mut Chance, w: &World, b: &Bench, o: &Other, s: (&str, &str, &str), status: &str) {
    let (id, blind, seal) = s;
    let people: [&Client; 9] =
        [&b.officer, &b.second, &b.leader, &b.clerk, &b.clerk2, &b.head, &o.clerk, &o.second, &o.head];
    let usual = usual(status);
    let what = match chance.below(4) {
        0 => chance.below(20),
        _ if usual.is_empty() => chance.below(20),
        _ => *chance.of(usual),
    };
    let house = match what {
        4..=11 | 13 | 14 => 3 + 3 * usize::from(status == "recheck" && what != 4),
        _ => 0,
    };
    let by = people[if chance.below(2) == 0 { house + chance.below(3) } else { chance.below(people.len()) }];
    let (sample, assay) = (format!("/api/samples/{id}"), format!("/api/assays/{blind}"));
    let value = ["0.4", "1.6", "1.6"][chance.below(3)];
    let part = ["test", "spare"][chance.below(2)];
    let receiver = [&w.shop, &w.farm][chance.below(2)];
    let (path, body): (String, Value) = match what {
        0 => (format!("{sample}/sheet"), sheet(&b.code, seal)),
        1 => (format!("{sample}/seal"), json!({})),
        2 | 3 => (format!("{sample}/offers"), json!({ "part": part, "receiver": receiver })),
        4 => (format!("{assay}/offers"), json!({ "part": part, "receiver": receiver })),
        5 => (format!("{assay}/accept"), json!({ "seal_whole": true })),
        6 => (format!("{assay}/receive"), json!({ "seal_whole": true })),
        7 | 8 => {
            // with both of its parts the sum can be judged
            let found = [result("苯甲酸", &format!("{value} g/kg")), result("山梨酸", "0.2 g/kg")];
            (format!("{assay}/results"), json!({ "items": found }))
        }
        9 | 10 => (format!("{assay}/verify"), json!({})),
        11 => (format!("{assay}/back"), json!({ "reason": "平行样" })),
        12 => (format!("{sample}/check"), json!({})),
        13 | 14 => (format!("{assay}/issue"), json!({})),
        15 if status == "recheck" && chance.below(2) == 0 => {
            crate::ledger::signed(&w.house).await;
            (format!("{sample}/draw/run"), json!({}))
        }
        15 => (format!("{sample}/draw"), json!({})),
        n => {
            let acts = [
                json!({ "action": "tell", "form": { "told_to": "县局" } }),
                json!({ "action": "serve", "form": { "receiver": "王某", "served_on": "2026-03-03" } }),
                apply("apply", &["苯甲酸", "防腐剂比例之和"]),
                json!({ "action": "admit" }),
            ];
            (format!("/api/cases/{id}/acts"), acts[n % 4].clone())
        }
    };
    let reply = by.post(&path, &body).await;
    assert!(reply.status.as_u16() < 500, "{path} {body}: {}", reply.text());
    w.house.clock.advance(chance.below(3) as i64 * 1_000);
}

const STATUS: Sql = Sql::One("SELECT status FROM samples WHERE id = $1");

async fn status_of(w: &World, id: &str) -> String {
    let case = id.to_owned();
    w.house.db.read(move |tx| tx.one::<String>(STATUS, params![&case])).await.unwrap().unwrap()
}

const LOG: Sql = Sql::One("SELECT action, user_id FROM flow_log WHERE case_id = $1 ORDER BY seq");
const HANDS: Sql = Sql::One(
    "SELECT part, no, holder, person, giver, from_at, until_at FROM sample_hands WHERE sample = $1 ORDER BY part, no",
);

type HandRow = (String, i64, String, String, String, i64, Option<i64>);

/// What the rows say against each other; nothing of the definition is known here.
async fn faults(w: &World, id: &str, mode: &str) -> (Vec<String>, usize) {
    let case = id.to_owned();
    let (log, hands): (Vec<(String, String)>, Vec<HandRow>) = w
        .house
        .db
        .read(move |tx| Ok((tx.all(LOG, params![&case])?, tx.all(HANDS, params![&case])?)))
        .await
        .unwrap();
    let mut out = Vec::new();
    let role = |action: &str| match action {
        "take" | "seal" => "sampler",
        "enter" => "analyst",
        "verify" => "verifier",
        "check" => "checker",
        a if a.starts_with("issue") => "issuer",
        "recheck_enter" => "second analyst",
        "recheck_verify" => "second verifier",
        "recheck_upheld" | "recheck_overturned" => "second issuer",
        _ => "",
    };
    let mut roles: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (action, user) in &log {
        if !role(action).is_empty() {
            roles.entry(user).or_default().insert(role(action));
        }
    }
    out.extend(roles.iter().filter(|(_, r)| r.len() > 1).map(|(u, r)| format!("{u} is {r:?}")));
    let first = |wanted: &str| log.iter().position(|(a, _)| role(a) == wanted);
    if mode == "quality"
        && first("issuer").is_some()
        && first("checker").is_none_or(|c| Some(c) > first("issuer"))
    {
        out.push("issued before it was checked".into());
    }
    for chain in hands.chunk_by(|a, b| a.0 == b.0) {
        for (i, pair) in chain.windows(2).enumerate() {
            if pair[0].6 != Some(pair[1].5) || pair[1].1 != i as i64 + 2 {
                out.push(format!("{}: a gap or an overlap at {}", pair[1].0, pair[1].1));
            }
            if pair[1].3 == pair[1].4 || pair[0].2 == pair[1].2 {
                out.push(format!("{}: handed to oneself", pair[1].0));
            }
        }
        if chain.last().is_some_and(|h| h.6.is_some()) {
            out.push(format!("{}: nobody has it", chain[0].0));
        }
    }
    (out, log.len())
}

#[test]
fn random_people_never_hold_two_roles_of_a_real_sample() {
    each(async |w| {
        let wanted = std::env::var("SHIAN_SAMPLE_REAL").ok().and_then(|n| n.parse().ok()).unwrap_or(2_u64);
        let b = bench(&w).await;
        let o = other(&b, &w).await;
        let (mut chance, mut steps) = (Chance(20_260_303), 0);
        for n in 0..wanted {
            for mode in ["inner", "outer", "quality"] {
                let sample = task(&b, &w, mode).await;
                let (id, blind) = (sample["id"].as_str().unwrap(), sample["blind"].as_str().unwrap());
                photos(&b.officer, id).await;
                let seal = format!("{mode}{n}");
                // the first steps are seldom met by chance
                b.officer.post(&format!("/api/samples/{id}/sheet"), &sheet(&b.code, &seal)).await.expect(200);
                for _ in 0..250 {
                    let status = status_of(&w, id).await;
                    if status == "closed" {
                        break;
                    }
                    wish(&mut chance, &w, &b, &o, (id, blind, &seal), &status).await;
                }
                let (found, entries) = faults(&w, id, mode).await;
                assert!(found.is_empty(), "{mode} {id}: {found:#?}");
                steps += entries;
            }
        }
        eprintln!("{} samples, {steps} entries in their logs", wanted * 3);
        assert!(steps as u64 > wanted * 3 * 8, "flows do not come far: {steps}");
        sound(&w);
    });
}
