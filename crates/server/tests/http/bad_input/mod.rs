//! Bad input, item by item and path by path: each is refused in Chinese with a stable code and the place, and leaves nothing
//! half written.

mod items;

use std::io::{Cursor, Write as _};

use axum::http::Method;
use kit_db::Sql;
use kit_test::{Client, Reply};
use serde_json::{Value, json};

use crate::epcis::read;
use crate::pages::run_jobs;
use crate::world::World;

/// A refusal as a person meets it.
#[derive(Debug)]
pub struct Told {
    pub code: String,
    pub place: String,
    pub message: String,
}

impl Told {
    fn none(text: &str) -> Self {
        Self { code: "accepted".into(), place: String::new(), message: text.chars().take(300).collect() }
    }

    fn of(value: &Value, message: &str) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let place = if value["place"].is_string() { text("place") } else { text("field") };
        Self { code: text("code"), place, message: text(message) }
    }
}

/// The paths that input takes.
pub struct Paths {
    pub w: World,
    pub owner: Client,
    investigator: Client,
    wrong: Vec<String>,
}

/// What must be as it was.
const TABLES: [&str; 13] = [
    "parties",
    "products",
    "events",
    "lots",
    "inputs",
    "stock",
    "capture_keys",
    "epcis_events",
    "epcs",
    "corrections",
    "investigations",
    "division_changes",
    "trace_codes",
];

pub fn rows(w: &World) -> Vec<i64> {
    const COUNTS: [Sql; 13] = [
        Sql::One("SELECT count(*) FROM parties"),
        Sql::One("SELECT count(*) FROM products"),
        Sql::One("SELECT count(*) FROM events"),
        Sql::One("SELECT count(*) FROM lots"),
        Sql::One("SELECT count(*) FROM inputs"),
        Sql::One("SELECT count(*) FROM stock"),
        Sql::One("SELECT count(*) FROM capture_keys"),
        Sql::One("SELECT count(*) FROM epcis_events"),
        Sql::One("SELECT count(*) FROM epcs"),
        Sql::One("SELECT count(*) FROM corrections"),
        Sql::One("SELECT count(*) FROM investigations"),
        Sql::One("SELECT count(*) FROM division_changes"),
        Sql::One("SELECT count(*) FROM trace_codes"),
    ];
    read(w, |tx| COUNTS.into_iter().map(|sql| Ok(tx.one::<i64>(sql, &[])?.unwrap_or(0))).collect())
}

fn problem(reply: &Reply) -> Told {
    if reply.status.is_success() {
        return Told::none(&reply.text());
    }
    let body = reply.json();
    let mut told = Told::of(&body, "title");
    if told.place.is_empty() {
        told.place = body["defects"][0]["place"].as_str().unwrap_or_default().to_owned();
    }
    told
}

impl Paths {
    pub async fn new(w: World) -> Self {
        let (owner, investigator) = (w.sign_in("owner").await, w.sign_in("investigator").await);
        Self { w, owner, investigator, wrong: Vec::new() }
    }

    /// Sends one bad thing; notes where the answer is not what it should be, and where something was left.
    pub async fn refuses(&mut self, path: &str, bytes: impl Into<Vec<u8>>, code: &str, place: &str) {
        let before = rows(&self.w);
        let told = self.send(path, bytes.into()).await;
        let chinese = told.message.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if told.code != code || !told.place.contains(place) || !chinese {
            self.wrong.push(format!("{path} wants {code} at {place}: {told:?}"));
        }
        let after = rows(&self.w);
        for (name, (a, b)) in TABLES.iter().zip(before.into_iter().zip(after)) {
            if a != b {
                self.wrong.push(format!("{path} {code}: {name} had {a} rows, has {b}"));
            }
        }
    }

    async fn send(&self, path: &str, bytes: Vec<u8>) -> Told {
        match path {
            "form" => {
                problem(&self.owner.send(Method::POST, "/api/moves", "application/json", bytes, &[]).await)
            }
            "product" => {
                problem(&self.owner.send(Method::POST, "/api/products", "application/json", bytes, &[]).await)
            }
            "paste" => {
                let at = "/api/investigations";
                problem(&self.investigator.send(Method::POST, at, "application/json", bytes, &[]).await)
            }
            "epcis" => problem(
                &self.owner.send(Method::POST, "/epcis/capture", "application/ld+json", bytes, &[]).await,
            ),
            "xml" => {
                problem(&self.owner.send(Method::POST, "/epcis/capture", "application/xml", bytes, &[]).await)
            }
            "network" => {
                let at = "/api/investigations/import";
                problem(&self.investigator.upload(at, "application/json", "网络.json", bytes).await)
            }
            "bulk" => self.bulk(bytes).await,
            "ledger network" => {
                self.job("/api/networks/imports?division=410902", "网络.json", bytes, &self.investigator)
                    .await
            }
            "sheet" => {
                self.job("/api/imports?kind=purchases&create_products=1", "进货.csv", bytes, &self.owner)
                    .await
            }
            "parties" => {
                let officer = self.w.sign_in("officer1").await;
                self.job("/api/parties/imports", "主体.csv", bytes, &officer).await
            }
            other => panic!("no path {other}"),
        }
    }

