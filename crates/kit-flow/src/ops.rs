//! The operations that offices expect on any task: 领取 转办 委派 加签 减签 退回 撤回 催办 挂起 恢复 终止 作废, and the lock for
//! work without a network. 会签, 或签 and 补录 belong to actions.

use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock;
use crate::decide::{Deciding, remind_at};
use crate::definition::{At, Mode, Special};
use crate::guard::{self, Who};
use crate::log::{Draft, Effect, How, Person};
use crate::state::{Phase, Run, Seat, Task};

/// A task is urged again after this long at the earliest.
const URGE_EVERY: Millis = 24 * 3_600_000;
/// A lock lasts no longer.
const LONGEST_LOCK: i64 = 48;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Op {
    /// 领取 a task that is everybody's.
    Claim {
        task: i64,
    },
    /// 转办: the seat goes to somebody else; `from` where a leader hands over that of another.
    Transfer {
        task: i64,
        to: String,
        from: Option<String>,
    },
    /// 委派: somebody else prepares it, and it comes back.
    Delegate {
        task: i64,
        to: String,
    },
    /// The delegate gives it back, with a note.
    Answer {
        task: i64,
    },
    /// 加签: somebody else must sign too.
    AddSigner {
        task: i64,
        to: String,
    },
    /// 减签: takes out somebody who was added.
    DropSigner {
        task: i64,
        user: String,
    },
    /// 退回 to the status before.
    Return {
        task: i64,
    },
    /// 撤回: the asker's last action, as long as nobody did anything since.
    Withdraw,
    /// 催办
    Urge {
        task: i64,
    },
    /// 挂起
    Suspend {
        reason: String,
    },
    /// 恢复
    Resume,
    /// 终止
    Terminate,
    /// 作废
    Void,
    /// Nobody else writes while the asker works without a network.
    Lock {
        hours: i64,
    },
    Unlock,
}

impl Op {
    /// The name in the log.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Claim { .. } => "op.claim",
            Self::Transfer { .. } => "op.transfer",
            Self::Delegate { .. } => "op.delegate",
            Self::Answer { .. } => "op.answer",
            Self::AddSigner { .. } => "op.add_signer",
            Self::DropSigner { .. } => "op.drop_signer",
            Self::Return { .. } => "op.return",
            Self::Withdraw => "op.withdraw",
            Self::Urge { .. } => "op.urge",
            Self::Suspend { .. } => "op.suspend",
            Self::Resume => "op.resume",
            Self::Terminate => "op.terminate",
            Self::Void => "op.void",
            Self::Lock { .. } => "op.lock",
            Self::Unlock => "op.unlock",
        }
    }

    /// The person it names.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Transfer { to, .. } | Self::Delegate { to, .. } | Self::AddSigner { to, .. } => Some(to),
            _ => None,
        }
    }
}

/// The Chinese word for an operation in the log.
pub fn name_of(action: &str) -> Option<&'static str> {
    Some(match action {
        "open" => "立卷",
        "op.claim" => "领取",
        "op.transfer" => "转办",
        "op.delegate" => "委派",
        "op.answer" => "答复委派",
        "op.add_signer" => "加签",
        "op.drop_signer" => "减签",
        "op.return" => "退回",
        "op.withdraw" => "撤回",
        "op.urge" => "催办",
        "op.suspend" => "挂起",
        "op.resume" => "恢复",
        "op.terminate" => "终止",
        "op.void" => "作废",
        "op.lock" => "离线办理",
        "op.unlock" => "解除锁定",
        "op.expired" => "期限届满",
        "op.reminded" => "到期提醒",
        "op.recounted" => "重新计算期限",
        "op.child_ended" => "下级案卷办结",
        _ => return None,
    })
}

