//! Contraction: which marked lots (deliveries) went into which, over paths through lots that are not marked.

use kit_base::Result;

use super::{Bounds, Enter, Graph, LotSet};

/// Relations between marked lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contraction {
    /// (from, into), ascending; `from` went into `into` without passing another marked lot
    pub relations: Vec<(u32, u32)>,
    /// false when `limit` cut the relations off
    pub complete: bool,
}

impl Graph {
    /// The relations between the marked lots; at most `limit` of them. Only lots for which `within` holds are walked
    /// through (all, where the whole graph is meant). A marked lot that leads back to itself is not related to itself.
    ///
    /// One short walk a marked lot, which ends at the next marked ones. Error: `lot_unknown`.
    pub fn contract(
        &self,
        marked: &LotSet,
        limit: usize,
        within: impl Fn(u32) -> bool,
    ) -> Result<Contraction> {
        let mut relations = Vec::new();
        let mut scratch = LotSet::up_to(self.lots());
        for from in marked.iter() {
            self.walk_to_marked(from, marked, &within, &mut scratch, |into| relations.push((from, into)))?;
            if relations.len() > limit {
                relations.sort_unstable();
                relations.truncate(limit);
                return Ok(Contraction { relations, complete: false });
            }
        }
        relations.sort_unstable();
        Ok(Contraction { relations, complete: true })
    }

    /// A walk that touches only what it needs: the sets are cleared lot by lot afterwards, not as a whole.
    fn walk_to_marked(
        &self,
        from: u32,
        marked: &LotSet,
        within: &impl Fn(u32) -> bool,
        seen: &mut LotSet,
        mut found: impl FnMut(u32),
    ) -> Result<()> {
        if from == 0 || from > self.lots() {
            // the same refusal as any walk gives
            return self.forward_within(&[from], Bounds::NONE, |_| Enter::Stop).map(|_| ());
        }
        let mut open = vec![from];
        let mut touched = vec![from];
        seen.insert(from);
        while let Some(lot) = open.pop() {
            for child in self.children(lot, usize::MAX) {
                if !seen.insert(child) {
                    continue;
                }
                touched.push(child);
                if marked.contains(child) {
                    found(child);
                } else if within(child) {
                    open.push(child);
                }
            }
        }
        touched.into_iter().for_each(|lot| seen.remove(lot));
        Ok(())
    }
}
