//! Tells which blocks of the buffer cannot hold a word, by the pairs of characters that stand in each.

/// Records in a block.
pub const SPAN: usize = 128;
/// Bits a block: some seven thousand different pairs fill a fifth of them.
const BITS: usize = 1 << 15;
const WORDS: usize = BITS / 64;

/// One row of bits a block.
#[derive(Default)]
pub struct Sieve(Vec<Box<[u64; WORDS]>>);

impl Sieve {
    /// Notes what the record with this number holds.
    pub fn add(&mut self, record: usize, text: &[u8]) {
        let block = record / SPAN;
        while self.0.len() <= block {
            self.0.push(Box::new([0; WORDS]));
        }
        let bits = &mut self.0[block];
        each(text, |at| bits[at / 64] |= 1 << (at % 64));
    }

    /// The places to look at for a word.
    pub fn places(word: &str) -> Vec<usize> {
        let mut places = Vec::new();
        each(word.as_bytes(), |at| places.push(at));
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether the block may hold a word with these places.
    pub fn may_hold(&self, block: usize, places: &[usize]) -> bool {
        let bits = &self.0[block];
        places.iter().all(|at| bits[at / 64] & (1 << (at % 64)) != 0)
    }

    pub fn blocks(&self) -> usize {
        self.0.len()
    }

    pub fn bytes(&self) -> usize {
        self.0.len() * (BITS / 8 + 8)
    }
}

/// The places of all pairs of characters with one beyond ASCII among them, and of all triples within ASCII, where pairs
/// would be in every block.
fn each(text: &[u8], mut place: impl FnMut(usize)) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (mut before, mut last) = ('\0', '\0');
    for c in text.chars() {
        let wide = |c: char| !c.is_ascii();
        if last != '\0' && (wide(last) || wide(c)) {
            place(mix(u64::from(u32::from(last)) << 21 | u64::from(u32::from(c))));
        } else if before.is_ascii() && before != '\0' && last != '\0' {
            let low = u64::from(u32::from(last)) << 21 | u64::from(u32::from(c));
            place(mix(u64::from(u32::from(before)) << 42 | low));
        }
        (before, last) = (last, c);
    }
}

fn mix(n: u64) -> usize {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize
}
