//! Samples begin, and are looked at.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_flow::store::log::next_number;
use kit_flow::store::projection::{county, phase};
use kit_flow::{Ask, Flows, New, engine};
use kit_web::{Act, Actor, Cx};
use serde_json::{Map, Value, json};

use super::{code, unknown};
use crate::model::{Detail, NewSample, Sample};
use crate::rules::seal;
use crate::store::samples::{self, NewRow};
use crate::store::tests::Round;
use crate::{KIND, rules, store};

/// Begins a task: one sample to be taken.
///
/// Errors: those of [`rules::check_new`], `party_unknown`, `site_unknown`, `lab_unknown`, `lab_withdrawn`, `cma_over`, `quota_unknown`,
/// `sampler_unknown`, `not_apart`.
pub fn create(act: &mut Act, new: &NewSample) -> Result<Sample> {
    rules::check_new(new)?;
    let scope = act.who().scope_for("sampling.plan");
    let missing = || Error::invalid("party", "party_unknown", "没有这个主体，或不在您的辖区内");
    let party = parties::brief(act.tx, &new.party)?.ok_or_else(missing)?;
    let mut division = party.division.clone();
    if !new.site.is_empty() {
        let sites = parties::store::sites(act.tx, &party.id)?;
        let site = sites.into_iter().find(|s| s.id == new.site);
        let site = site.ok_or_else(|| Error::invalid("site", "site_unknown", "该主体没有这处场所"))?;
        division = site.division;
    }
    if !scope.covers(&division, None) {
        return Err(missing());
    }
    let lab = store::labs::by_id(act.tx, &new.lab)?;
    let lab = lab.ok_or_else(|| Error::invalid("lab", "lab_unknown", "没有这个检验机构"))?;
    let today = china_day(act.now).to_string();
    rules::fit(&lab, &today)?;
    let source = quota(act, new, &division)?;
    let houses = [sampler(act, new, 0, &lab.id)?, sampler(act, new, 1, &lab.id)?];
    rules::apart(&new.mode, [&houses[0], &houses[1]], &lab.id, &today)?;

    let flows = act.cx.house.held::<Flows>();
    let begun = New {
        title: format!("抽检{}：{}", new.food.trim(), party.name.chars().take(60).collect::<String>()),
        division: division.clone(),
        business: party.id.clone(),
        simulated: party.simulated,
        data: Map::from_iter([("terms".to_owned(), rules::terms(&today)?.into())]),
        ..New::default()
    };
    let case = engine::open(act, &flows, KIND, &begun)?;
    let year = china_day(act.now).year();
    let place = county(&division).to_owned();
    let serial = next_number(act.tx, &place, "sample.no", i64::from(year))?;
    let sample_no = rules::sample_no(&source, year, &place, serial);
    let blind = code(act);
    let row = NewRow {
        id: &case.id,
        number: &case.state.opened.number,
        sample_no: &sample_no,
        blind: &blind,
        quota: &new.quota,
        mode: &new.mode,
        kind: &new.kind,
        stage: &new.stage,
        category: &new.category,
        food: new.food.trim(),
        party: &party.id,
        party_kind: &party.kind,
        site: &new.site,
        division: &division,
        lab: &lab.id,
        samplers: [&new.samplers[0], &new.samplers[1]],
        houses: [&houses[0], &houses[1]],
        status: &case.state.status,
        phase: phase(&case.state.phase),
        opened_at: act.now,
        simulated: party.simulated,
    };
    samples::insert(act.tx, &row)?;
    store::plans::ask(act.tx, &case.id, &new.items)?;
    store::listing::set_name(act.tx, &case.id, &party.name)?;
    let kept = fresh(act.tx, &case.id)?;
    act.tx.fact(seal::TASK, case.id.clone(), seal::task(&kept));
    let asked = store::plans::asked(act.tx, &case.id)?;
    if !asked.is_empty() {
        act.tx.fact(seal::ASKED, case.id.clone(), seal::asked(&case.id, &asked));
    }
    engine::take(act, &flows, &case.id, &Ask::action(&new.mode, Value::Null))?;
    act.subject("sample", &case.id, &division);
    act.note(json!({ "sample_no": sample_no, "mode": new.mode, "lab": lab.id }));
    fresh(act.tx, &case.id)
}

