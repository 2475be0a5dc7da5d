//! One error type for the whole house; it leaves the program as RFC 9457 problem+json.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// What sort of refusal or failure this is; decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The input is wrong; `field` or `defects` name the place. 422.
    Invalid,
    /// Nobody is signed in. 401.
    Unauthenticated,
    /// Signed in, but this is not for them. 403.
    Forbidden,
    /// Not there, or its existence is not theirs to know. 404.
    NotFound,
    /// The state of things does not allow it (now). 409.
    Conflict,
    /// More than the limit. 413.
    TooLarge,
    /// Too often. 429.
    TooMany,
    /// A resource outside is away; try again. 503.
    Unavailable,
    /// The disk takes no more writes (full, or read-only); reading goes on. 507.
    Full,
    /// A fault of ours. 500; the text is for the log only.
    Internal,
}

/// One wrong place in an input of many places (a row of a sheet, an event of a document).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Defect {
    /// Where: `主体!B12`, `/epcisBody/eventList/3/action`, `line 7 column 12`.
    pub place: String,
    /// Stable code for programs, `snake_case`.
    pub code: Cow<'static, str>,
    /// Chinese text for people: what is wrong and how to mend it.
    pub message: String,
}

/// A refusal or failure. The message is Chinese and for the person at the other end.
#[derive(Debug)]
pub struct Error {
    pub kind: Kind,
    /// Stable code for programs, `snake_case`.
    pub code: Cow<'static, str>,
    pub message: String,
    /// The input field that is wrong, in the words of the API (`address`, `lines/3/amount`).
    pub field: Option<String>,
    pub defects: Vec<Defect>,
    /// Seconds to wait before trying again (with [`Kind::TooMany`] and [`Kind::Unavailable`]).
    pub retry_after: Option<u32>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub fn new(kind: Kind, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            message: message.into(),
            field: None,
            defects: Vec::new(),
            retry_after: None,
            source: None,
        }
    }

    /// The named input field is wrong.
    pub fn invalid(
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(Kind::Invalid, code, message).at(field)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "not_found", message)
    }

    pub fn forbidden(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, message)
    }

    pub fn conflict(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// A fault of ours; `text` goes to the log, the person sees a general sentence.
    pub fn internal(text: impl fmt::Display) -> Self {
        let mut e = Self::new(Kind::Internal, "internal", "系统内部错误，已记录，请稍后重试");
        e.source = Some(text.to_string().into());
        e
    }

    /// Names the input field.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Puts `prefix/` before the field, when a part of an input is checked by someone who knows only that part.
    pub fn under(mut self, prefix: impl fmt::Display) -> Self {
        self.field = Some(match self.field {
            Some(field) => format!("{prefix}/{field}"),
            None => prefix.to_string(),
        });
        self
    }

    pub fn with_defects(mut self, defects: Vec<Defect>) -> Self {
        self.defects = defects;
        self
    }

    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The disk is full: nothing was kept, and writing works again by itself once there is room.
    pub fn disk_full() -> Self {
        Self::new(Kind::Full, "disk_full", "磁盘空间不足，数据未保存；查询不受影响，请联系管理员清理磁盘")
            .retry_after(60)
    }

    /// The disk lets nothing be written: nothing was kept.
    pub fn disk_read_only() -> Self {
        Self::new(Kind::Full, "disk_read_only", "磁盘为只读状态，数据未保存；查询不受影响，请联系管理员")
            .retry_after(60)
    }

    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if let Some(field) = &self.field {
            write!(f, " (at {field})")?;
        }
        if let Some(source) = &self.source {
            write!(f, ": {source}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::disk_full().because(e)
            }
            std::io::ErrorKind::ReadOnlyFilesystem => Self::disk_read_only().because(e),
            _ => Self::internal(&e),
        }
    }
}
