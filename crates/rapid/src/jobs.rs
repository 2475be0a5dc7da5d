//! Sheets of tests in and out.

use std::collections::HashMap;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_docs::table::Line;
use kit_jobs::{Kind, Running};
use kit_sheets::lists::Asked;
use kit_sheets::out::Export;
use kit_sheets::{Outcome, Upload, take_in, try_out};
use kit_web::{Act, Actor, Cx, House};
use parties::narrow::Days;
use serde::{Deserialize, Serialize};

use crate::actions::tests::{Sender, each, name_them};
use crate::model::{NewTest, Taken, TestQuery};
use crate::{sheet, store};

pub const IMPORT: Kind<House> = Kind { name: "rapid.import", run: import };
pub const EXPORT: Kind<House> = Kind { name: "rapid.export", run: export };

/// Rows that go in together in one transaction.
const BATCH: usize = 200;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportInput {
    /// Hash of the kept sheet.
    pub file: String,
    /// File name without its ending.
    pub name: String,
    /// Id of the point; whoever asked may record there.
    pub point: String,
    pub actor: String,
    #[serde(default)]
    pub dry_run: bool,
}

fn import(house: &House, job: &Running) -> Result<String> {
    let input: ImportInput = serde_json::from_str(&job.input).map_err(Error::internal)?;
    let who = Actor { user: job.owner.clone(), ..Actor::house(&input.actor) };
    let cx = Cx::internal(Arc::new(house.clone()), who, "rapid.import");
    let mut work = Work { cx: cx.clone(), point: input.point.clone(), seen: HashMap::new() };
    let result = if input.dry_run {
        let sheet = (input.file.as_str(), input.name.as_str());
        try_out(house, job, sheet, sheet::table(), BATCH, move |tx, lines| {
            let now = work.cx.now();
            let cx = work.cx.clone();
            work.keep(&lines, |new, point| record(&mut Act::inside(tx, &cx, now), &point, &new))
        })?
    } else {
        let upload = Upload { file: &input.file, name: &input.name };
        take_in(house, job, upload, &sheet::table(), BATCH, &mut |lines| {
            work.keep(&lines, |new, point| cx.act_blocking(move |act| record(act, &point, &new)))
        })?
    };
    serde_json::to_string(&result).map_err(Error::internal)
}

struct Work {
    cx: Cx,
    point: String,
    /// How often the file said the very same so far.
    seen: HashMap<String, u32>,
}

impl Work {
    /// Good rows go in over `bring`; answers what became of each.
    fn keep(
        &mut self,
        lines: &[Line],
        bring: impl FnOnce(Vec<NewTest>, String) -> Result<Vec<Taken>>,
    ) -> Result<Vec<Outcome>> {
        let now = self.cx.now();
        let seen = &mut self.seen;
        let mut nth = |said: &str| {
            let times = seen.entry(said.to_owned()).or_default();
            *times += 1;
            *times
        };
        let read: Vec<_> = lines.iter().map(|line| sheet::read(line, &mut nth, now)).collect();
        let good: Vec<NewTest> = read.iter().filter_map(|r| r.as_ref().ok()).cloned().collect();
        let taken = if good.is_empty() { Vec::new() } else { bring(good, self.point.clone())? };
        let mut taken = taken.into_iter();
        let settle = |(line, read): (&Line, Result<NewTest, _>)| match read.map(|_| taken.next()) {
            Err(defects) => Outcome::Refused(defects),
            Ok(Some(t)) if !t.code.is_empty() => Outcome::Refused(sheet::refusal(line, &t)),
            // it had gone in before
            Ok(Some(t)) if t.repeated => Outcome::Updated,
            Ok(_) => Outcome::Added,
        };
        Ok(lines.iter().zip(read).map(settle).collect())
    }
}

fn record(act: &mut Act, point: &str, new: &[NewTest]) -> Result<Vec<Taken>> {
    let gone = || Error::not_found("没有这个快检点");
    let point = store::points::point(act.tx, point)?.ok_or_else(gone)?;
    act.subject("rapid_point", &point.id, &point.division);
    let who = act.who();
    let sender = Sender { channel: "xlsx", device: None, user: who.user.clone(), name: who.name.clone() };
    each(act, &point, &sender, new)
}

/// Rows that get their names together.
const PART: usize = 500;

fn export(house: &House, job: &Running) -> Result<String> {
    let input = Asked::<TestQuery>::of(job)?;
    let days = Days::of(input.list.from.as_deref(), input.list.to.as_deref())?;
    let mut out = Export::begin(house, input.format, "快检记录", &input.actor, &sheet::headings())?;
    house.db.read_blocking(|tx| {
        let mut ids = Vec::new();
        store::tests::each(tx, &input.scope, &input.list, days, &mut |t| {
            ids.push(t.id);
            Ok(())
        })?;
        let total = ids.len() as u64;
        for part in ids.chunks(PART) {
            let mut tests = Vec::with_capacity(part.len());
            for id in part {
                tests.extend(store::tests::test(tx, id)?);
            }
            name_them(tx, &mut tests)?;
            tests.iter().try_for_each(|t| out.row(sheet::row(t)))?;
            job.progress(out.rows(), Some(total), "正在导出")?;
        }
        Ok(())
    })?;
    out.end()
}
