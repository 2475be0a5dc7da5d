//! Working days against npm chinese-days and PyPI chinesecalendar, on every day that they know (data/checks).

use jiff::ToSpan;
use jiff::civil::date;
use kit_base::workdays::Calendar;

#[test]
fn every_day_is_as_two_other_packages_answer() {
    let calendar = Calendar::read(include_str!("../../../data/holidays.csv")).unwrap();
    let mut days = 0;
    for line in include_str!("../../../data/checks/working-days.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let first = date(cells[2].parse().unwrap(), 1, 1);
        for (day, bit) in first.series(1.day()).zip(cells[3].bytes()) {
            assert_eq!(calendar.is_working_day(day), bit == b'1', "{day} by {} {}", cells[0], cells[1]);
            days += 1;
        }
    }
    assert_eq!(days, 2 * 8_401, "2004 to 2026, twice");
}
