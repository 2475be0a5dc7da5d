//! Against a naive tree, and against values that others published.

use kit_base::Result;
use proptest::prelude::*;

use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, Events, Items};
use crate::hash::{Hash, Stack, base64, empty_root, leaf_hash, node_hash};
use crate::note::{Key, PublicKey};
use crate::proof::path_in;
use crate::tree::{Edge, FullTile, Kept, Tiles, extends, includes, tile_path};

/// RFC 6962 word by word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        more => {
            let mut k = 1;
            while k * 2 < more.len() {
                k *= 2;
            }
            node_hash(&naive_root(&more[..k]), &naive_root(&more[k..]))
        }
    }
}

fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(i.to_string().as_bytes())).collect()
}

/// Tiles as an edge made them.
#[derive(Default, Clone)]
struct Made(std::collections::HashMap<(u8, u64), Vec<u8>>);

impl Tiles for Made {
    fn tile(&mut self, level: u8, no: u64) -> Result<Vec<u8>> {
        Ok(self.0.get(&(level, no)).cloned().unwrap_or_default())
    }
}

/// Grows a tree in steps, reading its edge anew before each.
fn grown(leaves: &[Hash], step: usize) -> (Edge, Made) {
    let mut made = Made::default();
    let mut edge = Edge::default();
    for part in leaves.chunks(step) {
        edge = Edge::read(&mut made, edge.size()).unwrap();
        for leaf in part {
            let mut full = |tile: FullTile| -> Result<()> {
                made.0.insert((tile.level, tile.no), tile.hashes.concat());
                Ok(())
            };
            edge.push(*leaf, &mut full).unwrap();
        }
        for (level, no, hashes) in edge.partial() {
            made.0.insert((level, no), hashes.concat());
        }
    }
    (edge, made)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn tree_and_proofs_are_those_of_a_naive_tree(n in 1_usize..1500, step in 1_usize..400, a in any::<u32>(), b in any::<u32>()) {
        let all = leaves(n);
        let (edge, made) = grown(&all, step);
        let root = naive_root(&all);
        prop_assert_eq!(edge.root(), root);
        prop_assert_eq!(Stack::root_of(&all), root);
        let mut tree = Kept::new(made);
        prop_assert_eq!(tree.root(n as u64).unwrap(), root);
        // an older tree and one of its leaves
        let old = 1 + a as usize % n;
        let index = b as usize % old;
        let old_root = naive_root(&all[..old]);
        prop_assert_eq!(tree.root(old as u64).unwrap(), old_root);
        let path = tree.inclusion(index as u64, old as u64).unwrap();
        prop_assert!(includes(&old_root, old as u64, index as u64, &all[index], &path));
        prop_assert_eq!(&path_in(&all[..old], index), &path);
        let growth = tree.consistency(old as u64, n as u64).unwrap();
        prop_assert!(extends(&old_root, old as u64, &root, n as u64, &growth));
        // and nothing else
        let other = leaf_hash(b"other");
        prop_assert!(!includes(&old_root, old as u64, index as u64, &other, &path));
        prop_assert!(!extends(&other, old as u64, &root, n as u64, &growth));
        prop_assert!(!extends(&old_root, old as u64, &other, n as u64, &growth));
        if old > 1 {
            let next = (index + 1) % old;
            prop_assert!(!includes(&old_root, old as u64, next as u64, &all[index], &path));
            prop_assert!(!includes(&old_root, old as u64, index as u64, &all[index], &path[1..]));
        }
    }
}

