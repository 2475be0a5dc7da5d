//! Reading the parameters.

use super::{Match, Op, Order, Params, Query, Role, Span, Wanted};
use crate::epcis::decimal::Decimal;
use crate::epcis::gs1::Scheme;
use crate::epcis::time::Time;
use crate::epcis::vocab::Vocabulary;
use crate::epcis::{Gs1, event, key_of};

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Several, with `|` in a query string.
    List,
    Time,
    Number,
    Count,
    Flag,
    Word,
}

/// Every parameter that is known, with its shape and what it asks (shown in the contract).
pub const PARAMETERS: &[(&str, Shape, &str)] = &[
    (
        "eventType",
        Shape::List,
        "事件类型：ObjectEvent、AggregationEvent、TransactionEvent、TransformationEvent、AssociationEvent",
    ),
    ("GE_eventTime", Shape::Time, "发生时间不早于（RFC 3339）"),
    ("LT_eventTime", Shape::Time, "发生时间早于"),
    ("GE_recordTime", Shape::Time, "登记时间不早于"),
    ("LT_recordTime", Shape::Time, "登记时间早于"),
    ("EQ_action", Shape::List, "ADD、OBSERVE、DELETE"),
    ("EQ_bizStep", Shape::List, "业务步骤"),
    ("EQ_disposition", Shape::List, "状态"),
    ("EQ_persistentDisposition_set", Shape::List, "设置的持久状态"),
    ("EQ_persistentDisposition_unset", Shape::List, "取消的持久状态"),
    ("EQ_readPoint", Shape::List, "读取点"),
    ("WD_readPoint", Shape::List, "读取点及其下级"),
    ("EQ_bizLocation", Shape::List, "业务地点"),
    ("WD_bizLocation", Shape::List, "业务地点及其下级"),
    ("EQ_transformationID", Shape::List, "加工编号"),
    ("MATCH_epc", Shape::List, "epcList、childEPCs 中的编码"),
    ("MATCH_parentID", Shape::List, "上级包装编码"),
    ("MATCH_inputEPC", Shape::List, "投入的单件编码"),
    ("MATCH_outputEPC", Shape::List, "产出的单件编码"),
    ("MATCH_anyEPC", Shape::List, "任一处的单件编码"),
    ("MATCH_epcClass", Shape::List, "quantityList、childQuantityList 中的类别或批次"),
    ("MATCH_inputEPCClass", Shape::List, "投入的类别或批次"),
    ("MATCH_outputEPCClass", Shape::List, "产出的类别或批次"),
    ("MATCH_anyEPCClass", Shape::List, "任一处的类别或批次"),
    ("EQ_quantity", Shape::Number, "某一数量等于"),
    ("GT_quantity", Shape::Number, "某一数量大于"),
    ("GE_quantity", Shape::Number, "某一数量不小于"),
    ("LT_quantity", Shape::Number, "某一数量小于"),
    ("LE_quantity", Shape::Number, "某一数量不大于"),
    ("EQ_eventID", Shape::List, "事件编号"),
    ("EXISTS_errorDeclaration", Shape::Flag, "是否带更正声明：true、false"),
    ("GE_errorDeclarationTime", Shape::Time, "更正声明时间不早于"),
    ("LT_errorDeclarationTime", Shape::Time, "更正声明时间早于"),
    ("EQ_errorReason", Shape::List, "更正原因"),
    ("EQ_correctiveEventID", Shape::List, "更正后的事件编号"),
    ("orderBy", Shape::Word, "eventTime 或 recordTime"),
    ("orderDirection", Shape::Word, "ASC 或 DESC（默认）"),
    ("eventCountLimit", Shape::Count, "最多返回的事件数"),
    ("maxEventCount", Shape::Count, "超过此数则拒绝"),
];

/// Families of parameters whose name ends in a type (`EQ_bizTransaction_po`).
const FAMILIES: &[(&str, &str)] = &[
    ("EQ_bizTransaction_", "bizTransactionList"),
    ("EQ_source_", "sourceList"),
    ("EQ_destination_", "destinationList"),
];

/// What is wrong with a parameter: the exception of the standard that it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub parameter: String,
    /// Chinese
    pub message: String,
}

type Read<T> = Result<T, Wrong>;

fn wrong<T>(parameter: &str, message: impl Into<String>) -> Read<T> {
    Err(Wrong { parameter: parameter.to_owned(), message: message.into() })
}

/// How a parameter is written; `None` where there is no such parameter.
pub fn shape_of(name: &str) -> Option<Shape> {
    let known = PARAMETERS.iter().find(|(known, ..)| *known == name).map(|(_, shape, _)| *shape);
    let family = FAMILIES.iter().any(|(prefix, _)| name.len() > prefix.len() && name.starts_with(prefix));
    known.or(family.then_some(Shape::List))
}

