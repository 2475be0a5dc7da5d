//! The market and the chain of the first county that weekly files are made for, and who belongs to them: also who of them is sampled.

use simulator::Role;

use super::Life;

/// Members of each: enough to see.
const MOST: usize = 40;

/// A manager of others, with its members.
#[derive(Debug, Clone)]
pub struct Group {
    pub head: u32,
    /// chain, market
    pub relation: &'static str,
    /// By number of the world.
    pub members: Vec<u32>,
}

/// A chain: its head is the distribution centre of the county, or a shop where none lies there; its members are the shops of the county
/// that the world ties to that centre, and after them those that belong to no chain.
pub fn chain(life: &Life) -> Option<Group> {
    let shops = life.there(&[Role::Shop]);
    let own = life.people.borrow().shop;
    let head = life.there(&[Role::DistributionCentre]).into_iter().next();
    let head = head.or_else(|| shops.iter().copied().find(|no| Some(*no) != own))?;
    let of = |no: &u32| life.world.party(*no).chain;
    let tied = shops.iter().copied().filter(|no| of(no) == Some(head));
    let free = shops.iter().copied().filter(|no| *no != head && of(no).is_none());
    Some(Group { head, relation: "chain", members: tied.chain(free).take(MOST).collect() })
}

/// The market of the county with the most stalls, or of the city where none lies there.
pub fn market(life: &Life) -> Option<Group> {
    let near = life.there(&[Role::Market]);
    let all = |role: Role| (0..life.world.party_count()).filter(move |no| life.world.role(*no) == role);
    let markets = if near.is_empty() { all(Role::Market).collect() } else { near };
    let stalls: Vec<u32> = all(Role::Stall).collect();
    let of = |market: u32| -> Vec<u32> {
        stalls.iter().copied().filter(|no| life.world.party(*no).market == Some(market)).collect()
    };
    let known = markets.into_iter().map(|no| (no, of(no)));
    let (head, mut members) = known.max_by_key(|(no, stalls)| (stalls.len(), u32::MAX - no))?;
    members.truncate(MOST);
    Some(Group { head, relation: "market", members })
}

impl Life {
    /// Businesses of these roles in the first county, in the order of the world.
    fn there(&self, roles: &[Role]) -> Vec<u32> {
        let county = self.people.borrow().offices.first().map(|o| o.county.clone()).unwrap_or_default();
        let fits = |no: &u32| {
            roles.contains(&self.world.role(*no)) && self.business(*no).division.starts_with(&county)
        };
        (0..self.world.party_count()).filter(fits).collect()
    }
}
