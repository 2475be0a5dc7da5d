//! When a scheduled subscription reports (standard 8.2.5.3, `QuerySchedule`): each field a list of numbers and ranges
//! (`5`, `0,15,30`, `[1-5]`); a field that is left out is any. Times are China's.

use kit_base::clock::{CHINA_OFFSET_MS, china_day, day_start};
use kit_base::{Error, Millis, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The fields as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minute: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hour: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// 1 Monday to 7 Sunday
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_week: Option<String>,
}

/// Which numbers a field allows, as bits.
struct Field(u64);

impl Field {
    fn read(name: &str, text: Option<&str>, first: u32, last: u32) -> Result<Self> {
        let Some(text) = text else { return Ok(Self(u64::MAX)) };
        let wrong = || {
            let message = format!("“{text}”不是 {first} 至 {last} 的数、范围 [a-b] 或以逗号分隔的列表");
            Error::invalid(format!("schedule/{name}"), "schedule_syntax", message)
        };
        let mut bits = 0;
        for piece in text.split(',').map(str::trim) {
            let range = piece.strip_prefix('[').and_then(|p| p.strip_suffix(']'));
            let (from, to) = range.and_then(|r| r.split_once('-')).unwrap_or((piece, piece));
            let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| (first..=last).contains(n));
            let (Some(from), Some(to)) = (number(from), number(to)) else { return Err(wrong()) };
            if from > to {
                return Err(wrong());
            }
            (from..=to).for_each(|n| bits |= 1 << n);
        }
        Ok(Self(bits))
    }

    fn holds(&self, n: i64) -> bool {
        self.0 >> n & 1 == 1
    }

    fn next(&self, from: i64, last: i64) -> Option<i64> {
        (from..=last).find(|n| self.holds(*n))
    }
}

/// Days looked through for the next time: a 29 February may be eight years off.
const MOST_DAYS: i64 = 366 * 9;

impl Schedule {
    /// The first time after `now`; `None` where there is none (31 February).
    ///
    /// Errors: `schedule_syntax`.
    pub fn next(&self, now: Millis) -> Result<Option<Millis>> {
        let field =
            |name, text: &Option<String>, first, last| Field::read(name, text.as_deref(), first, last);
        let second = field("second", &self.second, 0, 59)?;
        let minute = field("minute", &self.minute, 0, 59)?;
        let hour = field("hour", &self.hour, 0, 23)?;
        let day_of_month = field("dayOfMonth", &self.day_of_month, 1, 31)?;
        let month = field("month", &self.month, 1, 12)?;
        let day_of_week = field("dayOfWeek", &self.day_of_week, 1, 7)?;
        // a field coarser than one that is given means any; finer ones that are left out mean the beginning
        let finest = [&self.second, &self.minute, &self.hour].iter().position(|f| f.is_some()).unwrap_or(3);
        let start = |level: usize, field: Field| if finest > level { Field(1) } else { field };
        let (second, minute, hour) = (start(0, second), start(1, minute), start(2, hour));
        let from = now.div_euclid(1000) + 1;
        let mut day = china_day(from * 1000);
        let within = (from * 1000 + CHINA_OFFSET_MS).rem_euclid(86_400_000) / 1000;
        let mut earliest = (within / 3600, within / 60 % 60, within % 60);
        for _ in 0..MOST_DAYS {
            let fits = month.holds(i64::from(day.month()))
                && day_of_month.holds(i64::from(day.day()))
                && day_of_week.holds(i64::from(day.weekday().to_monday_one_offset()));
            if fits && let Some(seconds) = within_day(&hour, &minute, &second, earliest) {
                return Ok(Some(day_start(day) + seconds * 1000));
            }
            earliest = (0, 0, 0);
            let Ok(tomorrow) = day.tomorrow() else { return Ok(None) };
            day = tomorrow;
        }
        Ok(None)
    }
}

/// The first allowed second of a day that is not before `earliest`.
fn within_day(hour: &Field, minute: &Field, second: &Field, earliest: (i64, i64, i64)) -> Option<i64> {
    let mut h = hour.next(earliest.0, 23)?;
    let (mut m_from, mut s_from) = if h == earliest.0 { (earliest.1, earliest.2) } else { (0, 0) };
    loop {
        if let Some(m) = minute.next(m_from, 59) {
            let s_start = if m == m_from { s_from } else { 0 };
            if let Some(s) = second.next(s_start, 59) {
                return Some(h * 3600 + m * 60 + s);
            }
            if m < 59 {
                (m_from, s_from) = (m + 1, 0);
                continue;
            }
        }
        h = hour.next(h + 1, 23)?;
        (m_from, s_from) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(json: &str) -> Schedule {
        serde_json::from_str(json).unwrap()
    }

    fn at(text: &str) -> Millis {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn the_next_time() {
        let table = [
            (r#"{"hour":"1","minute":"5"}"#, "2026-03-01T00:00:00+08:00", "2026-03-01T01:05:00+08:00"),
            (r#"{"hour":"1","minute":"5"}"#, "2026-03-01T01:05:00+08:00", "2026-03-02T01:05:00+08:00"),
            (r#"{"minute":"0,30"}"#, "2026-03-01T01:05:10+08:00", "2026-03-01T01:30:00+08:00"),
            (r#"{"second":"[10-12]"}"#, "2026-03-01T01:05:10.500+08:00", "2026-03-01T01:05:11+08:00"),
            (r#"{"dayOfWeek":"1","hour":"8"}"#, "2026-03-03T09:00:00+08:00", "2026-03-09T08:00:00+08:00"),
            (r#"{"dayOfMonth":"29","month":"2"}"#, "2026-03-03T09:00:00+08:00", "2028-02-29T00:00:00+08:00"),
        ];
        for (text, now, next) in table {
            assert_eq!(schedule(text).next(at(now)).unwrap(), Some(at(next)), "{text} after {now}");
        }
        assert_eq!(schedule(r#"{"dayOfMonth":"31","month":"2"}"#).next(0).unwrap(), None);
        for wrong in
            [r#"{"hour":"24"}"#, r#"{"minute":"[5-1]"}"#, r#"{"second":"x"}"#, r#"{"dayOfMonth":"0"}"#]
        {
            assert_eq!(schedule(wrong).next(0).unwrap_err().code, "schedule_syntax", "{wrong}");
        }
    }

    proptest! {
        /// Second by second: none is left out, and none comes that does not fit.
        #[test]
        fn it_is_the_first_that_fits(hour in 0_i64..24, minute in 0_i64..60, second in 0_i64..60, now in 0_i64..172_800) {
            let s = Schedule { hour: Some(hour.to_string()), minute: Some(minute.to_string()), second: Some(second.to_string()), ..Schedule::default() };
            let fits = |t: i64| { let w = (t + 8 * 3600).rem_euclid(86_400); w == hour * 3600 + minute * 60 + second };
            let naive = (now + 1..).find(|t| fits(*t)).unwrap();
            prop_assert_eq!(s.next(now * 1000).unwrap(), Some(naive * 1000));
        }
    }
}