impl Query {
    /// Reads a query string's pairs (names that are not of the query, like `perPage`, must have been taken out).
    pub fn of_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Read<(Params, Self)> {
        let mut params = Params::new();
        for (name, text) in pairs {
            let values = match shape_of(name) {
                Some(Shape::List) => {
                    text.split('|').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect()
                }
                _ => vec![text.trim().to_owned()],
            };
            params.insert(name.to_owned(), values);
        }
        let query = Self::read(&params)?;
        Ok((params, query))
    }

    /// Reads parameters.
    ///
    /// Errors: a name that is not known, or a value that is none of its parameter.
    pub fn read(params: &Params) -> Read<Self> {
        let mut query = Self::default();
        for (name, values) in params {
            let Some(shape) = shape_of(name) else {
                return wrong(name, format!("不支持查询参数“{name}”"));
            };
            if values.is_empty() {
                return wrong(name, format!("查询参数“{name}”没有值"));
            }
            match shape {
                Shape::List => query.list(name, values)?,
                _ if values.len() > 1 => return wrong(name, format!("查询参数“{name}”只能有一个值")),
                Shape::Time => query.time(name, &values[0])?,
                Shape::Number => query.number(name, &values[0])?,
                Shape::Count => query.count(name, &values[0])?,
                Shape::Flag => query.declared_wrong = Some(flag(name, &values[0])?),
                Shape::Word => {}
            }
        }
        query.order = order(params)?;
        if query.limit.is_some() && query.most.is_some() {
            return wrong("maxEventCount", "eventCountLimit 与 maxEventCount 不能同时使用");
        }
        Ok(query)
    }

    fn list(&mut self, name: &str, values: &[String]) -> Read<()> {
        let same = || Some(values.to_vec());
        let words = |vocabulary: Vocabulary| {
            Some(values.iter().map(|v| vocabulary.canonical(v).to_owned()).collect::<Vec<_>>())
        };
        let places = || Some(values.iter().map(|v| key_of(v)).collect::<Vec<_>>());
        let known = |known: &[&str]| match values.iter().find(|v| !known.contains(&v.as_str())) {
            Some(odd) => wrong(name, format!("“{odd}”不是 {name} 的值，可用：{}", known.join("、"))),
            None => Ok(Some(values.to_vec())),
        };
        let kinds: Vec<&str> = event::KINDS.iter().map(|(name, _)| *name).collect();
        match name {
            // kinds of a user's own are named by an address
            "eventType" if values.iter().any(|v| v.contains(':')) => self.types = same(),
            "eventType" => self.types = known(&kinds)?,
            "EQ_action" => self.actions = known(&["ADD", "OBSERVE", "DELETE"])?,
            "EQ_bizStep" => self.steps = words(Vocabulary::BizStep),
            "EQ_disposition" => self.dispositions = words(Vocabulary::Disposition),
            "EQ_persistentDisposition_set" => self.set = words(Vocabulary::Disposition),
            "EQ_persistentDisposition_unset" => self.unset = words(Vocabulary::Disposition),
            "EQ_readPoint" => self.read_points = places(),
            "WD_readPoint" => self.read_points_under = places(),
            "EQ_bizLocation" => self.locations = places(),
            "WD_bizLocation" => self.locations_under = places(),
            "EQ_transformationID" => self.transformations = same(),
            "EQ_eventID" => self.ids = same(),
            "EQ_errorReason" => self.reasons = words(Vocabulary::ErrorReason),
            "EQ_correctiveEventID" => self.corrective = same(),
            _ => return self.special(name, values),
        }
        Ok(())
    }

    fn special(&mut self, name: &str, values: &[String]) -> Read<()> {
        if let Some(role) = role_of(name) {
            let wanted = values.iter().map(|v| wanted(name, v)).collect::<Read<_>>()?;
            self.matches.push(Match { role, wanted });
            return Ok(());
        }
        for (prefix, list) in FAMILIES {
            let Some(kind) = name.strip_prefix(prefix) else { continue };
            let vocabulary = match *list {
                "bizTransactionList" => Vocabulary::BizTransactionType,
                _ => Vocabulary::SourceDestType,
            };
            let values = match *list {
                "bizTransactionList" => values.to_vec(),
                _ => values.iter().map(|v| key_of(v)).collect(),
            };
            self.typed.push((list, vocabulary.canonical(kind).to_owned(), values));
        }
        Ok(())
    }

