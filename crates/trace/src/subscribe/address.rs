//! Which receivers may be called: a subscription must not be a way to reach what stands behind the server's own wall.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use kit_base::{Error, Result};

/// Whether an address is one of the public network: not this machine, not a private or reserved network.
///
/// Sources: the special-purpose registries of IANA (RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let reserved = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b));
    !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let first = segments[0];
    // only 2000::/3 is given out; of it, not what carries an IPv4 address inside or is for documents
    (first & 0xe000) == 0x2000
        && first != 0x2002
        && !(first == 0x2001 && (segments[1] < 0x200 || segments[1] == 0x0db8))
        && !(first == 0x3fff && segments[1] < 0x1000)
}

/// Checks the address of a receiver as it was written; the addresses its name stands for are checked at each call.
///
/// Errors: `dest_syntax`, `dest_insecure` (http where only https may be), `dest_private`.
pub fn check(dest: &str, allow_private: bool, https_only: bool) -> Result<()> {
    let wrong = |code, text: &str| Err(Error::invalid("dest", code, text));
    if dest.len() > 2_000 || dest.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return wrong("dest_syntax", "接收地址过长或含有空白");
    }
    let Ok(uri) = dest.parse::<axum::http::Uri>() else {
        return wrong("dest_syntax", "接收地址应写成 https://example.com/path");
    };
    let host = uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_lowercase();
    let plain = uri.scheme_str() == Some("http");
    if !(plain || uri.scheme_str() == Some("https")) || host.is_empty() || dest.contains('@') {
        return wrong("dest_syntax", "接收地址应以 https:// 开头，且不含用户名和密码");
    }
    if plain && https_only {
        return wrong("dest_insecure", "正式环境只能使用 https:// 地址");
    }
    let inside = host.parse::<IpAddr>().is_ok_and(|a| !is_public(a))
        || host == "localhost"
        || host.ends_with(".localhost");
    if inside && !allow_private {
        return wrong("dest_private", "接收地址不能是本机或内部网络地址");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn what_is_written_is_checked() {
        let code =
            |dest: &str, private, https| check(dest, private, https).err().map(|e| e.code.into_owned());
        let table = [
            ("https://example.com/hook", false, true, None),
            ("http://example.com/hook", false, false, None),
            ("http://example.com/hook", false, true, Some("dest_insecure")),
            ("ftp://example.com/", false, false, Some("dest_syntax")),
            ("https://", false, false, Some("dest_syntax")),
            ("https://user:pw@example.com/", false, false, Some("dest_syntax")),
            ("https://exa mple.com/", false, false, Some("dest_syntax")),
            ("http://127.0.0.1:9/", false, false, Some("dest_private")),
            ("http://127.0.0.1:9/", true, false, None),
            ("http://[::1]/", false, false, Some("dest_private")),
            ("http://LocalHost/", false, false, Some("dest_private")),
        ];
        for (dest, private, https, expected) in table {
            assert_eq!(code(dest, private, https).as_deref(), expected, "{dest}");
        }
    }
}
