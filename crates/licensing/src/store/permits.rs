//! Applications, what was handed in, drafts, papers.

use kit_base::{Millis, Result};
use kit_db::{Filter, Param, Tx, params};
use kit_web::{Page, Scope, answer::paging};

use crate::model::{Draft, Permit, PermitFile, Submission};

kit_db::statements! {
    INSERT = "INSERT INTO permits (id, number, matter, act, mode, party, party_name, agent, division, licence, form, form_version,
            submission, content, notes, status, phase, received_at, due_at, outcome, issued, simulated)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, '', '', $20)";
    BY_ID = "SELECT id, number, matter, act, mode, party, party_name, agent, division, licence, form, form_version, submission,
            status, phase, received_at, accepted_at, decided_at, due_at, outcome, issued, notes, simulated
        FROM permits WHERE id = $1";
    CONTENT = "SELECT content FROM permits WHERE id = $1";
    SET_COURSE = "UPDATE permits SET status = $2, phase = $3, accepted_at = $4, decided_at = $5, due_at = $6, outcome = $7
        WHERE id = $1";
    SET_ISSUED = "UPDATE permits SET issued = $2 WHERE id = $1";
    SET_CONTENT = "UPDATE permits SET submission = $2, content = $3, notes = $4, form_version = $5 WHERE id = $1";
    OPEN_TWIN = "SELECT number FROM permits WHERE party = $1 AND matter = $2 AND act = $3 AND licence = $4 AND outcome = ''
        ORDER BY received_at LIMIT 1";
    ADD_SUBMISSION = "INSERT INTO permit_submissions (id, permit, party, matter, act, mode, form, form_version, file, size, user_id,
            user_name, received_at, defects)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    SUBMISSIONS = "SELECT id, form, form_version, file, size, user_name, received_at, defects FROM permit_submissions
        WHERE permit = $1 ORDER BY received_at, id";
    SUBMISSION_OF = "SELECT file FROM permit_submissions WHERE id = $1 AND permit = $2";
    ADD_DRAFT = "INSERT INTO permit_drafts (id, user_id, party, party_name, matter, act, mode, licence, form_version, content, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SET_DRAFT = "UPDATE permit_drafts SET content = $3, mode = $4, updated_at = $5 WHERE id = $1 AND user_id = $2";
    DROP_DRAFT = "DELETE FROM permit_drafts WHERE id = $1 AND user_id = $2";
    DRAFT = "SELECT id, party, party_name, matter, act, mode, licence, form_version, content, updated_at FROM permit_drafts
        WHERE id = $1 AND user_id = $2";
    /// Bounded: what one person has begun.
    DRAFTS = "SELECT id, party, party_name, matter, act, mode, licence, form_version, content, updated_at FROM permit_drafts
        WHERE user_id = $1 ORDER BY updated_at DESC LIMIT 50";
    ADD_FILE = "INSERT INTO permit_files (id, party, user_id, user_name, file, media, size, name, shot, taken_at, received_at, lon, lat,
            accuracy, in_app, doubts, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    FILE = "SELECT id, party, file, media, size, name, shot, user_name, taken_at, received_at, lon, lat, accuracy, in_app, doubts, hash
        FROM permit_files WHERE id = $1";
    /// Bounded: the latest papers and photos of a business.
    FILES_OF = "SELECT id, party, file, media, size, name, shot, user_name, taken_at, received_at, lon, lat, accuracy, in_app, doubts, hash
        FROM permit_files WHERE party = $1 ORDER BY received_at DESC, id DESC LIMIT 2000";
    FILE_ELSEWHERE = "SELECT id FROM permit_files WHERE file = $1 AND party <> $2 LIMIT 1";
    CONTENTS = "SELECT file FROM permit_files UNION SELECT file FROM permit_submissions";
}

/// An application on its way into the database.
pub struct NewRow<'a> {
    pub id: &'a str,
    pub number: &'a str,
    pub matter: &'a str,
    pub act: &'a str,
    pub mode: &'a str,
    pub party: &'a str,
    pub party_name: &'a str,
    pub agent: &'a str,
    pub division: &'a str,
    pub licence: &'a str,
    pub form: &'a str,
    pub form_version: i64,
    pub submission: &'a str,
    pub content: &'a str,
    pub notes: &'a str,
    pub status: &'a str,
    pub phase: &'a str,
    pub received_at: Millis,
    pub due_at: Option<Millis>,
    pub simulated: bool,
}

