//! What stands before every route: whose address it is, how often they may ask, and that a browser asks from our own
//! pages.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicI64, Ordering};

use axum::http::{HeaderMap, Method};
use ipnet::IpNet;
use kit_base::{Error, Kind, Millis, Result};

/// How often: tokens that come back a minute, and how many may be taken at once. 0 a minute is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub a_minute: u32,
    pub burst: u32,
}

impl Rate {
    pub const NONE: Self = Self { a_minute: 0, burst: 0 };

    /// `a_minute` with a burst of what comes back in two seconds, at least 20.
    pub fn a_minute(a_minute: u32) -> Self {
        Self { a_minute, burst: (a_minute / 30).max(20) }
    }
}

/// Settings of the guard. The defaults let a whole market behind one address through and stop a flood.
#[derive(Debug, Clone)]
pub struct GuardSettings {
    /// Requests of one network address.
    pub address: Rate,
    /// Requests of one account or key.
    pub account: Rate,
    /// Requests of all people and keys of one business.
    pub business: Rate,
    /// Tries to sign in from one address.
    pub sign_in: Rate,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpNet>,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            address: Rate::a_minute(120_000),
            account: Rate::a_minute(60_000),
            business: Rate::a_minute(120_000),
            sign_in: Rate { a_minute: 60, burst: 30 },
            proxies: vec![
                IpNet::from(IpAddr::from([127, 0, 0, 1])),
                IpNet::from(IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])),
            ],
        }
    }
}

/// Cells of a table of buckets: 512 KiB, however many ask.
const CELLS: usize = 1 << 16;

/// Token buckets in a table of fixed size (the generic cell rate algorithm: a cell holds the time at which its bucket is
/// full again). Two that fall into one cell share it: at 65,536 cells that is rare, and costs at worst a short wait.
struct Buckets {
    cells: Box<[AtomicI64]>,
    hasher: RandomState,
    /// Microseconds until a token comes back.
    every: i64,
    /// Microseconds of tokens that may be taken ahead.
    ahead: i64,
}

impl Buckets {
    fn new(rate: Rate) -> Option<Self> {
        let every = 60_000_000_i64.checked_div(i64::from(rate.a_minute))?;
        let ahead = every * i64::from(rate.burst.max(1));
        let cells = (0..CELLS).map(|_| AtomicI64::new(0)).collect();
        Some(Self { cells, hasher: RandomState::new(), every, ahead })
    }

    /// Takes a token, or answers the seconds to wait for one.
    fn take(&self, who: &str, now: Millis) -> Option<u32> {
        let hash = usize::try_from(self.hasher.hash_one(who) % CELLS as u64).unwrap_or(0);
        let (cell, now) = (&self.cells[hash], now.saturating_mul(1_000));
        let mut full = cell.load(Ordering::Relaxed);
        loop {
            // a clock that was set back does not shut anybody out
            let from = if full - now > self.ahead + self.every { now } else { full.max(now) };
            let wait = from + self.every - now - self.ahead;
            if wait > 0 {
                return Some(u32::try_from((wait + 999_999) / 1_000_000).unwrap_or(u32::MAX));
            }
            match cell.compare_exchange_weak(full, from + self.every, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return None,
                Err(other) => full = other,
            }
        }
    }
}

/// Stands before every route.
pub struct Guard {
    address: Option<Buckets>,
    account: Option<Buckets>,
    business: Option<Buckets>,
    sign_in: Option<Buckets>,
    proxies: Vec<IpNet>,
}

impl Guard {
    pub fn new(settings: &GuardSettings) -> Self {
        Self {
            address: Buckets::new(settings.address),
            account: Buckets::new(settings.account),
            business: Buckets::new(settings.business),
            sign_in: Buckets::new(settings.sign_in),
            proxies: settings.proxies.clone(),
        }
    }

    /// The address that asks: that of the connection; behind proxies that are trusted, the last one in
    /// `X-Forwarded-For` that is none of them. What stands left of it anybody could have written.
    pub fn address(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> String {
        let Some(peer) = peer else { return String::new() };
        let trusted = |ip: IpAddr| self.proxies.iter().any(|net| net.contains(&ip.to_canonical()));
        let mut last = peer;
        let named = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
        let hops: Vec<&str> = named.flat_map(|v| v.split(',')).map(str::trim).collect();
        for hop in hops.into_iter().rev() {
            if !trusted(last) {
                break;
            }
            match hop.parse::<IpAddr>() {
                Ok(ip) => last = ip,
                Err(_) => break,
            }
        }
        last.to_canonical().to_string()
    }

    /// Errors: `rate_limited` with the seconds to wait.
    pub fn admit_address(&self, address: &str, now: Millis) -> Result<()> {
        take(self.address.as_ref(), &network(address), now, "来自本网络地址的请求太频繁")
    }

    /// A try to sign in. Errors: `rate_limited`.
    pub fn admit_sign_in(&self, address: &str, now: Millis) -> Result<()> {
        take(self.sign_in.as_ref(), &network(address), now, "来自本网络地址的登录太频繁")
    }

    /// Errors: `rate_limited`.
    pub fn admit_account(&self, account: &str, business: Option<&str>, now: Millis) -> Result<()> {
        take(self.account.as_ref(), account, now, "本账号的请求太频繁")?;
        take(self.business.as_ref(), business.unwrap_or(""), now, "本主体的请求太频繁")
    }
}

/// What an address is counted as: an IPv6 address as its /64, because one subscriber is given all of that.
pub fn network(address: &str) -> Cow<'_, str> {
    match address.parse::<Ipv6Addr>() {
        Ok(ip) => Cow::Owned(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).to_string()),
        Err(_) => Cow::Borrowed(address),
    }
}

