//! Which fields each kind of event has, and what form each takes.

use super::super::event::EventKind;
use super::super::vocab::Vocabulary;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// `type`, checked before all else.
    Kind,
    Context,
    Time,
    Zone,
    /// Always a URI.
    Uri,
    /// A URI; in lenient reading any code.
    Id,
    UriOrList,
    Ids {
        unique: bool,
    },
    Quantities,
    Action,
    Word(Vocabulary),
    Place,
    Transactions,
    Sources,
    Destinations,
    Sensors,
    Ilmd,
    Persistent,
    ErrorDeclaration,
    Number,
    Text,
    Boolean,
    Hex,
}

use Shape::*;

type Fields = &'static [(&'static str, Shape)];

const COMMON: Fields = &[
    ("@context", Context),
    ("type", Kind),
    ("eventTime", Time),
    ("recordTime", Time),
    ("eventTimeZoneOffset", Zone),
    ("eventID", Id),
    ("certificationInfo", UriOrList),
    ("errorDeclaration", ErrorDeclaration),
];

const SHARED: Fields = &[
    ("bizStep", Word(Vocabulary::BizStep)),
    ("disposition", Word(Vocabulary::Disposition)),
    ("readPoint", Place),
    ("bizLocation", Place),
    ("bizTransactionList", Transactions),
    ("sourceList", Sources),
    ("destinationList", Destinations),
    ("sensorElementList", Sensors),
];

const OBJECT: Fields = &[
    ("action", Action),
    ("epcList", Ids { unique: true }),
    ("quantityList", Quantities),
    ("persistentDisposition", Persistent),
    ("ilmd", Ilmd),
];

const GROUP: Fields = &[
    ("action", Action),
    ("parentID", Id),
    ("childEPCs", Ids { unique: false }),
    ("childQuantityList", Quantities),
];

const TRANSACTION: Fields =
    &[("action", Action), ("parentID", Id), ("epcList", Ids { unique: false }), ("quantityList", Quantities)];

const TRANSFORMATION: Fields = &[
    ("inputEPCList", Ids { unique: true }),
    ("inputQuantityList", Quantities),
    ("outputEPCList", Ids { unique: true }),
    ("outputQuantityList", Quantities),
    ("transformationID", Id),
    ("persistentDisposition", Persistent),
    ("ilmd", Ilmd),
];

pub fn fields_of(kind: EventKind) -> impl Iterator<Item = (&'static str, Shape)> {
    let own: Fields = match kind {
        EventKind::Object => OBJECT,
        EventKind::Aggregation | EventKind::Association => GROUP,
        EventKind::Transaction => TRANSACTION,
        EventKind::Transformation => TRANSFORMATION,
        EventKind::Other => &[],
    };
    let shared: Fields = if kind == EventKind::Other { &[] } else { SHARED };
    COMMON.iter().chain(shared).chain(own).copied()
}

pub const SENSOR_METADATA: Fields = &[
    ("time", Time),
    ("startTime", Time),
    ("endTime", Time),
    ("deviceID", Id),
    ("deviceMetadata", Uri),
    ("rawData", Uri),
    ("dataProcessingMethod", Uri),
    ("bizRules", Uri),
];

pub const SENSOR_REPORT: Fields = &[
    ("type", Word(Vocabulary::Measurement)),
    ("exception", Word(Vocabulary::SensorAlert)),
    ("deviceID", Id),
    ("deviceMetadata", Uri),
    ("rawData", Uri),
    ("dataProcessingMethod", Uri),
    ("bizRules", Uri),
    ("time", Time),
    ("microorganism", Uri),
    ("chemicalSubstance", Uri),
    ("coordinateReferenceSystem", Uri),
    ("value", Number),
    ("component", Word(Vocabulary::Component)),
    ("stringValue", Text),
    ("booleanValue", Boolean),
    ("hexBinaryValue", Hex),
    ("uriValue", Uri),
    ("minValue", Number),
    ("maxValue", Number),
    ("meanValue", Number),
    ("sDev", Number),
    ("percRank", Number),
    ("percValue", Number),
    ("uom", Text),
];

pub const ERROR_DECLARATION: Fields = &[
    ("declarationTime", Time),
    ("reason", Word(Vocabulary::ErrorReason)),
    ("correctiveEventIDs", Ids { unique: false }),
];
