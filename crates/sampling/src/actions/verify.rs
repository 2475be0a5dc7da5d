//! What `shian ledger verify` asks of this room: that every row which must not change is as the ledger has it.
//!
//! Samples begun before the ledger had their task are passed over: their digests were made another way.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::Result;
use kit_db::Tx;
use trace::verify::Fault;

use crate::rules::seal::{self, Digest};
use crate::store::facts::{self, Known, StoredHand, StoredResult, StoredSample, StoredVerdict, Stretch};
use crate::store::tests::Round;

/// Everything; stops where `tell` answers `false`. Answers how many samples were looked at.
pub fn verify(tx: &mut Tx, tell: &mut dyn FnMut(Fault) -> bool) -> Result<i64> {
    let mut walk = Walk { tell, goes_on: true, samples: 0 };
    let mut after = String::new();
    while walk.goes_on
        && let Some(to) = facts::next(tx, &after)?
    {
        walk.stretch(&facts::stretch(tx, &after, &to)?);
        after = to;
    }
    if walk.goes_on {
        facts::lost(tx, &mut |kind, item| {
            walk.fault(gone(kind), item, format!("{}（{item}）被删除", named(kind)));
            walk.goes_on
        })?;
    }
    if walk.goes_on {
        // no stretch of samples comes upon these
        facts::stray(tx, &mut |kind, item| {
            let [_, changed, _] = codes(kind);
            walk.fault(
                changed,
                item,
                format!("{}（{item}）所属的样品不存在：被改到别处或凭空添加", named(kind)),
            );
            walk.goes_on
        })?;
    }
    Ok(walk.samples)
}

struct Walk<'a> {
    tell: &'a mut dyn FnMut(Fault) -> bool,
    goes_on: bool,
    samples: i64,
}

fn named(kind: &str) -> &'static str {
    match kind {
        seal::TASK => "抽样任务",
        seal::ASKED => "指定检验项目",
        seal::SHEET => "抽样单",
        seal::MEDIA => "抽样照片",
        seal::HAND => "样品交接",
        seal::RESULTS => "检验结果",
        seal::VERDICT => "检验结论",
        seal::CORRECTION => "更正声明",
        seal::READING => "仪器读数",
        seal::DRAW => "复检机构抽取",
        seal::AGAIN => "复检结果",
        seal::FINAL => "复检结论",
        _ => "抽检记录",
    }
}

/// Codes of faults: deleted, changed, added.
fn codes(kind: &str) -> [&'static str; 3] {
    match kind {
        seal::TASK => ["sample_deleted", "sample_changed", "sample_added"],
        seal::ASKED => ["asked_deleted", "asked_changed", "asked_added"],
        seal::SHEET => ["sheet_deleted", "sheet_changed", "sheet_added"],
        seal::MEDIA => ["photo_deleted", "photo_changed", "photo_added"],
        seal::HAND => ["custody_deleted", "custody_changed", "custody_added"],
        seal::RESULTS => ["result_deleted", "result_changed", "result_added"],
        seal::VERDICT => ["verdict_deleted", "verdict_changed", "verdict_added"],
        seal::CORRECTION => {
            ["result_correction_deleted", "result_correction_changed", "result_correction_added"]
        }
        seal::READING => ["reading_deleted", "reading_changed", "reading_added"],
        seal::DRAW => ["recheck_draw_deleted", "recheck_draw_changed", "recheck_draw_added"],
        seal::AGAIN => ["recheck_deleted", "recheck_changed", "recheck_added"],
        _ => ["recheck_verdict_deleted", "recheck_verdict_changed", "recheck_verdict_added"],
    }
}

fn gone(kind: &str) -> &'static str {
    codes(kind)[0]
}

