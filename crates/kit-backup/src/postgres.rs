//! PostgreSQL is backed up by its own tools; this calls them.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit_base::{Error, Kind, Result};

/// `pg_dump` of a database into one file of its custom format.
pub fn dump(url: &str, into: &Path) -> Result<()> {
    let mut command = tool("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(into);
    run(command)
}

/// `pg_restore` into an empty database, all or nothing.
pub fn restore(url: &str, from: &Path) -> Result<()> {
    let mut command = tool("pg_restore", url)?;
    command.args(["--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error"]).arg(from);
    run(command)
}

/// The tool with the address of the database; the password goes by the environment, not by the list of processes.
fn tool(name: &str, url: &str) -> Result<Command> {
    let mut command = Command::new(find(name));
    let (url, password) = without_password(url);
    command.arg("--dbname").arg(url);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// In the path, or where Debian keeps it.
fn find(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|v| v.path().join("bin").join(name)).filter(|p| p.is_file()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}

/// `postgres://user:secret@host/…` without the secret, and the secret.
fn without_password(url: &str) -> (String, Option<String>) {
    let parts = || {
        let (scheme, rest) = url.split_once("://")?;
        let (who, host) = rest.split_once('@')?;
        let (user, password) = who.split_once(':')?;
        Some((format!("{scheme}://{user}@{host}"), password.to_owned()))
    };
    match parts() {
        Some((url, password)) => (url, Some(password)),
        None => (url.to_owned(), None),
    }
}

fn run(mut command: Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|e| {
        Error::new(Kind::Unavailable, "tool_missing", format!("没有找到 {name}，请安装 postgresql-client"))
            .because(e)
    })?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().last().unwrap_or("").to_owned();
    Err(Error::new(Kind::Unavailable, "tool_failed", format!("{name} 失败：{last}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_password_is_taken_out_of_the_address() {
        let cut = super::without_password;
        assert_eq!(
            cut("postgres://u:se%40cret@h:5432/d?x=1"),
            ("postgres://u@h:5432/d?x=1".into(), Some("se%40cret".into()))
        );
        assert_eq!(cut("postgres://u@h/d"), ("postgres://u@h/d".into(), None));
    }
}
