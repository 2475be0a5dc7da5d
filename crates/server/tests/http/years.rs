//! Years of a county: people act late, early or not at all, holidays are announced each November, and a referee who counts
//! days on its own looks after every round of the duty whether a deadline was missed or came too early.
//!
//! `SHIAN_YEARS` says how many years (one where it is not said).

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use kit_base::clock::{china_day, day_start};
use kit_base::{Ids, Millis};
use kit_db::Sql;
use kit_test::Client;
use serde_json::{Value, json};

use crate::findings::{found, id, my_id, photo, proof};
use crate::pages::run_jobs;
use crate::world::{World, each};

const DAY: Millis = 86_400_000;
const HOLIDAYS: &str = include_str!("../../../../data/holidays.csv");

/// What runs in a case, as the log tells: since when, and the day that a form named.
#[derive(Debug)]
struct Run {
    began: Millis,
    until: Option<Date>,
}

/// Knows the definition's text, the announced days and the raw log.
struct Referee {
    clocks: BTreeMap<String, Value>,
    holidays: BTreeSet<Date>,
    makeups: BTreeSet<Date>,
    runs: BTreeMap<(String, String), Run>,
    seen: BTreeMap<String, i64>,
    /// When days were last announced: what was late by the old days may be so at once by the new.
    announced_at: Millis,
    expired: u64,
}

impl Referee {
    fn new() -> Self {
        let definition: Value = serde_json::from_str(findings::FLOW).unwrap();
        let clocks = definition["clocks"].as_array().unwrap().iter();
        let mut referee = Self {
            clocks: clocks.map(|c| (c["code"].as_str().unwrap().to_owned(), c.clone())).collect(),
            holidays: BTreeSet::new(),
            makeups: BTreeSet::new(),
            runs: BTreeMap::new(),
            seen: BTreeMap::new(),
            announced_at: 0,
            expired: 0,
        };
        referee.learn(HOLIDAYS, 0);
        referee
    }

    fn learn(&mut self, csv: &str, at: Millis) {
        for line in csv.lines().skip(1) {
            let mut cells = line.split(',');
            let day: Date = cells.next().unwrap().parse().unwrap();
            let days = if cells.next() == Some("holiday") { &mut self.holidays } else { &mut self.makeups };
            days.insert(day);
        }
        self.announced_at = at;
    }

    fn works(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.makeups.contains(&day) || !weekend && !self.holidays.contains(&day)
    }

    /// First millisecond that is too late.
    fn late_from(&self, clock: &str, run: &Run) -> Millis {
        let period = &self.clocks[clock]["period"];
        let mut left = if period["unit"] == "working_days" { period["count"].as_i64().unwrap() } else { 0 };
        let mut day = run.until.unwrap_or(china_day(run.began));
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= i64::from(self.works(day));
        }
        while !self.works(day) {
            day = day.tomorrow().unwrap();
        }
        day_start(day.tomorrow().unwrap())
    }

    /// Reads what is new in the log. `before`: the round before this one.
    fn read(&mut self, w: &World, before: Millis) {
        const LOG: Sql =
            Sql::One("SELECT case_id, seq, at, body FROM flow_log WHERE at >= $1 ORDER BY case_id, seq");
        let rows: Vec<(String, i64, Millis, String)> =
            crate::epcis::read(w, |tx| tx.all(LOG, kit_db::params![before]));
        for (case, seq, at, body) in rows {
            let seen = self.seen.entry(case.clone()).or_default();
            if seq <= *seen {
                continue;
            }
            assert_eq!(seq, *seen + 1, "{case}: an entry is missing");
            *seen = seq;
            let body: Value = serde_json::from_str(&body).unwrap();
            for effect in body["effects"].as_array().unwrap() {
                self.follow(&case, at, before, &body, effect);
            }
        }
    }

    fn follow(&mut self, case: &str, at: Millis, before: Millis, body: &Value, effect: &Value) {
        let of = |clock: &str| (case.to_owned(), clock.to_owned());
        if let Some(clock) = effect["started"]["clock"].as_str() {
            let until = self.clocks[clock]["until"].as_str();
            let until = until.map(|field| body["form"][field].as_str().unwrap().parse().unwrap());
            self.runs.insert(of(clock), Run { began: at, until });
        } else if let Some(clock) = effect["stopped"].as_str() {
            self.runs.remove(&of(clock));
        } else if let Some(clock) = effect["expired"].as_str() {
            let run = self.runs.remove(&of(clock)).unwrap_or_else(|| panic!("{case}: {clock} did not run"));
            let late_from = self.late_from(clock, &run);
            assert!(late_from <= at, "{case}: {clock} of {run:?} came too early at {at}");
            let moved = self.announced_at >= before;
            assert!(late_from > before || moved, "{case}: {clock} of {run:?} was missed at {before}");
            self.expired += 1;
        }
    }

    /// After a round nothing that is over runs on.
    fn missed(&self, now: Millis) -> Vec<String> {
        let late = self.runs.iter().filter(|((_, clock), run)| self.late_from(clock, run) <= now);
        late.map(|(which, run)| format!("{which:?} {run:?}")).collect()
    }
}

