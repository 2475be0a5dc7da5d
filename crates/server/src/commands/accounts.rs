//! `shian accounts open | reset`: the operator's way in.

use clap::Subcommand;
use kit_base::Result;

use super::Place;
use crate::opening;

#[derive(Debug, Subcommand)]
pub enum Accounts {
    /// Make the root bureau and the three administrators of an empty house; prints their one-time passwords once.
    Open {
        /// Name of the bureau, such as 濮阳市市场监督管理局.
        #[arg(long)]
        bureau: String,
        /// Its division code: 2, 4 or 6 digits.
        #[arg(long)]
        division: String,
    },
    /// Give a user a one-time password; takes away lock and second factor, ends the sessions.
    Reset { name: String },
}

impl Accounts {
    #[allow(clippy::print_stdout, reason = "the operator reads the passwords here and nowhere else")]
    pub fn run(&self, place: &Place) -> Result<()> {
        let opened = opening::open(&place.settings()?)?;
        match self {
            Self::Open { bureau, division } => {
                println!("以下一次性密码只显示这一次，首次登录须修改：");
                for account in ::accounts::bootstrap::open(&opened.house, bureau, division)? {
                    println!("  {:<10} {}  {}", account.name, account.password, account.role);
                }
            }
            Self::Reset { name } => {
                let password = ::accounts::bootstrap::reset(&opened.house, name)?;
                println!("{name} 的一次性密码（只显示这一次，登录须修改）：{password}");
            }
        }
        Ok(())
    }
}
