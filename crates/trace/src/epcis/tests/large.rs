//! Documents larger than memory may be: made as they are read, one event at a time.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::*;

/// Megabytes of each document; `SHIAN_LARGE_MB` says more.
const LONG: u64 = 8;
/// What may lie between what was read and the last event that came out: buffers of decoder and parser, and one event.
const BEHIND: u64 = 192 << 10;

/// A document made while it is read: a head, then events without end, then a tail.
struct Made {
    events: u64,
    at: u64,
    event: fn(u64) -> String,
    between: &'static str,
    tail: &'static str,
    text: Vec<u8>,
    from: usize,
    /// Bytes handed out so far.
    out: Rc<Cell<u64>>,
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.from == self.text.len() && self.at <= self.events {
            let between = if self.at == 0 { "" } else { self.between };
            let next = if self.at < self.events { (self.event)(self.at) } else { String::new() };
            self.text =
                if self.at < self.events { format!("{between}{next}").into() } else { self.tail.into() };
            (self.at, self.from) = (self.at + 1, 0);
        }
        let n = buffer.len().min(self.text.len() - self.from);
        buffer[..n].copy_from_slice(&self.text[self.from..self.from + n]);
        self.from += n;
        self.out.set(self.out.get() + n as u64);
        Ok(n)
    }
}

fn json(n: u64) -> String {
    json_event(&format!(r#", "eventID": "urn:uuid:{n:036}", "e:note": "{}""#, "食".repeat(60)))
}

fn xml(n: u64) -> String {
    xml_event(&format!("<e:number>{n:036}</e:number><e:note>{}</e:note>", "食".repeat(60)))
}

#[test]
fn of_a_large_document_one_event_is_in_memory_at_a_time() {
    let long = std::env::var("SHIAN_LARGE_MB").ok().and_then(|n| n.parse().ok()).unwrap_or(LONG) << 20;
    for (whole, mark, event, between) in [
        (json_document("@"), "@]}}", json as fn(u64) -> String, ","),
        (xml_document("@"), "@</EventList>", xml, ""),
    ] {
        let at = whole.find(mark).unwrap();
        let (head, tail) = (whole[..at].to_owned(), whole[at + 1..].to_owned());
        let size = (event(0).len() + between.len()) as u64;
        let (events, out) = (long / size, Rc::new(Cell::new(0)));
        let begin = head.len() as u64;
        let made = Made {
            events,
            at: 0,
            event,
            between,
            tail: Box::leak(tail.into_boxed_str()),
            text: head.into_bytes(),
            from: 0,
            out: out.clone(),
        };
        let (mut seen, mut furthest) = (0, 0);
        let document = read(made, Options::LENIENT, &mut |item| {
            let Item::Good(captured) = item else { panic!("{item:?}") };
            assert_eq!(captured.index, seen);
            seen += 1;
            furthest = furthest.max(out.get().saturating_sub(begin + seen * size));
            Ok(())
        });
        assert_eq!((document.unwrap().good, seen), (events, events));
        assert!(out.get() > long - 2 * size);
        assert!(furthest < BEHIND, "{furthest} bytes were read ahead of the events");
        assert!(furthest > 0);
    }
}