    fn time(&mut self, name: &str, text: &str) -> Read<()> {
        let read = Time::read(text).ok().filter(|time| time.offset.is_some());
        let Some(time) = read else {
            return wrong(name, format!("“{text}”不是时间，请写成 2026-03-01T08:30:00+08:00"));
        };
        let place = match name {
            "GE_eventTime" => &mut self.time.from,
            "LT_eventTime" => &mut self.time.before,
            "GE_recordTime" => &mut self.recorded.from,
            "LT_recordTime" => &mut self.recorded.before,
            "GE_errorDeclarationTime" => &mut self.declared_at.from,
            _ => &mut self.declared_at.before,
        };
        *place = Some(time.ms);
        Ok(())
    }

    fn number(&mut self, name: &str, text: &str) -> Read<()> {
        let Some(number) = Decimal::parse(text) else {
            return wrong(name, format!("“{text}”不是数"));
        };
        let op = match &name[..2] {
            "EQ" => Op::Eq,
            "GT" => Op::Gt,
            "GE" => Op::Ge,
            "LT" => Op::Lt,
            _ => Op::Le,
        };
        self.quantities.push((op, number));
        Ok(())
    }

    fn count(&mut self, name: &str, text: &str) -> Read<()> {
        let Some(number) = text.parse().ok().filter(|n| *n > 0) else {
            return wrong(name, format!("“{text}”不是正整数"));
        };
        let place = if name == "eventCountLimit" { &mut self.limit } else { &mut self.most };
        *place = Some(number);
        Ok(())
    }

    /// The same query about one place, step … : what a path adds to the parameters.
    pub fn narrowed(params: &Params, name: &str, value: &str) -> Read<(Params, Self)> {
        let mut params = params.clone();
        if params.contains_key(name) {
            return wrong(name, format!("路径已指定，不能再用查询参数“{name}”"));
        }
        params.insert(name.to_owned(), vec![value.to_owned()]);
        let query = Self::read(&params)?;
        Ok((params, query))
    }

    /// All events on a code, single thing or class: the query of `/epcis/epcs/{epc}/events`.
    pub fn about(mut self, code: &str) -> Read<Self> {
        self.matches.push(Match { role: Role::Everything, wanted: vec![wanted("epc", code)?] });
        Ok(self)
    }

    /// The span of record times, set from outside (a subscription's beginning).
    pub fn recorded_from(mut self, span: Span) -> Self {
        self.recorded.from = self.recorded.from.max(span.from);
        self
    }
}

fn role_of(name: &str) -> Option<Role> {
    Some(match name {
        "MATCH_epc" => Role::Epc,
        "MATCH_parentID" => Role::Parent,
        "MATCH_inputEPC" => Role::Input,
        "MATCH_outputEPC" => Role::Output,
        "MATCH_anyEPC" => Role::Any,
        "MATCH_epcClass" => Role::Class,
        "MATCH_inputEPCClass" => Role::InputClass,
        "MATCH_outputEPCClass" => Role::OutputClass,
        "MATCH_anyEPCClass" => Role::AnyClass,
        _ => return None,
    })
}

/// A pattern of a trade item stands for all its lots and single things; anything else for itself.
fn wanted(name: &str, text: &str) -> Read<Wanted> {
    if text.contains(":idpat:") {
        return match Gs1::parse(text) {
            Ok(Some(code)) if code.scheme == Scheme::Gtin && code.is_class() => {
                Ok(Wanted::Gtin(code.primary))
            }
            Ok(Some(code)) => Ok(Wanted::Key(code.key())),
            Ok(None) => Ok(Wanted::Key(key_of(text))),
            Err(e) => wrong(name, e.message),
        };
    }
    match Gs1::parse(text) {
        Err(e) => wrong(name, e.message),
        Ok(_) => Ok(Wanted::Key(key_of(text))),
    }
}

fn flag(name: &str, text: &str) -> Read<bool> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => wrong(name, format!("“{text}”应为 true 或 false")),
    }
}

fn order(params: &Params) -> Read<Order> {
    let word = |name: &str| params.get(name).and_then(|v| v.first()).map(String::as_str);
    let down = match word("orderDirection") {
        None | Some("DESC") => true,
        Some("ASC") => false,
        Some(other) => return wrong("orderDirection", format!("“{other}”应为 ASC 或 DESC")),
    };
    match word("orderBy") {
        None if params.contains_key("orderDirection") => wrong("orderDirection", "请同时给出 orderBy"),
        None => Ok(Order::Recorded),
        Some("eventTime") => Ok(Order::EventTime { down }),
        Some("recordTime") => Ok(Order::RecordTime { down }),
        Some(other) => wrong("orderBy", format!("不能按“{other}”排序，可用 eventTime、recordTime")),
    }
}
