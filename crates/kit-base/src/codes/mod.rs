//! The codes that Chinese food supervision lives by, and the platform's own; each check is a pure function of the text.
//!
//! A check answers with a [`Verdict`]: good, doubtful (kept, but the person is told) or wrong (refused). Which of the two
//! a failed check digit is depends on the code: numbers of real licences fail it now and then, credit codes do not.

pub mod gtin;
pub mod licence;
pub mod person;
pub mod platform;
pub mod uscc;

use crate::error::{Error, Result};
use crate::text::half_width;

/// What is odd about a code: a stable name for programs, and Chinese text that says how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub code: &'static str,
    pub message: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Kept as it is; the person is asked to look again.
    Warning(Finding),
    /// Not accepted.
    Wrong(Finding),
}

impl Verdict {
    pub(crate) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::Warning(Finding { code, message: message.into() })
    }

    pub(crate) fn wrong(code: &'static str, message: impl Into<String>) -> Self {
        Self::Wrong(Finding { code, message: message.into() })
    }

    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good)
    }

    /// The stable code of what is odd, if anything is.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Good => None,
            Self::Warning(f) | Self::Wrong(f) => Some(f.code),
        }
    }

    /// A wrong code becomes a refusal at `field`; a doubtful one is handed on to be shown.
    pub fn at(self, field: &str) -> Result<Option<Finding>> {
        match self {
            Self::Good => Ok(None),
            Self::Warning(f) => Ok(Some(f)),
            Self::Wrong(f) => Err(Error::invalid(field, f.code, f.message)),
        }
    }
}

/// A code as people paste it, in its plain form: half width, upper case, without spaces and hyphens.
pub fn tidy(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '\u{200b}' | '\u{feff}'))
        .flat_map(char::to_uppercase)
        .collect()
}

/// The digits of an all-digit text.
pub(crate) fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}
