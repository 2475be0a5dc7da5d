//! The picture of a kind of case, for pages and docs: drawn from the definition, never beside it.

use std::collections::VecDeque;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::definition::{Definition, HOUSE};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Diagram {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// A status.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    pub code: String,
    pub name: String,
    pub start: bool,
    pub end: bool,
    /// Steps from the start: the column it is drawn in.
    pub rank: i64,
    /// Its tasks, by name.
    pub tasks: Vec<String>,
    /// Its clocks, as people read them: `整改期限（15 个工作日）`.
    pub clocks: Vec<String>,
}

/// An action.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Edge {
    pub from: String,
    pub to: String,
    pub action: String,
    pub name: String,
    /// The house does it when a clock is over.
    pub by_clock: bool,
    pub statute: String,
    /// How sure the statute is, as of clocks.
    pub certainty: String,
}

/// The picture of a definition.
pub fn of(d: &Definition) -> Diagram {
    let ranks = ranks(d);
    let nodes = d.statuses.iter().zip(&ranks).map(|(s, rank)| Node {
        code: s.code.clone(),
        name: s.name.clone(),
        start: s.code == d.start,
        end: s.end,
        rank: *rank,
        tasks: s.tasks.iter().filter_map(|t| d.task(t)).map(|t| t.name.clone()).collect(),
        clocks: s.clocks.iter().filter_map(|c| d.clock(c)).map(clock_text).collect(),
    });
    let mut edges = Vec::new();
    for action in &d.actions {
        for from in &action.from {
            edges.push(Edge {
                from: from.clone(),
                to: action.to.clone().unwrap_or_else(|| from.clone()),
                action: action.code.clone(),
                name: action.name.clone(),
                by_clock: !action.by_room && action.who.iter().all(|r| r.may == HOUSE),
                statute: action.statute.clone(),
                certainty: action.certainty.clone(),
            });
        }
    }
    Diagram { nodes: nodes.collect(), edges }
}

/// `整改期限（15 个工作日）`
pub fn clock_text(clock: &crate::definition::ClockKind) -> String {
    use kit_base::workdays::Period;
    match clock.period {
        Some(Period::WorkingDays(n)) => format!("{}（{n} 个工作日）", clock.name),
        Some(Period::Days(n)) => format!("{}（{n} 日）", clock.name),
        Some(Period::Hours(n)) => format!("{}（{n} 小时）", clock.name),
        None => format!("{}（按所定日期）", clock.name),
    }
}

fn ranks(d: &Definition) -> Vec<i64> {
    let index = |code: &str| d.statuses.iter().position(|s| s.code == code);
    let mut ranks = vec![-1; d.statuses.len()];
    let mut queue = VecDeque::new();
    if let Some(start) = index(&d.start) {
        ranks[start] = 0;
        queue.push_back(start);
    }
    while let Some(at) = queue.pop_front() {
        let from = &d.statuses[at].code;
        let next = d.actions.iter().filter(|a| a.from.contains(from)).filter_map(|a| a.to.as_deref());
        for to in next.filter_map(index) {
            if ranks[to] < 0 {
                ranks[to] = ranks[at] + 1;
                queue.push_back(to);
            }
        }
    }
    ranks
}

/// The same as a Mermaid state diagram, for docs.
pub fn mermaid(d: &Definition) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    for status in &d.statuses {
        let _ = writeln!(out, "    {}: {}", status.code, status.name);
    }
    let _ = writeln!(out, "    [*] --> {}", d.start);
    for edge in of(d).edges.iter().filter(|e| e.from != e.to || e.by_clock) {
        let mark = if edge.by_clock { "⏰ " } else { "" };
        let _ = writeln!(out, "    {} --> {}: {mark}{}", edge.from, edge.to, edge.name);
    }
    for status in d.statuses.iter().filter(|s| s.end) {
        let _ = writeln!(out, "    {} --> [*]", status.code);
    }
    out
}