pub fn insert(tx: &mut Tx, r: &NewRow) -> Result<()> {
    let row = params![
        r.id,
        r.number,
        r.matter,
        r.act,
        r.mode,
        r.party,
        r.party_name,
        r.agent,
        r.division,
        r.licence,
        r.form,
        r.form_version,
        r.submission,
        r.content,
        r.notes,
        r.status,
        r.phase,
        r.received_at,
        r.due_at,
        r.simulated
    ];
    tx.exec(INSERT, row).map(drop)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Permit>> {
    tx.one(BY_ID, params![id])
}

/// What was filled in, JSON.
pub fn content(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    tx.one(CONTENT, params![id])
}

/// Columns that follow the case.
pub fn set_course(tx: &mut Tx, p: &Permit) -> Result<()> {
    let row = params![&p.id, &p.status, &p.phase, p.accepted_at, p.decided_at, p.due_at, &p.outcome];
    tx.exec(SET_COURSE, row).map(drop)
}

pub fn set_issued(tx: &mut Tx, id: &str, licence: &str) -> Result<()> {
    tx.exec(SET_ISSUED, params![id, licence]).map(drop)
}

pub fn set_content(
    tx: &mut Tx,
    id: &str,
    submission: &str,
    content: &str,
    notes: &str,
    version: i64,
) -> Result<()> {
    tx.exec(SET_CONTENT, params![id, submission, content, notes, version]).map(drop)
}

/// Number of the same application that goes on.
pub fn open_twin(tx: &mut Tx, party: &str, matter: &str, act: &str, licence: &str) -> Result<Option<String>> {
    tx.one(OPEN_TWIN, params![party, matter, act, licence])
}

/// What was handed in, on its way into the database.
pub struct NewSubmission<'a> {
    pub id: &'a str,
    pub permit: &'a str,
    pub party: &'a str,
    pub matter: &'a str,
    pub act: &'a str,
    pub mode: &'a str,
    pub form: &'a str,
    pub form_version: i64,
    pub file: &'a str,
    pub size: i64,
    pub user: &'a str,
    pub user_name: &'a str,
    pub received_at: Millis,
    pub defects: &'a str,
}

pub fn add_submission(tx: &mut Tx, s: &NewSubmission) -> Result<()> {
    let row = params![
        s.id,
        s.permit,
        s.party,
        s.matter,
        s.act,
        s.mode,
        s.form,
        s.form_version,
        s.file,
        s.size,
        s.user,
        s.user_name,
        s.received_at,
        s.defects
    ];
    tx.exec(ADD_SUBMISSION, row).map(drop)
}

pub fn submissions(tx: &mut Tx, permit: &str) -> Result<Vec<Submission>> {
    let mut out = Vec::new();
    tx.scan(SUBMISSIONS, params![permit], &mut |r| {
        let defects: String = r.get(7)?;
        let defects: Vec<serde_json::Value> =
            serde_json::from_str(&defects).map_err(kit_base::Error::internal)?;
        out.push(Submission {
            id: r.get(0)?,
            form: r.get(1)?,
            form_version: r.get(2)?,
            file: r.get(3)?,
            size: r.get(4)?,
            user_name: r.get(5)?,
            received_at: r.get(6)?,
            defects: defects.len() as i64,
        });
        Ok(true)
    })?;
    Ok(out)
}

/// Content of something handed in for an application.
pub fn submission_file(tx: &mut Tx, permit: &str, id: &str) -> Result<Option<String>> {
    tx.one(SUBMISSION_OF, params![id, permit])
}

pub fn add_draft(tx: &mut Tx, user: &str, d: &Draft, content: &str) -> Result<()> {
    let row = params![
        &d.id,
        user,
        &d.party,
        &d.party_name,
        &d.matter,
        &d.act,
        &d.mode,
        &d.licence,
        d.form_version,
        content,
        d.updated_at
    ];
    tx.exec(ADD_DRAFT, row).map(drop)
}

/// Answers whether there was such a draft.
pub fn set_draft(tx: &mut Tx, user: &str, id: &str, content: &str, mode: &str, now: Millis) -> Result<bool> {
    Ok(tx.exec(SET_DRAFT, params![id, user, content, mode, now])? == 1)
}

/// Answers whether there was such a draft.
pub fn drop_draft(tx: &mut Tx, user: &str, id: &str) -> Result<bool> {
    Ok(tx.exec(DROP_DRAFT, params![id, user])? == 1)
}

