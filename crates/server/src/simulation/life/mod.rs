//! The life of the sample city: what its offices and businesses did in the days of its world, up to yesterday evening.
//!
//! It is lived through the doors of real use: requests through the router, by people of the city, each at its moment by
//! a clock that walks through the past ([`clockwork`]). So every log, chain, deadline, number and leaf is as true as if
//! it had been done by hand. What happens is told in stories, one file a room; a new room adds a file and one line in
//! [`begin`]. How much of what happens stands in data/simulator/life.csv, what visits find in faults.csv.
//!
//! The same world and its days make the same life. One that broke off goes on ([`hands`]).

mod clockwork;
mod hands;
mod people;
mod picture;

mod campaigns;
mod credit;
mod enforcement;
mod feedback;
mod findings;
mod inspection;
mod licensing;
mod members;
mod nights;
mod notices;
mod rapid;
mod recall;
mod sampling;

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use axum::http::Method;
use jiff::civil::Date;
use kit_base::clock::{china_day, day_start};
use kit_base::workdays::Calendar;
use kit_base::{Clock, Error, Ids, Millis, Result};
use kit_web::{Act, Actor, Cx, House};
use serde_json::{Value, json};
use simulator::{Dice, World};
use trace::store::load::Simulated;

use clockwork::Clockwork;
use hands::{Hands, Inside, Letter};
use people::{People, Someone};
use picture::Scene;

use super::Stage;

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
/// What each request takes of the day.
const BREATH: Millis = 1_700;

/// How a life went.
#[derive(Debug, Clone, Default)]
pub struct Lived {
    /// Stories that came to their end, and requests that were made for all of them.
    pub stories: u64,
    pub requests: u64,
    /// Stories that broke off: their name and why. Tests want none; a sample city is none the worse for one.
    pub broken: Vec<String>,
}

/// The life while it is lived.
struct Life {
    house: Arc<House>,
    work: Rc<Clockwork>,
    hands: Hands,
    world: World,
    text: simulator::Life,
    calendar: Calendar,
    seed: u64,
    first: Date,
    /// Days of the world.
    days: i64,
    people: RefCell<People>,
    checklists: RefCell<Vec<inspection::List>>,
    /// Purposes of dice so far.
    throws: Cell<u64>,
    /// Hash of the password that all share.
    password: String,
}

/// Where the journal of a life lies; there while it is not whole.
fn journal(data: &Path) -> PathBuf {
    data.join("life.jsonl")
}

/// A copy of the house whose clock shows the evening before the first day of a world, for what was there when it began.
pub(super) fn before(house: &House, run: &Simulated) -> Result<(Arc<House>, Date)> {
    let first: Date = run.first_day.parse().map_err(Error::internal)?;
    let mut past = house.clone();
    past.clock = Clock::fixed(day_start(first) - 7 * 60 * MINUTE);
    // who was here before is in the seed: what goes on after a break has other random parts than what was done
    let (rows, _) = house.db.read_blocking(kit_web::audit::end)?;
    past.ids = Ids::seeded(simulator::mix((run.seed as u64) << 32 ^ rows as u64));
    // its requests are nobody's whom the limits would guard against
    past.guard = Arc::new(kit_web::Guard::new(&kit_web::GuardSettings::default()));
    Ok((Arc::new(past), first))
}

/// Whether there is nothing to live: it was done, or somebody was here before.
fn over(house: &House, data: &Path) -> Result<bool> {
    let cases = house.db.read_blocking(|tx| kit_flow::store::log::cases_after(tx, "", 1))?;
    Ok(!journal(data).exists() && !cases.is_empty())
}

/// Lives the life of a loaded world, or the rest of it; nothing where it was lived. Demo accounts must be there.
///
/// Blocks for seconds.
pub(super) fn live(
    house: &Arc<House>,
    data: &Path,
    run: &Simulated,
    world: World,
    tell: &mut dyn FnMut(Stage),
) -> Result<Lived> {
    if over(house, data)? {
        return Ok(Lived::default());
    }
    let (past, first) = before(house, run)?;
    let mut inside = (*past).clone();
    let inside = Arc::new_cyclic(|own| {
        inside.gate = Arc::new(Inside(own.clone()));
        inside
    });
    let hash =
        house.held::<accounts::Accounts>().passwords.hash_blocking(super::sample::PASSWORD, &past.ids)?;
    let journal = journal(data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let lived = runtime.block_on(whole(&inside, &journal, &Of { run, first, hash }, world, tell))?;
    std::fs::remove_file(&journal)?;
    Ok(lived)
}

/// Whose life it is.
struct Of<'a> {
    run: &'a Simulated,
    first: Date,
    /// Of the password that all share.
    hash: String,
}

