//! Files sent in pieces: begun, broken off, gone on with, handed to an import, and given up.

use axum::body::{Body, Bytes};
use axum::http::{Method, Request};
use kit_test::{Client, Reply};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tower::ServiceExt as _;

use crate::world::{World, each, product};

const PIECE: &str = "application/offset+octet-stream";
const HOUR: i64 = 3_600_000;

async fn begin(client: &Client, size: usize, metadata: &str) -> Reply {
    let size = size.to_string();
    let headers = [("tus-resumable", "1.0.0"), ("upload-length", &size), ("upload-metadata", metadata)];
    client.send(Method::POST, "/api/uploads", "", Vec::new(), &headers).await
}

/// Begins an upload; answers its address.
async fn begun(client: &Client, size: usize) -> String {
    let reply = begin(client, size, "filename 6LGG6IWQLmNzdg==").await;
    let place = header(&reply, "location");
    reply.expect(201);
    place
}

fn header(reply: &Reply, name: &str) -> String {
    reply.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn send(client: &Client, place: &str, offset: usize, bytes: &[u8], more: &[(&str, &str)]) -> Reply {
    let offset = offset.to_string();
    let mut headers = vec![("tus-resumable", "1.0.0"), ("upload-offset", offset.as_str())];
    headers.extend_from_slice(more);
    client.send(Method::PATCH, place, PIECE, bytes.to_vec(), &headers).await
}

async fn offset(client: &Client, place: &str) -> usize {
    let reply = client.send(Method::HEAD, place, "", Vec::new(), &[("tus-resumable", "1.0.0")]).await;
    assert_eq!((reply.status.as_u16(), reply.bytes.len()), (200, 0));
    assert_eq!(header(&reply, "cache-control"), "no-store");
    header(&reply, "upload-offset").parse().unwrap()
}

async fn run_jobs(w: &World) {
    let house = w.house.clone();
    let run = move || kit_jobs::run_due(&*house, &server::rooms::job_kinds(), &house.db, &house.clock);
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}

fn id_of(place: &str) -> &str {
    place.rsplit('/').next().unwrap()
}

const SALES: &str = "进货日期,供货者,产品名称,批号,数量,单位\n2026-03-01,老王粮油,小麦粉,F1,100,公斤\n";

#[test]
fn a_file_in_pieces_goes_into_an_import_by_its_id() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        product(&owner, "小麦粉", None).await;
        let bytes = SALES.as_bytes();
        let begun = begin(&owner, bytes.len(), "filename 6L+b6LSnLmNzdg==,filetype dGV4dC9jc3Y=").await;
        assert_eq!(header(&begun, "upload-expires"), "Thu, 05 Mar 2026 01:06:40 GMT");
        assert_eq!(header(&begun, "tus-resumable"), "1.0.0");
        let place = header(&begun, "location");
        let made = begun.expect(201);
        assert_eq!((made["name"].as_str(), made["media"].as_str()), (Some("进货.csv"), Some("text/csv")));
        let import = format!("/api/imports?kind=purchases&upload={}", id_of(&place));
        owner.upload(&import, "", "", Vec::new()).await.refused(409, "upload_unfinished");

        let first = send(&owner, &place, 0, &bytes[..40], &[]).await;
        assert_eq!((first.status.as_u16(), header(&first, "upload-offset").as_str()), (204, "40"));
        assert_eq!(offset(&owner, &place).await, 40);
        // a client of somebody else asks where it is without our header: that changes nothing
        let bare = Request::head(&place).header("cookie", owner.cookie.as_deref().unwrap());
        let bare = server::serve::app(&w.house).oneshot(bare.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!((bare.status().as_u16(), bare.headers()["upload-offset"].to_str().unwrap()), (200, "40"));
        let sum = kit_ledger::hash::base64(&Sha256::digest(&bytes[40..]));
        let rest =
            send(&owner, &place, 40, &bytes[40..], &[("upload-checksum", &format!("sha256 {sum}"))]).await;
        assert_eq!(header(&rest, "upload-offset"), bytes.len().to_string());
        assert_eq!(rest.status, 204);

        let job =
            owner.upload(&import, "", "", Vec::new()).await.expect(200)["job"].as_str().unwrap().to_owned();
        run_jobs(&w).await;
        let done = owner.get(&format!("/api/imports/{job}")).await.expect(200);
        assert_eq!((done["added"].as_i64(), done["rejected"].as_i64()), (Some(1), Some(0)), "{done}");
        // refused for another reason, it can be named again
        owner.upload(&import, "", "", Vec::new()).await.expect(200);
        let listed = owner.get("/api/uploads").await.expect(200);
        assert_eq!(
            (listed["items"][0]["used"].as_bool(), listed["reserved"].as_i64()),
            (Some(true), Some(0))
        );
        assert!(w.house.files.partials().unwrap().is_empty());
        assert_eq!(owner.delete(&place).await.status, 204);
        owner.get(&place).await.refused(404, "not_found");
    });
}

