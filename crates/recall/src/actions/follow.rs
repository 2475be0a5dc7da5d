//! People follow a batch: consumers without a name, from the page behind its code; people with an account, from the page of the lot.
//! Whoever follows it, or what was made of it, is told of a recall in the transaction that tells the public.

use std::collections::HashSet;

use kit_base::codes::{person, platform};
use kit_base::text::mask_phone;
use kit_base::{Error, Result};
use kit_db::Tx;
use kit_web::{Act, Actor};
use serde_json::json;
use trace::live::LiveGraph;
use trace::model::LotNo;

use super::{code, goes_on, seen, unknown};
use crate::model::{Follower, FollowerLetter, FollowerTold, Recall, ToldOf};
use crate::rules;
use crate::store::follows::{self, NewFollow};

/// Letters handed out in one go.
const LETTERS: i64 = 500;

/// The batch behind a trace code. Errors: not found.
pub fn lot_of(tx: &mut Tx, text: &str) -> Result<(String, LotNo)> {
    let unknown = || Error::not_found("没有这个追溯码，请核对包装");
    let Ok((platform::Kind::Trace, code)) = platform::read(text) else { return Err(unknown()) };
    let found = trace::store::codes::by_code(tx, &code)?.ok_or_else(unknown)?;
    let lot = trace::store::lots::by_no(tx, found.lot)?.ok_or_else(unknown)?;
    Ok((code, lot.origin))
}

/// Begins to follow; answers the token of the page that tells. Errors: not found, `phone_form`.
pub fn follow(act: &mut Act, text: &str, phone: &str) -> Result<String> {
    let (scanned, lot) = lot_of(act.tx, text)?;
    let phone = kit_base::codes::tidy(phone);
    if !phone.is_empty()
        && let kit_base::codes::Verdict::Wrong(_) = person::check_phone(&phone)
    {
        return Err(Error::invalid("phone", "phone_form", "电话号码不正确，可以不填"));
    }
    let token = code(act);
    let new = NewFollow { token: &token, lot, code: &scanned, phone: &phone, user: "" };
    follows::follow(act.tx, &new, act.now)?;
    shown_at_once(act, &scanned, &token)?;
    act.subject("lot", &lot.to_string(), "");
    act.note(json!({ "phone": !phone.is_empty() }));
    Ok(token)
}

/// What is recalled already stands on the page that they get now. A chain that is too long for a glance is not looked at here: nobody else
/// waits for it, and the list has whoever follows the batch itself.
fn shown_at_once(act: &mut Act, scanned: &str, token: &str) -> Result<()> {
    let answer = publication::scan_data_at(act.tx, &act.cx.house, scanned, publication::Pace::Glance);
    let scan = match answer {
        Ok(publication::Answer::Batch(scan)) => scan,
        Err(e) if e.code != publication::CHAIN_LONG => return Err(e),
        _ => return Ok(()),
    };
    for recalled in scan.recalls {
        for recall in follows::of_notice(act.tx, &recalled.notice.id)? {
            follows::tell(act.tx, &recall, token, &by_house("page", act.now))?;
        }
    }
    Ok(())
}

/// The batch of a lot that somebody may see. Errors: not found.
pub fn batch_seen(tx: &mut Tx, who: &Actor, no: LotNo) -> Result<trace::model::Lot> {
    let lot = trace::chain::visible(tx, who, no)?;
    lot.ok_or_else(|| Error::not_found("没有这个批次，或不在您的范围内"))
}

/// Follows the batch of a lot with the asker's account. Errors: not found.
pub fn follow_as(act: &mut Act, no: LotNo) -> Result<()> {
    let lot = batch_seen(act.tx, act.who(), no)?;
    let user = act.who().user.clone();
    act.subject("lot", &lot.origin.to_string(), &lot.division);
    if follows::of_user(act.tx, &user, lot.origin)?.is_some() {
        return Ok(());
    }
    let token = code(act);
    let new = NewFollow { token: &token, lot: lot.origin, user: &user, ..NewFollow::default() };
    follows::follow(act.tx, &new, act.now)
}

/// Follows it no longer. Errors: not found.
pub fn unfollow(act: &mut Act, no: LotNo) -> Result<()> {
    let lot = batch_seen(act.tx, act.who(), no)?;
    let user = act.who().user.clone();
    follows::unfollow(act.tx, &user, lot.origin)?;
    act.subject("lot", &lot.origin.to_string(), &lot.division);
    Ok(())
}

fn by_house(how: &str, at: kit_base::Millis) -> ToldOf {
    ToldOf { how: how.to_owned(), at, user_name: String::new(), note: String::new() }
}

