//! Which broker, as whom, and whom to trust.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kit_base::{Error, Kind, Result};
use rumqttc::v5::MqttOptions;
use rumqttc::{TlsConfiguration, Transport};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::UNACKNOWLEDGED;

/// How long the broker keeps our session while we are away: as far back as a test may be told.
const KEPT: u32 = 7 * 86_400;
/// Bytes of a packet: a message of 256 KB, its topic and properties.
const LARGEST: u32 = 260 * 1024;

/// Devices that push results over MQTT; without an address nothing is listened to.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct MqttArgs {
    /// mqtt://HOST:1883, or mqtts://HOST:8883 with TLS.
    #[arg(long, env = "SHIAN_MQTT_URL")]
    pub mqtt_url: Option<String>,
    #[arg(long, env = "SHIAN_MQTT_USER", requires = "mqtt_password_file")]
    pub mqtt_user: Option<String>,
    /// File that holds the password alone.
    #[arg(long, env = "SHIAN_MQTT_PASSWORD_FILE", requires = "mqtt_user")]
    pub mqtt_password_file: Option<PathBuf>,
    /// PEM file of the certificates that the broker's may rest on; mqtts:// needs it.
    #[arg(long, env = "SHIAN_MQTT_CA")]
    pub mqtt_ca: Option<PathBuf>,
    /// PEM file of our own certificate, where the broker asks for one.
    #[arg(long, env = "SHIAN_MQTT_CERT", requires = "mqtt_key")]
    pub mqtt_cert: Option<PathBuf>,
    /// PEM file of its key.
    #[arg(long, env = "SHIAN_MQTT_KEY", requires = "mqtt_cert")]
    pub mqtt_key: Option<PathBuf>,
    /// Name of our session with the broker; each server needs its own, and keeps it.
    #[arg(long, env = "SHIAN_MQTT_CLIENT", default_value = "shian")]
    pub mqtt_client: String,
}

/// A broker, and how to reach it.
#[derive(Clone)]
pub struct Settings {
    host: String,
    port: u16,
    client: String,
    login: Option<(String, String)>,
    tls: Option<Arc<ClientConfig>>,
    /// After a first failure; then twice as long each time.
    pub pause: Duration,
}

impl MqttArgs {
    /// `None`: no broker.
    ///
    /// Errors: `mqtt_address`, `mqtt_unreadable`, `mqtt_ca`, `mqtt_key`, `mqtt_plain`.
    pub fn settings(&self) -> Result<Option<Settings>> {
        let Some(url) = self.mqtt_url.as_deref().map(str::trim).filter(|u| !u.is_empty()) else {
            return Ok(None);
        };
        let (secure, host, port) = address(url)?;
        let login = match (&self.mqtt_user, &self.mqtt_password_file) {
            (Some(user), Some(file)) => {
                let password =
                    String::from_utf8_lossy(&read(file)?).trim_end_matches(['\r', '\n']).to_owned();
                Some((user.clone(), password))
            }
            _ => None,
        };
        let near = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if login.is_some() && !secure && !near {
            let text = "密码不能在没有加密的连接上发出去：请用 mqtts:// 的地址（SHIAN_MQTT_URL）";
            return Err(refused("mqtt_plain", text.to_owned()));
        }
        let tls = if secure { Some(Arc::new(self.trust()?)) } else { None };
        let client = self.mqtt_client.clone();
        Ok(Some(Settings { host, port, client, login, tls, pause: Duration::from_secs(1) }))
    }

    fn trust(&self) -> Result<ClientConfig> {
        let Some(ca) = &self.mqtt_ca else {
            let text = "mqtts:// 需要代理证书的签发者：请设置 SHIAN_MQTT_CA（PEM 文件）";
            return Err(refused("mqtt_ca", text.to_owned()));
        };
        let mut roots = RootCertStore::empty();
        for cert in chain(ca)? {
            let bad = |e| refused("mqtt_ca", format!("{} 里的证书不能用：{e}", ca.display()));
            roots.add(cert).map_err(bad)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?
            .with_root_certificates(roots);
        let (Some(cert), Some(key)) = (&self.mqtt_cert, &self.mqtt_key) else {
            return Ok(config.with_no_client_auth());
        };
        let bad = |e: String| refused("mqtt_key", format!("{} 不是可用的私钥：{e}", key.display()));
        let secret = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|e| bad(e.to_string()))?;
        config.with_client_auth_cert(chain(cert)?, secret).map_err(|e| bad(e.to_string()))
    }
}

