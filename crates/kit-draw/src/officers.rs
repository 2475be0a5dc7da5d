//! 双随机: places drawn evenly, and who goes there.

use std::collections::{BTreeMap, BTreeSet};

use kit_base::{Error, Result};

use crate::crew::Crew;
use crate::file::Picked;
use crate::stream::Stream;

pub const FORMAT: &str = "shian-draw-1";

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

/// Draws. `seed` hex, `root` base64 as the checkpoint has it, `pool_hash` hex.
pub fn draw(pool: &Pool, seed: &str, root: &str, pool_hash: &str) -> Vec<Picked> {
    let mut stream = Stream::new(FORMAT, seed, root, pool_hash);
    let mut subjects: Vec<usize> = (0..pool.subjects.len()).collect();
    let count = pool.count.min(subjects.len());
    stream.shuffle(&mut subjects, count);
    let mut load = vec![0_u32; pool.officers.len()];
    let crew =
        Crew { team: pool.team, officers: &pool.officers, reach: &[], avoid: &pool.avoid, went: &pool.went };
    let send = |i: &usize| {
        let (subject, area) = &pool.subjects[*i];
        let (officers, waived) = crew.send((subject, area), &mut load, &mut stream);
        Picked { subject: subject.clone(), officers, waived, cell: String::new() }
    };
    subjects[..count].iter().map(send).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DrawFile, hash, root_of, verify};

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
