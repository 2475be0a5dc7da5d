//! Figures read at the moment they are asked for.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use kit_db::pulse::Buckets;
use kit_web::House;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::home::Place;
use crate::keep::Keep;

/// Bytes free for this process on the disk of a folder.
pub fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail * disk.f_frsize)
}

/// Puts the house's own figures beside what was counted.
pub fn register(registry: &mut Registry, house: &Arc<House>) {
    registry.register_collector(Box::new(Figures(house.clone())));
}

struct Figures(Arc<House>);

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Figures")
    }
}

impl Collector for Figures {
    fn encode(&self, mut out: DescriptorEncoder) -> Result<(), fmt::Error> {
        self.database(&mut out)?;
        self.graph(&mut out)?;
        self.process(&mut out)?;
        self.copies(&mut out)?;
        self.devices(&mut out)?;
        self.jobs(&mut out)
    }
}

impl Figures {
    fn database(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let pulse = self.0.db.pulse();
        gauge(out, "writer_waiting", "units of work that wait for the writer", pulse.waiting)?;
        gauge(out, "writer_room", "units of work that may wait", pulse.room)?;
        counter(out, "writer_refused", "units refused because the queue was full", pulse.refused)?;
        counter(out, "disk_full", "commits that found no room on the disk", pulse.full)?;
        histogram(out, "commit_seconds", "time of a commit with its units of work", &pulse.commits)?;
        histogram(out, "commit_units", "units of work a commit carried", &pulse.groups)
    }

    fn graph(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let live = self.0.held::<trace::live::LiveGraph>();
        let graph = live.read();
        gauge(out, "graph_lots", "lots in the trace graph", u64::from(graph.lots()))?;
        gauge(out, "graph_links", "links in the trace graph", graph.links())?;
        gauge(out, "graph_bytes", "memory of the trace graph", graph.bytes() as u64)?;
        let done = graph.last_event();
        drop(graph);
        let numbers = self.0.db.read_blocking(trace::store::events::numbers);
        let (last, _) = numbers.map_err(|_| fmt::Error)?;
        let behind = u64::try_from(last).unwrap_or(0).saturating_sub(done);
        gauge(out, "graph_behind_events", "events committed that the graph has not taken yet", behind)
    }

    fn process(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        if let Some(bytes) = resident() {
            gauge(out, "process_resident_bytes", "memory of the process", bytes)?;
        }
        if let Some(bytes) = free(&self.0.held::<Place>().data) {
            gauge(out, "disk_free_bytes", "room on the disk of the data folder", bytes)?;
        }
        Ok(())
    }

    fn copies(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let Some(progress) = self.0.held::<Keep>().progress() else { return Ok(()) };
        let lag = u64::try_from(progress.lag).unwrap_or(0);
        gauge(out, "stream_waiting", "segments that have not reached the continuous copy", progress.waiting)?;
        gauge(out, "stream_lag_ms", "age of the oldest of them", lag)?;
        gauge(
            out,
            "stream_failing",
            "1: the continuous copy does not go on",
            u64::from(progress.error.is_some()),
        )
    }

    fn devices(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let line = self.0.held::<rapid::line::Line>().view();
        if line.state == "off" {
            return Ok(());
        }
        gauge(out, "mqtt_connected", "1: devices are listened to", u64::from(line.state == "connected"))?;
        counter(out, "mqtt_messages", "messages of devices since the start", line.messages)?;
        counter(out, "mqtt_lost", "times that the connection to the broker was lost", line.lost)
    }

    fn jobs(&self, out: &mut DescriptorEncoder) -> Result<(), fmt::Error> {
        let states = self.0.db.read_blocking(kit_jobs::states).map_err(|_| fmt::Error)?;
        let mut metric = out.encode_descriptor("jobs", "jobs by state", None, MetricType::Gauge)?;
        for (state, count) in states {
            let labels = [("state", state.as_str())];
            ConstGauge::new(count).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn gauge(out: &mut DescriptorEncoder, name: &str, help: &str, value: u64) -> Result<(), fmt::Error> {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    ConstGauge::new(value).encode(out.encode_descriptor(name, help, None, MetricType::Gauge)?)
}

fn counter(out: &mut DescriptorEncoder, name: &str, help: &str, value: u64) -> Result<(), fmt::Error> {
    ConstCounter::new(value).encode(out.encode_descriptor(name, help, None, MetricType::Counter)?)
}

fn histogram(out: &mut DescriptorEncoder, name: &str, help: &str, of: &Buckets) -> Result<(), fmt::Error> {
    let bounds = of.bounds.iter().copied().chain([f64::MAX]);
    let buckets: Vec<(f64, u64)> = bounds.zip(of.counts.iter().copied()).collect();
    let count = of.counts.iter().sum();
    let mut metric = out.encode_descriptor(name, help, None, MetricType::Histogram)?;
    metric.encode_histogram::<NoLabelSet>(of.sum, count, &buckets, None)
}

/// `VmRSS` of this process.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb * 1024)
}