    /// The first line of a stream that was refused.
    pub async fn bulk(&self, bytes: Vec<u8>) -> Told {
        let reply =
            self.owner.send(Method::POST, "/api/moves/stream", "application/x-ndjson", bytes, &[]).await;
        let text = reply.text();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let bad = lines.into_iter().find(|l| l["code"].is_string() || l["error"].is_string());
        let Some(line) = bad else { return Told::none(&text) };
        let code = line["code"].as_str().or(line["error"].as_str()).unwrap_or_default().to_owned();
        let place = format!("line {} {}", line["line"], line["field"].as_str().unwrap_or_default());
        Told { code, place, message: line["message"].as_str().unwrap_or_default().to_owned() }
    }

    /// What a job says of a file: the first defect of its account, or why it could not be read at all.
    pub async fn job(&self, path: &str, name: &str, bytes: Vec<u8>, client: &Client) -> Told {
        let reply = client.upload(path, "application/octet-stream", name, bytes).await;
        if !reply.status.is_success() {
            return problem(&reply);
        }
        let id = reply.json()["job"].as_str().unwrap().to_owned();
        run_jobs(&self.w);
        let path = path.split('?').next().unwrap();
        let reply = client.get(&format!("{path}/{id}")).await;
        let body = reply.json();
        match body["defects"][0].as_object() {
            Some(defect) => Told::of(&Value::Object(defect.clone()), "message"),
            None => Told::none(&reply.text()),
        }
    }

    /// Takes a good one in: how many rows were added.
    pub async fn added(&self, bytes: Vec<u8>) -> Value {
        let at = "/api/imports?kind=purchases&create_products=1";
        let id = self.owner.upload(at, "application/octet-stream", "进货.csv", bytes).await.expect(200);
        run_jobs(&self.w);
        self.owner.get(&format!("/api/imports/{}", id["job"].as_str().unwrap())).await.expect(200)
    }

    pub fn end(self) {
        assert!(
            self.wrong.is_empty(),
            "{} answers are not as they should be:\n{}",
            self.wrong.len(),
            self.wrong.join("\n")
        );
    }
}

pub fn form(item: Value) -> String {
    json!({ "mode": "all", "items": [item] }).to_string()
}

pub fn harvest(product: &str, more: Value) -> Value {
    let mut make = json!({ "product": product, "amount": 1_000 });
    let mut all = json!({ "kind": "harvest" });
    for (name, value) in more.as_object().unwrap() {
        let to = if name == "amount" { &mut make } else { &mut all };
        to[name.as_str()] = value.clone();
    }
    all["makes"] = json!([make]);
    all
}

pub fn event(more: &str) -> String {
    let context = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";
    let base =
        r#""type":"ObjectEvent","eventTimeZoneOffset":"+08:00","action":"ADD","bizStep":"commissioning""#;
    let time = if more.contains("eventTime\"") { "" } else { r#","eventTime":"2026-02-01T00:00:00Z""# };
    format!(r#"{{"@context":["{context}"],{base}{time}{more}}}"#)
}

pub fn network(deliveries: &str, relations: &str) -> String {
    format!(
        r#"{{"stations":[{{"id":1,"name":"甲站"}},{{"id":2,"name":"乙站"}}],"deliveries":[{deliveries}],"relations":[{relations}]}}"#
    )
}

pub fn paste(text: &str) -> String {
    json!({ "title": "名单", "seeds": { "text": text } }).to_string()
}

pub fn csv(row: &str) -> String {
    format!("进货日期,供货者,产品名称,批号,数量,单位\n{row}\n")
}

/// A workbook of one sheet with this inside of `worksheet`.
pub fn workbook(before: &str, inside: &str) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let book = format!(
        r#"<workbook xmlns="{NS}" xmlns:r="{REL}"><sheets><sheet name="进货" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let rels = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let root = format!(
        r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let sheet = format!(r#"{before}<worksheet xmlns="{NS}">{inside}</worksheet>"#);
    zipped(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Rows of texts; a cell that begins with `<` is taken as it is.
pub fn cells(rows: &[&[&str]]) -> String {
    let mut out = String::from("<sheetData>");
    for (r, row) in rows.iter().enumerate() {
        out += &format!(r#"<row r="{}">"#, r + 1);
        for (c, text) in row.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + c as u8), r + 1);
            match text.strip_prefix('<') {
                Some(_) => out += &format!(r#"<c r="{at}">{text}</c>"#),
                None if text.is_empty() => {}
                None => out += &format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#),
            }
        }
        out += "</row>";
    }
    out + "</sheetData>"
}

pub const HEADINGS: &[&str] = &["进货日期", "供货者", "产品名称", "批号", "数量", "单位"];
