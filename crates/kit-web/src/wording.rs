//! What the parser says of a value that does not fit, in Chinese. It says it in English and in a few fixed forms, which
//! are part of what `serde` documents of its errors; what has another form is passed on as it is.

/// The wording, and the field that is missing or unknown, which the parser does not count to the path.
pub struct Wording {
    pub text: String,
    pub field: Option<String>,
}

/// Words a message of `serde`, with or without the place at its end.
pub fn in_chinese(message: &str) -> Wording {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    let plain = |text: String| Wording { text, field: None };
    if let Some(name) = message.strip_prefix("missing field ") {
        let name = name.trim_matches('`');
        return Wording { text: format!("缺少 {name}"), field: Some(name.into()) };
    }
    if let Some(name) = message.strip_prefix("duplicate field ") {
        let name = name.trim_matches('`');
        return Wording { text: format!("{name} 出现了两次"), field: Some(name.into()) };
    }
    if let Some((name, expected)) = two(message, "unknown field ") {
        let name = name.trim_matches('`');
        return Wording {
            text: format!("没有 {name} 这一项；{}", choice(expected)),
            field: Some(name.into()),
        };
    }
    if let Some((name, expected)) = two(message, "unknown variant ") {
        return plain(format!("不能是 {}；{}", name.trim_matches('`'), choice(expected)));
    }
    if let Some((found, expected)) = two(message, "invalid type: ") {
        return plain(format!("应为{}，得到的是{}", kind(expected), kind(found)));
    }
    if let Some((found, expected)) = two(message, "invalid value: ") {
        return plain(format!("应为{}，得到的是{}", kind(expected), kind(found)));
    }
    if let Some((found, expected)) = two(message, "invalid length ") {
        return plain(format!("应为{}，得到的有 {found} 项", kind(expected)));
    }
    if message.starts_with("data did not match any variant") {
        return plain("与任何一种允许的写法都不符".into());
    }
    plain(message.into())
}

/// What was found and what was expected.
fn two<'m>(message: &'m str, form: &str) -> Option<(&'m str, &'m str)> {
    let rest = message.strip_prefix(form)?;
    rest.split_once(", expected ")
        .or_else(|| rest.split_once(", there are no ").map(|(found, _)| (found, "")))
}

/// "one of `a`, `b`", "`a` or `b`", "`a`", or nothing.
fn choice(expected: &str) -> String {
    let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    match names.as_slice() {
        [] => "这里不能有任何一项".into(),
        names => format!("可以是 {}", names.join("、")),
    }
}

/// A kind of value, with the value where it is said.
fn kind(said: &str) -> String {
    let (name, value) = match said.find(['`', '"']) {
        Some(at) => (said[..at].trim_end(), &said[at..]),
        None => (said, ""),
    };
    let name = match name {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "integer" => "整数",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "不小于 0 的整数",
        "a nonzero u32" | "a nonzero u64" => "大于 0 的整数",
        "f32" | "f64" | "floating point" | "number" => "数",
        "a string" | "string" | "str" | "a borrowed string" => "文字",
        "a character" | "character" => "一个字",
        "a boolean" | "boolean" => "true 或 false",
        "a sequence" | "sequence" => "数组",
        "a map" | "map" => "对象",
        "unit" | "null" | "option" | "Option value" => "空值",
        name if name.starts_with("struct ") => "对象",
        name if name.starts_with("enum ") || name == "string or map" => "规定的几种之一",
        name if name.starts_with("a tuple of size ") => {
            return format!("长 {} 的数组", name.trim_start_matches("a tuple of size "));
        }
        other => other,
    };
    match value.trim_matches('`') {
        "" => name.into(),
        value => format!("{name} {value}"),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::in_chinese;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Ship,
        Sell,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Move {
        kind: Kind,
        amount: u32,
        lots: Vec<String>,
        done: Option<bool>,
    }

    #[test]
    fn what_does_not_fit_is_said_in_chinese_with_the_field() {
        let table = [
            (r#"{"kind":"ship","amount":1}"#, "缺少 lots", Some("lots")),
            (r#"{"kind":"eat"}"#, "不能是 eat；可以是 ship、sell", None),
            (r#"{"amount":-1}"#, "应为不小于 0 的整数，得到的是整数 -1", None),
            (r#"{"amount":1.5}"#, "应为不小于 0 的整数，得到的是数 1.5", None),
            (r#"{"amount":"1"}"#, "应为不小于 0 的整数，得到的是文字 \"1\"", None),
            (r#"{"lots":{}}"#, "应为数组，得到的是对象", None),
            (r#"{"lots":[null]}"#, "应为文字，得到的是空值", None),
            (r#"{"done":1}"#, "应为true 或 false，得到的是整数 1", None),
            ("[]", "应为对象，得到的有 0 项", None),
            (r#"{"place":1}"#, "没有 place 这一项；可以是 kind、amount、lots、done", Some("place")),
            (r#"{"amount":1,"amount":2}"#, "amount 出现了两次", Some("amount")),
            (r#""x""#, "应为对象，得到的是文字 \"x\"", None),
        ];
        for (json, text, field) in table {
            let error = serde_json::from_str::<Move>(json).expect_err(json).to_string();
            let wording = in_chinese(&error);
            assert_eq!((wording.text.as_str(), wording.field.as_deref()), (text, field), "{error}");
        }
    }
}
