//! An upload whose server is killed again and again.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};

use kit_files::Files;

use crate::process::{Reply, Server, ask, furnished, sign_in};

const PIECE: &str = "application/offset+octet-stream";

fn sent(address: SocketAddr, cookie: &str, id: &str, at: usize, text: &str) -> Reply {
    let at = at.to_string();
    let headers = [
        ("cookie", cookie),
        ("tus-resumable", "1.0.0"),
        ("content-type", PIECE),
        ("upload-offset", at.as_str()),
    ];
    ask(address, "PATCH", &format!("/api/uploads/{id}"), &headers, text).unwrap()
}

fn offset(address: SocketAddr, cookie: &str, id: &str) -> usize {
    let reply = ask(address, "GET", &format!("/api/uploads/{id}"), &[("cookie", cookie)], "").unwrap();
    assert_eq!(reply.status, 200);
    usize::try_from(reply.json()["offset"].as_u64().unwrap()).unwrap()
}

#[test]
fn killed_in_the_middle_of_an_upload_nothing_acknowledged_is_lost() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    furnished(&data, None);
    let text: String = (0..4_000_000_u32)
        .map(|n| char::from(b'a' + (n.wrapping_mul(2_654_435_761) >> 27) as u8 % 26))
        .collect();
    let mut server = Server::start(&data, None, &[]);
    let cookie = sign_in(server.address, "owner");
    let length = text.len().to_string();
    let begin = [("cookie", cookie.as_str()), ("tus-resumable", "1.0.0"), ("upload-length", length.as_str())];
    let begun = ask(server.address, "POST", "/api/uploads", &begin, "").unwrap();
    assert_eq!(begun.status, 201);
    let id = begun.json()["id"].as_str().unwrap().to_owned();
    let mut at = 0;
    for round in 1..=6_usize {
        // a piece that is acknowledged, then a longer one that the kill cuts off
        let piece = &text[at..at + 100_000 * round];
        let reply = sent(server.address, &cookie, &id, at, piece);
        assert_eq!(reply.status, 204, "{}", String::from_utf8_lossy(&reply.body));
        let acknowledged = at + piece.len();
        let mut line = TcpStream::connect(server.address).unwrap();
        let head = format!(
            "PATCH /api/uploads/{id} HTTP/1.1\r\nhost: x\r\nx-shian: 1\r\ncookie: {cookie}\r\ntus-resumable: 1.0.0\r\n\
             content-type: {PIECE}\r\nupload-offset: {acknowledged}\r\ncontent-length: {}\r\n\r\n",
            text.len() - acknowledged
        );
        line.write_all(head.as_bytes()).unwrap();
        let more = acknowledged + 150_000;
        line.write_all(&text.as_bytes()[acknowledged..more]).unwrap();
        server.kill();
        drop(line);
        server = Server::start(&data, None, &[]);
        at = offset(server.address, &cookie, &id);
        assert!((acknowledged..=more).contains(&at), "{acknowledged} <= {at} <= {more}");
    }
    assert_eq!(sent(server.address, &cookie, &id, at, &text[at..]).status, 204);
    assert_eq!(offset(server.address, &cookie, &id), text.len());
    server.kill();
    let kept = Files::open(data.join("files")).unwrap().partial_hash(&id, text.len() as u64).unwrap();
    assert_eq!(kept.hash, kit_files::hash_of(&mut text.as_bytes()).unwrap());
}
