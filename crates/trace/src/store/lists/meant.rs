//! What a text that is looked for in a list of lots or events means: products found by the search in memory, batches found by
//! their index, so that no list is walked for a word that few rows have.

use kit_base::Result;
use kit_db::{Either, Filter, Param, Tx, params};

use super::escape_like;
use crate::model::LotNo;

kit_db::statements! {
    ORIGINS = "SELECT no FROM lots WHERE origin = no AND batch >= $1 AND batch < $2 ORDER BY batch, no LIMIT $3";
}

/// So many products, and so many batches, are named one by one; of more, rows are found soon by looking at each.
pub const FEW: i64 = 200;

/// A text that is looked for.
#[derive(Debug, Clone)]
pub struct Meant {
    /// as it was typed, trimmed
    text: String,
    named: Option<Named>,
}

#[derive(Debug, Clone)]
struct Named {
    products: Vec<String>,
    /// lots with which batches began whose number begins with the text
    origins: Vec<LotNo>,
}

impl Meant {
    /// `products`: ids that the search found; `None` where they are too many or it cannot tell.
    pub fn new(tx: &mut Tx, text: &str, products: Option<Vec<String>>) -> Result<Self> {
        let text = text.trim().to_owned();
        let Some(products) = products else { return Ok(Self { text, named: None }) };
        let end = after(&text);
        let origins: Vec<LotNo> = tx.all(ORIGINS, params![&text, &end, FEW + 1])?;
        let named = (origins.len() as i64 <= FEW).then_some(Named { products, origins });
        Ok(Self { text, named })
    }

    /// Whether rows are looked at one by one.
    pub fn is_walked(&self) -> bool {
        self.named.is_none()
    }

    /// Narrows a list of lots (`l`, products as `p`).
    pub(super) fn lots(&self, filter: Filter) -> Filter {
        match &self.named {
            Some(named) => filter.and_either(&[
                Either::list("l.product IN (", named.product_ids(), ")"),
                Either::list("l.origin IN (", named.origin_numbers(), ")"),
            ]),
            None => {
                let (form, plain) = self.patterns();
                let both = [Param::Text(&form), Param::Text(&plain)];
                filter.and("p.search LIKE ? ESCAPE '!' OR l.batch LIKE ? ESCAPE '!'", &both)
            }
        }
    }

    /// Narrows a list of events (`e`; where rows are looked at one by one, `l` and `p` are its lot and product).
    pub(super) fn events(&self, filter: Filter) -> Filter {
        let Some(named) = &self.named else {
            let (form, plain) = self.patterns();
            let all = [Param::Text(&form), Param::Text(&plain), Param::Text(&plain)];
            let any = "p.search LIKE ? ESCAPE '!' OR l.batch LIKE ? ESCAPE '!' OR e.doc_no LIKE ? ESCAPE '!'";
            return filter.and(any, &all);
        };
        let end = after(&self.text);
        filter.and_either(&[
            Either::list("e.no IN (SELECT m.event FROM lots m WHERE m.product IN (", named.product_ids(), "))"),
            Either::list("e.no IN (SELECT m.event FROM lots m WHERE m.origin IN (", named.origin_numbers(), "))"),
            Either::list(
                "e.lots = 0 AND e.no IN (SELECT i.event FROM lots m JOIN inputs i ON i.lot = m.no WHERE m.product IN (",
                named.product_ids(),
                "))",
            ),
            Either::list(
                "e.lots = 0 AND e.no IN (SELECT i.event FROM lots m JOIN inputs i ON i.lot = m.no WHERE m.origin IN (",
                named.origin_numbers(),
                "))",
            ),
            Either {
                before: "e.doc_no <> '' AND e.doc_no >= ",
                values: vec![Param::Text(&self.text), Param::Text(&end)],
                between: " AND e.doc_no < ",
                after: "",
            },
        ])
    }

    fn patterns(&self) -> (String, String) {
        let form = format!("%{}%", escape_like(&kit_base::text::search_form(&self.text)));
        (form, format!("{}%", escape_like(&self.text)))
    }
}

impl Named {
    fn product_ids(&self) -> Vec<Param<'_>> {
        self.products.iter().map(Param::from).collect()
    }

    fn origin_numbers(&self) -> Vec<Param<'_>> {
        self.origins.iter().map(|no| Param::Int(*no)).collect()
    }
}

/// Behind every text that begins with this one.
fn after(text: &str) -> String {
    format!("{text}\u{10ffff}")
}
