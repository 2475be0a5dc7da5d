use super::*;
use Role::*;

const MINUTE: Millis = 60_000;

#[test]
fn the_limits_are_those_of_the_file() {
    let l = &*LIMITS;
    assert_eq!((l.failures_before_lock, l.first_lock, l.longest_lock), (5, 15 * MINUTE, 24 * 60 * MINUTE));
    assert_eq!((l.idle, l.absolute, l.password_length), (30 * MINUTE, 12 * 60 * MINUTE, 10));
}

#[test]
fn each_lock_is_twice_as_long_up_to_a_day() {
    let mut f = Failures::default();
    let mut locks = Vec::new();
    for _ in 0..9 {
        for _ in 0..4 {
            f = f.one_more(0, &LIMITS);
        }
        let before = f.locks;
        f = f.one_more(0, &LIMITS);
        assert_eq!((f.locks, f.failed), (before + 1, 0), "the fifth locks, not the fourth");
        locks.push(f.wait(0) / MINUTE);
    }
    assert_eq!(locks, [15, 30, 60, 120, 240, 480, 960, 1440, 1440]);
    assert_eq!(f.wait(1440 * MINUTE), 0);
}

#[test]
fn sessions_end_by_idleness_and_by_age() {
    let until = LIMITS.absolute;
    for (seen, now, stands) in [
        (0, 0, true),
        (0, 30 * MINUTE - 1, true),
        (0, 30 * MINUTE, false),
        (719 * MINUTE, 720 * MINUTE - 1, true),
        (719 * MINUTE, 720 * MINUTE, false),
    ] {
        assert_eq!(session_stands(seen, until, now, &LIMITS), stands, "seen {seen} now {now}");
    }
}

#[test]
fn three_administrators_stand_apart() {
    for (roles, refused) in [
        (&[SystemAdmin][..], None),
        (&[SystemAdmin, SystemAdmin], None),
        (&[Leader, Officer, Investigator], None),
        (&[BusinessOwner, BusinessClerk], None),
        (&[], Some("roles_none")),
        (&[SystemAdmin, SecurityAdmin], Some("roles_separate")),
        (&[SecurityAdmin, AuditAdmin], Some("roles_separate")),
        (&[AuditAdmin, SystemAdmin], Some("roles_separate")),
        (&[SystemAdmin, Leader], Some("roles_separate")),
        (&[Officer, SecurityAdmin], Some("roles_separate")),
        (&[AuditAdmin, BusinessOwner], Some("roles_separate")),
        (&[Officer, BusinessClerk], Some("roles_mixed")),
    ] {
        let code = may_stand_together(roles).err().map(|e| e.code.into_owned());
        assert_eq!(code.as_deref(), refused, "{roles:?}");
    }
}

#[test]
fn roles_fit_where_people_belong() {
    for (of_business, role, refused) in [
        (true, BusinessOwner, None),
        (true, Officer, Some("role_of_bureau")),
        (true, SystemAdmin, Some("role_of_bureau")),
        (false, Officer, None),
        (false, BusinessClerk, Some("role_of_business")),
    ] {
        let code = role_fits(of_business, &[role]).err().map(|e| e.code.into_owned());
        assert_eq!(code.as_deref(), refused, "{role:?} business {of_business}");
    }
}

#[test]
fn the_second_factor_is_due_for_those_who_can_do_most() {
    for (production, bound, roles, due) in [
        (true, false, &[SystemAdmin][..], true),
        (true, false, &[SecurityAdmin], true),
        (true, false, &[AuditAdmin], true),
        (true, false, &[Officer, Leader], true),
        (true, true, &[Leader], false),
        (true, false, &[Officer], false),
        (true, false, &[BusinessOwner], false),
        (false, false, &[SystemAdmin], false),
    ] {
        assert_eq!(second_factor_due(production, bound, roles), due, "{production} {bound} {roles:?}");
    }
}

#[test]
fn weak_passwords_are_refused() {
    for (password, refused) in [
        ("短", Some("password_short")),
        ("123456789", Some("password_short")),
        ("1234567890", Some("password_common")),
        ("aaaaaaaaaaaa", Some("password_common")),
        ("abcabcabcabc", Some("password_common")),
        ("zyxwvutsrqp", Some("password_common")),
        ("Password123!", Some("password_common")),
        ("admin123456", Some("password_common")),
        ("20260101888", Some("password_common")),
        ("liming-is-me", Some("password_name")),
        ("我是李明我爱吃面条", Some("password_short")),
        ("我是李明，我爱吃面条", Some("password_name")),
        ("早上七点吃一碗热干面", None),
        ("correct horse battery", None),
        ("Xk7#mQ2p!w", None),
    ] {
        let code = password_strength("liming", "李明", password).err().map(|e| e.code.into_owned());
        assert_eq!(code.as_deref(), refused, "{password}");
    }
}

#[test]
fn names_and_divisions_have_one_form() {
    for (text, name) in [(" Li.Ming ", Some("li.ming")), ("ab", None), ("a b c", None), ("李明明", None)] {
        assert_eq!(sign_in_name(text).ok().as_deref(), name, "{text}");
    }
    for (text, prefix) in [
        ("", Some("")),
        ("41", Some("41")),
        ("410000", Some("41")),
        ("410900", Some("4109")),
        ("410902", Some("410902")),
        ("410902000", Some("410902")),
        ("410902001000", Some("410902001")),
        ("410902001005", Some("410902001005")),
        ("41090", None),
        ("4109ab", None),
    ] {
        assert_eq!(division_prefix("x", text).ok().as_deref(), prefix, "{text}");
    }
}

#[test]
fn bureaus_stand_inside_the_one_above() {
    for (level, division, parent, refused) in [
        (1, "41", None, None),
        (2, "4109", Some((1, "41")), None),
        (3, "410922", Some((2, "4109")), None),
        (3, "410922", Some((1, "41")), None),
        (4, "410922001", Some((3, "410922")), None),
        (4, "410922", Some((3, "410922")), None),
        (2, "41", None, Some("bureau_division")),
        (3, "420922", Some((2, "4109")), Some("bureau_parent")),
        (2, "4109", Some((2, "4109")), Some("bureau_parent")),
        (5, "4109", None, Some("bureau_level")),
    ] {
        let code = bureau_place(level, division, parent).err().map(|e| e.code.into_owned());
        assert_eq!(code.as_deref(), refused, "{level} {division} {parent:?}");
    }
}
