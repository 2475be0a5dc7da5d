//! Networks of an incident.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use kit_base::Result;
use kit_web::House;
use trace::actions::network::Network;

use super::{Import, Outcome};

/// The largest network file.
const LIMIT: u64 = 256 << 20;

pub fn run(command: &Import, house: &Arc<House>, path: &Path) -> Result<Outcome> {
    let cx = command.cx(house, "trace.network_import")?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let read = investigation::read_for_ledger(&std::fs::read(path)?)?;
    let file = house.files.put(File::open(path)?, LIMIT)?.hash;
    let network = Network { name, file, ..read };
    let done = investigation::record_network(&cx, network, command.division.clone(), command.dry_run)?;
    let mut told = vec![
        format!("主体 {} 个", done.stations),
        format!("交货 {} 批", done.deliveries),
        format!("批次关系 {} 条", done.relations),
    ];
    if command.dry_run {
        told.push("试运行，未保存".to_owned());
    }
    Ok(Outcome { told, ..Outcome::default() })
}
