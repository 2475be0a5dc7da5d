//! What behaviour tests stand on: a fresh database of either kind, and a client that speaks HTTP to a router in this
//! process.
//!
//! SQLite is always tested. PostgreSQL is tested where `SHIAN_TEST_POSTGRES` names a server on which databases may be
//! made (`make test` starts one and sets it); each test gets a database of its own, dropped at the end.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kit_db::{Db, PgOptions, SqliteOptions};
use serde_json::Value;
use tower::ServiceExt as _;

/// A database for one test; gone when dropped.
pub struct TestDb {
    pub db: Db,
    pub name: &'static str,
    /// A folder of the test's own.
    pub dir: tempfile::TempDir,
    made: Option<(String, String)>,
}

static MADE: AtomicU32 = AtomicU32::new(0);

impl TestDb {
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let options =
            SqliteOptions { durable: false, readers: 2, ..SqliteOptions::file(dir.path().join("test.db")) };
        Self { db: Db::open_sqlite(options).expect("sqlite opens"), name: "sqlite", dir, made: None }
    }

    /// A new database on the test server; `None` where no server is named.
    pub fn postgres() -> Option<Self> {
        let admin = std::env::var("SHIAN_TEST_POSTGRES").ok()?;
        let name = format!("shian_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        admin_sql(
            &admin,
            &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"),
        );
        let base = admin.rsplit_once('/').map_or(admin.as_str(), |(base, _)| base);
        let url = format!("{base}/{name}");
        let db = Db::open_postgres(PgOptions { url, connections: 3 }).expect("postgres opens");
        let dir = tempfile::tempdir().expect("a folder for the test");
        Some(Self { db, name: "postgres", dir, made: Some((admin, name)) })
    }

    /// One of each kind that is here.
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres()).collect()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some((admin, name)) = self.made.take() {
            // the pool may still hold connections
            admin_sql(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// On a thread of its own: the synchronous client must not run inside an async test.
fn admin_sql(url: &str, sql: &str) {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = postgres::Client::connect(url, postgres::NoTls).expect("test server answers");
            client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e}"));
        });
    });
}

/// Speaks HTTP to a router, with a session of its own.
#[derive(Clone)]
pub struct Client {
    router: Router,
    pub cookie: Option<String>,
    /// Where it asks from; nowhere is inside of the process.
    pub address: Option<std::net::SocketAddr>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as JSON; `Null` where there is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body, after checking the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self.json()
    }

    /// Checks that this is a refusal with this code; answers the problem.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self { router, cookie: None, address: None }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, "", Vec::new(), &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, "application/json", body.to_string().into_bytes(), &[]).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, "application/json", body.to_string().into_bytes(), &[]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, "", Vec::new(), &[]).await
    }

    /// Sends a file; `name` goes percent-encoded into `X-File-Name`.
    pub async fn upload(&self, path: &str, media: &str, name: &str, bytes: Vec<u8>) -> Reply {
        self.send(Method::POST, path, media, bytes, &[("x-file-name", name)]).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        media: &str,
        body: Vec<u8>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("x-shian", "1");
        if !media.is_empty() {
            request = request.header(header::CONTENT_TYPE, media);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        if let Some(address) = self.address {
            request.extensions_mut().insert(axum::extract::ConnectInfo(address));
        }
        let response = self.router.clone().oneshot(request).await.expect("a router always answers");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }

    /// Keeps the cookie that an answer set.
    pub fn keep_cookie(&mut self, reply: &Reply) {
        if let Some(set) = reply.headers.get(header::SET_COOKIE).and_then(|v| v.to_str().ok()) {
            self.cookie = set.split(';').next().map(str::to_owned);
        }
    }
}