async fn whole(
    house: &Arc<House>,
    journal: &Path,
    of: &Of<'_>,
    world: World,
    tell: &mut dyn FnMut(Stage),
) -> Result<Lived> {
    let Of { run, first, hash } = of;
    let (run, first) = (*run, *first);
    let end = day_start(first) + (run.days - 1) * DAY + 18 * 60 * MINUTE;
    let work = Rc::new(Clockwork::new(house.clock.clone(), end));
    let life = Rc::new(Life {
        house: house.clone(),
        work: work.clone(),
        hands: Hands::open(crate::serve::app(house), journal)?,
        world,
        text: simulator::Life::read()?,
        calendar: Calendar::read(crate::opening::HOLIDAYS)?,
        seed: run.seed as u64,
        first,
        days: run.days,
        people: RefCell::default(),
        checklists: RefCell::default(),
        throws: Cell::new(0),
        password: hash.clone(),
    });
    let of = life.clone();
    work.begin("begin", async move { begin(of).await });
    let mut lived = Lived::default();
    let mut done = 0;
    work.run(&mut |name, how| {
        lived.stories += 1;
        let day = (house.clock.now() - day_start(first)).div_euclid(DAY).max(0);
        if day > done {
            done = day;
            tell(Stage::Life(day as u64, run.days as u64));
        }
        if let Err(e) = how {
            tracing::warn!(story = name, error = %e, "a story of the sample city broke off");
            lived.broken.push(format!("{name}: {e}"));
        }
    })
    .await;
    lived.requests = life.hands.sent();
    Ok(lived)
}

/// People first; then each room begins its stories.
async fn begin(life: Rc<Life>) -> Result<()> {
    people::gather(&life).await?;
    nights::begin(&life);
    inspection::begin(&life).await?;
    findings::begin(&life);
    licensing::begin(&life);
    enforcement::begin(&life);
    credit::begin(&life);
    sampling::begin(&life);
    rapid::begin(&life);
    recall::begin(&life)?;
    feedback::begin(&life);
    notices::begin(&life);
    Ok(())
}

impl Life {
    /// Dice of their own for each who asks.
    fn dice(&self) -> Dice {
        self.throws.set(self.throws.get() + 1);
        Dice::new(self.seed, 0x11fe_0000 + self.throws.get())
    }

    fn figure(&self, key: &str) -> Result<u32> {
        self.text.figure(key)
    }

    fn now(&self) -> Millis {
        self.work.now()
    }

    /// The day of the world that it is, from 0.
    fn today(&self) -> i64 {
        (self.now() - day_start(self.first)).div_euclid(DAY)
    }

    /// A day of the world as a date: `2026-03-02`.
    fn date(&self, day: i64) -> String {
        china_day(day_start(self.first) + day * DAY).to_string()
    }

    /// The first working day on or after a day of the world.
    fn working(&self, day: i64) -> i64 {
        let works = |day: &i64| self.calendar.is_working_day(china_day(day_start(self.first) + day * DAY));
        (day..day + 15).find(works).unwrap_or(day)
    }

    /// The day after `count` working days from today.
    fn after_working(&self, count: usize) -> i64 {
        (0..=count).fold(self.today(), |day, _| self.working(day + 1))
    }

    /// Waits for a working day, not before `day`, at `minute` of the day.
    async fn at(&self, day: i64, minute: i64) {
        let at = |day: i64| day_start(self.first) + day * DAY + minute * MINUTE;
        let day = self.working(day);
        // what would lie before now is done on the next working day
        let day = if at(day) < self.now() { self.working(self.today() + 1) } else { day };
        self.work.until(at(day)).await;
    }

    /// Waits for any day, working or not.
    async fn any_day(&self, day: i64, minute: i64) {
        self.work.until(day_start(self.first) + day * DAY + minute * MINUTE).await;
    }

