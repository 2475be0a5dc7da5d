//! Limits and trusted proxies, as arguments.

use ipnet::IpNet;
use kit_web::{GuardSettings, Rate};

/// Requests a minute; 0 is no limit.
#[derive(Debug, Clone, clap::Args)]
pub struct GuardArgs {
    /// Requests a minute of one network address; 0 for no limit.
    #[arg(long, global = true, env = "SHIAN_LIMIT_ADDRESS")]
    pub limit_address: Option<u32>,
    /// Requests a minute of one account or key.
    #[arg(long, global = true, env = "SHIAN_LIMIT_ACCOUNT")]
    pub limit_account: Option<u32>,
    /// Requests a minute of all of one business.
    #[arg(long, global = true, env = "SHIAN_LIMIT_BUSINESS")]
    pub limit_business: Option<u32>,
    /// Tries to sign in a minute from one network address.
    #[arg(long, global = true, env = "SHIAN_LIMIT_SIGN_IN")]
    pub limit_sign_in: Option<u32>,
    /// Addresses of the reverse proxies whose X-Forwarded-For is believed (10.0.0.5, 10.0.0.0/8); this machine where
    /// it is not said.
    #[arg(long, global = true, env = "SHIAN_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
}

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let address = text.parse::<std::net::IpAddr>().map(IpNet::from).ok();
    address
        .or_else(|| text.parse().ok())
        .ok_or_else(|| format!("{text} 不是网络地址，应如 10.0.0.5 或 10.0.0.0/8"))
}

impl GuardArgs {
    pub fn settings(&self) -> GuardSettings {
        let usual = GuardSettings::default();
        let rate = |said: Option<u32>, usual: Rate| said.map_or(usual, Rate::a_minute);
        GuardSettings {
            address: rate(self.limit_address, usual.address),
            account: rate(self.limit_account, usual.account),
            business: rate(self.limit_business, usual.business),
            sign_in: rate(self.limit_sign_in, usual.sign_in),
            proxies: if self.trusted_proxies.is_empty() {
                usual.proxies
            } else {
                self.trusted_proxies.clone()
            },
        }
    }
}
