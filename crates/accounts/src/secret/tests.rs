use super::*;

#[test]
fn a_sealed_secret_opens_for_its_user_alone() {
    let ids = Ids::seeded(1);
    let vault = Vault::new(&[9; 32]);
    let sealed = vault.seal("u1", b"secret", &ids).unwrap();
    assert_eq!(vault.unseal("u1", &sealed).unwrap(), b"secret");
    assert!(vault.unseal("u2", &sealed).is_err());
    assert!(Vault::new(&[8; 32]).unseal("u1", &sealed).is_err());
    assert!(vault.unseal("u1", "00").is_err());
}

#[test]
fn the_key_file_is_made_once_and_private() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    let open = |seed| Vault::open(&KeyFrom::File(path.clone()), true, &Ids::seeded(seed));
    assert_eq!(
        Vault::open(&KeyFrom::File(path.clone()), false, &Ids::seeded(1)).err().unwrap().code,
        "key_missing"
    );
    let sealed = open(1).unwrap().seal("u", b"x", &Ids::seeded(2)).unwrap();
    assert_eq!(open(3).unwrap().unseal("u", &sealed).unwrap(), b"x");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&path, "short").unwrap();
    assert_eq!(open(1).err().unwrap().code, "key_file");
}

#[test]
fn a_new_key_counts_at_once_and_the_old_ones_still_open() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    let ids = Ids::seeded(4);
    let vault = Vault::open(&KeyFrom::File(path.clone()), true, &ids).unwrap();
    let old = vault.seal("u", b"secret", &ids).unwrap();
    assert!(!vault.stale(&old));
    assert_eq!(Vault::rotate(&path, &ids).unwrap(), 2);
    // times of files may be coarse: the test says that it is later
    let later = std::fs::metadata(&path).unwrap().modified().unwrap() + std::time::Duration::from_secs(2);
    std::fs::File::options().append(true).open(&path).unwrap().set_modified(later).unwrap();
    assert!(vault.stale(&old), "the running server took the new key");
    assert_eq!(vault.unseal("u", &old).unwrap(), b"secret");
    let new = vault.seal("u", b"secret", &ids).unwrap();
    assert!(!vault.stale(&new) && new.split('.').next() != old.split('.').next());
    // without the old key, what it sealed is lost and says so; texts without an id are tried with every key
    let first = std::fs::read_to_string(&path).unwrap().lines().next().unwrap().to_owned();
    let only = Vault::open(&KeyFrom::Text(first), false, &ids).unwrap();
    assert!(only.unseal("u", &old).is_err());
    assert_eq!(only.unseal("u", new.split_once('.').unwrap().1).unwrap(), b"secret");
    // a broken file leaves the keys of before
    std::fs::write(&path, "broken").unwrap();
    assert_eq!(vault.unseal("u", &new).unwrap(), b"secret");
}

/// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
#[test]
fn codes_are_those_of_the_standard_and_count_once() {
    let secret = b"12345678901234567890";
    for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
        let now = second * 1000;
        assert_eq!(code_at(secret, now).unwrap(), code);
        let step = check_code(secret, code, None, now).unwrap();
        assert_eq!(step, Some(second / 30));
        assert_eq!(check_code(secret, code, step, now).unwrap(), None, "the same code again");
        assert_eq!(check_code(secret, code, None, now + 90_000).unwrap(), None, "too old");
        assert_eq!(check_code(secret, "abc", None, now).unwrap(), None);
    }
    let (text, url, qr) = enrolment(secret, "liming").unwrap();
    assert_eq!(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert!(url.contains(&text) && qr.starts_with("data:image/svg+xml;base64,"));
}

#[test]
fn one_time_passwords_pass_the_rule_themselves() {
    let ids = Ids::seeded(3);
    for _ in 0..100 {
        let password = one_time_password(&ids);
        assert_eq!(password.len(), 19);
        crate::rules::password_strength("abc", "李明", &password).unwrap();
    }
}
