//! Times as EPCIS writes them: RFC 3339 with an offset, any number of fraction digits.

use kit_base::Millis;

/// A moment and how it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// Milliseconds UTC; finer parts are cut off here and kept in [`Time::nanos`].
    pub ms: Millis,
    /// Nanoseconds within the second.
    pub nanos: u32,
    /// Minutes east of UTC; `None` where the text had no offset: an `xs:dateTime` may, a time of EPCIS may not.
    pub offset: Option<i16>,
    year: i16,
    month: i8,
    day: i8,
}

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Syntax,
    /// 2026-02-30, 25:00
    Impossible,
    /// outside 1900 to 2200
    Range,
}

impl Wrong {
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "time_syntax",
            Self::Impossible => "time_impossible",
            Self::Range => "time_range",
        }
    }
}

impl Time {
    /// Reads `2026-07-22T06:45:00.123+02:00`; `T` and `Z` in capitals or small letters, as RFC 3339 allows.
    pub fn read(text: &str) -> Result<Self, Wrong> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || !text.is_ascii() {
            return Err(Wrong::Syntax);
        }
        let form = [(4, "-"), (7, "-"), (10, "Tt"), (13, ":"), (16, ":")];
        if form.iter().any(|&(at, any)| !any.as_bytes().contains(&bytes[at])) {
            return Err(Wrong::Syntax);
        }
        let number = |from: usize, to: usize| digits(&bytes[from..to]).ok_or(Wrong::Syntax);
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let (nanos, rest) = fraction(&text[19..])?;
        let offset = read_offset(rest)?;
        if !(1900..=2200).contains(&year) {
            return Err(Wrong::Range);
        }
        if hour > 23 || minute > 59 || second > 60 {
            return Err(Wrong::Impossible);
        }
        let date =
            jiff::civil::Date::new(year as i16, month as i8, day as i8).map_err(|_| Wrong::Impossible)?;
        let epoch = jiff::civil::date(1970, 1, 1);
        let days = epoch.until(date).map_err(|_| Wrong::Range)?.get_days();
        let seconds = i64::from(days) * 86_400 + i64::from(hour * 3_600 + minute * 60 + second)
            - i64::from(offset.unwrap_or(0)) * 60;
        let ms = seconds * 1_000 + i64::from(nanos / 1_000_000);
        Ok(Self { ms, nanos, offset, year: date.year(), month: date.month(), day: date.day() })
    }

    /// The same clock reading at an offset named elsewhere (`eventTimeZoneOffset`), for texts without one.
    pub fn at_offset(mut self, minutes: i16) -> Self {
        if self.offset.is_none() {
            self.offset = Some(minutes);
            self.ms -= i64::from(minutes) * 60_000;
        }
        self
    }

    /// The civil day as it was written, in its own zone.
    pub fn day(self) -> kit_base::PartialDate {
        kit_base::PartialDate { year: self.year, month: Some(self.month), day: Some(self.day) }
    }

    /// Seconds and nanoseconds since 1970 in UTC: equal for equal moments, whatever the writing.
    pub fn moment(self) -> (i64, u32) {
        (self.ms.div_euclid(1_000), self.nanos)
    }
}

/// `+08:00` in minutes, by the pattern of the EPCIS 2.0 schema (hours to 13, or 14:00).
pub fn zone_offset(text: &str) -> Option<i16> {
    let bytes = text.as_bytes();
    if bytes.len() != 6 || bytes[3] != b':' {
        return None;
    }
    let sign = match bytes[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (digits(&bytes[1..3])?, digits(&bytes[4..6])?);
    let fits = (hours <= 13 && minutes <= 59) || (hours == 14 && minutes == 0);
    fits.then_some(sign * (hours * 60 + minutes) as i16)
}

fn read_offset(text: &str) -> Result<Option<i16>, Wrong> {
    match text {
        "" => Ok(None),
        "Z" | "z" => Ok(Some(0)),
        _ => {
            let bytes = text.as_bytes();
            let form = bytes.len() == 6 && matches!(bytes[0], b'+' | b'-') && bytes[3] == b':';
            if !form || digits(&bytes[1..3]).is_none() || digits(&bytes[4..6]).is_none() {
                return Err(Wrong::Syntax);
            }
            zone_offset(text).map(Some).ok_or(Wrong::Impossible)
        }
    }
}

/// `.123` and what follows it.
fn fraction(text: &str) -> Result<(u32, &str), Wrong> {
    let Some(rest) = text.strip_prefix('.') else { return Ok((0, text)) };
    let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
    if end == 0 {
        return Err(Wrong::Syntax);
    }
    let nanos = rest.bytes().take(end).chain(std::iter::repeat(b'0')).take(9);
    Ok((nanos.fold(0, |sum, b| sum * 10 + u32::from(b - b'0')), &rest[end..]))
}

fn digits(bytes: &[u8]) -> Option<i32> {
    bytes.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_moments_are_equal_whatever_the_offset() {
        let a = Time::read("2019-07-19T14:00:00.000+01:00").unwrap();
        let b = Time::read("2019-07-19T13:00:00Z").unwrap();
        assert_eq!((a.moment(), a.offset), (b.moment(), Some(60)));
        assert_eq!(b.ms, 1_563_541_200_000);
        assert_eq!(Time::read("2022-04-13T12:35:29.017069617Z").unwrap().nanos, 17_069_617);
        assert_eq!(Time::read("1950-01-01T00:00:00.5Z").unwrap().moment(), (-631_152_000, 500_000_000));
    }

    #[test]
    fn impossible_times_are_refused() {
        let table = [
            ("22-07-2026", Wrong::Syntax),
            ("2026-07-22", Wrong::Syntax),
            ("2026-07-22 06:45:00Z", Wrong::Syntax),
            ("2026-07-22T06:45:00.Z", Wrong::Syntax),
            ("2026-07-22T06:45:00+0200", Wrong::Syntax),
            ("２026-07-22T06:45:00Z", Wrong::Syntax),
            ("2026-02-30T00:00:00Z", Wrong::Impossible),
            ("2026-01-01T25:00:00Z", Wrong::Impossible),
            ("2026-01-01T00:00:00+15:00", Wrong::Impossible),
            ("0001-01-01T00:00:00Z", Wrong::Range),
        ];
        for (text, wrong) in table {
            assert_eq!(Time::read(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn offsets_follow_the_schema() {
        for (text, minutes) in [("+08:00", Some(480)), ("-06:30", Some(-390)), ("+14:00", Some(840))] {
            assert_eq!(zone_offset(text), minutes, "{text}");
        }
        for text in ["Z", "8:00", "+14:01", "+08:60", "+0800", ""] {
            assert_eq!(zone_offset(text), None, "{text}");
        }
    }
}