pub fn draft(tx: &mut Tx, user: &str, id: &str) -> Result<Option<Draft>> {
    tx.one(DRAFT, params![id, user])
}

pub fn drafts(tx: &mut Tx, user: &str) -> Result<Vec<Draft>> {
    tx.all(DRAFTS, params![user])
}

pub fn add_file(tx: &mut Tx, user: &str, f: &PermitFile) -> Result<()> {
    let doubts = f.doubts.join(",");
    let row = params![
        &f.id,
        &f.party,
        user,
        &f.user_name,
        &f.file,
        &f.media,
        f.size,
        &f.name,
        &f.shot,
        f.taken_at,
        f.received_at,
        f.lon,
        f.lat,
        f.accuracy,
        f.in_app,
        &doubts,
        &f.hash
    ];
    tx.exec(ADD_FILE, row).map(drop)
}

pub fn file(tx: &mut Tx, id: &str) -> Result<Option<PermitFile>> {
    tx.one(FILE, params![id])
}

pub fn files_of(tx: &mut Tx, party: &str) -> Result<Vec<PermitFile>> {
    tx.all(FILES_OF, params![party])
}

/// Whether another business handed in the same content.
pub fn used_elsewhere(tx: &mut Tx, content: &str, party: &str) -> Result<bool> {
    Ok(tx.one::<String>(FILE_ELSEWHERE, params![content, party])?.is_some())
}

/// Content of all that was handed in, for the check that every file is there.
pub fn contents(tx: &mut Tx) -> Result<Vec<String>> {
    tx.all(CONTENTS, &[])
}

/// What is wanted of the list.
#[derive(Debug, Clone, Default, serde::Deserialize, schemars::JsonSchema)]
pub struct PermitQuery {
    /// Text in the applicant's name or the number.
    pub q: Option<String>,
    pub matter: Option<String>,
    pub act: Option<String>,
    pub status: Option<String>,
    /// `open` goes on, `late` overdue, `ended`
    pub state: Option<String>,
    pub party: Option<String>,
    pub page: Option<i64>,
    pub size: Option<i64>,
}

/// Applications within a scope, the latest first.
pub fn list(tx: &mut Tx, scope: &Scope, q: &PermitQuery, now: Millis) -> Result<Page<Permit>> {
    let (page, size) = paging(q.page, q.size);
    let counted = narrowed(Filter::new("SELECT 1 FROM permits p"), scope, q, now);
    let total = tx.count(&counted.counted_to(kit_web::answer::COUNTED))?;
    let rows = Filter::new(
        "SELECT p.id, p.number, p.matter, p.act, p.mode, p.party, p.party_name, p.agent, p.division, p.licence, p.form, p.form_version,
            p.submission, p.status, p.phase, p.received_at, p.accepted_at, p.decided_at, p.due_at, p.outcome, p.issued, p.notes, p.simulated
        FROM permits p",
    );
    let rows = narrowed(rows, scope, q, now).then(
        "ORDER BY p.received_at DESC, p.id DESC LIMIT ? OFFSET ?",
        &[Param::Int(size), Param::Int((page - 1) * size)],
    );
    Ok(Page { items: tx.list(&rows)?, total, page, size })
}

fn narrowed(filter: Filter, scope: &Scope, q: &PermitQuery, now: Millis) -> Filter {
    let filter = scope.restrict(filter, "p.division >= ? AND p.division < ?", "p.party = ? OR p.agent = ?");
    let filter = filter
        .and_some("p.matter = ?", q.matter.as_deref().filter(|t| !t.is_empty()))
        .and_some("p.act = ?", q.act.as_deref().filter(|t| !t.is_empty()))
        .and_some("p.status = ?", q.status.as_deref().filter(|t| !t.is_empty()))
        .and_some("p.party = ?", q.party.as_deref().filter(|t| !t.is_empty()));
    let filter = match q.state.as_deref() {
        Some("open") => filter.and("p.outcome = ''", &[]),
        Some("late") => filter.and("p.outcome = '' AND p.due_at <= ?", &[Param::Int(now)]),
        Some("ended") => filter.and("p.outcome <> ''", &[]),
        _ => filter,
    };
    let text = q.q.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text.map(|t| format!("%{}%", t.replace(['%', '_'], ""))) {
        Some(like) => {
            let like = Param::Text(&like);
            filter.and("p.party_name LIKE ? OR p.number LIKE ?", &[like, like])
        }
        None => filter,
    }
}
