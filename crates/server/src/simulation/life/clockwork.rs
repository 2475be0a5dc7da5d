//! Stories that sleep: each is an ordinary async function that says until when it waits; the clock of the house goes
//! from one waking to the next. One thread, one order: the same stories make the same life.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use kit_base::{Clock, Millis, Result};

/// Something that happens over days.
pub type Story = Pin<Box<dyn Future<Output = Result<()>>>>;

/// Time, and who waits for it.
pub struct Clockwork {
    clock: Clock,
    /// When the life ends; whoever waits for later never wakes.
    end: Millis,
    /// Until when the story that runs now wants to sleep.
    sleeps: Cell<Option<Millis>>,
    /// Number of the story that runs now.
    running: Cell<usize>,
    /// Stories that were begun and have no number yet.
    begun: RefCell<Vec<(&'static str, Story)>>,
}

enum Left {
    Asleep(Millis),
    Over(Result<()>),
}

impl Clockwork {
    pub fn new(clock: Clock, end: Millis) -> Self {
        Self { clock, end, sleeps: Cell::new(None), running: Cell::new(0), begun: RefCell::default() }
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Lets some time pass.
    pub fn pass(&self, by: Millis) {
        self.clock.advance(by);
    }

    /// Number of the story that runs now.
    pub fn running(&self) -> usize {
        self.running.get()
    }

    /// Begins one more story, at this moment.
    pub fn begin(&self, name: &'static str, story: impl Future<Output = Result<()>> + 'static) {
        self.begun.borrow_mut().push((name, Box::pin(story)));
    }

    /// Waits until the clock shows at least `at`.
    pub async fn until(&self, at: Millis) {
        let mut asked = false;
        poll_fn(|_| {
            if self.clock.now() >= at || asked {
                return Poll::Ready(());
            }
            asked = true;
            self.sleeps.set(Some(at));
            Poll::Pending
        })
        .await;
    }

    /// Runs all stories until the end. `over` is told of each that ended: its name and how.
    pub async fn run(self: &Rc<Self>, over: &mut dyn FnMut(&'static str, Result<()>)) {
        let mut stories: Vec<Option<(&'static str, Story)>> = Vec::new();
        let mut wakes = BinaryHeap::new();
        loop {
            for story in self.begun.borrow_mut().drain(..) {
                wakes.push(Reverse((self.clock.now(), stories.len())));
                stories.push(Some(story));
            }
            let Some(Reverse((at, no))) = wakes.pop() else { return };
            if at > self.end {
                return;
            }
            self.clock.advance((at - self.clock.now()).max(0));
            let Some((name, story)) = stories[no].as_mut() else { continue };
            self.running.set(no);
            match self.step(story).await {
                Left::Asleep(until) => wakes.push(Reverse((until, no))),
                Left::Over(how) => {
                    over(name, how);
                    stories[no] = None;
                }
            }
        }
    }

    /// Lets a story run until it sleeps or ends. What it waits for beside the clock (the database) is waited for here.
    async fn step(&self, story: &mut Story) -> Left {
        poll_fn(|cx| match story.as_mut().poll(cx) {
            Poll::Ready(how) => Poll::Ready(Left::Over(how)),
            Poll::Pending => match self.sleeps.take() {
                Some(until) => Poll::Ready(Left::Asleep(until)),
                None => Poll::Pending,
            },
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_wake_in_the_order_of_time_and_those_after_the_end_never() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let work = Rc::new(Clockwork::new(Clock::fixed(0), 100));
        let seen = Rc::new(RefCell::new(Vec::new()));
        for (name, times) in [("a", [10, 40, 200]), ("b", [10, 30, 90])] {
            let (own, seen) = (work.clone(), seen.clone());
            work.begin(name, async move {
                for at in times {
                    own.until(at).await;
                    // what is not the clock is waited for as well
                    tokio::task::yield_now().await;
                    seen.borrow_mut().push((name, own.now()));
                }
                Ok(())
            });
        }
        let mut ended = Vec::new();
        runtime.block_on(work.run(&mut |name, _| ended.push(name)));
        assert_eq!(*seen.borrow(), [("a", 10), ("b", 10), ("b", 30), ("a", 40), ("b", 90)]);
        assert_eq!(ended, ["b"]);
    }
}