impl Walk<'_> {
    fn fault(&mut self, code: &'static str, place: &str, message: String) {
        if self.goes_on {
            self.goes_on = (self.tell)(Fault { code, place: place.to_owned(), event: None, message });
        }
    }

    /// A row against what the ledger has of it. `whole`: what surrounds the row fits too.
    fn row(&mut self, kind: &str, item: &str, of: &str, known: &Known, digest: Digest, whole: bool) {
        let [_, changed, added] = codes(kind);
        let what = named(kind);
        match known {
            Some(known) if known.as_slice() == digest && whole => {}
            Some(_) => self.fault(changed, item, format!("样品 {of} 的{what}（{item}）被改动")),
            None => self.fault(added, item, format!("样品 {of} 的{what}（{item}）不在账本内")),
        }
    }

    fn stretch(&mut self, s: &Stretch) {
        let mut checked: BTreeMap<&str, &str> = BTreeMap::new();
        for stored in &s.samples {
            if stored.task.is_none() && stored.begun {
                continue;
            }
            self.samples += 1;
            checked.insert(&stored.sample.id, &stored.sample.sample_no);
            self.sample(stored, s);
        }
        let no = |sample: &str| checked.get(sample).copied();
        for m in &s.media {
            if let Some(of) = no(&m.sample) {
                let digest = seal::media(&m.sample, &m.media);
                let whole = m.media.hash == hex::encode(digest);
                self.row(seal::MEDIA, &m.media.id, of, &m.known, digest, whole);
            }
        }
        for c in &s.corrections {
            if let (Some(of), Some(id)) = (no(&c.sample), c.texts.first()) {
                let texts: Vec<&str> = c.texts.iter().map(String::as_str).collect();
                self.row(seal::CORRECTION, id, of, &c.known, seal::correction(&c.sample, &texts, c.at), true);
            }
        }
        for r in &s.readings {
            if let Some(of) = no(&r.sample) {
                let digest = seal::reading(&r.id, (&r.run, r.line), (&r.sample, &r.lab), &r.result, r.at);
                self.row(seal::READING, &r.id, of, &r.known, digest, true);
            }
        }
        self.custody(&s.hands, &no);
        for (round, kind) in [(Round::First, seal::RESULTS), (Round::Again, seal::AGAIN)] {
            let own: Vec<&StoredResult> =
                s.results.iter().filter(|(r, _)| *r == round).map(|(_, r)| r).collect();
            for revision in own.chunk_by(|a, b| (&a.sample, a.revision) == (&b.sample, b.revision)) {
                self.results(kind, revision, &no);
            }
        }
    }

    /// The row of a sample with its sheet, its draw and its reports.
    fn sample(&mut self, stored: &StoredSample, all: &Stretch) {
        let s = &stored.sample;
        let of = s.sample_no.as_str();
        self.row(seal::TASK, &s.id, of, &stored.task, seal::task(s), times_fit(stored, &all.hands));
        self.asked(stored, all);
        let parts: Vec<_> = all.parts.iter().filter(|p| p.sample == s.id).map(|p| p.part.clone()).collect();
        if !s.sheet_hash.is_empty() || stored.sheet.is_some() {
            let digest = seal::sheet(s, (&stored.told, &stored.signatures), &parts);
            self.row(seal::SHEET, of, of, &stored.sheet, digest, true);
        } else if s.sheet != "{}" || !parts.is_empty() {
            self.fault("sheet_added", of, format!("样品 {of} 的抽样单不在账本内"));
        }
        if !s.recheck_lab.is_empty() || !s.recheck_draw.is_empty() || stored.draw.is_some() {
            let digest = seal::draw(&s.id, &s.recheck_lab, &s.recheck_draw);
            self.row(seal::DRAW, &s.id, of, &stored.draw, digest, true);
        }
        let said = (s.verdict.as_str(), s.grave, s.issued_by.as_str());
        self.report(seal::VERDICT, stored, (Round::First, all), (&stored.verdict, said, s.issued_at));
        let said = (s.recheck_verdict.as_str(), false, stored.rechecked_by.as_str());
        self.report(seal::FINAL, stored, (Round::Again, all), (&stored.last, said, s.rechecked_at));
    }

    fn asked(&mut self, stored: &StoredSample, all: &Stretch) {
        let s = &stored.sample;
        let rows: Vec<_> = all.asked.iter().filter(|a| a.sample == s.id).collect();
        if rows.is_empty() && stored.asked.is_none() {
            return;
        }
        let dense = rows.iter().zip(0i64..).all(|(a, no)| a.no == no);
        let items: Vec<String> = rows.into_iter().map(|a| a.item.clone()).collect();
        self.row(seal::ASKED, &s.id, &s.sample_no, &stored.asked, seal::asked(&s.id, &items), dense);
    }

    fn report(
        &mut self,
        kind: &str,
        stored: &StoredSample,
        (round, all): (Round, &Stretch),
        (known, (word, grave, by), at): (&Known, (&str, bool, &str), Option<i64>),
    ) {
        let s = &stored.sample;
        let own = |(r, v): &&(Round, StoredVerdict)| *r == round && v.sample == s.id;
        let rows: Vec<&StoredVerdict> = all.verdicts.iter().filter(own).map(|(_, v)| v).collect();
        if known.is_none() && at.is_none() && rows.is_empty() && word.is_empty() && by.is_empty() && !grave {
            return;
        }
        let dense = rows.iter().zip(1i64..).all(|(v, no)| v.no == no);
        // the outcome stands in its own column and in what was frozen
        let kept: Vec<_> = rows.into_iter().map(|v| v.kept.clone()).collect();
        let digest = seal::verdict(&s.id, word, grave, &kept, (by, at.unwrap_or(-1)));
        self.row(kind, &s.id, &s.sample_no, known, digest, dense && at.is_some());
    }

    /// Each stretch follows the one before: in number, time and hash.
    fn custody<'n>(&mut self, hands: &[StoredHand], no: &dyn Fn(&str) -> Option<&'n str>) {
        for chain in hands.chunk_by(|a, b| (&a.sample, &a.part) == (&b.sample, &b.part)) {
            let Some(of) = chain.first().and_then(|h| no(&h.sample)) else { continue };
            let mut before = "";
            for (i, h) in chain.iter().enumerate() {
                let digest = seal::hand(&h.sample, &h.part, &h.hand, before);
                let ends = chain.get(i + 1).map(|next| next.hand.from_at);
                let whole = h.hand.no == i as i64 + 1
                    && h.hand.until_at == ends
                    && h.hand.hash == hex::encode(digest);
                let item = format!("{}/{}#{}", h.sample, h.part, h.hand.no);
                self.row(seal::HAND, &item, of, &h.known, digest, whole);
                before = &h.hand.hash;
            }
        }
    }

    fn results<'n>(&mut self, kind: &str, rows: &[&StoredResult], no: &dyn Fn(&str) -> Option<&'n str>) {
        let Some(first) = rows.first() else { return };
        let Some(of) = no(&first.sample) else { return };
        let items: Vec<_> = rows.iter().map(|r| r.result.clone()).collect();
        let signed: BTreeSet<(&str, i64)> = rows.iter().map(|r| (r.by.as_str(), r.at)).collect();
        let digest = seal::results(&first.sample, first.revision, &items, &first.by, first.at);
        let item = format!("{}#{}", first.sample, first.revision);
        self.row(kind, &item, of, &first.known, digest, signed.len() == 1);
    }
}

/// The times in the row of a sample are those of its custody.
fn times_fit(stored: &StoredSample, hands: &[StoredHand]) -> bool {
    let s = &stored.sample;
    let mut own = hands.iter().filter(|h| h.sample == s.id && h.part == "test").map(|h| h.hand.from_at);
    let taken = own.next();
    s.taken_at == taken && s.received_at.is_none_or(|at| own.any(|from| from == at))
}
