//! Which rooms the house has, in the order of the hall: each looks only at those before it.

use kit_web::{Permission, Room, Route};

/// Every room.
pub const ROOMS: &[&Room] = &[
    &accounts::ROOM,
    &parties::ROOM,
    &trace::ROOM,
    &notices::ROOM,
    &findings::ROOM,
    &publication::ROOM,
    &credit::ROOM,
    &investigation::ROOM,
    &inspection::ROOM,
    &licensing::ROOM,
    &enforcement::ROOM,
    &sampling::ROOM,
    &rapid::ROOM,
    &recall::ROOM,
    &statistics::ROOM,
    &campaigns::ROOM,
    &feedback::ROOM,
];

/// Every kind of case: its definition, and what its room adds.
pub const FLOWS: &[&str] = &[
    findings::FLOW,
    credit::FLOW,
    inspection::FLOWS[0],
    inspection::FLOWS[1],
    licensing::FLOWS[0],
    licensing::FLOWS[1],
    licensing::FLOWS[2],
    enforcement::FLOWS[0],
    enforcement::FLOWS[1],
    enforcement::FLOWS[2],
    enforcement::FLOWS[3],
    sampling::FLOW,
    recall::FLOW,
    rapid::FLOW,
];
pub const FLOW_HOOKS: &[kit_flow::Hooks] = &[
    kit_flow::Hooks { after: graded_after_findings, ..findings::HOOKS },
    credit::HOOKS,
    kit_flow::Hooks { after: told_of_visits, ..inspection::HOOKS[0] },
    kit_flow::Hooks { after: told_of_visits, ..inspection::HOOKS[1] },
    kit_flow::Hooks { after: visited_after_permits, ..licensing::HOOKS[0] },
    licensing::HOOKS[1],
    kit_flow::Hooks { after: visited_after_permits, ..licensing::HOOKS[2] },
    kit_flow::Hooks { after: graded_after_cases, ..enforcement::HOOKS[0] },
    kit_flow::Hooks { after: graded_after_cases, ..enforcement::HOOKS[1] },
    enforcement::HOOKS[2],
    enforcement::HOOKS[3],
    kit_flow::Hooks { after: told_after_samples, ..sampling::HOOKS },
    recall::HOOKS,
    rapid::HOOKS,
];

/// What happens to a finding counts in the grade of its business; findings stands below credit in the hall.
fn graded_after_findings(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    entry: &kit_flow::Entry,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    (findings::HOOKS.after)(act, case, entry, body)?;
    credit::touched(act, &case.state.opened.business)
}

/// An application or a check after the grant that sends officers opens a visit; one that has gone on without it calls it off.
fn visited_after_permits(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    entry: &kit_flow::Entry,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    let o = &case.state.opened;
    let own = licensing::HOOKS.iter().find(|h| h.kind == o.kind);
    own.map_or(Ok(()), |h| (h.after)(act, case, entry, body))?;
    if let Some(wanted) = licensing::visits::wanted(act, case, body)? {
        let commission = inspection::Commission {
            kind: wanted.kind,
            party: &o.business,
            officers: &wanted.officers,
            due: &wanted.due,
            checklist: &wanted.checklist,
            reason: &wanted.reason,
            about: &case.id,
        };
        let visit = inspection::commission(act, &commission).map_err(|e| match e.field.as_deref() {
            Some(field) if field.starts_with("officers") => e.at("form/visitors"),
            Some("due") => e.at("form/visit_by"),
            _ => e,
        })?;
        licensing::visits::opened(act, &case.id, &visit.id, &visit.number, &wanted.due)?;
        act.subject("case", &case.id, &o.division);
    }
    for visit in licensing::visits::needless(act, case)? {
        inspection::call_off(act, &visit, "申请已转入其他环节，不再需要现场核查")?;
        act.subject("case", &case.id, &o.division);
    }
    Ok(())
}

/// What a visit tells: its record or its end to the case that asked for it, its published result to the credit file.
fn told_of_visits(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    entry: &kit_flow::Entry,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    (inspection::HOOKS[0].after)(act, case, entry, body)?;
    asked_for(act, case, body)?;
    graded_after_visits(act, case, body)
}

/// The case that asked for a visit learns of its record, or that it was called off.
fn asked_for(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    use kit_flow::log::Effect;
    let recorded = body.effects.contains(&Effect::Did("record".into()));
    let ended = body.effects.iter().any(|e| matches!(e, Effect::Ended(_)));
    if !recorded && !ended {
        return Ok(());
    }
    let Some(told) = inspection::told(act.tx, &case.id)? else { return Ok(()) };
    match told.recorded_at {
        Some(at) if recorded => {
            let record = licensing::visits::Record {
                visit: &case.id,
                number: &told.record_no,
                conclusion: &told.conclusion,
                at,
                officers: &told.officers,
            };
            licensing::visits::recorded(act, &told.about, &record)
        }
        _ if told.off => licensing::visits::off(act, &case.id),
        _ => Ok(()),
    }
}

