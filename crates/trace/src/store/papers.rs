//! Papers that went with moves, and additives of productions.

use std::collections::HashMap;

use kit_base::{Error, Result};
use kit_db::{FromRow, Param, Row, Sql, Tx};

use crate::model::EventNo;
use crate::papers::{Additive, FineUnit, Papers};

/// Events asked for by one statement; the last number fills up the places.
const AT_ONCE: usize = 32;

kit_db::statements! {
    PAPERS = "SELECT event, animal_quarantine, meat_inspection, plant_quarantine, quality, commitment, customs,
            import_inspection, vehicle, supplier_contact, supplier_phone, supplier_address, supplier_licence
        FROM move_papers WHERE event IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)";
    ADDITIVES = "SELECT event, name, amount, unit, purpose
        FROM move_additives WHERE event IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                 $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
        ORDER BY event, place";
}

struct Held<T>(EventNo, T);

impl FromRow for Held<Papers> {
    fn from_row(r: &Row) -> Result<Self> {
        let mut values: [String; 12] = Default::default();
        for (i, value) in values.iter_mut().enumerate() {
            *value = r.get(i + 1)?;
        }
        Ok(Self(r.get(0)?, Papers::from_values(values)))
    }
}

impl FromRow for Held<Additive> {
    fn from_row(r: &Row) -> Result<Self> {
        let unit: String = r.get(3)?;
        let unit =
            FineUnit::parse(&unit).ok_or_else(|| Error::internal(format!("unit {unit} of an additive")))?;
        Ok(Self(r.get(0)?, Additive { name: r.get(1)?, amount: r.get(2)?, unit, purpose: r.get(4)? }))
    }
}

fn in_groups<T>(tx: &mut Tx, sql: Sql, events: &[EventNo]) -> Result<Vec<Held<T>>>
where
    Held<T>: FromRow,
{
    let mut out = Vec::new();
    for group in events.chunks(AT_ONCE) {
        let mut places = [Param::Int(group[group.len() - 1]); AT_ONCE];
        for (place, event) in places.iter_mut().zip(group) {
            *place = Param::Int(*event);
        }
        out.extend(tx.all::<Held<T>>(sql, &places)?);
    }
    Ok(out)
}

/// The papers of these events; those without any are left out.
pub fn papers(tx: &mut Tx, events: &[EventNo]) -> Result<HashMap<EventNo, Papers>> {
    Ok(in_groups(tx, PAPERS, events)?.into_iter().map(|Held(event, papers)| (event, papers)).collect())
}

/// The additives of these events, in the order they were given.
pub fn additives(tx: &mut Tx, events: &[EventNo]) -> Result<HashMap<EventNo, Vec<Additive>>> {
    let mut out: HashMap<EventNo, Vec<Additive>> = HashMap::new();
    for Held(event, additive) in in_groups(tx, ADDITIVES, events)? {
        out.entry(event).or_default().push(additive);
    }
    Ok(out)
}

/// Adds papers of events.
pub fn add_papers<'p>(tx: &mut Tx, rows: impl IntoIterator<Item = (EventNo, &'p Papers)>) -> Result<()> {
    const COLUMNS: [&str; 13] = [
        "event",
        "animal_quarantine",
        "meat_inspection",
        "plant_quarantine",
        "quality",
        "commitment",
        "customs",
        "import_inspection",
        "vehicle",
        "supplier_contact",
        "supplier_phone",
        "supplier_address",
        "supplier_licence",
    ];
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let values = rows.map(|(event, papers)| {
        std::iter::once(Param::Int(event)).chain(papers.values().map(Param::Text)).collect::<Vec<_>>()
    });
    tx.insert_many("move_papers", &COLUMNS, values).map(drop)
}

/// Adds additives of events: event, place, additive.
pub fn add_additives<'a>(
    tx: &mut Tx,
    rows: impl IntoIterator<Item = (EventNo, i64, &'a Additive)>,
) -> Result<()> {
    let columns = &["event", "place", "name", "amount", "unit", "purpose"];
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let values = rows.map(|(event, place, a)| {
        vec![
            Param::Int(event),
            Param::Int(place),
            Param::Text(&a.name),
            Param::Int(a.amount),
            Param::Text(a.unit.as_str()),
            Param::Text(&a.purpose),
        ]
    });
    tx.insert_many("move_additives", columns, values).map(drop)
}
