//! Units of measure to base units.

use kit_base::amount::MAX_AMOUNT;
use kit_base::{Amount, Unit};

use super::super::decimal::Decimal;
use super::Note;

/// Units of UN/ECE Recommendation 20 (and pieces by other names): base unit, and the factor as a fraction.
const UNITS: &[(&str, Unit, i64, i64)] = &[
    ("KGM", Unit::G, 1_000, 1),
    ("GRM", Unit::G, 1, 1),
    ("MGM", Unit::G, 1, 1_000),
    ("TNE", Unit::G, 1_000_000, 1),
    ("DTN", Unit::G, 100_000, 1),
    ("LBR", Unit::G, 45_359_237, 100_000),
    ("ONZ", Unit::G, 45_359_237, 1_600_000),
    ("LTR", Unit::Ml, 1_000, 1),
    ("MLT", Unit::Ml, 1, 1),
    ("CLT", Unit::Ml, 10, 1),
    ("DLT", Unit::Ml, 100, 1),
    ("HLT", Unit::Ml, 100_000, 1),
    ("MTQ", Unit::Ml, 1_000_000, 1),
    ("CMQ", Unit::Ml, 1, 1),
    ("DMQ", Unit::Ml, 1_000, 1),
    ("EA", Unit::Pc, 1, 1),
    ("H87", Unit::Pc, 1, 1),
    ("C62", Unit::Pc, 1, 1),
    ("PCE", Unit::Pc, 1, 1),
    ("NAR", Unit::Pc, 1, 1),
    ("NIU", Unit::Pc, 1, 1),
    ("PR", Unit::Pc, 2, 1),
    ("DZN", Unit::Pc, 12, 1),
    ("DZ", Unit::Pc, 12, 1),
    ("CEN", Unit::Pc, 100, 1),
    ("MIL", Unit::Pc, 1_000, 1),
];

/// A quantity in base units, and whether it was exactly so much. No unit means pieces.
pub fn base_amount(number: Decimal, uom: Option<&str>) -> Result<(Amount, Unit, bool), Note> {
    let code = uom.unwrap_or("H87");
    let &(_, unit, over, under) = UNITS.iter().find(|(name, ..)| *name == code).ok_or(Note::UnknownUnit)?;
    let exact = number.is_whole_times(over, under);
    let amount = number.times(over, under).ok_or(Note::AmountOutOfRange)?;
    let vanished = amount == 0 && !number.is_zero();
    // half a piece is no count: the class is weighed goods and its weight was not told
    let broken = unit == Unit::Pc && !exact;
    if vanished || broken || !(0..=MAX_AMOUNT).contains(&amount) {
        return Err(Note::AmountOutOfRange);
    }
    Ok((amount, unit, exact))
}