/// Decides an operation.
///
/// Errors: `case_ended`, `case_suspended`, `case_locked`, `not_permitted`, `not_assigned`, `same_person`, `task_unknown`,
/// `person_unknown`, `person_unfit`, `note_missing`, and one of each operation's own.
pub(crate) fn decide(mut d: Deciding, who: &Who, op: &Op, note: &str) -> Result<Draft> {
    let view = d.view;
    match op {
        Op::Resume | Op::Terminate | Op::Void | Op::Urge { .. } => {
            guard::unended(&view)?;
            guard::unlocked(&view, who)?;
        }
        Op::Unlock => guard::unended(&view)?,
        _ => guard::writable(&view, who)?,
    }
    match op {
        Op::Claim { task } => claim(&mut d, who, *task)?,
        Op::Transfer { task, to, from } => transfer(&mut d, who, *task, to, from.as_deref(), note)?,
        Op::Delegate { task, to } => {
            own_seat(&d, who, *task)?;
            let to = d.sitting(*task, to)?;
            d.push(Effect::Delegated { task: *task, user: who.person.user.clone(), to })?;
        }
        Op::Answer { task } => answer(&mut d, who, *task, note)?,
        Op::AddSigner { task, to } => {
            own_seat(&d, who, *task)?;
            let person = d.sitting(*task, to)?;
            let one = d.task(*task)?;
            match (one.mode, one.seats.len()) {
                (Mode::All, _) => {}
                (Mode::Any, 1) => d.push(Effect::Countersigned(*task))?,
                _ => return Err(Error::conflict("task_of_any", "或签任务由一人办理即可，不能加签")),
            }
            d.push(Effect::Seated { task: *task, person, added: true })?;
        }
        Op::DropSigner { task, user } => drop_signer(&mut d, who, *task, user)?,
        Op::Return { task } => send_back(&mut d, who, *task, note)?,
        Op::Withdraw => withdraw(&mut d, who)?,
        Op::Urge { task } => urge(&mut d, who, *task)?,
        Op::Suspend { reason } => suspend(&mut d, who, reason)?,
        Op::Resume => resume(&mut d, who)?,
        Op::Terminate => {
            special(&d, who, view.definition.ops.terminate.as_ref(), "终止", note)?;
            d.end(How::Terminated)?;
        }
        Op::Void => {
            special(&d, who, view.definition.ops.void.as_ref(), "作废", note)?;
            annul(&mut d)?;
            d.end(How::Void)?;
        }
        Op::Lock { hours } => lock(&mut d, who, *hours)?,
        Op::Unlock => unlock(&mut d, who)?,
    }
    let form = serde_json::to_value(op).unwrap_or(Value::Null);
    Ok(d.draft(op.code(), note, form))
}

fn claim(d: &mut Deciding, who: &Who, no: i64) -> Result<()> {
    let task = d.task(no)?.clone();
    if !task.seats.is_empty() {
        return Err(Error::conflict("task_taken", "任务已有人办理"));
    }
    if !guard::may_sit(&d.view, who, &task) {
        return Err(Error::forbidden("not_permitted", "您没有办理这项任务的权限，或须回避"));
    }
    d.push(Effect::Seated { task: no, person: who.person.clone(), added: false })
}

fn transfer(d: &mut Deciding, who: &Who, no: i64, to: &str, from: Option<&str>, note: &str) -> Result<()> {
    let from = from.unwrap_or(&who.person.user);
    if from == who.person.user {
        own_seat(d, who, no)?;
    } else if d.view.oversees(who) {
        noted(note)?;
        let seat = d.task(no)?.seat(from);
        let signed = seat.ok_or_else(|| Error::invalid("from", "person_unknown", "该人员不在这项任务中"))?;
        if signed.signed {
            return Err(Error::conflict("signed_already", "该人员已会签"));
        }
    } else {
        return Err(Error::forbidden("not_assigned", "这项任务没有派给您"));
    }
    let added = d.task(no)?.seat(from).is_some_and(|s| s.added);
    let from = from.to_owned();
    d.push(Effect::Unseated { task: no, user: from })?;
    let person = d.sitting(no, to)?;
    d.push(Effect::Seated { task: no, person, added })
}

fn answer(d: &mut Deciding, who: &Who, no: i64, note: &str) -> Result<()> {
    noted(note)?;
    let mine = |s: &&Seat| s.delegate.as_ref().is_some_and(|p| p.user == who.person.user);
    let user = d.task(no)?.seats.iter().find(mine).map(|s| s.person.user.clone());
    let user = user.ok_or_else(|| Error::forbidden("not_assigned", "这项任务没有委派给您"))?;
    d.push(Effect::Answered { task: no, user })
}

