//! The Core Business Vocabulary (GS1 CBV 2.0) and the sensor vocabulary: which words there are, and how each is written.
//!
//! A word is written in one of four ways: bare (`shipping`), as a urn (`urn:epcglobal:cbv:bizstep:shipping`), as a
//! web address (`https://ref.gs1.org/cbv/BizStep-shipping`) or as a compact address (`cbv:BizStep-shipping`).
//! EPCIS 2.0 JSON writes it bare, so that is the one form kept inside.

/// One list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vocabulary {
    BizStep,
    Disposition,
    BizTransactionType,
    SourceDestType,
    ErrorReason,
    Component,
    Measurement,
    SensorAlert,
}

/// What a written value is in its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term<'a> {
    /// A word of the standard, bare.
    Standard(&'static str),
    /// A word of the user's own, as a URI.
    Custom(&'a str),
    /// In the standard's own name space, but the standard has no such word.
    UnknownStandard(&'a str),
    /// Neither a word of the standard nor a URI.
    Bare(&'a str),
}

#[rustfmt::skip]
const BIZ_STEPS: &[&str] = &[
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
    "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying", "disassembling",
    "dispensing", "encoding", "entering_exiting", "holding", "inspecting", "installing", "killing", "loading",
    "other", "packing", "picking", "receiving", "removing", "repackaging", "repairing", "replacing", "reserving",
    "retail_selling", "sampling", "sensor_reporting", "shipping", "staging_outbound", "stock_taking", "stocking",
    "storing", "transporting", "unloading", "unpacking", "void_shipping",
];

#[rustfmt::skip]
const DISPOSITIONS: &[&str] = &[
    "active", "available", "completeness_inferred", "completeness_verified", "conformant", "container_closed",
    "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired", "in_progress",
    "in_transit", "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement",
    "no_pedigree_match", "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved",
    "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable", "unknown",
];

const TRANSACTIONS: &[&str] = &[
    "bol",
    "cert",
    "desadv",
    "inv",
    "pedigree",
    "po",
    "poc",
    "prodorder",
    "recadv",
    "rma",
    "testprd",
    "testres",
    "upevt",
];

const SOURCES: &[&str] = &["location", "owning_party", "possessing_party"];
const REASONS: &[&str] = &["did_not_occur", "incorrect_data"];

const COMPONENTS: &[&str] = &[
    "x",
    "y",
    "z",
    "axial_distance",
    "azimuth",
    "height",
    "spherical_radius",
    "polar_angle",
    "elevation_angle",
    "easting",
    "northing",
    "latitude",
    "longitude",
    "altitude",
];

#[rustfmt::skip]
const MEASUREMENTS: &[&str] = &[
    "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Radioactivity", "Altitude",
    "AmountOfSubstance", "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration", "AngularMomentum",
    "AngularVelocity", "Area", "Capacitance", "Conductance", "Conductivity", "Count", "Density", "Dimensionless",
    "DoseEquivalent", "DoseEquivalentRate", "DynamicViscosity", "ElectricCharge", "ElectricCurrent",
    "ElectricCurrentDensity", "ElectricFieldStrength", "Energy", "Exposure", "Force", "Frequency", "Illuminance",
    "Inductance", "Irradiance", "KinematicViscosity", "Length", "LinearMomentum", "Luminance", "LuminousFlux",
    "LuminousIntensity", "MagneticFlux", "MagneticFluxDensity", "MagneticVectorPotential", "Mass",
    "MassConcentration", "MassFlowRate", "MassPerAreaTime", "MemoryCapacity", "MolalityOfSolute", "MolarEnergy",
    "MolarMass", "MolarVolume", "Power", "Pressure", "RadiantFlux", "RadiantIntensity", "RelativeHumidity",
    "Resistance", "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity", "SurfaceTension",
    "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate", "VolumeFraction", "VolumetricFlux",
    "Wavenumber",
];

const ALERTS: &[&str] = &["ALARM_CONDITION", "ERROR_CONDITION"];

/// Where the CBV lives on the web; the `http` and `ns.gs1.org` forms stood in drafts and are still met.
const CBV_WEB: &[&str] = &["https://ref.gs1.org/cbv/", "http://ref.gs1.org/cbv/", "https://ns.gs1.org/cbv/"];
const GS1_WEB: &[&str] = &[
    "gs1:",
    "https://gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "https://ref.gs1.org/voc/",
];

impl Vocabulary {
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::BizStep => BIZ_STEPS,
            Self::Disposition => DISPOSITIONS,
            Self::BizTransactionType => TRANSACTIONS,
            Self::SourceDestType => SOURCES,
            Self::ErrorReason => REASONS,
            Self::Component => COMPONENTS,
            Self::Measurement => MEASUREMENTS,
            Self::SensorAlert => ALERTS,
        }
    }

    /// The name of the list for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::BizStep => "业务步骤",
            Self::Disposition => "状态",
            Self::BizTransactionType => "业务单据类型",
            Self::SourceDestType => "来源/去向类型",
            Self::ErrorReason => "更正原因",
            Self::Component => "测量分量",
            Self::Measurement => "测量类型",
            Self::SensorAlert => "传感器告警",
        }
    }

    /// What stands between `urn:epcglobal:cbv:` and the word, and between `cbv/` and the word.
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::BizStep => ("bizstep:", "BizStep-"),
            Self::Disposition => ("disp:", "Disp-"),
            Self::BizTransactionType => ("btt:", "BTT-"),
            Self::SourceDestType => ("sdt:", "SDT-"),
            Self::ErrorReason => ("er:", "ER-"),
            Self::Component | Self::Measurement | Self::SensorAlert => ("comp:", "Comp-"),
        }
    }

    fn is_gs1_web(self) -> bool {
        matches!(self, Self::Measurement | Self::SensorAlert)
    }

    fn word(self, text: &str) -> Option<&'static str> {
        self.words().iter().copied().find(|word| *word == text)
    }

    /// Reads a written value.
    pub fn read(self, text: &str) -> Term<'_> {
        if let Some(word) = self.word(text) {
            return Term::Standard(word);
        }
        if let Some(rest) = self.inside(text) {
            // GS1's web vocabulary grows without the standard: other measurement types in it are fine
            let other = if self.is_gs1_web() { Term::Custom(text) } else { Term::UnknownStandard(text) };
            return self.word(rest).map_or(other, Term::Standard);
        }
        if is_uri(text) { Term::Custom(text) } else { Term::Bare(text) }
    }

    /// The word in an address of the standard's own name space for this list.
    fn inside(self, text: &str) -> Option<&str> {
        if self.is_gs1_web() {
            return GS1_WEB.iter().find_map(|base| text.strip_prefix(base));
        }
        let (urn, web) = self.marks();
        if let Some(rest) = text.strip_prefix("urn:epcglobal:cbv:") {
            return rest.strip_prefix(urn);
        }
        let rest =
            text.strip_prefix("cbv:").or_else(|| CBV_WEB.iter().find_map(|base| text.strip_prefix(base)))?;
        rest.strip_prefix(web)
    }

    /// The one form kept inside: bare for words of the standard, as written for others.
    pub fn canonical(self, text: &str) -> &str {
        match self.read(text) {
            Term::Standard(word) => word,
            Term::Custom(text) | Term::UnknownStandard(text) | Term::Bare(text) => text,
        }
    }
}

