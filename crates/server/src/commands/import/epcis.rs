//! EPCIS documents of any size.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use kit_base::{Error, Result};
use kit_web::House;
use trace::actions::epcis::{self as actions, Capture, Order};

use super::{Import, Outcome, bytes_bar, undone};

pub fn run(command: &Import, house: &Arc<House>, path: &Path) -> Result<Outcome> {
    let cx = command.cx(house, "trace.epcis_capture")?;
    let party = command.party_id(house, &cx.who)?;
    let order = Order { party: Some(party), lenient: command.lenient, proceed: command.proceed };
    let size = path.metadata()?.len();
    // every fault is found before the writer is held
    let bar = bytes_bar(size, "检查");
    let checked = actions::check(bar.wrap_read(File::open(path)?), &order);
    bar.finish_and_clear();
    checked?;
    let bar = bytes_bar(size, "导入");
    let reader = bar.wrap_read(File::open(path)?);
    let tried: Arc<Mutex<Option<Capture>>> = Arc::default();
    let (slot, dry) = (Arc::clone(&tried), command.dry_run);
    let done = cx.act_blocking(move |act| {
        let done = actions::capture(act, &order, reader)?;
        if dry {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            return Err(undone());
        }
        Ok(done)
    });
    bar.finish_and_clear();
    let done = match done {
        Err(e) if e.code == "dry_run" => {
            let tried = tried.lock().unwrap_or_else(PoisonError::into_inner).take();
            tried.ok_or_else(|| Error::internal("a dry run without an answer"))?
        }
        other => other?,
    };
    Ok(outcome(done, dry))
}

fn outcome(done: Capture, dry: bool) -> Outcome {
    let mut told = vec![
        format!("EPCIS 事件 {} 个", done.events),
        format!("流转记录 {} 条", done.moves),
        format!("批次 {} 个", done.lots),
    ];
    if done.repeated > 0 {
        told.push(format!("已有 {} 个", done.repeated));
    }
    if done.refused > 0 {
        told.push(format!("拒绝 {} 个", done.refused));
    }
    if dry {
        told.push("试运行，未保存".to_owned());
    }
    let refused: Vec<_> = done.defects.into_iter().map(|d| (d.place, d.message, d.code)).collect();
    let refused_total = done.refused.max(refused.len() as u64);
    Outcome { told, refused, refused_total }
}