fn drop_signer(d: &mut Deciding, who: &Who, no: i64, user: &str) -> Result<()> {
    if !d.view.oversees(who) {
        own_seat(d, who, no)?;
    }
    let seat = d.task(no)?.seat(user).ok_or_else(|| person_unknown("user"))?;
    if !seat.added || seat.signed {
        return Err(Error::conflict("signer_stays", "只能减去加签且尚未签署的人员"));
    }
    let others = d.task(no)?.seats.iter().any(|s| s.person.user != user && !s.signed);
    if !others {
        return Err(Error::conflict("signer_stays", "其他人员均已签署，不能再减签，请其签署或退回"));
    }
    d.push(Effect::Unseated { task: no, user: user.to_owned() })
}

fn send_back(d: &mut Deciding, who: &Who, no: i64, note: &str) -> Result<()> {
    noted(note)?;
    let task = d.task(no)?.clone();
    guard::assigned(&d.view, who, Some(&task))?;
    let here = d.view.definition.status(&d.state.status);
    let to = d.state.trail.last().cloned().filter(|_| !here.is_some_and(|s| s.no_return));
    let to = to.ok_or_else(|| Error::conflict("return_not_here", "这一步不能退回"))?;
    d.move_to(&to)
}

fn withdraw(d: &mut Deciding, who: &Who) -> Result<()> {
    let refused = |text: &str| Err(Error::conflict("withdraw_not_here", text));
    let Some(before) = &d.state.before else {
        return refused("之后已有新的办理，不能撤回");
    };
    let last =
        d.state.doers.iter().find(|(action, did)| before.doers.get(*action).map_or(0, Vec::len) < did.len());
    let Some((action, did)) = last else { return refused("没有可以撤回的办理") };
    if did.last().is_none_or(|p| p.user != who.person.user || p.user.is_empty()) {
        return Err(Error::forbidden("not_permitted", "只能由办理人本人撤回"));
    }
    let lasting = d.view.definition.action(action).is_none_or(|a| a.lasting);
    if lasting
        || d.state.documents.len() > before.documents.len()
        || d.state.children.len() > before.children.len()
    {
        return refused("已出具文书、已立下级案卷或依法不可撤回");
    }
    d.push(Effect::Undone)
}

fn urge(d: &mut Deciding, who: &Who, no: i64) -> Result<()> {
    let mine = d.state.drafter.user == who.person.user && d.view.reads(who);
    if !mine && !d.view.oversees(who) {
        return Err(Error::forbidden("not_permitted", "只有立卷人和分管人员可以催办"));
    }
    let last = d.task(no)?.urged_at;
    if last.is_some_and(|at| d.view.now - at < URGE_EVERY) {
        return Err(Error::conflict("urged_already", "24 小时内已催办"));
    }
    d.push(Effect::Urged(no))
}

fn suspend(d: &mut Deciding, who: &Who, reason: &str) -> Result<()> {
    let rule = d.view.definition.ops.suspend.as_ref();
    let rule = rule.ok_or_else(|| Error::conflict("op_not_here", "此类案卷不能挂起"))?;
    if !d.view.reaches(who, &rule.may, At::Case) {
        return Err(Error::forbidden("not_permitted", "您没有挂起的权限"));
    }
    if !rule.reasons.iter().any(|r| r == reason) {
        let text = format!("挂起事由应为：{}", rule.reasons.join("、"));
        return Err(Error::invalid("op/reason", "reason_unknown", text));
    }
    let (calendar, at) = (d.view.calendar, d.at);
    let running: Vec<_> =
        d.state.running().map(|(code, t)| (code.clone(), t.anchor, t.left, t.due.late_from)).collect();
    for (clock, anchor, left, late_from) in running {
        let pausable = d.view.definition.clock(&clock).is_some_and(|c| c.pausable);
        // what is over already stays over
        if pausable && late_from > at {
            let left = clock::left_at(calendar, anchor, left, at);
            d.push(Effect::Paused { clock, left })?;
        }
    }
    d.push(Effect::Suspended(reason.to_owned()))
}