/// Tells everybody who follows the batch or anything that came of it, each once: with an account by a message, else by their own page,
/// which says it from the commit on.
pub fn tell(act: &mut Act, recall: &Recall) -> Result<()> {
    let mut messages = Vec::new();
    for lot in touched(act, recall.lot)? {
        for (token, user) in follows::of_lot(act.tx, lot)? {
            let how = if user.is_empty() { "page" } else { "notice" };
            if follows::tell(act.tx, &recall.id, &token, &by_house(how, act.now))? && !user.is_empty() {
                messages.push(message(recall, lot, user));
            }
        }
    }
    notices::send(act, &messages)
}

/// Followed batches that came from this lot, itself among them.
fn touched(act: &mut Act, lot: LotNo) -> Result<Vec<LotNo>> {
    let mut followed = follows::lots(act.tx)?;
    if followed.is_empty() {
        return Ok(followed);
    }
    let live = act.cx.house.held::<LiveGraph>();
    live.catch_up(act.tx)?;
    let start = u32::try_from(lot).map_err(Error::internal)?;
    let reached: HashSet<LotNo> = live.read().forward(&[start])?.into_iter().map(LotNo::from).collect();
    followed.retain(|lot| reached.contains(lot));
    Ok(followed)
}

fn message(recall: &Recall, lot: LotNo, user: String) -> notices::New {
    let made = if lot == recall.lot { "" } else { "（您关注的批次由它制成）" };
    notices::New {
        user,
        kind: "progress",
        title: format!("您关注的批次正在召回：{} 批号{}", recall.food, recall.batch),
        body: format!("{}{made}。请停止食用、使用和销售", recall.reason),
        link: format!("/lots/{lot}"),
        simulated: recall.simulated,
    }
}

/// Followers of a recall with masked numbers, and the recall. Errors: not found.
pub fn list(tx: &mut Tx, who: &Actor, id: &str, size: i64, skip: i64) -> Result<(Recall, Vec<Follower>)> {
    let recall = seen(tx, who, "recall.supervise", id)?;
    let mut all = follows::list(tx, id, recall.lot, size, skip)?;
    all.iter_mut().for_each(|f| f.phone = mask_phone(&f.phone));
    Ok((recall, all))
}

/// Hands numbers and texts to whoever sends them, each once; the numbers stay until the recall ends.
///
/// Errors: not found, `case_ended`, `not_public`, `letters_none`.
pub fn letters(act: &mut Act, id: &str) -> Result<Vec<FollowerLetter>> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    if recall.notice.is_empty() {
        return Err(Error::conflict("not_public", "责令或公告召回之后才能告知关注者"));
    }
    let waiting = follows::waiting(act.tx, id, LETTERS)?;
    if waiting.is_empty() {
        return Err(Error::conflict("letters_none", "没有待告知的号码"));
    }
    let told =
        ToldOf { how: "sms".into(), at: act.now, user_name: act.who().name.clone(), note: String::new() };
    let mut out = Vec::with_capacity(waiting.len());
    for (token, phone) in waiting {
        follows::tell(act.tx, id, &token, &told)?;
        out.push(FollowerLetter { phone, text: text(&recall, &act.cx.house.public_url, &token) });
    }
    act.subject("recall", id, &recall.division);
    act.note(json!({ "letters": out.len() }));
    Ok(out)
}

/// What goes to one follower; the address is that of their own page.
fn text(recall: &Recall, url: &str, token: &str) -> String {
    let mark = if recall.simulated { "（模拟数据）" } else { "" };
    format!(
        "【食品召回】{mark}您关注的食品涉及召回：{} 批号{}，{}。请停止食用，凭包装到购买处退货退款，不适请就医。详见 {url}/followed/{token}",
        recall.food, recall.batch, recall.reason
    )
}

/// An officer told a follower by telephone or otherwise. Errors: not found, `case_ended`, `not_public`, `how_unknown`, `note_length`,
/// `told_already`.
pub fn told(act: &mut Act, id: &str, token: &str, said: &FollowerTold) -> Result<()> {
    let recall = seen(act.tx, act.who(), "recall.supervise", id)?;
    goes_on(&recall)?;
    if recall.notice.is_empty() {
        return Err(Error::conflict("not_public", "责令或公告召回之后才能告知关注者"));
    }
    if !["phone", "sms"].contains(&said.how.as_str()) {
        return Err(Error::invalid("how", "how_unknown", "请选择电话或短信"));
    }
    rules::text("note", &said.note, 0, 300, "说明")?;
    follows::phone(act.tx, id, recall.lot, token)?.ok_or_else(unknown)?;
    let told = ToldOf {
        how: said.how.clone(),
        at: act.now,
        user_name: act.who().name.clone(),
        note: said.note.trim().to_owned(),
    };
    if !follows::tell(act.tx, id, token, &told)? {
        return Err(Error::conflict("told_already", "已经登记过"));
    }
    act.subject("recall", id, &recall.division);
    act.note(json!({ "how": said.how }));
    Ok(())
}
