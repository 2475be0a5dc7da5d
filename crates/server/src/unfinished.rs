//! What a server that was stopped left half done, and how it goes on: told when the next one starts, and on the first page of
//! who looks after the machine.

use kit_base::Result;
use kit_db::Tx;
use kit_jobs::Job;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trace::store::load::{self, Simulated};

/// Imports that the last server was stopped in; held in the house.
#[derive(Debug, Default)]
pub struct Unfinished(Mutex<Vec<String>>);

/// Something that is half done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Half {
    /// simulation, import
    pub code: String,
    /// What it is and how far it came.
    pub text: String,
    /// How it goes on.
    pub next: String,
}

impl Unfinished {
    /// Looks at a start, before any job runs; answers what there is.
    pub fn begin(&self, tx: &mut Tx) -> Result<Vec<Half>> {
        *self.0.lock() = kit_jobs::imports_begun(tx)?.into_iter().map(|job| job.id).collect();
        self.now(tx)
    }

    /// What is still half done of what was then.
    pub fn now(&self, tx: &mut Tx) -> Result<Vec<Half>> {
        let mut all: Vec<Half> =
            load::simulation(tx)?.filter(|run| run.done_at.is_none()).iter().map(simulation).collect();
        let stopped = self.0.lock().clone();
        if stopped.is_empty() {
            return Ok(all);
        }
        let still = kit_jobs::imports_begun(tx)?.into_iter().filter(|job| stopped.contains(&job.id));
        all.extend(still.map(|job| import(&job)));
        Ok(all)
    }
}

fn simulation(run: &Simulated) -> Half {
    let Simulated { profile, scale, seed, days, .. } = run;
    Half {
        code: "simulation".to_owned(),
        text: format!(
            "模拟数据没有装完（{profile}，规模 {scale}，已写入主体 {} 家、产品 {} 个、记录 {} 条），页面上的数字不完整",
            run.parties, run.products, run.events
        ),
        next: format!(
            "停止服务后运行 shian simulate --profile {profile} --scale {scale} --seed {seed} --days {days}，将从断开处继续；或换一个空的数据目录"
        ),
    }
}

fn import(job: &Job) -> Half {
    let done = match job.total {
        Some(total) => format!("{} / {total} 行", job.done),
        None => format!("{} 行", job.done),
    };
    Half {
        code: "import".to_owned(),
        text: format!("“{}”在上次停止时没有完成（{done}）", job.title),
        next: "服务启动后自动继续，已导入的行不会重复；进度见导入人的任务列表".to_owned(),
    }
}