fn resume(d: &mut Deciding, who: &Who) -> Result<()> {
    if !matches!(d.state.phase, Phase::Suspended(_)) {
        return Err(Error::conflict("not_suspended", "案卷没有挂起"));
    }
    let may = d.view.definition.ops.suspend.as_ref().map(|s| s.may.as_str());
    if !may.is_some_and(|may| d.view.reaches(who, may, At::Case)) {
        return Err(Error::forbidden("not_permitted", "您没有恢复的权限"));
    }
    d.push(Effect::Continued)?;
    let paused: Vec<_> = d
        .state
        .clocks
        .iter()
        .filter(|(code, t)| t.state == Run::Paused && !still(d, code))
        .map(|(c, t)| (c.clone(), t.left))
        .collect();
    for (clock, left) in paused {
        let due = clock::due(d.view.calendar, d.at, left)?;
        let remind_at = remind_at(d.view.definition.clock(&clock), due.late_from, d.at);
        d.push(Effect::Resumed { clock, due, remind_at })?;
    }
    Ok(())
}

/// Whether a clock stands still where the case is, suspended or not.
fn still(d: &Deciding, code: &str) -> bool {
    d.view.definition.clock(code).is_some_and(|c| c.still.contains(&d.state.status))
}

fn special(d: &Deciding, who: &Who, rule: Option<&Special>, name: &str, note: &str) -> Result<()> {
    let rule = rule.ok_or_else(|| Error::conflict("op_not_here", format!("此类案卷不能{name}")))?;
    if !d.view.reaches(who, &rule.may, At::Case) {
        return Err(Error::forbidden("not_permitted", format!("您没有{name}的权限")));
    }
    guard::separate(&d.view, who, &rule.not, name)?;
    noted(note)
}

/// The numbers of a void case stay, and are shown as void.
fn annul(d: &mut Deciding) -> Result<()> {
    let standing = d.state.documents.iter().filter(|x| x.annulled_at.is_none());
    let numbers: Vec<String> = standing.map(|x| x.number.clone()).collect();
    numbers.into_iter().try_for_each(|number| d.push(Effect::Annulled { number }))
}

fn lock(d: &mut Deciding, who: &Who, hours: i64) -> Result<()> {
    if !(1..=LONGEST_LOCK).contains(&hours) {
        let text = format!("离线办理最长 {LONGEST_LOCK} 小时");
        return Err(Error::invalid("op/hours", "lock_hours", text));
    }
    let holds = d.state.open_tasks().any(|t| t.seats.iter().any(|s| s.holder().user == who.person.user));
    if !holds {
        return Err(Error::forbidden("not_assigned", "先领取任务，再离线办理"));
    }
    let until = d.view.now + hours * 3_600_000;
    d.push(Effect::Locked { person: who.person.clone(), until })
}

fn unlock(d: &mut Deciding, who: &Who) -> Result<()> {
    let Some(lock) = &d.state.lock else {
        return Err(Error::conflict("not_locked", "案卷没有锁定"));
    };
    if lock.person.user != who.person.user && !d.view.oversees(who) {
        return Err(Error::forbidden("not_permitted", "只有锁定人和分管人员可以解除锁定"));
    }
    d.push(Effect::Unlocked)
}

/// The asker's own seat, in their hands.
fn own_seat(d: &Deciding, who: &Who, no: i64) -> Result<()> {
    let task = d.task(no)?;
    if task.seats.is_empty() {
        return Err(Error::forbidden("not_assigned", "请先领取任务"));
    }
    guard::assigned(&d.view, who, Some(task))
}

impl Deciding<'_> {
    fn task(&self, no: i64) -> Result<&Task> {
        self.state
            .open_task(no)
            .ok_or_else(|| Error::invalid("op/task", "task_unknown", "没有这项任务，或已办结"))
    }

    /// Somebody who is to have a seat at a task and has none yet.
    fn sitting(&self, no: i64, user: &str) -> Result<Person> {
        let task = self.task(no)?;
        let who = self.view.people.get(user).ok_or_else(|| person_unknown("op/to"))?;
        let seated = task.seats.iter().any(|s| s.person.user == user || s.holder().user == user);
        let view = guard::View { state: &self.state, ..self.view };
        if seated || !guard::may_sit(&view, who, task) {
            let text = format!("{}没有办理这项任务的权限、须回避或已在其中", who.person.name);
            return Err(Error::invalid("op/to", "person_unfit", text));
        }
        Ok(who.person.clone())
    }
}

fn noted(note: &str) -> Result<()> {
    match note.trim() {
        "" => Err(Error::invalid("note", "note_missing", "请写明理由")),
        _ => Ok(()),
    }
}

fn person_unknown(field: &str) -> Error {
    Error::invalid(field, "person_unknown", "没有这个人员")
}