/// A published result goes on the credit file of its business; another room keeps that.
fn graded_after_visits(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    let published = kit_flow::log::Effect::Entered("published".into());
    let outcome = match body.effects.contains(&published) {
        true => inspection::outcome(act.tx, &case.id)?,
        false => None,
    };
    let Some(outcome) = outcome else { return Ok(()) };
    let (kind, what) = match (outcome.conclusion.as_str(), outcome.slight) {
        ("no_issue", _) => ("inspection.conform", "监督检查未发现问题"),
        (_, true) => ("inspection.basic", "监督检查发现的问题均当场改正"),
        _ => ("inspection.nonconform", "监督检查发现问题"),
    };
    let note = credit::Note {
        kind,
        party: &outcome.party,
        about: &case.id,
        number: &outcome.number,
        what,
        at: outcome.recorded_at,
    };
    credit::note(act, &note).map(drop)
}

/// What became of a sample counts for the rapid test or the campaign that ordered it; a failure that stands opens what it
/// calls for.
fn told_after_samples(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    entry: &kit_flow::Entry,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    (sampling::HOOKS.after)(act, case, entry, body)?;
    rapid::sample_moved(act, &case.id)?;
    campaigns::sample_moved(act, &case.id)?;
    let entered = |status: &str| body.effects.contains(&kit_flow::log::Effect::Entered(status.into()));
    crate::called::taken_back(act, case, &entry.action)?;
    // a failure that waited for the answer to an objection stands with the answer
    let stands = entered("disposal") || sampling::answers(&entry.action);
    if stands {
        crate::called::failed(act, &case.id)?;
    }
    match stands || entered("closed") {
        true => sampling::publish(act, &case.id),
        false => Ok(()),
    }
}

/// Samples, as rooms that want food tested ask for them.
pub const SAMPLING: findings::samples::Sampling =
    findings::samples::Sampling { begin: sampling::begin, look: sampling::look };

/// What rapid tests know that proposals of targeted sampling go by.
pub const SIGNALS: sampling::Signals = sampling::Signals {
    positives: |tx, since, each| {
        rapid::positives_since(tx, since, &mut |(place, food, item, at)| {
            each(sampling::Positive { place, food, item, at })
        })
    },
};

/// What rooms know of members, for the weekly files to markets, chains and platforms.
pub const FEEDBACK: feedback::Sources = feedback::Sources {
    tested: sampling::tested,
    touching: &[recall::touching],
    foods: |tx| {
        let foods = sampling::Foods::read(tx)?;
        Ok(Box::new(move |category| foods.name(category)))
    },
};

/// Photos of visits, as evidence of findings is compared with them.
pub const VISIT_PHOTOS: findings::evidence::OtherPhotos =
    findings::evidence::OtherPhotos { shown: inspection::shown_before };

/// The risk grades, as the yearly plan and the dossier of a visit ask for them.
pub const GRADING: parties::Grading = parties::Grading {
    of: |tx, party| Ok(credit::grade_of(tx, party)?.map(standing)),
    each: |tx, division, each| credit::each_grade(tx, division, &mut |g| each(standing(g))),
};

fn standing(g: credit::Grade) -> parties::Standing {
    parties::Standing { party: g.party, grade: g.grade, least: g.least, most: g.most }
}

const fn head(code: &'static str, name: &'static str, unit: &'static str) -> statistics::Head {
    statistics::Head { code, name, unit }
}

/// What rooms count for statistics and reports, beside cases of their kinds.
pub const COUNTERS: statistics::Counters = statistics::Counters(&[
    statistics::Counter {
        heads: &[
            head("visits", "完成监督检查", "次"),
            head("visits.bad", "检查发现问题", "次"),
            head("visits.parties", "检查覆盖主体", "家"),
        ],
        count: inspection::counted,
    },
    statistics::Counter {
        heads: &[
            head("findings", "发现问题", "项"),
            head("findings.serious", "严重问题", "项"),
            head("findings.mended", "完成整改", "项"),
            head("findings.in_time", "按期整改", "项"),
        ],
        count: findings::counted,
    },
    statistics::Counter {
        heads: &[
            head("samples.taken", "监督抽检采样", "批次"),
            head("samples.issued", "出具检验结论", "批次"),
            head("samples.fails", "检验不合格", "批次"),
        ],
        count: sampling::counted,
    },
    statistics::Counter {
        heads: &[head("penalties", "作出处罚决定", "件"), head("penalties.money", "罚没款", "元")],
        count: enforcement::counted,
    },
]);

