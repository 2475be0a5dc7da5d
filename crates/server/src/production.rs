//! What real operation refuses to begin with: each fault is named, and how it is mended.

use accounts::KeyFrom;
use kit_base::{Error, Kind, Result};
use kit_web::House;

use crate::opening::Settings;

fn refuse(faults: Vec<String>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = faults.iter().enumerate().map(|(i, f)| format!("{}. {f}", i + 1)).collect();
    let text = format!("正式环境不能这样启动：\n{}", lines.join("\n"));
    Err(Error::new(Kind::Conflict, "production_unsafe", text))
}

/// What is seen before anything is opened: the keys, the public address.
///
/// Errors: `production_unsafe` with every fault.
pub fn before(settings: &Settings) -> Result<()> {
    if !settings.production {
        return Ok(());
    }
    let mut faults = Vec::new();
    if let KeyFrom::File(path) = settings.key_from()
        && !path.try_exists()?
    {
        faults.push(format!(
            "缺少密钥文件 {}：请先运行 shian secrets make 生成，或用 SHIAN_SECRET_KEY_FILE 指定已有的密钥文件；密钥要与数据分开备份",
            path.display()
        ));
    }
    if !settings.public_url.starts_with("https://") {
        faults.push(format!(
            "公开网址 {} 不是 https：登录凭据会以明文传输，浏览器也不会送回安全 Cookie。请配置 TLS 反向代理，并把 SHIAN_PUBLIC_URL 设为 https:// 开头的网址",
            settings.public_url
        ));
    }
    refuse(faults)
}

/// What is seen in the database: accounts whose password everybody knows.
///
/// Errors: `production_unsafe`.
pub fn opened(house: &House) -> Result<()> {
    if !house.production {
        return Ok(());
    }
    let names = house.db.read_blocking(accounts::demo_names)?;
    let mut faults = Vec::new();
    if !names.is_empty() {
        faults.push(format!(
            "数据库中有演示账号 {}，其密码是公开的：请为正式环境另建空的数据目录（SHIAN_DATA），用 shian accounts open 开户；不要在示范数据上转正",
            names.join("、")
        ));
    }
    refuse(faults)
}