/// Nobody (an empty name: requests inside of the process) is not limited.
fn take(buckets: Option<&Buckets>, who: &str, now: Millis, text: &str) -> Result<()> {
    let wait = buckets.filter(|_| !who.is_empty()).and_then(|b| b.take(who, now));
    wait.map_or(Ok(()), |wait| {
        let text = format!("{text}，请 {wait} 秒后再试");
        Err(Error::new(Kind::TooMany, "rate_limited", text).retry_after(wait))
    })
}

/// Whether a write came from one of our own pages, as far as the browser says: `Sec-Fetch-Site`, or else `Origin`.
/// Programs say neither.
///
/// Errors: `cross_site`.
pub fn same_site(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let own = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let authority = origin.split_once("://").map_or("", |(_, a)| a);
            origin == public_url || (!authority.is_empty() && text("host") == Some(authority))
        }
        (None, None) => true,
    };
    if own {
        Ok(())
    } else {
        Err(Error::forbidden("cross_site", "请求来自别的网站，已拒绝；请在本系统的页面中操作"))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (axum::http::HeaderName::from_static(n), HeaderValue::from_str(v).unwrap()))
            .collect()
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_what_comes_back() {
        let buckets = Buckets::new(Rate { a_minute: 60, burst: 3 }).unwrap();
        let now = 1_772_500_000_000;
        let taken = (0..10).filter(|_| buckets.take("a", now).is_none()).count();
        assert_eq!(taken, 3);
        assert_eq!(buckets.take("a", now), Some(1));
        assert_eq!(buckets.take("a", now + 1_000), None);
        assert_eq!(buckets.take("a", now + 1_000), Some(1));
        assert_eq!(buckets.take("a", now + 3_600_000), None);
        // a clock set back by a day does not shut anybody out
        assert_eq!(buckets.take("a", now - 86_400_000), None);
        assert!(Buckets::new(Rate::NONE).is_none());
    }

    #[test]
    fn an_address_is_believed_only_from_trusted_proxies() {
        let settings = GuardSettings {
            proxies: vec!["10.0.0.0/8".parse().unwrap(), "127.0.0.1/32".parse().unwrap()],
            ..GuardSettings::default()
        };
        let guard = Guard::new(&settings);
        for (peer, forwarded, address) in [
            ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
            ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
            ("10.1.1.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
            ("10.1.1.1", "6.6.6.6, 1.2.3.4, 10.9.9.9", "1.2.3.4"),
            ("10.1.1.1", "nonsense", "10.1.1.1"),
            ("10.1.1.1", "1.2.3.4, nonsense", "10.1.1.1"),
            ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
            ("10.1.1.1", "", "10.1.1.1"),
        ] {
            let found =
                guard.address(Some(peer.parse().unwrap()), &headers(&[("x-forwarded-for", forwarded)]));
            assert_eq!(found, address, "{peer} {forwarded}");
        }
    }

    #[test]
    fn one_subscriber_is_one_network() {
        for (address, counted) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("203.0.113.9", "203.0.113.9"),
            ("", ""),
        ] {
            assert_eq!(network(address), counted);
        }
        let settings = GuardSettings { sign_in: Rate { a_minute: 60, burst: 2 }, ..GuardSettings::default() };
        let guard = Guard::new(&settings);
        let tries = (0..9).filter(|i| guard.admit_sign_in(&format!("2001:db8::{i}"), 1_000_000).is_ok());
        assert_eq!(tries.count(), 2);
    }

    #[test]
    fn writes_come_from_our_own_pages() {
        for (pairs, passes) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")][..], true),
            (&[("sec-fetch-site", "cross-site")][..], false),
            (&[("sec-fetch-site", "same-site")][..], false),
            (&[("origin", "https://shian.example"), ("host", "other")][..], true),
            (&[("origin", "https://10.0.0.3:8080"), ("host", "10.0.0.3:8080")][..], true),
            (&[("origin", "https://evil.example"), ("host", "shian.example")][..], false),
            (&[("origin", "null"), ("host", "shian.example")][..], false),
        ] {
            let asked = same_site(&Method::POST, &headers(pairs), "https://shian.example");
            assert_eq!(asked.is_ok(), passes, "{pairs:?}");
            assert!(same_site(&Method::GET, &headers(pairs), "https://shian.example").is_ok());
        }
    }
}
