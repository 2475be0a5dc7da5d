//! The bytes of a capture, made UTF-8, counted and limited on the way.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

const CHUNK: usize = 16 * 1024;

/// Where the reader stands, shared with whoever parses.
#[derive(Debug)]
pub struct Meter {
    line: Cell<u64>,
    column: Cell<u64>,
    window: Cell<u64>,
    limit: u64,
}

impl Meter {
    /// The line and column (both from 1, columns in characters) of the next character.
    pub fn place(&self) -> (u64, u64) {
        (self.line.get(), self.column.get())
    }

    /// An event ends here: the size limit counts from now.
    pub fn next_event(&self) {
        self.window.set(0);
    }

    fn take(&self, bytes: &[u8]) {
        self.window.set(self.window.get() + bytes.len() as u64);
        for byte in bytes {
            if *byte == b'\n' {
                self.line.set(self.line.get() + 1);
                self.column.set(1);
            } else if byte & 0xC0 != 0x80 {
                self.column.set(self.column.get() + 1);
            }
        }
    }
}

/// Why reading stopped; travels inside an `io::Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than one event (or the head of the document) may have.
    TooLarge,
    /// Bytes that are not of the encoding.
    Malformed(&'static str),
    /// An encoding nobody knows, or one that contradicts the bytes.
    Unknown,
    /// A NUL character; no text column holds one.
    Nul,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

/// The fault inside an `io::Error`, if it is one of ours.
pub fn fault_of(error: &io::Error) -> Option<Fault> {
    error.get_ref()?.downcast_ref().copied()
}

/// A reader that gives UTF-8 whatever came in: by byte order mark, by the XML declaration, else UTF-8.
pub struct Source<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    ended: bool,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
    fault: Option<Fault>,
    meter: Rc<Meter>,
}

impl<R: Read> Source<R> {
    /// `limit` is the most bytes (as UTF-8) between two calls of [`Meter::next_event`].
    pub fn open(mut inner: R, limit: u64) -> io::Result<Self> {
        let mut raw = Vec::with_capacity(CHUNK);
        (&mut inner).take(CHUNK as u64).read_to_end(&mut raw)?;
        let (encoding, mark) = detect(&raw)?;
        let meter = Meter { line: Cell::new(1), column: Cell::new(1), window: Cell::new(0), limit };
        Ok(Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw,
            raw_at: mark,
            ended: false,
            text: vec![0; CHUNK * 3 + 16],
            text_at: 0,
            text_end: 0,
            fault: None,
            meter: Rc::new(meter),
        })
    }

    pub fn meter(&self) -> Rc<Meter> {
        Rc::clone(&self.meter)
    }

    /// The first character that is not blank, without taking it.
    pub fn first(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = buffer.iter().take_while(|b| b.is_ascii_whitespace()).count();
            let found = buffer.get(blank).copied();
            self.consume(blank);
            if found.is_some() {
                return Ok(found);
            }
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.text_at == self.text_end {
            if let Some(fault) = self.fault {
                return Err(fault.into());
            }
            if self.ended {
                return Ok(());
            }
            if self.raw_at == self.raw.len() {
                self.raw.clear();
                self.raw_at = 0;
                (&mut self.inner).take(CHUNK as u64).read_to_end(&mut self.raw)?;
            }
            self.decode();
        }
        Ok(())
    }

    fn decode(&mut self) {
        let last = self.raw.is_empty();
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(&self.raw[self.raw_at..], &mut self.text, last);
        self.raw_at += read;
        self.text_at = 0;
        self.text_end = written;
        match result {
            DecoderResult::InputEmpty => self.ended = last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                self.fault = Some(Fault::Malformed(self.decoder.encoding().name()))
            }
        }
        if let Some(at) = self.text[..written].iter().position(|b| *b == 0) {
            self.text_end = at;
            self.fault = Some(Fault::Nul);
        }
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.meter.window.get() > self.meter.limit {
            return Err(Fault::TooLarge.into());
        }
        self.refill()?;
        Ok(&self.text[self.text_at..self.text_end])
    }

    fn consume(&mut self, amount: usize) {
        self.meter.take(&self.text[self.text_at..self.text_at + amount]);
        self.text_at += amount;
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let buffer = self.fill_buf()?;
        let amount = buffer.len().min(out.len());
        out[..amount].copy_from_slice(&buffer[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

/// The encoding and how many bytes its mark takes.
fn detect(head: &[u8]) -> Result<(&'static Encoding, usize), Fault> {
    if let Some(found) = Encoding::for_bom(head) {
        return Ok(found);
    }
    match head {
        [0, b'<', 0, ..] => return Ok((UTF_16BE, 0)),
        [b'<', 0, _, 0, ..] => return Ok((UTF_16LE, 0)),
        _ => {}
    }
    let Some(label) = declared(head) else { return Ok((UTF_8, 0)) };
    let encoding = Encoding::for_label_no_replacement(label).ok_or(Fault::Unknown)?;
    // the declaration could be read byte by byte, so the text cannot be of two bytes a letter
    if encoding == UTF_16LE || encoding == UTF_16BE { Err(Fault::Unknown) } else { Ok((encoding, 0)) }
}

/// The label in `<?xml … encoding="GBK"?>`.
fn declared(head: &[u8]) -> Option<&[u8]> {
    let start = head.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let declaration = head[start..].strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let declaration = &declaration[..end];
    let at = declaration.windows(8).position(|word| word == b"encoding")?;
    let rest = declaration[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let close = rest.iter().position(|b| b == quote)?;
    Some(&rest[..close])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        Source::open(bytes, 1 << 20)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn gives_utf8_whatever_came_in() {
        let xml = "<?xml version=\"1.0\" encoding=\"GBK\"?><a>食品安全</a>";
        let gbk = encoding_rs::GBK.encode(xml).0;
        assert_eq!(all(&gbk).unwrap(), xml);
        let mut wide = vec![0xFF, 0xFE];
        wide.extend("<a>食</a>".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(all(&wide).unwrap(), "<a>食</a>");
        assert_eq!(all(b"\xEF\xBB\xBF{}").unwrap(), "{}");
    }

    #[test]
    fn wrong_bytes_stop_the_reader_where_they_are() {
        // not every GBK text is wrong UTF-8 (食品 is not); this one is
        let gbk = encoding_rs::GBK.encode("{\n\"a\": \"猪肉\"}").0;
        let mut source = Source::open(&gbk[..], 1 << 20).unwrap();
        let meter = source.meter();
        let error = source.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(fault_of(&error), Some(Fault::Malformed("UTF-8")));
        assert_eq!(meter.place(), (2, 7));
        for (head, fault) in [
            (&b"<?xml version='1.0' encoding='UTF-16'?><a/>"[..], Fault::Unknown),
            (b"<?xml version='1.0' encoding='klingon'?><a/>", Fault::Unknown),
            (b"<a>\0</a>", Fault::Nul),
        ] {
            assert_eq!(fault_of(&all(head).unwrap_err()), Some(fault));
        }
    }

    #[test]
    fn a_window_has_its_limit() {
        let mut source = Source::open(&[b' '; 5_000][..], 1_000).unwrap();
        assert_eq!(fault_of(&source.first().unwrap_err()), Some(Fault::TooLarge));
    }
}
