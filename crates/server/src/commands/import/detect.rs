//! What a file is, by its first bytes.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use kit_base::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Epcis,
    Network,
    Sheet,
}

/// Bytes that are looked at.
const LOOK: u64 = 64 * 1024;

pub fn detect(file: &Path) -> Result<Form> {
    let mut head = Vec::new();
    File::open(file)?.take(LOOK).read_to_end(&mut head)?;
    Ok(of_head(&head))
}

fn of_head(head: &[u8]) -> Form {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = head.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0 | 0xFE | 0xFF));
    match first {
        Some(b'<' | b'[') => Form::Epcis,
        Some(b'{') if first_key(head).is_some_and(is_of_network) => Form::Network,
        Some(b'{') => Form::Epcis,
        _ => Form::Sheet,
    }
}

fn is_of_network(key: &[u8]) -> bool {
    [&b"stations"[..], b"deliveries", b"relations", b"groups", b"enforce_temporal_order"].contains(&key)
}

/// The first name of the object that the text begins with.
fn first_key(head: &[u8]) -> Option<&[u8]> {
    let rest = head.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = rest.iter().position(|b| *b == b'"')?;
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells() {
        let table: &[(&[u8], Form)] = &[
            (b"{\n \"stations\": []", Form::Network),
            (b"\xef\xbb\xbf{\"enforce_temporal_order\":true", Form::Network),
            (b"{\"@context\":[]", Form::Epcis),
            (b"{\"type\":\"ObjectEvent\"}\n{", Form::Epcis),
            (b"[{\"type\"", Form::Epcis),
            (b"\xff\xfe<\0?\0", Form::Epcis),
            (b"  <?xml", Form::Epcis),
            (b"PK\x03\x04", Form::Sheet),
            ("进货日期,供货者".as_bytes(), Form::Sheet),
            (b"", Form::Sheet),
        ];
        for (head, form) in table {
            assert_eq!(of_head(head), *form, "{}", String::from_utf8_lossy(head));
        }
    }
}
