//! All SQL of the room. The ledger's tables are read, never written.

pub mod cases;
pub mod facts;
pub mod marks;
pub mod scopes;
pub mod seeds;

use kit_db::Sql;

/// Every fixed statement, for the test that prepares them on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] =
    &[cases::STATEMENTS, facts::STATEMENTS, marks::STATEMENTS, scopes::STATEMENTS, seeds::STATEMENTS];

/// Numbers a list statement takes at once.
pub(crate) const CHUNK: usize = 2_000;

/// A list of numbers as the one text parameter that both databases can read.
pub(crate) fn number_list(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for number in numbers {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push(']');
    text
}

/// A list of texts in the same form.
pub(crate) fn text_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    serde_json::Value::from(texts.into_iter().map(str::to_owned).collect::<Vec<_>>()).to_string()
}
