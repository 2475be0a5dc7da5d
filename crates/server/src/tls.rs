//! TLS of the server itself: certificate and key from PEM files, read again when they change, so that a renewed certificate
//! holds for the next connection and no connection is dropped.
//!
//! Handshakes run off the accept loop, each within [`PATIENCE`]: who connects and says nothing keeps nobody waiting.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use kit_base::{Error, Kind, Result};
use parking_lot::RwLock;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes under way; beyond them connections wait in the kernel's queue.
const SHAKING: usize = 512;
/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(10);

/// Certificate and key, followed as they change.
pub struct Tls {
    cert: PathBuf,
    key: PathBuf,
    held: RwLock<Held>,
}

struct Held {
    config: Arc<ServerConfig>,
    /// What the files held when they were last looked at, good or bad.
    seen: (Vec<u8>, Vec<u8>),
}

/// What a look at the files found.
#[derive(Debug)]
pub enum Look {
    Same,
    /// New connections get the new certificate.
    Renewed,
    /// The files changed and are no good; the certificate before them goes on.
    Refused(Error),
}

impl Tls {
    /// Reads the chain of certificates (the server's own first) and its key.
    ///
    /// Errors: `tls_unreadable`, `tls_certificate`, `tls_key`, `tls_mismatch`.
    pub fn open(cert: &Path, key: &Path) -> Result<Self> {
        let seen = (read(cert)?, read(key)?);
        let config = configured(cert, key, &seen)?;
        let held = RwLock::new(Held { config, seen });
        Ok(Self { cert: cert.to_owned(), key: key.to_owned(), held })
    }

    /// Looks whether the files have changed, and takes what they hold now.
    pub fn look(&self) -> Look {
        let seen = match (read(&self.cert), read(&self.key)) {
            (Ok(cert), Ok(key)) => (cert, key),
            // gone for a moment while it is written anew, or for good: told at each look
            (Err(e), _) | (_, Err(e)) => return Look::Refused(e),
        };
        if self.held.read().seen == seen {
            return Look::Same;
        }
        let made = configured(&self.cert, &self.key, &seen);
        let mut held = self.held.write();
        held.seen = seen;
        match made {
            Ok(config) => {
                held.config = config;
                Look::Renewed
            }
            Err(e) => Look::Refused(e),
        }
    }

    /// Looks at the files again and again.
    pub async fn follow(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let hands = self.clone();
            match tokio::task::spawn_blocking(move || hands.look()).await {
                Ok(Look::Same) => {}
                Ok(Look::Renewed) => tracing::info!("certificate renewed"),
                Ok(Look::Refused(e)) => {
                    tracing::warn!(error = %e, "new certificate not taken, the old one goes on")
                }
                Err(e) => tracing::error!(error = %e, "looking at the certificate broke off"),
            }
        }
    }

    fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.held.read().config.clone())
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| {
        let text = format!("读不到 TLS 文件 {}：{e}", path.display());
        Error::new(Kind::Conflict, "tls_unreadable", text)
    })
}

fn configured(cert: &Path, key: &Path, seen: &(Vec<u8>, Vec<u8>)) -> Result<Arc<ServerConfig>> {
    let refuse = |code: &'static str, text: String| Error::new(Kind::Conflict, code, text);
    let chain: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&seen.0).collect();
    let chain = chain.unwrap_or_default();
    if chain.is_empty() {
        let text = format!(
            "{} 中没有可用的证书：应为 PEM 格式，以 -----BEGIN CERTIFICATE----- 开头",
            cert.display()
        );
        return Err(refuse("tls_certificate", text));
    }
    let secret = PrivateKeyDer::from_pem_slice(&seen.1).map_err(|_| {
        let text = format!("{} 中没有可用的私钥：应为 PEM 格式，且没有口令保护", key.display());
        refuse("tls_key", text)
    })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_single_cert(chain, secret);
    let mut config = config.map_err(|e| match e {
        rustls::Error::InconsistentKeys(_) => {
            let text = format!("私钥 {} 与证书 {} 不是一对", key.display(), cert.display());
            refuse("tls_mismatch", text)
        }
        other => refuse("tls_certificate", format!("证书 {} 或私钥不能使用：{other}", cert.display())),
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Connections whose handshake is done.
pub struct Door {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Door {
    pub fn open(mut listener: TcpListener, tls: Arc<Tls>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (done, ready) = mpsc::channel(64);
        let accepting = tokio::spawn(async move {
            let places = Arc::new(Semaphore::new(SHAKING));
            while let Ok(place) = places.clone().acquire_owned().await {
                let (stream, peer) = Listener::accept(&mut listener).await;
                let (acceptor, done) = (tls.acceptor(), done.clone());
                tokio::spawn(async move {
                    let shaken = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await;
                    drop(place);
                    match shaken {
                        // nobody takes it any more where the server ends
                        Ok(Ok(stream)) => drop(done.send((stream, peer)).await),
                        Ok(Err(e)) => tracing::debug!(%peer, error = %e, "no handshake"),
                        Err(_) => tracing::debug!(%peer, "handshake took too long"),
                    }
                });
            }
        });
        Ok(Self { address, ready, accepting })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for Door {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(next) => next,
            // the accepting task lives as long as this door
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Sends whoever comes by http to the same place by https: at the public address, whatever host they asked for.
pub fn redirect(public_url: &str) -> axum::Router {
    let base = public_url.trim_end_matches('/').to_owned();
    axum::Router::new().fallback(move |uri: axum::http::Uri| {
        let rest = uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        let place = format!("{base}{rest}");
        async move { axum::response::Redirect::permanent(&place) }
    })
}
