//! 双随机: a draw that anybody can do again. docs/draw_verify.py is the same in sixty lines.
//!
//! The pool is lines of text; its hash and that of a secret seed go into the ledger. Later the first signed checkpoint over that
//! commitment is mixed in, and nobody could have known it: `key = SHA-256("shian-draw-1\n" seed "\n" root "\n" pool hash "\n")`. Random
//! numbers are the first eight bytes of `SHA-256(key, n)` for n = 0, 1, …; those that would favour low numbers are left out.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Subjects that a pool may have.
pub const MOST_SUBJECTS: usize = 50_000;
/// Officers that a pool may have.
pub const MOST_OFFICERS: usize = 2_000;
const FORMAT: &str = "shian-draw-1";

/// Whom and what is drawn from; lists in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pool {
    pub count: usize,
    pub team: usize,
    /// Id and area (township, or county where that is all that is known).
    pub subjects: Vec<(String, String)>,
    pub officers: Vec<String>,
    /// 回避: officer and subject.
    pub avoid: BTreeSet<(String, String)>,
    /// 轮换: officer and an area where they went last.
    pub went: BTreeSet<(String, String)>,
    /// Left out before, and why: told with the rest.
    pub excluded: BTreeMap<String, String>,
}

impl Pool {
    /// The lines that are hashed.
    pub fn text(&self) -> String {
        let mut out = format!("count {}\nteam {}\n", self.count, self.team);
        let mut line = |words: [&str; 3]| {
            out.push_str(words.join(" ").trim_end());
            out.push('\n');
        };
        self.subjects.iter().for_each(|(id, area)| line(["subject", id, area]));
        self.officers.iter().for_each(|id| line(["officer", id, ""]));
        self.avoid.iter().for_each(|(o, s)| line(["avoid", o, s]));
        self.went.iter().for_each(|(o, a)| line(["went", o, a]));
        self.excluded.iter().for_each(|(s, why)| line(["excluded", s, why]));
        out
    }

    /// Reads the lines again. Errors: `pool_line` with its number.
    pub fn read(text: &str) -> Result<Self> {
        let mut pool = Self::default();
        for (i, line) in text.lines().enumerate() {
            let bad = || Error::invalid(format!("pool/{}", i + 1), "pool_line", "抽取名单的格式不正确");
            let words: Vec<&str> = line.split(' ').collect();
            let number = |text: &str| text.parse::<usize>().map_err(|_| bad());
            match words.as_slice() {
                ["count", n] => pool.count = number(n)?,
                ["team", n] => pool.team = number(n)?,
                ["subject", id, area] => pool.subjects.push(((*id).to_owned(), (*area).to_owned())),
                ["officer", id] => pool.officers.push((*id).to_owned()),
                ["avoid", o, s] => _ = pool.avoid.insert(((*o).to_owned(), (*s).to_owned())),
                ["went", o, a] => _ = pool.went.insert(((*o).to_owned(), (*a).to_owned())),
                ["excluded", s, why] => _ = pool.excluded.insert((*s).to_owned(), (*why).to_owned()),
                _ => return Err(bad()),
            }
        }
        Ok(pool)
    }
}

/// A subject that was drawn, with who is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picked {
    pub subject: String,
    /// Empty: nobody is free to go.
    pub officers: Vec<String>,
    /// Too few were left without the rotation of areas: it was set aside.
    pub waived: bool,
}

/// A draw as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DrawFile {
    /// shian-draw-1
    pub format: String,
    pub id: String,
    pub name: String,
    /// SHA-256 of the bytes of the seed, hex; in the ledger before.
    pub seed_hash: String,
    /// SHA-256 of the lines of the pool, hex; in the ledger before.
    pub pool_hash: String,
    /// 32 bytes, hex; empty before the draw.
    pub seed: String,
    /// The signed checkpoint that was mixed in; empty before the draw.
    pub checkpoint: String,
    /// Lines, see [`Pool`].
    pub pool: String,
    /// Empty before the draw.
    pub result: Vec<Picked>,
}

/// Random numbers of a draw.
struct Stream {
    key: [u8; 32],
    next: u64,
}

impl Stream {
    fn new(seed: &str, root: &str, pool_hash: &str) -> Self {
        let text = format!("{FORMAT}\n{seed}\n{root}\n{pool_hash}\n");
        Self { key: Sha256::digest(text.as_bytes()).into(), next: 0 }
    }

    fn word(&mut self) -> u64 {
        let mut hasher = Sha256::new();
        hasher.update(self.key);
        hasher.update(self.next.to_be_bytes());
        self.next += 1;
        let block: [u8; 32] = hasher.finalize().into();
        block.iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte))
    }

    /// A number below `n`, each as likely as the others.
    fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        let spare = (u64::MAX % n + 1) % n;
        loop {
            let word = self.word();
            // the last part of the range is shorter: it would favour low numbers
            if word <= u64::MAX - spare {
                return (word % n) as usize;
            }
        }
    }
}

