//! A grade is adjusted by two people: one proposes with a reason, another decides.

use kit_base::clock::china_day;
use kit_base::{Error, Result};
use kit_web::Act;
use serde_json::json;

use super::grading;
use crate::model::{Adjustment, Decision, NewAdjustment, check_adjustment, reason};
use crate::store::{adjustments, grades};

/// Proposes another grade for the rest of the year.
///
/// Errors: `grade_unknown`, `reason_length`, `grade_same`, `adjustment_waits`; not found where it was not graded or is not
/// the asker's.
pub fn propose(act: &mut Act, party: &str, new: &NewAdjustment) -> Result<Adjustment> {
    check_adjustment(new)?;
    let unknown = || Error::not_found("没有这个主体的风险等级，或不在您的辖区内");
    let standing = grades::standing(act.tx, party)?.ok_or_else(unknown)?;
    let scope = act.who().scope_for("credit.adjust");
    if !scope.covers(&standing.division, Some(party)) {
        return Err(unknown());
    }
    if standing.grade == new.grade {
        return Err(Error::invalid("grade", "grade_same", "与现在的等级相同，不需要调整"));
    }
    if adjustments::open(act.tx, party)? > 0 {
        return Err(Error::conflict("adjustment_waits", "已有一项调整等待审核，请先审核"));
    }
    let made = Adjustment {
        id: act.id(),
        party: party.to_owned(),
        party_name: parties::brief(act.tx, party)?.map(|b| b.name).unwrap_or_default(),
        division: standing.division.clone(),
        year: i64::from(china_day(act.now).year()),
        from_grade: standing.grade,
        to_grade: new.grade.clone(),
        reason: new.reason.trim().to_owned(),
        proposer: act.who().user.clone(),
        proposer_name: act.who().name.clone(),
        proposed_at: act.now,
        decider_name: String::new(),
        decided_at: None,
        accepted: None,
        answer: String::new(),
    };
    adjustments::insert(act.tx, &made)?;
    act.subject("party", party, &standing.division);
    act.note(json!({ "adjustment": made.id, "from": made.from_grade, "to": made.to_grade }));
    Ok(made)
}

/// Accepts or refuses an adjustment that somebody else proposed.
///
/// Errors: `same_person`, `adjustment_decided`, `reason_length` where it is refused without one; not found.
pub fn decide(act: &mut Act, id: &str, decision: &Decision) -> Result<Adjustment> {
    let unknown = || Error::not_found("没有这项调整，或不在您的辖区内");
    let found = adjustments::by_id(act.tx, id)?.ok_or_else(unknown)?;
    if !act.who().scope_for("credit.adjust_decide").covers(&found.division, Some(&found.party)) {
        return Err(unknown());
    }
    if found.proposer == act.who().user {
        return Err(Error::forbidden("same_person", "提出调整的人不能审核自己的调整，请由另一人审核"));
    }
    if !decision.accept {
        reason("answer", &decision.answer)?;
    }
    let (user, name) = (act.who().user.clone(), act.who().name.clone());
    let decided = adjustments::Decision {
        user: &user,
        name: &name,
        at: act.now,
        accepted: decision.accept,
        answer: decision.answer.trim(),
    };
    if !adjustments::decide(act.tx, id, &decided)? {
        return Err(Error::conflict("adjustment_decided", "这项调整已经审核过了"));
    }
    if decision.accept {
        let now = grading::Now { at: act.now, cause: "adjust", ids: act.ids() };
        grading::grade(act.tx, &found.party, &found.party, now)?;
    }
    act.subject("party", &found.party, &found.division);
    act.note(json!({ "adjustment": id, "accepted": decision.accept }));
    let made = adjustments::by_id(act.tx, id)?.ok_or_else(unknown)?;
    Ok(Adjustment {
        party_name: parties::brief(act.tx, &found.party)?.map(|b| b.name).unwrap_or_default(),
        ..made
    })
}