impl Settings {
    /// Host and port.
    pub fn broker(&self) -> String {
        format!("{}://{}:{}", if self.tls.is_some() { "mqtts" } else { "mqtt" }, self.host, self.port)
    }

    pub(super) fn options(&self) -> MqttOptions {
        let mut options = MqttOptions::new(self.client.as_str(), self.host.as_str(), self.port);
        options
            .set_keep_alive(Duration::from_secs(60))
            .set_manual_acks(true)
            .set_clean_start(false)
            .set_session_expiry_interval(Some(KEPT))
            .set_receive_maximum(Some(UNACKNOWLEDGED))
            .set_max_packet_size(Some(LARGEST));
        if let Some((user, password)) = &self.login {
            options.set_credentials(user.as_str(), password.as_str());
        }
        if let Some(tls) = &self.tls {
            options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls.clone())));
        }
        options
    }
}

fn refused(code: &'static str, text: String) -> Error {
    Error::new(Kind::Conflict, code, text)
}

/// Whether with TLS, host, port.
fn address(url: &str) -> Result<(bool, String, u16)> {
    let wrong = || {
        let text = format!("“{url}”不是消息代理的地址，应写成 mqtt://主机:1883 或 mqtts://主机:8883");
        refused("mqtt_address", text)
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    let (secure, usual) = match scheme {
        "mqtt" | "tcp" => (false, 1883),
        "mqtts" | "ssl" => (true, 8883),
        _ => return Err(wrong()),
    };
    let rest = rest.trim_end_matches('/');
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (rest, usual),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() || host.contains(['/', '@', ' ']) {
        return Err(wrong());
    }
    Ok((secure, host.to_owned(), port))
}

fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    let gone = |e| refused("mqtt_unreadable", format!("读不到 MQTT 的文件 {}：{e}", path.display()));
    std::fs::read(path).map_err(gone)
}

/// Certificates of a PEM file, at least one.
fn chain(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>> {
    let bytes = read(path)?;
    let all: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(refused("mqtt_ca", format!("{} 中没有可用的证书，应为 PEM 格式", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_write_them() {
        for (url, expected) in [
            ("mqtt://broker", Some((false, "broker", 1883))),
            ("mqtt://10.1.2.3:1884/", Some((false, "10.1.2.3", 1884))),
            ("mqtts://broker.example", Some((true, "broker.example", 8883))),
            ("mqtts://[::1]:9883", Some((true, "::1", 9883))),
            ("mqtt://[::1]", Some((false, "::1", 1883))),
            ("broker:1883", None),
            ("http://broker", None),
            ("mqtt://user:word@broker", None),
            ("mqtt://broker:many", None),
            ("mqtt://", None),
        ] {
            let read = address(url).ok();
            let read = read.as_ref().map(|(secure, host, port)| (*secure, host.as_str(), *port));
            assert_eq!(read, expected, "{url}");
        }
    }

    #[test]
    fn a_password_goes_out_only_encrypted_or_to_this_machine() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "secret\n").unwrap();
        let code = |url: &str| {
            let args = MqttArgs {
                mqtt_url: Some(url.to_owned()),
                mqtt_user: Some("shian".into()),
                mqtt_password_file: Some(file.clone()),
                ..MqttArgs::default()
            };
            args.settings().err().map(|e| e.code.into_owned())
        };
        assert_eq!(code("mqtt://127.0.0.1"), None);
        assert_eq!(code("mqtt://broker").as_deref(), Some("mqtt_plain"));
        assert_eq!(code("mqtts://broker").as_deref(), Some("mqtt_ca"));
        assert!(MqttArgs::default().settings().unwrap().is_none());
    }
}