/// Draws. `seed` hex, `root` base64 as the checkpoint has it, `pool_hash` hex.
pub fn draw(pool: &Pool, seed: &str, root: &str, pool_hash: &str) -> Vec<Picked> {
    let mut stream = Stream::new(seed, root, pool_hash);
    let mut subjects: Vec<usize> = (0..pool.subjects.len()).collect();
    let count = pool.count.min(subjects.len());
    for i in 0..count {
        let j = i + stream.below(subjects.len() - i);
        subjects.swap(i, j);
    }
    let mut load = vec![0_u32; pool.officers.len()];
    subjects[..count].iter().map(|i| team(pool, *i, &mut load, &mut stream)).collect()
}

/// Who goes to a subject: those with the fewest so far, by chance among equals.
fn team(pool: &Pool, subject: usize, load: &mut [u32], stream: &mut Stream) -> Picked {
    let (id, area) = &pool.subjects[subject];
    let free = |rotate: bool| -> Vec<usize> {
        let may = |i: &usize| {
            let officer = &pool.officers[*i];
            let key = |place: &String| (officer.clone(), place.clone());
            !pool.avoid.contains(&key(id)) && (!rotate || !pool.went.contains(&key(area)))
        };
        (0..pool.officers.len()).filter(may).collect()
    };
    let mut able = free(true);
    let waived = able.len() < pool.team;
    if waived {
        able = free(false);
    }
    if able.len() < pool.team {
        return Picked { subject: id.clone(), officers: Vec::new(), waived };
    }
    let mut officers = Vec::with_capacity(pool.team);
    for _ in 0..pool.team {
        let least = able.iter().map(|i| load[*i]).min().unwrap_or(0);
        let equal: Vec<usize> = able.iter().copied().filter(|i| load[*i] == least).collect();
        let chosen = equal[stream.below(equal.len())];
        load[chosen] += 1;
        able.retain(|i| *i != chosen);
        officers.push(pool.officers[chosen].clone());
    }
    Picked { subject: id.clone(), officers, waived }
}

/// SHA-256, hex.
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The root that a checkpoint says, base64. Errors: `draw_checkpoint`.
pub fn root_of(note: &str) -> Result<String> {
    let root = note.lines().nth(2).filter(|l| !l.is_empty());
    root.map(str::to_owned)
        .ok_or_else(|| Error::invalid("checkpoint", "draw_checkpoint", "账本检查点的格式不正确"))
}

