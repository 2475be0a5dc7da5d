//! Ballots without a name: a device counts once a day, and a page is needed to send one.

use kit_base::codes::{Verdict, person, tidy};
use kit_base::{Error, Kind, Millis, Result};
use sha2::{Digest, Sha256};

use super::setting;
use crate::model::{Ballot, Choice};

/// What a device and its network are counted by on one day. The salt goes with the day: afterwards nobody can try addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    pub device: String,
    pub network: String,
}

fn keyed(salt: &str, words: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for word in [salt].iter().chain(words) {
        hasher.update((word.len() as u64).to_be_bytes());
        hasher.update(word.as_bytes());
    }
    hex::encode(&hasher.finalize()[..16])
}

/// `network` as [`kit_web::guard::network`] counts it, `agent` the browser's.
pub fn marks(salt: &str, network: &str, agent: &str) -> Marks {
    Marks { device: keyed(salt, &["device", network, agent]), network: keyed(salt, &["network", network]) }
}

/// A mark of the page: when it was made, and that it was made for this device.
pub fn page(salt: &str, campaign: &str, marks: &Marks, at: Millis) -> String {
    format!("{at}-{}", keyed(salt, &["page", campaign, &marks.device, &at.to_string()]))
}

/// Errors: `page_unknown` (of another device, day or campaign), `page_early`, `page_old`.
pub fn check_page(salt: &str, campaign: &str, marks: &Marks, given: &str, now: Millis) -> Result<()> {
    let refused = |code: &'static str, text: &str| Err(Error::invalid("page", code, text));
    let at = given.split_once('-').and_then(|(at, _)| at.parse::<Millis>().ok());
    let Some(at) = at.filter(|at| page(salt, campaign, marks, *at) == given) else {
        return refused("page_unknown", "页面已经失效，请重新打开后再提交");
    };
    if now - at < setting("wait_seconds") * 1_000 {
        return refused("page_early", "提交得太快了，请看一看再提交");
    }
    if now - at > setting("page_hours") * 3_600_000 {
        return refused("page_old", "页面打开太久了，请重新打开后再提交");
    }
    Ok(())
}

/// Errors: `device_voted`, `network_full` (429).
pub fn admit(device: i64, network: i64) -> Result<()> {
    if device >= setting("device_day") {
        let text = "今天已经从这台设备投过票了，谢谢！明天可以再来。如果不是您投的（同一网络下同型号的手机会被认作一台），请换一个网络再投";
        return Err(Error::new(Kind::TooMany, "device_voted", text));
    }
    if network >= setting("network_day") {
        let text = "这个网络今天投的票已经很多了，请明天再来，或换用手机流量";
        return Err(Error::new(Kind::TooMany, "network_full", text));
    }
    Ok(())
}

/// What a ballot holds. Errors: `county_unknown`, `foods_range`, `places_range`, `items_range`, `choice_unknown`, `wish_form`, `phone_form`.
pub fn check(ballot: &Ballot, options: &[Choice]) -> Result<()> {
    let has = |part: &str, code: &str| options.iter().any(|o| o.part == part && o.code == code);
    if !has("county", &ballot.county) {
        return Err(Error::invalid("county", "county_unknown", "请选择所在的区县"));
    }
    let picks = setting("picks") as usize;
    let parts = [
        ("food", &ballot.food, 1, "foods_range", format!("请选择 1 至 {picks} 个想检的品种")),
        ("place", &ballot.place, 0, "places_range", format!("单位最多选 {picks} 家")),
        ("item", &ballot.item, 0, "items_range", format!("项目最多选 {picks} 个")),
    ];
    for (part, chosen, least, code, text) in parts {
        if !(least..=picks).contains(&chosen.len()) {
            return Err(Error::invalid(part, code, text));
        }
        let twice = |i: usize| chosen[..i].contains(&chosen[i]);
        if let Some(i) = (0..chosen.len()).find(|i| !has(part, &chosen[*i]) || twice(*i)) {
            return Err(Error::invalid(format!("{part}/{i}"), "choice_unknown", "没有这个选项，或选了两次"));
        }
    }
    if ballot.wish.trim().chars().count() > 60 {
        return Err(Error::invalid("wish", "wish_form", "心愿不超过 60 字"));
    }
    let contact = tidy(&ballot.contact);
    if !contact.is_empty()
        && let Verdict::Wrong(_) = person::check_phone(&contact)
    {
        return Err(Error::invalid("contact", "phone_form", "手机号码不正确，可以不填"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_one_device_one_day_and_a_while() {
        let (now, one) = (1_772_500_000_000, marks("salt", "203.0.113.9", "phone"));
        let page_of = page("salt", "c", &one, now);
        let wait = setting("wait_seconds") * 1_000;
        check_page("salt", "c", &one, &page_of, now + wait).unwrap();
        let other = marks("salt", "203.0.113.9", "tablet");
        assert_eq!(other.network, one.network);
        for (salt, campaign, marks, given, after, code) in [
            ("salt", "c", &one, page_of.as_str(), wait - 1, "page_early"),
            ("salt", "c", &one, page_of.as_str(), setting("page_hours") * 3_600_000 + 1, "page_old"),
            ("next", "c", &one, page_of.as_str(), wait, "page_unknown"),
            ("salt", "d", &one, page_of.as_str(), wait, "page_unknown"),
            ("salt", "c", &other, page_of.as_str(), wait, "page_unknown"),
            ("salt", "c", &one, "", wait, "page_unknown"),
            ("salt", "c", &one, "1772500000000-00", wait, "page_unknown"),
        ] {
            let refused = check_page(salt, campaign, marks, given, now + after).unwrap_err();
            assert_eq!(refused.code, code, "{given} {after}");
        }
    }

    #[test]
    fn a_device_counts_once_and_a_network_some_times() {
        admit(0, setting("network_day") - 1).unwrap();
        assert_eq!(admit(1, 1).unwrap_err().code, "device_voted");
        assert_eq!(admit(0, setting("network_day")).unwrap_err().code, "network_full");
    }
}
