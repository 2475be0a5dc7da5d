//! TLS of the server itself: the certificate, its renewal, its faults, and the ways in beside it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use server::tls::{Door, Look, Tls, redirect};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::world::{PASSWORD, each};

/// Makes a certificate for localhost and its key: `NAME.pem`, `NAME.key`.
pub fn made(folder: &Path, name: &str) -> Option<(PathBuf, PathBuf)> {
    let (cert, key) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    let done = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
        ])
        .args(["-subj", &format!("/CN={name}"), "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-out"])
        .arg(&cert)
        .arg("-keyout")
        .arg(&key)
        .output();
    if !done.is_ok_and(|d| d.status.success()) {
        eprintln!("skipped: no openssl here");
        return None;
    }
    Some((cert, key))
}

/// A client that trusts this certificate alone.
fn trusting(cert: &Path) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(cert).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

type Line = tokio_rustls::client::TlsStream<TcpStream>;

async fn connect(address: SocketAddr, cert: &Path) -> std::io::Result<Line> {
    let stream = TcpStream::connect(address).await?;
    trusting(cert).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// One request on a line that stays open; answers head and body.
async fn ask(line: &mut Line, request: &str) -> String {
    line.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).unwrap_or("0");
            if body.len() >= length.parse::<usize>().unwrap() {
                return text;
            }
        }
        let mut piece = [0; 4_096];
        let n = line.read(&mut piece).await.unwrap();
        assert!(n > 0, "closed: {text}");
        bytes.extend_from_slice(&piece[..n]);
    }
}

const ABOUT: &str = "GET /api/about HTTP/1.1\r\nhost: localhost\r\n\r\n";

#[test]
fn a_renewed_certificate_holds_for_the_next_line_and_a_bad_one_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let Some((cert, key)) = made(dir.path(), "first") else { return };
    let (second, second_key) = made(dir.path(), "second").unwrap();
    let (trusted, key_of_first) = (dir.path().join("trusted.pem"), std::fs::read(&key).unwrap());
    std::fs::copy(&cert, &trusted).unwrap();
    each(async |w| {
        std::fs::copy(&trusted, &cert).unwrap();
        std::fs::write(&key, &key_of_first).unwrap();
        let tls = Arc::new(Tls::open(&cert, &key).unwrap());
        w.house.speak_tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // somebody who connects and says nothing keeps nobody waiting
        let _silent = TcpStream::connect(address).await.unwrap();
        let door = Door::open(listener, tls.clone()).unwrap().tap_io(|_| {});
        let app = server::serve::app(&w.house).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move { axum::serve(door, app).await });

        let mut old = connect(address, &trusted).await.unwrap();
        let answer = ask(&mut old, ABOUT).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains("strict-transport-security: max-age=63072000"), "{answer}");
        let body = format!("{{\"name\":\"owner\",\"password\":\"{PASSWORD}\"}}");
        let sign_in = format!(
            "POST /api/session HTTP/1.1\r\nhost: localhost\r\nx-shian: 1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = ask(&mut old, &sign_in).await;
        assert!(answer.contains("; Secure"), "{answer}");
        assert!(connect(address, &second).await.is_err(), "a client that trusts another certificate");

        // a certificate without its key, then both
        assert!(matches!(tls.look(), Look::Same));
        std::fs::copy(&second, &cert).unwrap();
        let Look::Refused(e) = tls.look() else { panic!("taken without its key") };
        assert_eq!(e.code, "tls_mismatch");
        assert!(connect(address, &trusted).await.is_ok(), "the old one goes on");
        std::fs::copy(&second_key, &key).unwrap();
        assert!(matches!(tls.look(), Look::Renewed));
        assert!(connect(address, &trusted).await.is_err());
        assert!(ask(&mut connect(address, &second).await.unwrap(), ABOUT).await.starts_with("HTTP/1.1 200"));
        // the line from before is still open
        assert!(ask(&mut old, ABOUT).await.starts_with("HTTP/1.1 200"));
        std::fs::write(&cert, "nothing").unwrap();
        assert!(matches!(tls.look(), Look::Refused(e) if e.code == "tls_certificate"));
        assert!(matches!(tls.look(), Look::Same), "told once");
        serving.abort();
    });
}

#[test]
fn faults_of_the_files_are_named_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let Some((cert, key)) = made(dir.path(), "first") else { return };
    let (_, other) = made(dir.path(), "other").unwrap();
    let gone = dir.path().join("gone.pem");
    for (cert, key, code) in [
        (&gone, &key, "tls_unreadable"),
        (&cert, &gone, "tls_unreadable"),
        (&key, &key, "tls_certificate"),
        (&cert, &cert, "tls_key"),
        (&cert, &other, "tls_mismatch"),
    ] {
        let e = Tls::open(cert, key).err().unwrap();
        assert_eq!(e.code, code);
        assert!(e.message.contains(dir.path().to_str().unwrap()), "{}", e.message);
    }
}

#[test]
fn http_is_sent_to_https_at_the_public_address() {
    let client = kit_test::Client::new(redirect("https://shian.example.gov.cn/"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let reply = runtime.block_on(client.get("/t/ABC?x=1"));
    assert_eq!(reply.status, 308);
    assert_eq!(reply.headers["location"], "https://shian.example.gov.cn/t/ABC?x=1");
}