/// Does a published draw again and compares; answers how many were drawn. Who signed the checkpoint is for others to look at.
///
/// Errors: `draw_format`, `draw_not_yet`, `draw_seed`, `draw_pool`, `draw_checkpoint`, `pool_line`, `draw_result` with the first difference.
pub fn verify(file: &DrawFile) -> Result<usize> {
    let wrong = |field: &str, code: &'static str, text: &str| Err(Error::invalid(field, code, text));
    if file.format != FORMAT {
        return wrong("format", "draw_format", "不是随机抽取文件");
    }
    if file.seed.is_empty() {
        return wrong("seed", "draw_not_yet", "尚未抽取，种子没有公开");
    }
    let seed = hex::decode(&file.seed).unwrap_or_default();
    if hash(&seed) != file.seed_hash {
        return wrong("seed", "draw_seed", "种子与事先承诺的不一致");
    }
    if hash(file.pool.as_bytes()) != file.pool_hash {
        return wrong("pool", "draw_pool", "抽取名单与事先承诺的不一致");
    }
    let pool = Pool::read(&file.pool)?;
    let again = draw(&pool, &file.seed, &root_of(&file.checkpoint)?, &file.pool_hash);
    let differs = again.iter().zip(&file.result).position(|(a, b)| a != b);
    match differs {
        None if again.len() == file.result.len() => Ok(again.len()),
        at => {
            let at = at.unwrap_or(again.len().min(file.result.len()));
            let text = format!("第 {} 个结果与重新抽取的不一致", at + 1);
            Err(Error::invalid(format!("result/{at}"), "draw_result", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(subjects: usize, officers: usize) -> Pool {
        Pool {
            count: 10,
            team: 2,
            subjects: (0..subjects).map(|i| (format!("S{i:03}"), format!("A{}", i % 7))).collect(),
            officers: (0..officers).map(|i| format!("O{i:02}")).collect(),
            ..Pool::default()
        }
    }

    #[test]
    fn a_pool_is_read_as_it_was_written() {
        let mut p = pool(20, 5);
        p.avoid.insert(("O01".into(), "S003".into()));
        p.went.insert(("O02".into(), "A4".into()));
        p.excluded.insert("S099".into(), "recent".into());
        assert_eq!(Pool::read(&p.text()).unwrap(), p);
        assert_eq!(Pool::read("subject x").unwrap_err().code, "pool_line");
    }

    #[test]
    fn nobody_is_drawn_twice_and_constraints_hold() {
        for n in 0..200 {
            let mut p = pool(40, 6);
            p.avoid = (0..40).map(|i| (format!("O{:02}", i % 6), format!("S{i:03}"))).collect();
            p.went = (0..3).map(|i| (format!("O{i:02}"), format!("A{}", n % 7))).collect();
            let picked = draw(&p, &n.to_string(), "root", "pool");
            let apart: BTreeSet<&str> = picked.iter().map(|x| x.subject.as_str()).collect();
            assert_eq!(apart.len(), 10);
            let mut load: BTreeMap<&str, u32> = BTreeMap::new();
            for x in &picked {
                let area = &p.subjects.iter().find(|s| s.0 == x.subject).unwrap().1;
                assert_eq!(x.officers.iter().collect::<BTreeSet<_>>().len(), 2);
                for o in &x.officers {
                    assert!(!p.avoid.contains(&(o.clone(), x.subject.clone())));
                    assert!(x.waived || !p.went.contains(&(o.clone(), area.clone())));
                    *load.entry(o).or_default() += 1;
                }
            }
            assert_eq!(load.values().sum::<u32>(), 20);
        }
    }

    #[test]
    fn a_place_that_nobody_may_go_to_is_told() {
        let mut p = pool(1, 2);
        p.count = 1;
        p.went = ["O00", "O01"].map(|o| (o.to_owned(), "A0".to_owned())).into();
        let picked = draw(&p, "1", "r", "p");
        assert!(picked[0].waived && picked[0].officers.len() == 2);
        p.avoid.insert(("O01".into(), "S000".into()));
        assert_eq!(draw(&p, "1", "r", "p")[0].officers, Vec::<String>::new());
    }

    /// Of a hundred thousand draws each subject and each officer comes up as often as chance has it: the sum of squares stays below
    /// what it exceeds once in a thousand times.
    #[test]
    fn a_hundred_thousand_draws_favour_nobody() {
        const DRAWS: usize = 100_000;
        let p = Pool { count: 1, ..pool(20, 6) };
        let (mut subjects, mut officers) = (BTreeMap::new(), BTreeMap::new());
        for n in 0..DRAWS {
            for x in draw(&p, &format!("{n:x}"), "root", "pool") {
                *subjects.entry(x.subject).or_insert(0_u64) += 1;
                for o in x.officers {
                    *officers.entry(o).or_insert(0_u64) += 1;
                }
            }
        }
        let chi = |counts: &BTreeMap<String, u64>, expected: f64| -> f64 {
            counts.values().map(|n| (*n as f64 - expected).powi(2) / expected).sum()
        };
        assert_eq!((subjects.len(), officers.len()), (20, 6));
        let (s, o) = (chi(&subjects, DRAWS as f64 / 20.0), chi(&officers, DRAWS as f64 * 2.0 / 6.0));
        eprintln!("chi-square: subjects {s:.2} of 19 degrees, officers {o:.2} of 5");
        assert!(s < 43.82 && o < 20.52, "{s} {o}");
    }

    #[test]
    fn what_was_changed_afterwards_is_found() {
        let p = pool(30, 4);
        let seed = hex::encode([7_u8; 32]);
        let checkpoint = "shian.example\n12\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n— x y\n";
        let pool_hash = hash(p.text().as_bytes());
        let root = root_of(checkpoint).unwrap();
        let good = DrawFile {
            format: FORMAT.into(),
            id: "d".into(),
            name: "试".into(),
            seed_hash: hash(&[7_u8; 32]),
            pool: p.text(),
            result: draw(&p, &seed, &root, &pool_hash),
            pool_hash,
            seed,
            checkpoint: checkpoint.into(),
        };
        assert_eq!(verify(&good).unwrap(), 10);
        type Break = fn(&mut DrawFile);
        let table: [(Break, &str); 7] = [
            (|f| f.format = "x".into(), "draw_format"),
            (|f| f.seed.clear(), "draw_not_yet"),
            (|f| f.seed = hex::encode([8_u8; 32]), "draw_seed"),
            (|f| f.pool = f.pool.replace("S001", "S777"), "draw_pool"),
            (|f| f.checkpoint = f.checkpoint.replace("qqqqqqqqqq", "aaaaaaaaaa"), "draw_result"),
            (|f| f.result.swap(0, 1), "draw_result"),
            (|f| _ = f.result.pop(), "draw_result"),
        ];
        for (i, (change, code)) in table.into_iter().enumerate() {
            let mut file = good.clone();
            change(&mut file);
            assert_eq!(verify(&file).unwrap_err().code, code, "{i}");
        }
    }
}
