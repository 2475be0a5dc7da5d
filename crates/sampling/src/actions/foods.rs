//! Names of classes of food.

use std::collections::HashMap;

use kit_base::Result;
use kit_db::Tx;

use crate::store;

/// What classes of food are called: as the latest plan does; else the class of the first level as the licence rules do (`4` is `04`).
///
/// Plans name first, as the tree of foods of sampling (抽检细则) is another than that of licences and no open table of it was at hand.
pub struct Foods(HashMap<String, String>);

impl Foods {
    pub fn read(tx: &mut Tx) -> Result<Self> {
        Ok(Self(store::statistics::foods(tx)?.into_iter().collect()))
    }

    /// `4 豆制品`; the class alone where nobody has a name of it.
    pub fn name(&self, category: &str) -> String {
        let licensed = || {
            let code = if category.len() == 1 { format!("0{category}") } else { category.to_owned() };
            parties::reference::get().category(&code).map(|c| c.name.to_owned())
        };
        let name = self.0.get(category).cloned().or_else(licensed);
        name.map_or_else(|| category.to_owned(), |name| format!("{category} {name}"))
    }
}
