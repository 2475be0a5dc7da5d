//! `shian serve`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use kit_base::{Error, Kind, Result};

use super::Place;
use super::progress::Bar;
use crate::mqtt::MqttArgs;
use crate::opening::Opened;
use crate::simulation::sample::{self, Sample};
use crate::tls::Tls;
use crate::unfinished::Unfinished;
use crate::{keep, opening, serve};

#[derive(Debug, clap::Args)]
pub struct Serve {
    #[arg(long, env = "SHIAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Fill an empty database with this simulated city (puyang, hebei, fujian) and make demo accounts.
    #[arg(long, env = "SHIAN_SAMPLE")]
    pub sample: Option<String>,
    #[command(flatten)]
    pub copies: Copies,
    #[command(flatten)]
    pub uploads: Uploads,
    #[command(flatten)]
    pub tls: TlsArgs,
    #[command(flatten)]
    pub mqtt: MqttArgs,
}

/// TLS without a proxy before the server.
#[derive(Debug, Clone, clap::Args)]
pub struct TlsArgs {
    /// PEM file of the certificate and those it rests on; read again when it changes.
    #[arg(long, env = "SHIAN_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file of its key.
    #[arg(long, env = "SHIAN_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Also listen here and send http to the public address, which must be https.
    #[arg(long, env = "SHIAN_REDIRECT_FROM")]
    pub redirect_from: Option<SocketAddr>,
}

impl TlsArgs {
    fn ways(&self, public_url: &str) -> Result<serve::Ways> {
        if self.redirect_from.is_some() && !public_url.starts_with("https://") {
            let text = "转到 https（--redirect-from）需要 https:// 开头的公开网址，请设置 SHIAN_PUBLIC_URL";
            return Err(Error::new(Kind::Conflict, "redirect_address", text));
        }
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Some(Arc::new(Tls::open(cert, key)?)),
            _ => None,
        };
        Ok(serve::Ways { tls, redirect: self.redirect_from, devices: None })
    }
}

/// Files that are sent in pieces (`/api/uploads`).
#[derive(Debug, Clone, clap::Args)]
pub struct Uploads {
    /// MB that one upload may have.
    #[arg(long, env = "SHIAN_UPLOAD_MB", default_value_t = 1024)]
    pub upload_mb: u64,
    /// MB of all uploads of one person that no import has taken yet.
    #[arg(long, env = "SHIAN_UPLOAD_QUOTA_MB", default_value_t = 4096)]
    pub upload_quota_mb: u64,
    /// Hours that an upload waits to be finished and imported.
    #[arg(long, env = "SHIAN_UPLOAD_HOURS", default_value_t = 48)]
    pub upload_hours: u32,
}

impl Uploads {
    fn settings(&self) -> kit_uploads::Settings {
        kit_uploads::Settings {
            most: self.upload_mb.saturating_mul(1 << 20),
            quota: self.upload_quota_mb.saturating_mul(1 << 20),
            kept: i64::from(self.upload_hours) * 3_600_000,
        }
    }
}

/// Copies of the house while it serves.
#[derive(Debug, Clone, clap::Args)]
pub struct Copies {
    /// Folder for whole backups, on another disk; or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION&style=path.
    #[arg(long, env = "SHIAN_BACKUP_TO")]
    pub backup_to: Option<String>,
    /// Hours between two whole backups.
    #[arg(long, env = "SHIAN_BACKUP_HOURS", default_value_t = 24)]
    pub backup_hours: i64,
    /// Whole backups that are kept.
    #[arg(long, env = "SHIAN_BACKUP_KEEP", default_value_t = 7)]
    pub backup_keep: usize,
    /// SQLite: folder (or s3://…) for the continuous copy of the log, on another disk; any second of the kept hours can be restored.
    #[arg(long, env = "SHIAN_STREAM_TO")]
    pub stream_to: Option<String>,
    /// Hours that the continuous copy goes back.
    #[arg(long, env = "SHIAN_STREAM_KEEP_HOURS", default_value_t = 168)]
    pub stream_keep_hours: i64,
    /// Hours between two bases of the continuous copy.
    #[arg(long, env = "SHIAN_STREAM_BASE_HOURS", default_value_t = 24)]
    pub stream_base_hours: i64,
}

impl Copies {
    fn settings(&self, place: &Place) -> Result<keep::Settings> {
        Ok(keep::Settings {
            url: place.url()?,
            data: place.data.clone(),
            backup_to: self.backup_to.clone(),
            backup_keep: self.backup_keep,
            backup_hours: self.backup_hours,
            stream_to: self.stream_to.clone(),
            stream_keep_hours: self.stream_keep_hours,
            stream_base_hours: self.stream_base_hours,
        })
    }
}

impl Serve {
    #[allow(clippy::print_stdout, reason = "the person who starts the server reads it")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let settings = place.settings()?;
        if settings.production && self.sample.is_some() {
            let text = "正式环境不能装入示范城市：请去掉 --sample（SHIAN_SAMPLE）";
            return Err(Error::new(Kind::Conflict, "production_unsafe", text));
        }
        let ways = serve::Ways { devices: self.mqtt.settings()?, ..self.tls.ways(&settings.public_url)? };
        let scheme = if ways.tls.is_some() { "https" } else { "http" };
        let opened = opening::open(&settings)?;
        let sample = match &self.sample {
            Some(profile) => self.sample(&opened, place, profile)?,
            None => None,
        };
        let unfinished = opened.house.held::<Unfinished>();
        let half = opened.house.db.read_blocking(|tx| unfinished.begin(tx))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let house = opened.house.clone();
        let keep = self.copies.settings(place)?;
        house.held::<kit_uploads::Uploads>().configure(self.uploads.settings());
        runtime.block_on(serve::run(house, self.listen, ways, keep, |address| {
            println!("食安 shian 已启动：{scheme}://{address}/");
            for one in half {
                println!("注意：{}\n      {}", one.text, one.next);
            }
            if let Some(sample) = sample {
                println!("{}", welcome(&sample, &format!("{scheme}://{address}")));
            }
        }))
    }

    fn sample(&self, opened: &Opened, place: &Place, profile: &str) -> Result<Option<Sample>> {
        let mut bar = Bar::default();
        let sample = sample::prepare(&opened.house, &place.data, profile, &mut |stage| bar.tell(stage));
        bar.finish();
        sample
    }
}

/// Accounts, and where the five minutes of the README begin.
fn welcome(sample: &Sample, address: &str) -> String {
    let mut lines = vec![format!("示范城市：{}（全部为模拟数据）", sample.title)];
    if !sample.accounts.is_empty() {
        lines.push(format!("演示账号（密码均为 {}）：", sample::PASSWORD));
    }
    for account in &sample.accounts {
        lines.push(format!("  {:<14}{}　{}", account.name, account.role, account.place));
    }
    if let Some(walk) = &sample.walk {
        lines.push("五分钟走一遍：".to_owned());
        lines.push(format!("  1. 打开 {address}/t/{}", walk.code));
        lines.push(format!("     这是“{}”上 {} 批号 {} 的追溯码", walk.shop, walk.product, walk.batch));
        lines.push(format!(
            "  2. 用 investigator 登录 {address}/，在问题食品排查中从该批次（编号 {}）开始",
            walk.lot
        ));
        lines.push("  3. 向上找到源头，向下找到所有仍有存货的门店".to_owned());
    }
    lines.join("\n")
}
