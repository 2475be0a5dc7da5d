//! Decisions, as pure functions over facts and a time.

use std::sync::LazyLock;

use kit_base::{Error, Millis, Result};

use crate::model::{Family, Role};

/// Limits of sign-in and sessions, from data/sign-in.csv (its sources stand there).
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub failures_before_lock: i64,
    pub first_lock: Millis,
    pub longest_lock: Millis,
    pub idle: Millis,
    pub absolute: Millis,
    pub password_length: usize,
    /// Failures from one network address, under whatever names, before that address is locked.
    pub address_failures: i64,
    /// Failures of an address count no more this long after the last.
    pub address_window: Millis,
}

pub static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    let text = include_str!("../../../../data/sign-in.csv");
    let number = |name: &str| -> i64 {
        let cell = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(',')?.split(',').next());
        // the file is compiled in; the test below reads every name
        cell.and_then(|c| c.parse().ok()).unwrap_or_else(|| panic!("data/sign-in.csv has no number {name}"))
    };
    let minutes = |name| number(name) * 60_000;
    Limits {
        failures_before_lock: number("failures_before_lock"),
        first_lock: minutes("first_lock"),
        longest_lock: minutes("longest_lock"),
        idle: minutes("idle_limit"),
        absolute: minutes("absolute_limit"),
        address_failures: number("address_failures"),
        address_window: minutes("address_window"),
        password_length: usize::try_from(number("password_length")).unwrap_or(usize::MAX),
    }
});

/// Failed sign-ins under one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// Since the last success or lock.
    pub failed: i64,
    /// Locks since the last success.
    pub locks: i64,
    pub locked_until: Option<Millis>,
}

impl Failures {
    /// Milliseconds still to wait; 0 where it is open.
    pub fn wait(&self, now: Millis) -> Millis {
        self.locked_until.map_or(0, |until| (until - now).max(0))
    }

    /// One more failure: at the limit it locks, each time twice as long as before (登录失败处理).
    pub fn one_more(self, now: Millis, limits: &Limits) -> Self {
        self.one_more_of(limits.failures_before_lock, now, limits)
    }

    /// [`Failures::one_more`] of a network address: many people may stand behind it, so it takes more.
    pub fn one_more_of_address(self, now: Millis, limits: &Limits) -> Self {
        self.one_more_of(limits.address_failures, now, limits)
    }

    fn one_more_of(self, most: i64, now: Millis, limits: &Limits) -> Self {
        let failed = self.failed + 1;
        if failed < most {
            return Self { failed, ..self };
        }
        let doubled = limits.first_lock.saturating_mul(1_i64 << self.locks.clamp(0, 30));
        let locked_until = Some(now + doubled.min(limits.longest_lock));
        Self { failed: 0, locks: self.locks + 1, locked_until }
    }
}

/// Whether a session still stands.
pub fn session_stands(seen_at: Millis, until_at: Millis, now: Millis, limits: &Limits) -> bool {
    now < until_at && now - seen_at < limits.idle
}

/// What a session that a phone took up again may still do: send what was done with no network. It reads nothing but what sending asks
/// for (docs/decisions/0027-resume.md).
pub const RESUMED: [&str; 9] = [
    "uploads.send",
    "findings.report",
    "findings.evidence",
    "findings.read",
    "inspection.visit",
    "inspection.read",
    "sampling.take",
    "rapid.record",
    "recall.visit",
];

/// Of what a person may do, what is left for sending.
pub fn to_send(all: &std::collections::BTreeSet<&'static str>) -> std::collections::BTreeSet<&'static str> {
    all.iter().copied().filter(|p| RESUMED.contains(p)).collect()
}

/// Who must have a second factor before anything else: the three administrators and the leaders, in production.
pub fn second_factor_due(production: bool, bound: bool, roles: &[Role]) -> bool {
    production && !bound && roles.iter().any(|r| r.family() == Family::Administrator || *r == Role::Leader)
}

/// A sign-in name in its one form: trimmed, lower case.
///
/// Errors: `name_form`.
pub fn sign_in_name(text: &str) -> Result<String> {
    let name = text.trim().to_ascii_lowercase();
    let good = (3..=32).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b));
    if good {
        return Ok(name);
    }
    Err(Error::invalid("name", "name_form", "用户名应为 3 到 32 位小写字母、数字、点、横线或下划线"))
}

