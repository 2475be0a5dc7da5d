//! What is done with an input.

use std::io::{Cursor, Read as _, Write as _};
use std::sync::OnceLock;

use kit_base::text::search_form;
use kit_find::{Index, Query, Text, Thing};
use trace::epcis::gs1::digital::DigitalLink;
use trace::epcis::query::Query as EpcisQuery;
use trace::epcis::{Contexts, Gs1, Options, compare, plan, read_all};
use trace::model::NewMove;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "null",
    "\"kind\":\"ship\"",
    "\"amount\":",
    "\"takes\":[",
    "\"at\":\"2026-02-30\"",
    "1e9",
];
pub const EPCIS: &[&str] = &[
    "\"@context\":",
    "\"type\":\"TransformationEvent\"",
    "\"epcList\":[",
    "\"eventTime\":\"2026-01-01T00:00:00Z\"",
    "\"ilmd\":{",
    "urn:epc:id:sgtin:",
    "\"errorDeclaration\":{",
];
pub const XML: &[&str] = &[
    "<ObjectEvent>",
    "</ObjectEvent>",
    "<!DOCTYPE a [",
    "&lt;",
    "<![CDATA[",
    "xmlns:a=\"b\"",
    "<extension>",
    "<?xml version=\"1.0\" encoding=\"GBK\"?>",
];
pub const SHEET: &[&str] = &[
    "<c r=\"A1\" t=\"s\"><v>0</v></c>",
    "<row r=\"1\">",
    "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>",
    "t=\"d\"",
    "t=\"inlineStr\"",
    "<f t=\"shared\" si=\"0\" ref=\"A1:A9\">A2</f>",
    "XFD1048576",
    "<si><t>",
    "numFmtId=\"14\"",
    "4294967296",
];
pub const CSV: &[&str] = &[",", "\"", "\r\n", "\t", ";", "品名", "\u{feff}"];
pub const LINK: &[&str] = &[
    "/01/",
    "/10/",
    "/21/",
    "/22/",
    "/00/",
    "/414/",
    "/254/",
    "?17=261231",
    "%2F",
    "09521141012345",
    "https://",
];
pub const QUERY: &[&str] = &[
    "eventType",
    "EQ_bizStep",
    "MATCH_epc",
    "GE_eventTime",
    "|",
    "&",
    "=",
    "urn:epc:idpat:sgtin:4012345.012345.*",
    "orderBy=eventTime",
];
pub const NETWORK: &[&str] =
    &["\"stations\":[", "\"deliveries\":[", "\"relations\":[", "\"id\":", "\"weight\":", "\"departure\":"];

pub fn json_capture(bytes: &[u8]) {
    if let Ok(moves) = kit_web::ask::parse_json::<Vec<NewMove>>(bytes) {
        for mv in &moves {
            let _ = trace::rules::moment(mv.at.as_deref(), 1_772_500_000_000);
        }
    }
}

/// What is taken is planned, and written alone it is taken again as the same.
pub fn epcis(bytes: &[u8]) {
    for options in [Options::STRICT, Options::LENIENT] {
        let Ok((_, events)) = read_all(bytes, options) else { continue };
        for captured in &events {
            assert!(!plan(&captured.event).is_empty(), "an event without a move");
            let said = compare::normal(&captured.value, &captured.contexts);
            let alone = captured.standalone();
            assert_eq!(
                compare::normal(&alone, &Contexts::default()),
                said,
                "standing alone it says something else"
            );
            let again = read_all(alone.to_string().as_bytes(), options);
            let (_, again) = again.unwrap_or_else(|e| panic!("written, it is refused: {e:?}"));
            assert_eq!(again.len(), 1);
            assert_eq!(
                compare::normal(&again[0].value, &again[0].contexts),
                said,
                "written and read it says something else"
            );
        }
    }
}

pub fn sheet(bytes: &[u8]) {
    use kit_docs::sheet::{Book, Limits};
    let Ok(mut book) = Book::open(Cursor::new(bytes.to_vec()), "表", &Limits::default()) else { return };
    for at in 0..book.sheets().len() {
        let Ok(rows) = book.rows(at) else { continue };
        for row in rows.take(10_000) {
            if row.is_err() {
                break;
            }
        }
    }
}

/// A workbook that is whole but for one part, which is the input: the first byte says which.
pub fn workbook(bytes: &[u8]) {
    const PARTS: [&str; 4] =
        ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"];
    let (Some((first, part)), Some(whole)) = (bytes.split_first(), whole_workbook()) else { return };
    let name = PARTS[usize::from(*first) % PARTS.len()];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (other, content) in whole.iter().filter(|(other, _)| other != name) {
        let _ = zip.start_file(other.as_str(), stored).map(|()| zip.write_all(content));
    }
    let _ = zip.start_file(name, stored).map(|()| zip.write_all(part));
    if let Ok(file) = zip.finish() {
        sheet(file.get_ref());
    }
}

