//! Makes reports that wait: counted, written, kept with their hashes, and told of.

use std::sync::Arc;

use kit_base::{Error, Millis, Result};
use kit_web::{Act, Actor, Cx, House};
use notices::New as Notice;
use parties::asked;
use sha2::{Digest as _, Sha256};

use super::content::{self, Asked};
use super::files;
use super::schedule::MISSED;
use crate::model::{Content, Report};
use crate::rules::template::{Template, template};
use crate::store::{self, Kept, Made};

/// Attempts until a report is called failed, and how long until the next, ms.
const ATTEMPTS: i64 = 3;
const AGAIN: Millis = 600_000;

/// What one report came to before it is written down.
struct Ready {
    template_hash: String,
    content: Content,
    text: String,
    hash: String,
    xlsx: String,
    pdf: String,
    fault: String,
}

/// Makes one report; what goes wrong is kept with it and told, never swallowed.
pub fn one(house: &Arc<House>, kept: &Kept) -> Result<()> {
    match ready(house, &kept.report) {
        Ok(ready) => keep(house, kept, &ready),
        Err(e) => {
            tracing::error!(report = %kept.report.id, error = %e, "report not made");
            let (id, again) = (kept.report.id.clone(), house.clock.now() + AGAIN);
            let fault = format!("没有生成：{}", e.message);
            house.db.write_blocking(move |tx| store::fail(tx, &id, &fault, again, ATTEMPTS))
        }
    }
}

fn ready(house: &Arc<House>, report: &Report) -> Result<Ready> {
    let (template_hash, template) = template(&report.template)?;
    let now = house.clock.now();
    let content = counted(house, template, report, now)?;
    let text = serde_json::to_string(&content).map_err(Error::internal)?;
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    let xlsx = files::xlsx(house, &content, &hash)?;
    // figures are there without their paper: what is missing is said, and made again by hand
    let (pdf, fault) = match files::pdf(house, &content, &hash, report.edition) {
        Ok(pdf) => (pdf, String::new()),
        Err(e) => (String::new(), format!("没有 PDF：{}", e.message)),
    };
    Ok(Ready { template_hash: template_hash.clone(), content, text, hash, xlsx, pdf, fault })
}

fn counted(house: &Arc<House>, template: &'static Template, report: &Report, now: Millis) -> Result<Content> {
    let period = template.period.around(asked::day("day", &report.first)?)?;
    let (division, reader) = (report.division.clone(), Arc::clone(house));
    let late = now - template.due(period)? > MISSED;
    house.db.read_blocking(move |tx| {
        content::made(tx, &reader, &Asked { template, division: &division, period, late }, now)
    })
}

fn keep(house: &Arc<House>, kept: &Kept, ready: &Ready) -> Result<()> {
    let cx = Cx::internal(Arc::clone(house), Actor::house("统计报表"), "reports.made");
    let state = if ready.fault.is_empty() { "done" } else { "partial" };
    let (id, asked_by) = (kept.report.id.clone(), kept.asked_by.clone());
    let report = kept.report.clone();
    let (template_hash, text, hash) = (ready.template_hash.clone(), ready.text.clone(), ready.hash.clone());
    let (xlsx, pdf, fault) = (ready.xlsx.clone(), ready.pdf.clone(), ready.fault.clone());
    let (title, place, simulated) = (
        format!("{} {}", ready.content.name, ready.content.period),
        ready.content.place.clone(),
        ready.content.simulated,
    );
    cx.act_blocking(move |act| {
        let made = Made {
            state,
            template_hash: &template_hash,
            content: &text,
            hash: &hash,
            xlsx: &xlsx,
            pdf: &pdf,
            fault: &fault,
            at: act.now,
            simulated,
        };
        if !store::made(act.tx, &id, &made)? {
            return Ok(());
        }
        fact(act, &id, &hash)?;
        act.subject("report", &id, &report.division);
        let mut people = store::subscribers(act.tx, &report.template, &report.division)?;
        people.extend(Some(asked_by).filter(|user| !user.is_empty()));
        people.sort();
        people.dedup();
        let body = match fault.as_str() {
            "" => format!("{place}的报表已生成，可以查看和下载"),
            fault => format!("{place}的报表已生成，{fault}"),
        };
        let tell = |user: String| Notice {
            user,
            kind: "answered",
            title: title.clone(),
            body: body.clone(),
            link: format!("/reports/{id}"),
            simulated,
        };
        let list: Vec<Notice> = people.into_iter().map(tell).collect();
        notices::send(act, &list)
    })
}

/// What a report says is a fact of the ledger.
fn fact(act: &mut Act, id: &str, hash: &str) -> Result<()> {
    let bytes: [u8; 32] = hex::decode(hash)
        .map_err(Error::internal)?
        .try_into()
        .map_err(|_| Error::internal("a hash has 32 bytes"))?;
    act.tx.fact("statistics", id.to_owned(), bytes);
    Ok(())
}
