//! Messages of devices, whichever way they come (MQTT, HTTP): taken in, or kept as refused with the reason.
//!
//! A message is a line with the HMAC-SHA256 (hex) of `POINT/DEVICE`, a line feed and the JSON, under the device's key; then the JSON: `{"items":[…]}`.

use accounts::Accounts;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kit_base::clock::china_day;
use kit_base::{Error, Kind, Result};
use kit_web::Act;
use serde::Deserialize;
use sha2::Sha256;

use super::tests::{Sender, each};
use crate::model::{Device, NewTest, Point, RefusedMessage, Taken};
use crate::store;

/// Bytes of a message.
pub const LARGEST: usize = 256 * 1024;
/// Characters that are kept of one that was refused.
const KEPT: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    items: Vec<NewTest>,
}

/// Takes a message in. What is wrong with it is kept as refused, and the answer is empty: sending it again would help nobody.
///
/// Errors: only those after which the same message is to be sent again (a database that is busy, a fault of ours).
pub fn receive(act: &mut Act, point: &str, device: &str, message: &[u8]) -> Result<Vec<Taken>> {
    let (cx, now) = (act.cx, act.now);
    let done = act.tx.nested(|tx| taken(&mut Act::inside(tx, cx, now), point, device, message));
    match done {
        Ok(all) => {
            for bad in all.iter().filter(|t| !t.code.is_empty()) {
                let text = format!("第 {} 条（{}）：{}", bad.index + 1, bad.key, bad.message);
                refuse(act, (point, device), &bad.code, &text, message)?;
            }
            Ok(all)
        }
        Err(e) if matches!(e.kind, Kind::Internal | Kind::Unavailable) => Err(e),
        Err(e) => {
            refuse(act, (point, device), &e.code, &e.message, message)?;
            Ok(Vec::new())
        }
    }
}

/// Keeps a message that a fault of ours keeps out, with that as its reason: it is not sent again.
pub fn set_aside(act: &mut Act, point: &str, device: &str, message: &[u8]) -> Result<()> {
    let why = "系统处理这条消息时出错，没有登记，请联系系统管理员，并在网页上补录";
    refuse(act, (point, device), "message_fault", why, message)
}

fn taken(act: &mut Act, point: &str, device: &str, message: &[u8]) -> Result<Vec<Taken>> {
    if message.len() > LARGEST {
        return Err(Error::invalid("message", "message_large", "消息超过 256 KB"));
    }
    let (point, device) = speaker(act, point, device)?;
    let body = signed(act, &point, &device, message)?;
    let body: Body = kit_web::ask::parse_json(body)?;
    store::points::seen(act.tx, &device.id, act.now)?;
    let name = device.name.clone();
    let sender = Sender { channel: "device", device: Some(device), user: String::new(), name };
    each(act, &point, &sender, &body.items)
}

/// Errors: `device_unknown`, `device_other`, `device_withdrawn`.
fn speaker(act: &mut Act, point: &str, device: &str) -> Result<(Point, Device)> {
    let unknown = || Error::invalid("device", "device_unknown", "没有登记这个快检点或这台设备");
    let at = store::points::point(act.tx, point)?.filter(|p| p.code == point).ok_or_else(unknown)?;
    let by = store::points::device(act.tx, device)?.filter(|d| d.code == device).ok_or_else(unknown)?;
    if by.point != at.id {
        return Err(Error::invalid("device", "device_other", "这台设备属于别的快检点，不能代报"));
    }
    match by.state.as_str() {
        "active" => Ok((at, by)),
        _ => Err(Error::invalid("device", "device_withdrawn", "这台设备已注销")),
    }
}

/// The JSON below the signature. Errors: `message_form`, `signature_wrong`.
fn signed<'m>(act: &Act, point: &Point, device: &Device, message: &'m [u8]) -> Result<&'m [u8]> {
    let form = || Error::invalid("message", "message_form", "消息应为签名行加 JSON");
    let end = message.iter().position(|b| *b == b'\n').ok_or_else(form)?;
    let (head, body) = (&message[..end], &message[end + 1..]);
    let told = hex::decode(head.trim_ascii()).map_err(|_| form())?;
    let secret = act.cx.house.held::<Accounts>().vault.unseal(&device.id, &device.secret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).map_err(Error::internal)?;
    mac.update(format!("{}/{}\n", point.code, device.code).as_bytes());
    mac.update(body);
    mac.verify_slice(&told)
        .map_err(|_| Error::invalid("message", "signature_wrong", "签名不符，请核对设备密钥"))?;
    Ok(body)
}

/// The beginning of a message as it is kept: without the names of persons, whether it can be read or not.
fn beginning(message: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(message).replace('\0', "");
    for name in ["\"vendor\"", "\"tester\""] {
        let mut from = 0;
        while let Some(at) = text[from..].find(name).map(|at| from + at + name.len()) {
            let Some(open) = text[at..].find('"').map(|open| at + open + 1) else { break };
            let close = text[open..].find('"').map_or(text.len(), |close| open + close);
            text.replace_range(open..close, "*");
            from = open + 1;
        }
    }
    text.chars().take(KEPT).collect()
}

/// Keeps why. What names no point of ours is counted together, so that nobody fills the table with names.
fn refuse(act: &mut Act, from: (&str, &str), code: &str, why: &str, message: &[u8]) -> Result<()> {
    let known = store::points::point(act.tx, from.0)?.filter(|p| p.code == from.0);
    let device = store::points::device(act.tx, from.1)?.is_some();
    let topic = match (&known, device) {
        (Some(p), true) => format!("{}/{}", p.code, from.1),
        (Some(p), false) => format!("{}/?", p.code),
        (None, _) => String::new(),
    };
    let row = RefusedMessage {
        id: act.id(),
        day: china_day(act.now).to_string(),
        topic,
        point: known.as_ref().map(|p| p.id.clone()).unwrap_or_default(),
        code: code.to_owned(),
        message: why.chars().take(KEPT).collect(),
        sent: beginning(message),
        times: 1,
        first_at: act.now,
        last_at: act.now,
    };
    store::points::refuse(act.tx, &row, known.as_ref().map_or("", |p| &p.division))
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn names_of_persons_are_not_kept_with_a_refused_message() {
        for (message, kept) in [
            (
                r#"{"vendor":"王小明","food":"菠菜","tester": "李"}"#,
                r#"{"vendor":"*","food":"菠菜","tester": "*"}"#,
            ),
            (r#"{"vendor":"王小明"|"#, r#"{"vendor":"*"|"#),
            (r#"{"vendor":"","vendor":"王"}"#, r#"{"vendor":"*","vendor":"*"}"#),
            (r#"{"vendor":"王小"#, r#"{"vendor":"*"#),
            ("x", "x"),
        ] {
            assert_eq!(beginning(message.as_bytes()), kept);
        }
    }
}
