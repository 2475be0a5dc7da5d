//! `shian divisions FILE`: a list of changed divisions (撤销、新设、更名、划转) taken in.

use std::fs::File;
use std::path::PathBuf;

use kit_base::Result;
use kit_sheets::SHEET_LIMIT;
use kit_web::{Act, Actor, Cx};

use super::Place;
use crate::opening;

/// Takes in a list of changed divisions.
#[derive(Debug, clap::Args)]
pub struct Divisions {
    /// Sheet (xlsx, csv) with 变更日期, 原代码, 原名称, 新代码, 新名称, 依据.
    pub file: PathBuf,
    /// Say what would change, keep nothing.
    #[arg(long)]
    pub dry_run: bool,
}

impl Divisions {
    /// Answers whether the list is without fault.
    #[allow(clippy::print_stdout, clippy::print_stderr, reason = "a command whose output is its answer")]
    pub fn run(&self, place: &Place) -> Result<bool> {
        let opened = opening::open(&place.settings()?)?;
        let house = opened.house.clone();
        let file = house.files.put(File::open(&self.file)?, SHEET_LIMIT)?.hash;
        let name = self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let cx = Cx::internal(house.clone(), Actor::house("命令行导入"), "parties.divisions");
        let looked = {
            let (cx, file) = (cx.clone(), file.clone());
            house.db.read_blocking(move |tx| {
                parties::plan_divisions(&mut Act::inside(tx, &cx, cx.now()), &file)
            })?
        };
        for defect in &looked.defects {
            eprintln!("  {}  {}  [{}]", defect.place, defect.message, defect.code);
        }
        if looked.defects_total > 0 {
            println!("清单 {} 行，有 {} 处错误，没有导入", looked.rows, looked.defects_total);
            return Ok(false);
        }
        for one in &looked.changes {
            let c = &one.change;
            println!(
                "  {}  {} {} → {} {}  主体 {} 家",
                c.day, c.old_code, c.old_name, c.new_code, c.new_name, one.businesses
            );
        }
        let told = format!(
            "清单 {} 行：新变更 {} 项，已有 {} 项；随之变更的主体 {} 家，需要人工确定归属的 {} 家",
            looked.rows, looked.total, looked.known, looked.businesses, looked.undecided
        );
        if self.dry_run {
            println!("{told}（试运行，未保存）");
            return Ok(true);
        }
        cx.act_blocking(move |act| parties::import_divisions(act, &file, &name))?;
        println!("{told}");
        println!("已变更归属的主体：{} 家", parties::follow_divisions(&house)?);
        Ok(true)
    }
}