#[test]
fn a_tree_past_full_tiles_of_two_levels() {
    let all = leaves(70_000);
    let (edge, made) = grown(&all, 4096);
    assert_eq!(edge.root(), Stack::root_of(&all));
    // the example of tlog-tiles: 273 full tiles and one of 112, one full and one of 17, one of 1
    let width = |level, no| made.0.get(&(level, no)).map_or(0, |t| t.len() / 32);
    assert_eq!((width(0, 272), width(0, 273), width(0, 274)), (256, 112, 0));
    assert_eq!((width(1, 0), width(1, 1), width(2, 0), width(3, 0)), (256, 17, 1, 0));
    let mut tree = Kept::new(made);
    for (index, size) in [(0, 70_000), (69_999, 70_000), (65_536, 65_537), (12_345, 65_536)] {
        let path = tree.inclusion(index, size).unwrap();
        let root = tree.root(size).unwrap();
        assert!(includes(&root, size, index, &all[index as usize], &path), "{index} of {size}");
    }
}

#[test]
fn hashes_of_the_rfc() {
    assert_eq!(hex::encode(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(
        hex::encode(leaf_hash(b"")),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
}

#[test]
fn paths_of_tiles() {
    for (text, found) in [
        ("000", Some((0, None))),
        ("067", Some((67, None))),
        ("067.p/12", Some((67, Some(12)))),
        ("x001/x234/067", Some((1_234_067, None))),
        ("x001/x234/067.p/255", Some((1_234_067, Some(255)))),
        ("67", None),
        ("0067", None),
        ("x000/067", None),
        ("001/067", None),
        ("x001/x067", None),
        ("067.p/0", None),
        ("067.p/256", None),
        ("067.p/012", None),
        ("067.p/", None),
        ("", None),
        ("x999/x999/x999/x999/x999/x999/x999/999", None),
        ("+12", None),
    ] {
        assert_eq!(tile_path(text).ok(), found, "{text}");
    }
}

/// The example of Go's `sumdb/note`.
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn notes_of_others_open_and_changed_ones_do_not() {
    let key = PublicKey::parse(PETER).unwrap();
    assert_eq!(key.to_string(), PETER);
    assert!(key.open(NOTE).unwrap().ends_with("what your problem is.\n"));
    assert_eq!(key.open(&NOTE.replace("answer", "cause")).unwrap_err().code, "note_signature");
    assert_eq!(key.open(&NOTE.replace("— Peter", "— Paul")).unwrap_err().code, "note_unsigned");
    assert_eq!(key.open("text\n").unwrap_err().code, "note_form");
    assert!(PublicKey::parse(&PETER.replace("c74f", "c74e")).is_err());
}

#[test]
fn a_key_survives_its_text() {
    let key = Key::new("shian.example/ledger", &[7; 32]).unwrap();
    let again = Key::parse(&format!("{}\n", key.secret())).unwrap();
    assert_eq!(again.public(), key.public());
    let note = Checkpoint::signed(&key, 12, &[3; 32]);
    let found = Checkpoint::open(&note, &PublicKey::parse(&key.public().to_string()).unwrap()).unwrap();
    assert_eq!((found.size, found.root, found.origin.as_str()), (12, [3; 32], "shian.example/ledger"));
    for name in ["", "a b", "a+b", "a\nb"] {
        assert_eq!(Key::new(name, &[7; 32]).unwrap_err().code, "ledger_origin", "{name:?}");
    }
    for form in ["", "x\n", "x\n01\nAAAA\n", "x\n-1\nAAAA\n"] {
        assert!(Checkpoint::parse(form).is_err(), "{form:?}");
    }
}

#[test]
fn an_entry_is_read_as_it_was_written_and_no_other() {
    let entry = Entry {
        no: 17,
        at: 1_772_500_000_000,
        audit: hex::encode([9; 32]),
        events: Some(Events { first: 5, last: 12, root: [1; 32] }),
        items: [("code".to_owned(), Items { count: 3, root: [2; 32] })].into(),
    };
    let text = entry.text();
    assert_eq!(Entry::parse(&text).unwrap(), entry);
    assert_eq!(text.lines().count(), 4);
    for changed in [text.replace("17", "017"), text.clone() + "\n", text.replace(&base64(&[1; 32]), "AAAA")] {
        assert_eq!(Entry::parse(&changed).unwrap_err().code, "leaf_form", "{changed}");
    }
}