/// A text people read: trimmed, not empty, at most `most` characters.
///
/// Errors: `text_empty`, `text_long`, `text_form` (control characters).
pub fn plain_text(field: &'static str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(field, "text_empty", "请填写"));
    }
    if text.chars().count() > most {
        return Err(Error::invalid(field, "text_long", format!("不超过 {most} 个字")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid(field, "text_form", "含有不可见字符，请重新输入"));
    }
    Ok(text.to_owned())
}

/// A telephone number in its one form; empty is unknown.
///
/// Errors at `phone`.
pub fn phone(text: &str) -> Result<Option<String>> {
    let phone = kit_base::codes::tidy(text);
    if phone.is_empty() {
        return Ok(None);
    }
    kit_base::codes::person::check_phone(&phone).at("phone")?;
    Ok(Some(phone))
}

/// What every guesser tries first, where it is long enough to pass by length; compared without the digits at its end.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "qwertyuiop",
    "qwerty",
    "qwer1234",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "1qaz2wsx",
    "zaq12wsx",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "woaini",
    "admin",
    "administrator",
    "root",
    "welcome",
    "letmein",
    "abc",
    "abcdefghij",
    "abcd",
    "changeme",
    "shian",
    "shipin",
    "shipinanquan",
    "foodsafety",
    "test",
    "user",
    "guest",
    "huawei",
    "a",
    "aa",
    "qq",
    "q",
    "x",
];

/// Refuses what is guessed at once: short, the person's own name, common, one repeated or counted sequence.
///
/// Errors at `password`: `password_short`, `password_long`, `password_name`, `password_common`.
pub fn password_strength(name: &str, full_name: &str, password: &str) -> Result<()> {
    let refuse = |code: &'static str, text: String| Err(Error::invalid("password", code, text));
    let length = password.chars().count();
    if length < LIMITS.password_length {
        return refuse("password_short", format!("密码至少 {} 位", LIMITS.password_length));
    }
    if password.len() > 256 {
        return refuse("password_long", "密码过长".to_owned());
    }
    let plain = password.to_lowercase();
    if plain.contains(name) || (full_name.chars().count() > 1 && plain.contains(&full_name.to_lowercase())) {
        return refuse("password_name", "密码不能包含用户名或姓名".to_owned());
    }
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    if stem.is_empty() || COMMON.contains(&stem) || COMMON.contains(&plain.as_str()) || sequence(&plain) {
        return refuse("password_common", "这个密码太常见，容易被猜中，请换一个，例如一句话".to_owned());
    }
    Ok(())
}

/// One step all through (`aaaa`, `1234`, `zyxw`), or a short piece repeated (`abcabcabc`).
fn sequence(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let step = codes[1] - codes[0];
    let counted = step.abs() <= 1 && codes.windows(2).all(|w| w[1] - w[0] == step);
    let repeated = (1..=4).any(|n| codes.len() > 2 * n && codes.iter().zip(&codes[n..]).all(|(a, b)| a == b));
    counted || repeated
}

/// 三员分立: an administrator holds that role and no other; roles of a bureau and of a business do not meet.
///
/// Errors at `roles`: `roles_separate`, `roles_mixed`, `roles_none`.
pub fn may_stand_together(roles: &[Role]) -> Result<()> {
    let Some(first) = roles.first() else {
        return Err(Error::invalid("roles", "roles_none", "至少选一个角色"));
    };
    let other = |r: &Role| r != first;
    if roles.iter().any(|r| r.family() == Family::Administrator) && roles.iter().any(other) {
        return Err(Error::invalid(
            "roles",
            "roles_separate",
            "系统、安全、审计管理员三员分立，一人只能任其一，也不能兼任业务角色",
        ));
    }
    if roles.iter().any(|r| r.family() != first.family()) {
        return Err(Error::invalid("roles", "roles_mixed", "监管角色与企业角色不能由同一账号兼任"));
    }
    Ok(())
}

