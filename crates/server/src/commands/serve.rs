//! `shian serve`

use std::net::SocketAddr;

use kit_base::Result;

use super::Place;
use crate::{opening, serve};

#[derive(Debug, clap::Args)]
pub struct Serve {
    #[arg(long, env = "SHIAN_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

impl Serve {
    #[allow(clippy::print_stdout, reason = "the person who starts the server reads it")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let opened = opening::open(&place.settings())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let house = opened.house.clone();
        runtime.block_on(serve::run(house, self.listen, |address| {
            println!("食安 shian 已启动：http://{address}/");
        }))
    }
}