/// The sample just written.
pub fn fresh(tx: &mut Tx, id: &str) -> Result<Sample> {
    let found = samples::by_id(tx, id)?;
    named(tx, found.ok_or_else(|| Error::internal("the sample just kept is gone"))?)
}

pub fn named(tx: &mut Tx, mut sample: Sample) -> Result<Sample> {
    sample.party_name = parties::brief(tx, &sample.party)?.map(|b| b.name).unwrap_or_default();
    Ok(sample)
}

/// Who ordered it: as said, or as the plan says whose cell it fills.
fn quota(act: &mut Act, new: &NewSample, division: &str) -> Result<String> {
    if new.quota.is_empty() {
        return Ok(new.source.clone());
    }
    let wrong = |text: &str| Error::invalid("quota", "quota_unknown", text);
    let cell = store::plans::cell(act.tx, &new.quota)?.ok_or_else(|| wrong("没有这个计划指标"))?;
    if !division.starts_with(&cell.division)
        || cell.stage != new.stage
        || !rules::judge::within(&new.category, &cell.category)
    {
        return Err(wrong("样品的地区、环节或食品分类不属于这个计划指标"));
    }
    let plan = store::plans::source_of(act.tx, &new.quota)?;
    plan.ok_or_else(|| wrong("没有这个计划指标"))
}

/// The house of a sampler: an officer of the place, or somebody of the laboratory. Errors: `sampler_unknown`.
fn sampler(act: &mut Act, new: &NewSample, at: usize, lab: &str) -> Result<String> {
    let scope = act.who().scope_for("sampling.plan");
    let home = accounts::home_of(act.tx, &new.samplers[at])?;
    let fits = home.filter(|(_, house, division)| house == lab || scope.covers(division, None));
    let (_, house, _) = fits.ok_or_else(|| {
        let text = "没有这名抽样人员，或不在您的辖区内";
        Error::invalid(format!("samplers/{at}"), "sampler_unknown", text)
    })?;
    Ok(house)
}

/// A sample that a regulator may see, or one of its samplers. Errors: not found.
pub fn seen(tx: &mut Tx, who: &Actor, permission: &str, id: &str) -> Result<Sample> {
    let found = samples::by_id(tx, id)?.ok_or_else(unknown)?;
    let reaches = who.may(permission) && who.scope_for(permission).covers(&found.division, None);
    if reaches || is_sampler(who, &found) {
        return named(tx, found);
    }
    Err(unknown())
}

pub fn is_sampler(who: &Actor, sample: &Sample) -> bool {
    sample.sampler1 == who.user || sample.sampler2 == who.user
}

/// With all that belongs to it.
pub fn detail(tx: &mut Tx, cx: &Cx, sample: Sample) -> Result<Detail> {
    let lab_name = store::labs::by_id(tx, &sample.lab)?.map(|l| l.name).unwrap_or_default();
    let mut sampler_names = Vec::new();
    for user in [&sample.sampler1, &sample.sampler2] {
        sampler_names.push(accounts::name_of(tx, user)?.unwrap_or_default());
    }
    let (objections, letters) = match engine::load(tx, &cx.house.held::<Flows>(), &sample.id)? {
        Some(case) => (super::objections::of(tx, &case)?, super::letters::of(tx, &case)?),
        None => Default::default(),
    };
    Ok(Detail {
        lab_name,
        sampler_names,
        asked: store::plans::asked(tx, &sample.id)?,
        media: samples::media(tx, &sample.id)?,
        parts: store::custody::parts(tx, &sample.id)?,
        results: store::tests::results(tx, Round::First, &sample.id)?,
        judged: store::tests::verdicts(tx, Round::First, &sample.id)?,
        corrections: store::tests::corrections(tx, &sample.id)?,
        streams: store::disposal::of_sample(tx, &sample.id)?,
        given: store::disposal::given(tx, &sample.id)?,
        stream_files: store::disposal::attached(tx, &sample.id)?,
        maker: super::sides::maker(tx, &sample)?,
        objections,
        letters,
        duties: super::duties::of(tx, &sample.id, cx.now())?,
        spare_kept: super::duties::spare(tx, &sample)?,
        recheck: super::recheck::view(tx, cx, &sample)?,
        corrected: store::corrected::outcome(tx, &sample.id)?,
        follows: store::corrected::before(tx, &sample.id)?,
        followed_by: store::corrected::after(tx, &sample.id)?,
        sample,
    })
}