#[test]
fn every_import_takes_an_upload() {
    const PARTIES: &str = "名称,业态,区划代码\n新店,shop,410902\n";
    const NETWORK: &str =
        r#"{"stations":[{"id":"a"},{"id":"b"}],"deliveries":[{"id":"d","from":"a","to":"b"}]}"#;
    const EVENT: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type":"ObjectEvent","eventTime":"2026-02-01T08:00:00+08:00","eventTimeZoneOffset":"+08:00","action":"ADD",
        "epcList":["urn:epc:id:sgtin:4012345.011122.25"]}"#;
    const PRODUCTS: &str = "产品名称,食品类别,计量单位\n老豆腐,25,公斤\n";
    each(async |w| {
        for (who, path, text) in [
            ("officer1", "/api/parties/imports?", PARTIES),
            ("owner", "/api/imports?kind=products&", PRODUCTS),
            ("owner", "/epcis/capture?", EVENT),
            ("investigator", "/api/investigations/import?title=x&", NETWORK),
        ] {
            let client = w.sign_in(who).await;
            let place = begun(&client, text.len()).await;
            assert_eq!(send(&client, &place, 0, text.as_bytes(), &[]).await.status, 204);
            let path = format!("{path}upload={}", id_of(&place));
            client.upload(&path, "", "", Vec::new()).await.expect(200);
            client
                .upload(&path.replace("upload=", "upload=0"), "", "", Vec::new())
                .await
                .refused(422, "upload_unknown");
        }
    });
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let uploads = w.house.held::<kit_uploads::Uploads>();
        uploads.configure(kit_uploads::Settings { most: 1_000, quota: 1_500, kept: HOUR });
        begin(&owner, 1_001, "").await.refused(413, "file_too_large");
        begin(&owner, 0, "").await.refused(422, "file_empty");
        owner.send(Method::POST, "/api/uploads", "", Vec::new(), &[]).await.refused(422, "upload_header");
        let place = begun(&owner, 1_000).await;
        begin(&owner, 501, "").await.refused(413, "upload_quota");
        begin(&w.sign_in("clerk").await, 501, "").await.expect(201);

        assert_eq!(send(&owner, &place, 0, b"hello", &[]).await.status, 204);
        send(&owner, &place, 0, b"hello", &[]).await.refused(409, "upload_offset");
        send(&owner, &place, 6, b"hello", &[]).await.refused(409, "upload_offset");
        let wrong = [("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=")];
        let problem = send(&owner, &place, 5, b" World", &wrong).await.refused(460, "upload_checksum");
        assert_eq!(problem["status"], 460);
        let unknown = [("upload-checksum", "md5 AAAA")];
        send(&owner, &place, 5, b" World", &unknown).await.refused(400, "upload_algorithm");
        send(&owner, &place, 5, &[b'x'; 996], &[]).await.refused(413, "upload_too_long");
        let sent = [("tus-resumable", "1.0.0"), ("upload-offset", "5")];
        let media = owner.send(Method::PATCH, &place, "text/plain", b"x".to_vec(), &sent).await;
        media.refused(415, "body_media");
        let version = [("tus-resumable", "0.2.2"), ("upload-offset", "5")];
        let reply = owner.send(Method::PATCH, &place, PIECE, b"x".to_vec(), &version).await;
        assert_eq!(header(&reply, "tus-version"), "1.0.0");
        reply.refused(412, "tus_version");
        owner.send(Method::PATCH, &place, PIECE, b"x".to_vec(), &sent[1..]).await.refused(412, "tus_version");
        assert_eq!(offset(&owner, &place).await, 5);

        let clerk = w.sign_in("clerk").await;
        send(&clerk, &place, 5, b"x", &[]).await.refused(404, "not_found");
        clerk.get(&place).await.refused(404, "not_found");
        clerk.delete(&place).await.refused(404, "not_found");
        assert_eq!(w.public().get("/api/uploads").await.status, 401);
        let by_post = owner.send(Method::POST, &place, PIECE, b" POST".to_vec(), &sent).await;
        by_post.refused(405, "upload_method");
        let over = [sent[0], sent[1], ("x-http-method-override", "PATCH")];
        assert_eq!(owner.send(Method::POST, &place, PIECE, b" POST".to_vec(), &over).await.status, 204);
        assert_eq!(offset(&owner, &place).await, 10);
        let told = owner.send(Method::OPTIONS, "/api/uploads", "", Vec::new(), &[]).await;
        assert_eq!((told.status.as_u16(), header(&told, "tus-extension").contains("checksum")), (204, true));
    });
}

/// A request whose body breaks off after these bytes.
async fn broken_off(
    w: &World,
    client: &Client,
    place: &str,
    at: usize,
    bytes: &[u8],
    more: Option<(&str, &str)>,
) {
    let whole = futures_util::stream::iter([
        Ok(Bytes::copy_from_slice(bytes)),
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset)),
    ]);
    let mut request = Request::patch(place)
        .header("cookie", client.cookie.as_deref().unwrap())
        .header("x-shian", "1")
        .header("tus-resumable", "1.0.0")
        .header("content-type", PIECE)
        .header("upload-offset", at);
    if let Some((name, value)) = more {
        request = request.header(name, value);
    }
    let request = request.body(Body::from_stream(whole)).unwrap();
    let answer = server::serve::app(&w.house).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 422);
}

