//! `shian secrets make | rotate`: the keys that seal second factors.

use accounts::{KeyFrom, Vault};
use clap::Subcommand;
use kit_base::{Error, Ids, Kind, Result};

use super::Place;

#[derive(Debug, Subcommand)]
pub enum Secrets {
    /// Make the key file where there is none.
    Make,
    /// Put a new key on top; running servers take it at once, the old ones stay below and still open what they sealed.
    Rotate,
}

impl Secrets {
    #[allow(clippy::print_stdout, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let settings = place.settings()?;
        let KeyFrom::File(path) = settings.key_from() else {
            let text = "密钥来自环境变量 SHIAN_SECRET_KEY，请在那里更换：新密钥放在第一行";
            return Err(Error::new(Kind::Conflict, "key_in_environment", text));
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let there = path.try_exists()?;
        if there && matches!(self, Self::Make) {
            let text = format!("密钥文件 {} 已存在；要换新密钥请用 shian secrets rotate", path.display());
            return Err(Error::new(Kind::Conflict, "key_there", text));
        }
        let keys = Vault::rotate(&path, &Ids::random())?;
        println!("密钥文件 {}：共 {keys} 个密钥，第一个用于加密。请与数据分开备份。", path.display());
        Ok(())
    }
}
