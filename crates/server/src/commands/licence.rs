//! `shian licence`: check the signed form of a licence; needs no database and no network.

use std::io::Write as _;

use kit_base::Result;

use super::Place;
use super::signed::Signed;

#[derive(Debug, clap::Subcommand)]
pub enum LicenceCommand {
    /// Check a file as `GET /api/licences/{id}/signed` gives it.
    Verify(Signed),
}

/// A licence is some kilobytes.
const LARGEST: u64 = 1 << 20;

impl LicenceCommand {
    /// Errors: those of [`licensing::read_signed`].
    pub fn run(&self, place: &Place) -> Result<()> {
        let Self::Verify(signed) = self;
        let (key, text) = signed.read(place, LARGEST, "证照文件")?;
        let said = licensing::read_signed(&key, &text)?;
        let mut out = std::io::stdout().lock();
        let until = if said.expires.is_empty() { "长期" } else { &said.expires };
        writeln!(out, "签名有效：由 {} 签发，内容未被改动", key.name())?;
        writeln!(out, "{}　{}", said.matter, said.number)?;
        writeln!(out, "持证人：{}", said.holder)?;
        for (name, text) in &said.face {
            writeln!(out, "{name}：{text}")?;
        }
        writeln!(out, "发证机关：{}　发证日期：{}　有效期至：{until}", said.issuer, said.issued)?;
        if said.simulated {
            writeln!(out, "模拟数据，不是真实的证照")?;
        }
        writeln!(out, "签名不说明是否已被撤销或注销，请查 {}", said.url)?;
        Ok(())
    }
}