/// Name and content.
type Part = (String, Vec<u8>);

/// The parts of the corpus' own workbook.
fn whole_workbook() -> Option<&'static Vec<Part>> {
    static WHOLE: OnceLock<Option<Vec<Part>>> = OnceLock::new();
    let read = || {
        let mut zip = zip::ZipArchive::new(Cursor::new(include_bytes!("../corpus/xlsx/small.xlsx"))).ok()?;
        let names: Vec<String> = zip.file_names().map(str::to_owned).collect();
        names
            .into_iter()
            .map(|name| {
                let mut content = Vec::new();
                zip.by_name(&name).ok()?.read_to_end(&mut content).ok()?;
                Some((name, content))
            })
            .collect()
    };
    WHOLE.get_or_init(read).as_ref()
}

/// A link that is taken is written so that it reads back the same.
pub fn digital_link(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(link) = DigitalLink::parse(text) {
        assert_eq!(DigitalLink::parse(&link.make("https://t.example")).ok(), Some(link), "{text}");
    }
    if let Ok(Some(code)) = Gs1::parse(text) {
        let again = Gs1::parse(&code.to_link("https://t.example")).ok().flatten();
        assert_eq!(again.map(|c| c.key()), Some(code.key()), "{text}");
    }
}

pub fn epcis_query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let pairs = text.split('&').filter_map(|p| p.split_once('='));
    if let Ok((params, query)) = EpcisQuery::of_pairs(pairs) {
        assert_eq!(EpcisQuery::read(&params), Ok(query), "{text}");
    }
}

/// The form in which names are searched is the same when it is made again, and a thing is found by its own name.
pub fn search(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let form = search_form(&text);
    assert_eq!(search_form(&form), form, "{text}");
    let things: Vec<Thing> =
        ["龙都豆制品有限公司", "Dragon 龙 17", "ab", text.as_str()].iter().zip(1..).map(thing).collect();
    let mut index = Index::default();
    index.put_all(&things, &Index::rows(&things));
    let query = Query { text, jurisdiction: vec![String::new()], take: 10, ..Query::default() };
    let found = index.find(&query);
    assert!(found.ids.contains(&4), "not found by its own name: {}", query.text);
    assert!(index.near(&query).total <= things.len());
}

fn thing((name, id): (&&str, u128)) -> Thing {
    let text = Text::new(name).code("91410900MA4000000X").other("濮阳市");
    Thing { id, seq: 1, text, division: "410900".into(), kind: "a".into(), status: "b".into() }
}

pub fn network(bytes: &[u8]) {
    let _ = investigation::network::Network::read(bytes);
}

pub const INSTRUMENT: &[&str] = &[
    "H|\\^&",
    "\nO|1|AB2CD3EF4G^1",
    "\nR|1|^^^Pb^1|0.2|mg/kg",
    "\nP|1||",
    "Sample Name,Sample Type,Compound,Calc. Conc.,Units",
    "Standard",
    "N/F",
    "<LOD",
    "\r",
    "\u{feff}",
    "样品名称,组分,浓度",
];

/// A file of an instrument: the first byte picks its shape. What is taken names sample, item and result, and stands where it says.
pub fn instrument(bytes: &[u8]) {
    use sampling::rules::instrument::{Read, instruments, records, table};
    let shapes = &instruments().expect("data/instruments.json").shapes;
    let (pick, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let shape = &shapes[usize::from(*pick) % shapes.len()];
    let text = String::from_utf8_lossy(rest);
    let read = || -> Option<Read> {
        if shape.form == "records" {
            return records(shape, &text).ok();
        }
        let row = |(i, line): (usize, &str)| Ok((i as u32 + 1, line.split(',').map(str::to_owned).collect()));
        table(shape, text.split('\n').enumerate().map(row)).ok()
    };
    let Some(found) = read() else { return };
    let lines = text.split(['\n', '\r']).count() as u32;
    let numbers: Vec<u32> = found.rows.iter().map(|r| r.number).collect();
    assert!(numbers.windows(2).all(|w| w[0] < w[1]), "rows out of their order");
    assert!(numbers.iter().chain(found.bad.iter().map(|b| &b.number)).all(|n| (1..=lines).contains(n)));
    for row in &found.rows {
        let r = &row.reading;
        assert!(![&r.blind, &r.item, &r.result].iter().any(|v| v.is_empty()), "{row:?}");
    }
    assert!(found.bad.iter().all(|b| !b.why.is_empty()), "a refusal without a reason");
    assert_eq!(read(), Some(found), "the same file read twice");
}
