//! Secrets out of the environment or out of files: `NAME`, or `NAME_FILE` with the path of a file that holds it.

use std::path::PathBuf;

use kit_base::{Error, Kind, Result};

/// A secret's text; `None` where neither is set. Blanks at its ends are not part of it.
///
/// Errors: `secret_twice`, `secret_unreadable`.
pub fn read(name: &str, of: &dyn Fn(&str) -> Option<String>) -> Result<Option<String>> {
    match (text(name, of), file(name, of)) {
        (Some(_), Some(_)) => Err(twice(name)),
        (Some(text), None) => Ok(Some(text)),
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(e) => {
                let text = format!("{name}_FILE 指向的文件 {} 读不到：{e}", path.display());
                Err(Error::new(Kind::Internal, "secret_unreadable", text))
            }
        },
        (None, None) => Ok(None),
    }
}

/// The sealing keys: a file is followed while the server runs, a text is not.
///
/// Errors: `secret_twice`.
pub fn key(name: &str, of: &dyn Fn(&str) -> Option<String>) -> Result<Option<accounts::KeyFrom>> {
    match (text(name, of), file(name, of)) {
        (Some(_), Some(_)) => Err(twice(name)),
        (Some(text), None) => Ok(Some(accounts::KeyFrom::Text(text))),
        (None, path) => Ok(path.map(accounts::KeyFrom::File)),
    }
}

fn text(name: &str, of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    of(name).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

fn file(name: &str, of: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    text(&format!("{name}_FILE"), of).map(PathBuf::from)
}

fn twice(name: &str) -> Error {
    Error::new(Kind::Internal, "secret_twice", format!("{name} 和 {name}_FILE 只能设置一个"))
}

/// The process's environment.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_from_the_environment_or_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s");
        std::fs::write(&path, "from file\n").unwrap();
        let path = path.to_str().unwrap().to_owned();
        let env = |pairs: Vec<(&'static str, String)>| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone())
        };
        assert_eq!(read("A", &env(vec![])).unwrap(), None);
        assert_eq!(read("A", &env(vec![("A", " text ".into())])).unwrap().as_deref(), Some("text"));
        assert_eq!(read("A", &env(vec![("A_FILE", path.clone())])).unwrap().as_deref(), Some("from file"));
        let both = env(vec![("A", "x".into()), ("A_FILE", path.clone())]);
        assert_eq!(read("A", &both).unwrap_err().code, "secret_twice");
        let gone = env(vec![("A_FILE", format!("{path}.gone"))]);
        assert_eq!(read("A", &gone).unwrap_err().code, "secret_unreadable");
        assert!(matches!(key("A", &env(vec![("A_FILE", path)])).unwrap(), Some(accounts::KeyFrom::File(_))));
    }
}
