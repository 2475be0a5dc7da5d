//! Which events a query lets through.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Match, Op, Query, Role, Wanted};
use crate::epcis::{Event, Gs1, key_of};

/// Where an event recorded here happened, beyond what its places say: a business lies in a division.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Address under which this server names things, without a slash at the end.
    pub base: &'a str,
    /// Division code of the business whose place the event names; empty for documents.
    pub division: &'a str,
}

impl Query {
    /// Whether an event is asked for. `recorded` is when it was recorded here.
    pub fn lets(&self, value: &Value, recorded: i64, place: Place) -> bool {
        let Some(event) = Event::read(value) else { return false };
        let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let one_of = |asked: &Option<Vec<String>>, has: Option<&str>| {
            asked.as_ref().is_none_or(|all| has.is_some_and(|has| all.iter().any(|a| a == has)))
        };
        let some_of = |asked: &Option<Vec<String>>, has: &[String]| {
            asked.as_ref().is_none_or(|all| has.iter().any(|h| all.contains(h)))
        };
        one_of(&self.types, Some(kind))
            && self.time.holds(event.when.ms)
            && self.recorded.holds(recorded)
            && one_of(&self.actions, text("action"))
            && one_of(&self.steps, event.biz_step.as_deref())
            && one_of(&self.dispositions, event.disposition.as_deref())
            && some_of(&self.set, &event.persistent_set)
            && some_of(&self.unset, &event.persistent_unset)
            && one_of(&self.read_points, event.read_point.as_deref().map(key_of).as_deref())
            && one_of(&self.locations, event.biz_location.as_deref().map(key_of).as_deref())
            && under(&self.read_points_under, event.read_point.as_deref(), place)
            && under(&self.locations_under, event.biz_location.as_deref(), place)
            && one_of(&self.transformations, event.transformation.as_deref())
            && one_of(&self.ids, event.event_id.as_deref())
            && self.matches.iter().all(|m| m.finds(&event))
            && self
                .quantities
                .iter()
                .all(|(op, number)| amounts(&event).any(|has| holds(*op, has.cmp(number))))
            && self.declaration(&event)
            && self.typed.iter().all(|(list, kind, values)| typed(&event, list, kind, values))
    }

    fn declaration(&self, event: &Event) -> bool {
        let asked = self.declared_at.from.is_some()
            || self.declared_at.before.is_some()
            || self.reasons.is_some()
            || self.corrective.is_some();
        if self.declared_wrong.is_some_and(|wanted| wanted != event.error.is_some()) {
            return false;
        }
        let Some(error) = &event.error else { return !asked };
        self.declared_at.holds(error.declared_ms)
            && self.reasons.as_ref().is_none_or(|all| error.reason.as_ref().is_some_and(|r| all.contains(r)))
            && self.corrective.as_ref().is_none_or(|all| error.corrective.iter().any(|c| all.contains(c)))
    }
}

impl Match {
    fn finds(&self, event: &Event) -> bool {
        let classes = |lists: &[&Vec<crate::epcis::event::Quantity>]| {
            lists.iter().any(|list| list.iter().any(|q| self.wants(&q.epc_class)))
        };
        let things = |lists: &[&Vec<String>]| lists.iter().any(|list| list.iter().any(|epc| self.wants(epc)));
        let parent = || event.parent.as_deref().is_some_and(|p| self.wants(p));
        let any_thing = || things(&[&event.epcs, &event.children, &event.inputs, &event.outputs]) || parent();
        let any_class = || {
            let (ins, outs) = (&event.input_quantities, &event.output_quantities);
            classes(&[&event.quantities, &event.child_quantities, ins, outs])
        };
        match self.role {
            Role::Epc => things(&[&event.epcs, &event.children]),
            Role::Parent => parent(),
            Role::Input => things(&[&event.inputs]),
            Role::Output => things(&[&event.outputs]),
            Role::Any => any_thing(),
            Role::Class => classes(&[&event.quantities, &event.child_quantities]),
            Role::InputClass => classes(&[&event.input_quantities]),
            Role::OutputClass => classes(&[&event.output_quantities]),
            Role::AnyClass => any_class(),
            Role::Everything => any_thing() || any_class(),
        }
    }

    fn wants(&self, code: &str) -> bool {
        let key = key_of(code);
        self.wanted.iter().any(|wanted| match wanted {
            Wanted::Key(wanted) => *wanted == key,
            Wanted::Gtin(gtin) => {
                let code = Gs1::parse(code).ok().flatten();
                code.is_some_and(|c| c.gtin14() == Some(gtin.as_str()))
            }
        })
    }
}

fn amounts(event: &Event) -> impl Iterator<Item = crate::epcis::decimal::Decimal> {
    let lists =
        [&event.quantities, &event.child_quantities, &event.input_quantities, &event.output_quantities];
    lists.into_iter().flatten().filter_map(|q| q.quantity)
}

fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
    }
}

/// A place is under itself, under its GLN without the extension, and, where it is a business known here, under the
/// divisions it lies in (`{base}/divisions/4109`).
fn under(asked: &Option<Vec<String>>, has: Option<&str>, place: Place) -> bool {
    let Some(asked) = asked else { return true };
    let Some(has) = has.map(key_of) else { return false };
    asked.iter().any(|above| {
        let gln = above.starts_with("414:") && has.starts_with(&format!("{above}:"));
        let division = division_of(above, place.base)
            .is_some_and(|code| !place.division.is_empty() && place.division.starts_with(code));
        *above == has || gln || division
    })
}

/// The code of a division's address, out of its look-up text.
pub fn division_of<'a>(key: &'a str, base: &str) -> Option<&'a str> {
    let code = key.strip_prefix("x:")?.strip_prefix(base)?.strip_prefix("/divisions/")?;
    (!code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

fn typed(event: &Event, list: &str, kind: &str, values: &[String]) -> bool {
    let has = match list {
        "bizTransactionList" => &event.transactions,
        "sourceList" => &event.sources,
        _ => &event.destinations,
    };
    has.iter().filter(|one| one.kind.as_deref() == Some(kind)).any(|one| match list {
        "bizTransactionList" => values.contains(&one.value),
        _ => values.contains(&key_of(&one.value)),
    })
}