/// An announcement for a year, made after that of 2026: invented, as no such year is announced yet.
fn announcement(year: i16) -> String {
    let mut csv = String::from("date,kind,name,source\n");
    for line in HOLIDAYS.lines().filter(|l| l.starts_with("2026-")) {
        let (day, rest) = line.split_once(',').unwrap();
        let day: Date = day.parse().unwrap();
        // each year a little later, so that provisional dates do move
        let day = day.checked_add(i64::from(year % 5).days()).unwrap();
        let Ok(day) = Date::new(year, day.month(), day.day()) else { continue };
        csv.push_str(&format!("{day},{rest}\n"));
    }
    csv
}

struct County<'w> {
    w: &'w World,
    dice: Ids,
    officer: Client,
    leader: Client,
    clerk: Client,
    photos: u32,
}

impl County<'_> {
    fn below(&self, n: u64) -> u64 {
        u64::from_le_bytes(self.dice.bytes::<8>()) % n
    }

    fn day_in(&self, days: u64) -> String {
        let today = china_day(self.w.house.clock.now());
        today.checked_add((self.below(days) as i64).days()).unwrap().to_string()
    }

    async fn acts(&mut self, case: &str, status: &str) {
        let me = my_id(&self.officer).await;
        let due = self.day_in(40);
        let (who, body) = match (status, self.below(10)) {
            ("found", 0..=3) => {
                self.op(case, json!({ "do": "claim", "task": 1 })).await;
                let form = json!({ "measure": "限期整改", "due": due, "verifier": me });
                (&self.officer, json!({ "action": "assign", "form": form }))
            }
            ("found" | "mending" | "verifying", 9) => {
                (&self.officer, json!({ "action": "to_case", "form": { "reason": "涉嫌违法" } }))
            }
            ("found", 8) => (&self.leader, json!({ "action": "dismiss", "form": { "reason": "不属实" } })),
            ("mending", 0) => {
                let form = json!({ "due": due, "reason": "停业装修" });
                (&self.leader, json!({ "action": "extend", "form": form }))
            }
            ("mending", 1..=2) => {
                self.photos += 1;
                let piece = proof(&self.clerk, case, "mend", photo(self.photos, 64)).await;
                (
                    &self.clerk,
                    json!({ "action": "mend", "form": { "answer": "已改", "proof": [piece["id"]] } }),
                )
            }
            ("verifying", 0..=2) => {
                (&self.officer, json!({ "action": "close", "form": { "result": "合格" } }))
            }
            ("verifying", 3) => {
                (&self.officer, json!({ "action": "back", "form": { "result": "仍不合格", "due": due } }))
            }
            ("case", 0..=1) => {
                let task = self.case_task(case).await;
                self.op(case, json!({ "do": "claim", "task": task })).await;
                (&self.officer, json!({ "action": "file", "form": { "case_no": "1" } }))
            }
            _ => return,
        };
        let reply = who.post(&format!("/api/cases/{case}/acts"), &body).await;
        // what may not be done now is refused, and that is part of a life
        assert!(reply.status.is_success() || reply.status.is_client_error(), "{status}: {body}");
    }

    async fn case_task(&self, case: &str) -> Value {
        let body = self.officer.get(&format!("/api/cases/{case}")).await.expect(200);
        let tasks = body["tasks"].as_array().unwrap();
        tasks.iter().find(|t| t["code"] == "case").map_or(json!(1), |t| t["no"].clone())
    }

    async fn op(&self, case: &str, op: Value) {
        self.officer.post(&format!("/api/cases/{case}/acts"), &json!({ "op": op, "note": "理由" })).await;
    }
}

