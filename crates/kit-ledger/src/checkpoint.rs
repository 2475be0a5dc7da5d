//! Checkpoints (C2SP tlog-checkpoint): origin, number of leaves, root, signed.

use kit_base::{Error, Result};

use crate::hash::{Hash, base64, hash_from};
use crate::note::{Key, PublicKey};

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    /// Leaves of the tree.
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// Signs the state of a tree.
    pub fn signed(key: &Key, size: u64, root: &Hash) -> String {
        key.sign(&format!("{}\n{size}\n{}\n", key.name(), base64(root)))
    }

    /// Opens a signed checkpoint.
    ///
    /// Errors: those of [`PublicKey::open`]; `checkpoint_form`, `checkpoint_origin`.
    pub fn open(note: &str, key: &PublicKey) -> Result<Self> {
        let found = Self::parse(key.open(note)?)?;
        if found.origin != key.name() {
            return Err(Error::conflict(
                "checkpoint_origin",
                format!("检查点属于另一个账本：{}", found.origin),
            ));
        }
        Ok(found)
    }

    /// What a checkpoint says, without asking who signed it.
    ///
    /// Errors: `checkpoint_form`.
    pub fn parse(text: &str) -> Result<Self> {
        let form = || Error::invalid("", "checkpoint_form", "检查点格式不正确");
        let mut lines = text.lines();
        let mut line = || lines.next().filter(|l| !l.is_empty()).ok_or_else(form);
        let (origin, size, root) = (line()?, line()?, line()?);
        let number: u64 = size.parse().map_err(|_| form())?;
        if number.to_string() != size {
            return Err(form());
        }
        Ok(Self { origin: origin.to_owned(), size: number, root: hash_from(root).map_err(|_| form())? })
    }
}