    /// Waits `days` and until a moment of the office hours then.
    async fn later(&self, days: i64, dice: &mut Dice) {
        let minute = dice.between(8 * 60 + 40, 16 * 60 + 50);
        self.at(self.today() + days, minute).await;
    }

    async fn send(&self, letter: Letter<'_>) -> Result<Value> {
        self.work.pass(BREATH);
        self.hands.send(self.work.running(), letter).await
    }

    async fn get(&self, who: &Someone, path: &str) -> Result<Value> {
        let media = "";
        self.send(Letter { who: &who.id, method: Method::GET, path, media, name: "", body: Vec::new() }).await
    }

    async fn post(&self, who: &Someone, path: &str, body: Value) -> Result<Value> {
        self.put(who, path, "application/json", body.to_string().into_bytes()).await
    }

    async fn put(&self, who: &Someone, path: &str, media: &str, body: Vec<u8>) -> Result<Value> {
        self.file(who, path, ("", media), body).await
    }

    /// Hands in a file by its name and media type.
    async fn file(
        &self,
        who: &Someone,
        path: &str,
        (name, media): (&str, &str),
        body: Vec<u8>,
    ) -> Result<Value> {
        self.send(Letter { who: &who.id, method: Method::POST, path, media, name, body }).await
    }

    /// Does an action of a case.
    async fn act(&self, who: &Someone, case: &str, action: &str, form: Value) -> Result<Value> {
        self.post(who, &format!("/api/cases/{case}/acts"), json!({ "action": action, "form": form })).await
    }

    /// Takes the open task of a case for oneself.
    async fn claim(&self, who: &Someone, case: &str) -> Result<()> {
        let seen = self.get(who, &format!("/api/cases/{case}")).await?;
        let open = |t: &&Value| t["state"] == "open";
        let tasks = seen["tasks"].as_array().map_or(&[][..], Vec::as_slice);
        let Some(task) = tasks.iter().rfind(open).or(tasks.last()) else { return Ok(()) };
        let op = json!({ "op": { "do": "claim", "task": task["no"] } });
        self.post(who, &format!("/api/cases/{case}/acts"), op).await.map(drop)
    }

    /// Hands a photo in that was just taken at a business; answers what became of it.
    async fn photo(
        &self,
        who: &Someone,
        path: &str,
        at: &Shot,
        scene: Scene,
        dice: &mut Dice,
    ) -> Result<Value> {
        let jitter = |dice: &mut Dice| dice.between(-300, 300) as f64 / 1e6;
        let (lon, lat) = (at.lon + jitter(dice), at.lat + jitter(dice));
        let joint = if path.contains('?') { '&' } else { '?' };
        let path = format!(
            "{path}{joint}taken_at={}&lon={lon:.6}&lat={lat:.6}&accuracy={}&in_app={}",
            self.now() - 20_000,
            dice.between(5, 25),
            i64::from(at.in_app),
        );
        self.put(who, &path, "image/jpeg", picture::jpeg(scene, dice)?).await
    }

    /// Work of the house itself, noted in the journal as a request is.
    async fn by_house<F>(&self, action: &'static str, f: F) -> Result<Value>
    where
        F: FnOnce(&mut Act) -> Result<Value> + Send + 'static,
    {
        let story = self.work.running();
        let step = self.hands.step(story);
        if let Some(answer) = self.hands.known(story, step) {
            return Ok(answer);
        }
        let mut cx = Cx::internal(self.house.clone(), Actor::house("示范城市"), action);
        cx.idempotency = Some(format!("life-{story}-{step}"));
        let answer = cx.act(f).await?;
        self.hands.note(story, step, &answer)?;
        Ok(answer)
    }
}

/// Where a photo is taken.
#[derive(Debug, Clone, Copy)]
struct Shot {
    lon: f64,
    lat: f64,
    /// Taken in the app, not chosen from an album.
    in_app: bool,
}

/// A text of an answer.
///
/// Errors: where it is not there.
fn text(answer: &Value, key: &str) -> Result<String> {
    let found = answer[key].as_str().map(str::to_owned);
    let told = || answer.to_string().chars().take(200).collect::<String>();
    found.ok_or_else(|| Error::internal(format!("an answer without {key}: {}", told())))
}