async fn sign_in(w: &World) -> [Client; 3] {
    [w.sign_in("officer1").await, w.sign_in("leader").await, w.sign_in("clerk").await]
}

#[test]
fn no_deadline_is_missed_in_years() {
    let years: f64 = std::env::var("SHIAN_YEARS").ok().and_then(|y| y.parse().ok()).unwrap_or(1.0);
    each(async |w| {
        let mut referee = Referee::new();
        let [officer, leader, clerk] = sign_in(&w).await;
        let mut county = County { w: &w, dice: Ids::seeded(9), officer, leader, clerk, photos: 0 };
        // ten minutes past midnight in China: what ended with the day before is late
        w.house
            .clock
            .advance(day_start(china_day(w.house.clock.now())) + DAY + 600_000 - w.house.clock.now());
        let (mut before, mut cases, mut announced) = (w.house.clock.now() - DAY, 0, 2026);
        for _ in 0..(years * 365.0) as i64 {
            let now = w.house.clock.now();
            let today = china_day(now);
            if today.month() == 11 && today.day() >= 10 && announced == today.year() {
                announced += 1;
                let csv = announcement(announced);
                referee.learn(&csv, now);
                load(&w, csv).await;
                run_jobs(&w);
            }
            let house = w.house.clone();
            tokio::task::spawn_blocking(move || kit_flow::duty::tick(&house)).await.unwrap().unwrap();
            referee.read(&w, before);
            assert_eq!(referee.missed(now), Vec::<String>::new(), "{today}");
            before = now;
            // the day's work at half past nine
            w.house.clock.advance(DAY * 9 / 24);
            if county.below(2) == 0 {
                [county.officer, county.leader, county.clerk] = sign_in(&w).await;
                for _ in 0..county.below(4) {
                    id(&found(&county.officer, &w.shop, "台账不全").await);
                    cases += 1;
                }
                for (case, status) in open_cases(&w) {
                    county.acts(&case, &status).await;
                }
            }
            w.house.clock.advance(DAY * 15 / 24);
        }
        crate::findings::sound(&w);
        eprintln!("{years} years, {cases} findings, {} clocks ran out, none missed", referee.expired);
        assert!(referee.expired > cases / 4);
    });
}

fn open_cases(w: &World) -> Vec<(String, String)> {
    const OPEN: Sql = Sql::One("SELECT id, status FROM flow_cases WHERE phase = 'open' ORDER BY id");
    crate::epcis::read(w, |tx| tx.all(OPEN, kit_db::params![]))
}

async fn load(w: &World, csv: String) {
    let flows = w.house.held::<kit_flow::Flows>();
    let cx = kit_web::Cx::internal(w.house.clone(), kit_web::Actor::house("test"), "flow.calendar");
    cx.act(move |act| kit_flow::duty::load_calendar(act, &flows, &csv)).await.unwrap();
}