/// What is decided in a case goes on the credit file of its business.
fn graded_after_cases(
    act: &mut kit_web::Act,
    case: &kit_flow::Case,
    entry: &kit_flow::Entry,
    body: &kit_flow::log::Body,
) -> kit_base::Result<()> {
    (enforcement::HOOKS[0].after)(act, case, entry, body)?;
    let party = &case.state.opened.business;
    match entry.action.as_str() {
        "decide" => {
            for (kind, number, at) in enforcement::on_file(act.tx, &case.id)? {
                let what = case.pinned.definition.name.as_str();
                credit::note(act, &credit::Note { kind, party, about: &case.id, number: &number, what, at })?;
            }
        }
        "revoke" => drop(credit::revoke(act, &case.id, "行政处罚决定被撤销、变更")?),
        _ => {}
    }
    credit::touched(act, party)
}

/// Templates of the documents of each kind, and what rooms hand in for them.
pub const DOCUMENTS: &[&str] = &[
    findings::DOCUMENTS,
    credit::DOCUMENTS,
    licensing::DOCUMENTS[0],
    licensing::DOCUMENTS[1],
    licensing::DOCUMENTS[2],
    enforcement::DOCUMENTS[0],
    enforcement::DOCUMENTS[1],
    enforcement::DOCUMENTS[2],
    enforcement::DOCUMENTS[3],
    sampling::DOCUMENTS,
    recall::DOCUMENTS,
];
/// Documents that rooms keep themselves.
pub const OTHERS: &[kit_flow::papers::Others] = &[sampling::genuine];
/// What rooms say of documents after they were issued.
pub const REMARKS: &[kit_flow::papers::Remarks] = &[sampling::remarks];
pub const WORDS: &[kit_flow::papers::Words] = &[
    findings::WORDS,
    credit::WORDS,
    licensing::WORDS[0],
    licensing::WORDS[1],
    licensing::WORDS[2],
    enforcement::WORDS[0],
    enforcement::WORDS[1],
    enforcement::WORDS[2],
    enforcement::WORDS[3],
    sampling::WORDS,
    recall::WORDS,
];

/// Schemas of kits and rooms, in the order in which they are made.
pub const SCHEMAS: &[kit_db::Schema] = &[
    kit_web::SCHEMA,
    kit_ledger::SCHEMA,
    kit_jobs::SCHEMA,
    kit_uploads::SCHEMA,
    kit_flow::SCHEMA,
    kit_draw::SCHEMA,
    accounts::ROOM.schema,
    parties::ROOM.schema,
    trace::ROOM.schema,
    notices::ROOM.schema,
    findings::ROOM.schema,
    publication::ROOM.schema,
    credit::ROOM.schema,
    investigation::ROOM.schema,
    inspection::ROOM.schema,
    licensing::ROOM.schema,
    enforcement::ROOM.schema,
    sampling::ROOM.schema,
    rapid::ROOM.schema,
    recall::ROOM.schema,
    statistics::ROOM.schema,
    campaigns::ROOM.schema,
    feedback::ROOM.schema,
];

/// What belongs to no room: how the house itself is doing.
const OPERATIONS: Permission =
    Permission { code: "house.operations", name: "查看备份与运行状况", roles: &["system_admin"] };

/// Every permission any room checks.
pub fn permissions() -> Vec<Permission> {
    ROOMS
        .iter()
        .flat_map(|room| room.permissions)
        .chain(kit_flow::PERMISSIONS)
        .copied()
        .chain([OPERATIONS, kit_uploads::PERMISSION])
        .collect()
}

/// The whole route table.
pub fn routes() -> Vec<Route> {
    let mut routes: Vec<Route> = ROOMS.iter().flat_map(|room| (room.routes)()).collect();
    routes.extend(kit_web::jobs_api::routes());
    routes.extend(kit_web::ledger_api::routes());
    routes.extend(kit_uploads::http::routes());
    routes.extend(kit_flow::routes());
    routes.extend(crate::home::routes());
    routes.extend(crate::called::routes());
    routes.extend(crate::keep::routes());
    routes.extend(crate::find::routes());
    routes.extend(crate::papers::routes());
    routes
}

/// Every kind of job.
pub fn job_kinds() -> Vec<&'static kit_jobs::Kind<kit_web::House>> {
    ROOMS
        .iter()
        .flat_map(|room| room.jobs)
        .chain(crate::duties::KINDS)
        .chain([&kit_flow::duty::RECOUNT])
        .collect()
}

/// The contract as it stands.
pub fn contract() -> String {
    let document = kit_web::openapi::document(&routes(), env!("CARGO_PKG_VERSION"));
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text + "\n"
}
