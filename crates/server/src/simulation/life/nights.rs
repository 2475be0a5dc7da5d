//! What the house does by itself every night: deadlines, public pages, grades, reminders, the ledger's checkpoint.

use std::rc::Rc;
use std::sync::Arc;

use kit_base::{Error, Result};
use kit_web::House;

use super::Life;

pub fn begin(life: &Rc<Life>) {
    let of = life.clone();
    life.work.begin("nights", async move {
        for day in 0..of.days {
            of.any_day(day, 90).await;
            night(&of.house).await?;
            of.any_day(day, 12 * 60 + 5).await;
            deadlines(&of.house).await?;
        }
        Ok(())
    });
}

async fn night(house: &Arc<House>) -> Result<()> {
    deadlines(house).await?;
    aside(house, |house| {
        publication::tick(house)?;
        while credit::jobs::tick(house)? > 0 {}
        let (now, ids) = (house.clock.now(), house.ids.clone());
        house.db.write_blocking(move |tx| {
            kit_jobs::ensure(tx, &ids, now, licensing::ROUND, "证照到期与延续提醒", now)
        })
    })
    .await?;
    jobs(house).await?;
    checkpoint(house).await
}

/// Clocks of cases that are over.
async fn deadlines(house: &Arc<House>) -> Result<()> {
    aside(house, |house| kit_flow::duty::tick(house).map(drop)).await
}

/// Runs what was queued.
pub async fn jobs(house: &Arc<House>) -> Result<()> {
    let kinds = crate::rooms::job_kinds();
    aside(house, move |house| kit_jobs::run_due(house, &kinds, &house.db, &house.clock).map(drop)).await
}

/// Signs what waits in the ledger.
pub async fn checkpoint(house: &Arc<House>) -> Result<()> {
    let now = house.clock.now();
    aside(house, move |house| house.held::<kit_ledger::Ledger>().advance(&house.db, now).map(drop)).await
}

/// On a thread that may wait for the database.
async fn aside<F>(house: &Arc<House>, f: F) -> Result<()>
where
    F: FnOnce(&House) -> Result<()> + Send + 'static,
{
    let house = house.clone();
    tokio::task::spawn_blocking(move || f(&house)).await.map_err(Error::internal)?
}