/// Whether a text is a URI (or IRI): a scheme, a colon, something after it, no blanks and none of the characters
/// RFC 3986 forbids. Letters outside ASCII are let through, as RFC 3987 does.
pub fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    let starts = letters.next().is_some_and(|b| b.is_ascii_alphabetic());
    starts
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_'))
        && !rest.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_the_same_in_all_its_forms() {
        let forms = [
            "shipping",
            "urn:epcglobal:cbv:bizstep:shipping",
            "https://ref.gs1.org/cbv/BizStep-shipping",
            "cbv:BizStep-shipping",
        ];
        for form in forms {
            assert_eq!(Vocabulary::BizStep.read(form), Term::Standard("shipping"), "{form}");
        }
        assert_eq!(Vocabulary::Measurement.read("gs1:Temperature"), Term::Standard("Temperature"));
        assert_eq!(Vocabulary::Component.read("cbv:Comp-latitude"), Term::Standard("latitude"));
    }

    #[test]
    fn other_words_must_be_uris() {
        let step = |t| Vocabulary::BizStep.read(t);
        assert!(matches!(step("transforming"), Term::Bare(_)));
        assert!(matches!(step("https://example.com/bizStep/inspecting"), Term::Custom(_)));
        assert!(matches!(step("urn:epcglobal:cbv:bizstep:transforming"), Term::UnknownStandard(_)));
        assert!(matches!(Vocabulary::SourceDestType.read("cbv:my_own_party"), Term::Custom(_)));
        assert!(matches!(Vocabulary::SourceDestType.read("place"), Term::Bare(_)));
    }

    #[test]
    fn uris_have_a_scheme_and_no_blanks() {
        for good in [
            "urn:epc:idpat:sgtin:4012345.098765.*",
            "ni:///sha-256;aa?ver=CBV2.0",
            "example:x",
            "https://例.cn/a",
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in ["410002113503769", "a b:c", "urn:", ":x", "1a:b", "urn:a b", "http://a/<b>"] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
