//! Bars for the long work of commands; silent where nobody looks (no terminal).

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::simulation::Stage;

/// One line that follows the stages of a load.
pub struct Bar {
    bar: ProgressBar,
    stage: &'static str,
}

impl Default for Bar {
    fn default() -> Self {
        let bar = ProgressBar::no_length();
        let style = ProgressStyle::with_template("{prefix:<8} [{bar:32}] {pos}/{len} {msg} {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, stage: "" }
    }
}

impl Bar {
    pub fn tell(&mut self, stage: Stage) {
        let (name, done, total, note) = match stage {
            Stage::Parties(done, total) => ("主体", done, total, String::new()),
            Stage::Products(done, total) => ("产品", done, total, String::new()),
            Stage::Days(done, total, events) => ("天", done, total, format!("{events} 条记录")),
            Stage::Life(done, total) => ("监管", done, total, String::new()),
            Stage::Closing => ("整理", 0, 1, String::new()),
        };
        if self.stage != name {
            self.stage = name;
            self.bar.set_prefix(name);
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
        self.bar.set_message(note);
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