/// A role fits where a person belongs: roles of a bureau to its people, roles of a business to theirs.
///
/// Errors at `roles`: `role_of_business`, `role_of_bureau`.
pub fn role_fits(of_business: bool, roles: &[Role]) -> Result<()> {
    let business_role = |r: &Role| r.family() == Family::Business;
    if of_business && !roles.iter().all(business_role) {
        return Err(Error::invalid("roles", "role_of_bureau", "企业账号不能担任监管岗位"));
    }
    if !of_business && roles.iter().any(business_role) {
        return Err(Error::invalid("roles", "role_of_business", "监管账号不能担任企业角色"));
    }
    Ok(())
}

/// Nobody grants or withdraws his own.
///
/// Errors: `own_rights`.
pub fn not_oneself(actor: &str, subject: &str) -> Result<()> {
    if actor == subject && !actor.is_empty() {
        return Err(Error::forbidden(
            "own_rights",
            "不能给自己授权或撤销自己的岗位，请由另一位安全管理员办理",
        ));
    }
    Ok(())
}

/// The account of one of the three administrators is not disabled or given a new password by another: whoever could,
/// could act as that person. Its post is withdrawn first, or the operator of the machine does it.
///
/// Errors: `administrator_protected`.
pub fn not_an_administrator(roles: &[Role]) -> Result<()> {
    if roles.iter().any(|r| r.family() == Family::Administrator) {
        return Err(Error::forbidden(
            "administrator_protected",
            "该账号是三员之一：请先由安全管理员免去其岗位；忘记密码的，由机房运维在服务器上重置",
        ));
    }
    Ok(())
}

/// Whether a program's key may carry a permission: one of the business roles for a business, of the officers' for a
/// bureau; never one over accounts or the audit.
pub fn key_may_carry(permission: &kit_web::Permission, of_business: bool) -> bool {
    let family = if of_business { Family::Business } else { Family::Regulator };
    let room = permission.code.split('.').next().unwrap_or("");
    !matches!(room, "accounts" | "audit")
        && Role::ALL.iter().any(|r| r.family() == family && permission.roles.contains(&r.code()))
}

/// A prefix of division codes in its one form: digits, 2, 4, 6, 9 or 12 of them, without the zeros that only fill up
/// (`410900` is `4109`). Empty is the whole country.
///
/// Errors: `division_form`.
pub fn division_prefix(field: &'static str, text: &str) -> Result<String> {
    let mut code = text.trim();
    let known = matches!(code.len(), 0 | 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit());
    if !known {
        return Err(Error::invalid(field, "division_form", "区划代码应为 2、4、6、9 或 12 位数字"));
    }
    for (long, short) in [(12, 9), (9, 6), (6, 4), (4, 2)] {
        if code.len() == long && code[short..].bytes().all(|b| b == b'0') {
            code = &code[..short];
        }
    }
    Ok(code.to_owned())
}

/// The divisions a bureau of a level can be in charge of, and that it stands under one of a higher level around it.
///
/// Errors at `level`, `division`, `parent`.
pub fn bureau_place(level: i64, division: &str, parent: Option<(i64, &str)>) -> Result<()> {
    let lengths: &[usize] = match level {
        1 => &[2],
        2 => &[4],
        // 直辖市的区县、省直辖县 stand directly under the province
        3 => &[6],
        4 => &[6, 9, 12],
        _ => return Err(Error::invalid("level", "bureau_level", "机构层级应为 1 省、2 市、3 县、4 所")),
    };
    if !lengths.contains(&division.len()) {
        return Err(Error::invalid("division", "bureau_division", "区划代码的级别与机构层级不符"));
    }
    let Some((above, around)) = parent else { return Ok(()) };
    if above >= level || !division.starts_with(around) {
        return Err(Error::invalid("parent", "bureau_parent", "上级机构应高一级，且辖区包含本机构"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
