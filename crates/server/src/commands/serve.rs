//! `shian serve`

use std::net::SocketAddr;

use kit_base::Result;

use super::Place;
use super::progress::Bar;
use crate::opening::Opened;
use crate::simulation::sample::{self, Sample};
use crate::{opening, serve};

#[derive(Debug, clap::Args)]
pub struct Serve {
    #[arg(long, env = "SHIAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Fill an empty database with this simulated city (puyang, hebei, fujian) and make demo accounts.
    #[arg(long, env = "SHIAN_SAMPLE")]
    pub sample: Option<String>,
}

impl Serve {
    #[allow(clippy::print_stdout, reason = "the person who starts the server reads it")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let opened = opening::open(&place.settings())?;
        let sample = match &self.sample {
            Some(profile) => self.sample(&opened, place, profile)?,
            None => None,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let house = opened.house.clone();
        runtime.block_on(serve::run(house, self.listen, |address| {
            println!("食安 shian 已启动：http://{address}/");
            if let Some(sample) = sample {
                println!("{}", welcome(&sample, &format!("http://{address}")));
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