#[test]
fn a_line_that_breaks_keeps_what_came_and_the_rest_follows() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let place = begun(&owner, bytes.len()).await;
        broken_off(&w, &owner, &place, 0, &bytes[..70_001], None).await;
        assert_eq!(offset(&owner, &place).await, 70_001);
        // of a piece with a checksum nothing counts before it was compared
        broken_off(&w, &owner, &place, 70_001, b"something else", Some(("upload-checksum", "sha1 AAAA")))
            .await;
        assert_eq!(offset(&owner, &place).await, 70_001);

        // over a real connection that is closed in the middle
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = server::serve::app(&w.house).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(listener, app).await });
        let mut line = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "PATCH {place} HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\nx-shian: 1\r\ntus-resumable: 1.0.0\r\n\
             content-type: {PIECE}\r\nupload-offset: 70001\r\ncontent-length: {}\r\n\r\n",
            owner.cookie.as_deref().unwrap(),
            bytes.len() - 70_001
        );
        line.write_all(head.as_bytes()).await.unwrap();
        line.write_all(&bytes[70_001..500_000]).await.unwrap();
        drop(line);
        // what was on its way may still be coming in, or come in only now and take the turn: a client asks again where it is told so
        loop {
            let at = offset(&owner, &place).await;
            assert!((70_001..=500_000).contains(&at), "{at}");
            let rest = send(&owner, &place, at, &bytes[at..], &[]).await;
            let taken = rest.status == 422 && rest.text().contains("upload_broken");
            if rest.status != 409 && !taken {
                assert_eq!(rest.status, 204, "{}", rest.text());
                break;
            }
        }
        serving.abort();
        let stored = w.house.files.partial_hash(id_of(&place), bytes.len() as u64).unwrap();
        assert_eq!(stored.hash, kit_files::hash_of(&mut &bytes[..]).unwrap());
    });
}

#[test]
fn the_newest_transfer_has_the_turn() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let place = begun(&owner, 10).await;
        // a connection that the server takes for alive: bytes, then silence
        let (mut to, from) = tokio::io::duplex(64);
        let body = futures_util::stream::unfold(from, |mut from| async move {
            let mut buffer = [0; 64];
            let n = tokio::io::AsyncReadExt::read(&mut from, &mut buffer).await.ok().filter(|n| *n > 0)?;
            Some((Ok::<_, std::io::Error>(Bytes::copy_from_slice(&buffer[..n])), from))
        });
        let request = Request::patch(&place)
            .header("cookie", owner.cookie.as_deref().unwrap())
            .header("x-shian", "1")
            .header("tus-resumable", "1.0.0")
            .header("content-type", PIECE)
            .header("upload-offset", 0)
            .body(Body::from_stream(body))
            .unwrap();
        let slow = tokio::spawn(server::serve::app(&w.house).oneshot(request));
        to.write_all(b"1234").await.unwrap();
        let at = loop {
            // asking for the offset ends the silent one; where it had not begun yet, ask again
            let at = offset(&owner, &place).await;
            if at > 0 || slow.is_finished() {
                break at;
            }
            tokio::task::yield_now().await;
        };
        assert!(at == 0 || at == 4, "{at}");
        assert_eq!(slow.await.unwrap().unwrap().status(), 422);
        assert_eq!(send(&owner, &place, at, &b"1234567890"[at..], &[]).await.status, 204);
        drop(to);
    });
}

#[test]
fn what_nobody_finishes_goes_away() {
    each(async |w| {
        let owner = w.sign_in("owner").await;
        let place = begun(&owner, 10).await;
        assert_eq!(send(&owner, &place, 0, b"12345", &[]).await.status, 204);
        w.house.clock.advance(48 * HOUR + 1);
        let owner = w.sign_in("owner").await;
        owner.get(&place).await.refused(404, "not_found");
        send(&owner, &place, 5, b"67890", &[]).await.refused(404, "not_found");
        let fresh = begun(&owner, 10).await;
        assert_eq!(send(&owner, &fresh, 0, b"12345", &[]).await.status, 204);
        w.house.files.piece("gone-row", 0).unwrap();
        server::duties::begin(&w.house).await.unwrap();
        w.house.clock.advance(2 * HOUR);
        run_jobs(&w).await;
        assert_eq!(w.house.files.partials().unwrap(), [id_of(&fresh)]);
        let owner = w.sign_in("owner").await;
        let listed: Value = owner.get("/api/uploads").await.expect(200);
        assert_eq!((listed["items"].as_array().unwrap().len(), listed["reserved"].as_i64()), (1, Some(10)));
    });
}
