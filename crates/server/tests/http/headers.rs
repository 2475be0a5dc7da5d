//! What every answer carries, and what no page of ours has in it: over every question of the access table, the pages of
//! the public, the console, refusals and downloads.

use axum::http::Method;
use kit_test::{Client, Reply};
use serde_json::json;

use crate::matrix::rows;
use crate::matrix::scene::{Scene, send};
use crate::world::{World, each};

/// What is wrong with the headers and the body of an answer.
fn faults(reply: &Reply, production: bool) -> Vec<String> {
    let header = |name: &str| reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    let mut out = Vec::new();
    let mut must = |good: bool, what: &str| {
        if !good {
            out.push(what.to_owned());
        }
    };
    must(header("x-content-type-options") == "nosniff", "no nosniff");
    must(matches!(header("referrer-policy"), "same-origin" | "no-referrer"), "no referrer-policy");
    must(header("x-frame-options") == "DENY", "no x-frame-options");
    must(header("server").is_empty() && header("x-powered-by").is_empty(), "says what it is made of");
    let strict = header("strict-transport-security");
    must(strict.is_empty() != production, "strict-transport-security");
    must(
        !production || strict.starts_with("max-age=") && strict.len() > 15,
        "a short strict-transport-security",
    );
    let policy = header("content-security-policy");
    must(policy.contains("default-src 'self'") || policy.contains("default-src 'none'"), "no default-src");
    must(policy.contains("frame-ancestors 'none'"), "frames");
    // the phone app compiles its reader of codes; that evaluates no script
    let policy = &policy.replace("script-src 'self' 'wasm-unsafe-eval'", "script-src 'self'");
    for loose in ["unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "http:", "https:"] {
        must(!policy.contains(loose), loose);
    }
    let scripts = policy.split(';').find_map(|p| p.trim().strip_prefix("script-src "));
    must(scripts.is_none_or(|s| s == "'self'"), "scripts of elsewhere");
    must(!header("content-type").is_empty() || reply.bytes.is_empty(), "no content-type");
    out.extend(download(reply));
    if header("content-type").starts_with("text/html") {
        out.extend(inline(&reply.text()));
    }
    out
}

/// A file is saved under a name that says nothing to the browser, or shown where nothing in it runs.
fn download(reply: &Reply) -> Option<String> {
    let header = |name: &str| reply.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
    let (disposition, policy) = (header("content-disposition"), header("content-security-policy"));
    let media = header("content-type").split(';').next().unwrap_or("");
    if disposition.is_empty() {
        // what has no name is shown in place: text and pictures of our own making
        let plain = [
            "application/json",
            "application/problem+json",
            "application/ld+json",
            "application/linkset+json",
            "text/html",
            "text/plain",
            "text/css",
            "text/javascript",
            "text/event-stream",
            "image/svg+xml",
            "image/png",
            "font/woff2",
            "application/x-ndjson",
            "application/octet-stream",
            "",
        ];
        return (!plain.contains(&media)).then(|| format!("{media} shown in place"));
    }
    if !policy.contains("default-src 'none'") || !policy.contains("sandbox") {
        return Some(format!("a file that may run: {policy}"));
    }
    let name = match disposition {
        "inline" => return None,
        other => other.strip_prefix("attachment; filename*=UTF-8''"),
    };
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"%-_.".contains(&b);
    let good = name.is_some_and(|n| !n.is_empty() && n.bytes().all(safe));
    (!good).then(|| format!("the name of a file: {disposition}"))
}

/// What a page has in it that a policy without `unsafe-inline` would not let run, and should not be there at all.
fn inline(page: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in page.split('<').skip(1) {
        let (tag, rest) = part.split_once('>').unwrap_or((part, ""));
        let mut words = tag.split_ascii_whitespace();
        let name = words.next().unwrap_or("").to_ascii_lowercase();
        if name == "style" || name == "script" && (!tag.contains("src=") || !rest.trim().is_empty()) {
            out.push(format!("<{tag}>"));
        }
        for word in words {
            let word = word.to_ascii_lowercase();
            let handler = word.starts_with("on") && word.contains('=');
            if handler
                || word.starts_with("style=")
                || word.contains("javascript:")
                || word.contains("srcdoc=")
            {
                out.push(format!("{word} in <{name}>"));
            }
        }
    }
    out
}

