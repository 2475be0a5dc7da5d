//! Messages are read: most evenings by most people, and the latest of the demo accounts not yet.

use std::rc::Rc;

use serde_json::json;

use super::Life;

/// Days before the end from which on the demo accounts have not read.
const UNREAD: i64 = 4;

pub fn begin(life: &Rc<Life>) {
    let people = life.people.borrow();
    let offices = people.offices.iter().flat_map(|o| o.officers.iter().chain([&o.chief]));
    let readers: Vec<_> =
        offices.chain([&people.leader, &people.station, &people.owner, &people.clerk]).cloned().collect();
    let share = life.figure("read_percent").unwrap_or(70);
    let (of, mut dice) = (life.clone(), life.dice());
    life.work.begin("readers", async move {
        for day in (1..of.days - UNREAD).step_by(3) {
            of.any_day(day, 17 * 60 + 20).await;
            for who in &readers {
                if !who.id.is_empty() && dice.below(100) < share {
                    of.post(who, "/api/notices/read", json!({ "all": true })).await?;
                }
            }
        }
        Ok(())
    });
}
