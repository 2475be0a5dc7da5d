//! `shian feedback`: check the signed weekly file of a market, chain or platform; needs no database and no network.

use std::io::Write as _;

use kit_base::Result;

use super::Place;
use super::signed::Signed;

#[derive(Debug, clap::Subcommand)]
pub enum FeedbackCommand {
    /// Check a file as `GET /api/feedback/{id}/file` gives it.
    Verify(Signed),
}

/// A file of a large market is some hundred kilobytes.
const LARGEST: u64 = 16 << 20;

impl FeedbackCommand {
    /// Errors: those of [`feedback::read_signed`].
    pub fn run(&self, place: &Place) -> Result<()> {
        let Self::Verify(signed) = self;
        let (key, text) = signed.read(place, LARGEST, "反馈周报文件")?;
        let said = feedback::read_signed(&key, &text)?;
        let (c, mut out) = (said.content, std::io::stdout().lock());
        writeln!(out, "签名有效：由 {} 签发，内容未被改动", key.name())?;
        writeln!(out, "{}　{}（{} 至 {}）　第 {} 版", c.manager.name, c.week, c.from, c.to, c.version)?;
        writeln!(out, "成员 {}　本周新增不合格 {}　未办结 {}", c.members, c.failing.len(), c.earlier.len())?;
        writeln!(out, "内容哈希 {}", said.hash)?;
        if c.simulated {
            writeln!(out, "模拟数据，不是真实的结果")?;
        }
        writeln!(out, "签名不说明是否已有新版，请在平台上核对版次")?;
        Ok(())
    }
}