/// Every question of the access table by somebody who may and by somebody who may not, and what has no row there.
async fn walk(scene: &Scene, production: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut look = |what: String, reply: &Reply| {
        wrong.extend(faults(reply, production).into_iter().map(|f| format!("{what}: {} {f}", reply.status)));
    };
    let routes = server::rooms::routes();
    for row in rows() {
        let route = row.route(&routes);
        if route.method != Method::GET && !route.audit.is_empty() {
            continue;
        }
        for role in ["sys", "aud", "off", "own"] {
            let asker = scene.asker(role, "own").unwrap();
            scene.begin();
            let from = if row.admits(role) { "own" } else { "elsewhere" };
            let filled = scene.fill(&format!("{}\n{}", row.path, row.body), asker, role, from).await;
            let (path, body) = filled.split_once('\n').unwrap();
            look(format!("{role} {path}"), &send(&asker.client, &row.method, path, body).await);
        }
    }
    let public = scene.w.public();
    for path in [
        "/",
        "/console",
        "/console/",
        "/console/parties",
        "/console/none.js",
        "/field",
        "/field/",
        "/field/queue",
        "/field/sw.js",
        "/nirgends",
        "/api/none",
        "/t/none",
        "/t/%3Cscript%3E",
        "/01/1",
        "/api/parties",
        "/api/parties?page=x",
        "/metrics",
        "/console/../etc",
        "/public/page.css",
        "/public/..%2f..%2fCargo.toml",
    ] {
        look(path.to_owned(), &public.get(path).await);
    }
    let index = public.get("/console/").await.text();
    for piece in index.split('"').filter(|p| p.starts_with("/console/")) {
        look(piece.to_owned(), &public.get(piece).await);
    }
    for (method, path, body) in [
        (Method::PUT, "/api/session", "{}"),
        (Method::POST, "/api/session", "{"),
        (Method::POST, "/api/session", "{\"name\":1}"),
        (Method::POST, "/api/session/passkey", "{}"),
        (Method::PATCH, "/api/parties", "{}"),
        (Method::POST, "/api/moves", "{}"),
        (Method::OPTIONS, "/api/moves", ""),
        (Method::HEAD, "/t", ""),
    ] {
        look(format!("{method} {path}"), &send(&public, &method, path, body).await);
    }
    wrong
}

#[test]
fn no_answer_goes_out_without_its_headers_and_no_page_has_anything_inline() {
    each(async |w| {
        let scene = Scene::new(w).await;
        let mut wrong = walk(&scene, false).await;
        wrong.sort_unstable();
        wrong.dedup();
        assert!(wrong.is_empty(), "{} answers:\n{}", wrong.len(), wrong.join("\n"));
    });
}

#[test]
fn real_operation_is_reached_by_tls_alone() {
    each(async |w: World| {
        let mut house = (*w.house).clone();
        house.production = true;
        let client = Client::new(server::serve::app(&std::sync::Arc::new(house)));
        for path in ["/", "/console/", "/t/none", "/api/session", "/api/none", "/api/health"] {
            let reply = client.get(path).await;
            assert_eq!(faults(&reply, true), Vec::<String>::new(), "{path}");
        }
    });
}

#[test]
fn a_file_keeps_no_name_that_does_harm() {
    each(async |w| {
        let scene = Scene::new(w).await;
        let owner = &scene.asker("own", "own").unwrap().client;
        let product = crate::world::product(owner, "豆皮", None).await;
        let path = format!("/api/products/{product}/files?kind=licence&title=%E8%B5%84%E8%B4%A8");
        for name in [
            "%22%3B%20filename%3Dx.exe",
            "%0d%0aSet-Cookie%3A%20a%3Db.pdf",
            "..%2f..%2f..%2fetc%2fpasswd",
            "..%5c..%5cwin.ini",
            "%3Cimg%20src%3Dx%20onerror%3D1%3E.pdf",
            "%00.pdf",
            "CON.pdf",
            "",
        ] {
            let pdf = format!("%PDF-1.4 {name}").into_bytes();
            let made = owner.upload(&path, "application/pdf", name, pdf.clone()).await;
            if made.status.is_client_error() {
                continue;
            }
            let id = made.expect(200)["id"].as_str().unwrap().to_owned();
            let reply = owner.get(&format!("/api/trace-files/{id}")).await;
            assert_eq!((reply.status.as_u16(), &reply.bytes), (200, &pdf), "{name}");
            assert_eq!(faults(&reply, false), Vec::<String>::new(), "{name}");
            assert!(reply.headers.get("set-cookie").is_none(), "{name}");
        }
        // what says it is a picture and is a page is not taken for one, and never shown as one
        let page = b"<html><script>alert(1)</script>".to_vec();
        for media in ["text/html", "image/svg+xml", "image/png", "application/pdf"] {
            let reply = owner.upload(&path, media, "a.html", page.clone()).await;
            assert!(reply.status.is_client_error(), "{media}: {}", reply.text());
        }
        let exports = owner.post("/api/lots/exports", &json!({ "format": "csv" })).await.expect(200);
        crate::pages::run_jobs(&scene.w);
        let file = owner.get(&format!("/api/trace-exports/{}/file", exports["job"].as_str().unwrap())).await;
        assert_eq!((file.status.as_u16(), faults(&file, false)), (200, Vec::new()));
    });
}

#[test]
fn the_scanner_of_pages_sees_what_is_inline() {
    let good = "<!doctype html><html><head><script type=\"module\" src=\"/a.js\"></script></head><p class=\"one\">on=1</p></html>";
    assert_eq!(inline(good), Vec::<String>::new());
    for bad in [
        "<script>x</script>",
        "<script src=\"/a\">x</script>",
        "<style>p{}</style>",
        "<p style=\"color:red\">",
        "<p onclick=\"x()\">",
        "<a href=\"javascript:x()\">",
        "<iframe srcdoc=\"x\">",
    ] {
        assert!(!inline(bad).is_empty(), "{bad}");
    }
}
