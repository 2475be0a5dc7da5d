//! HTTP over loopback, as little of it as measuring needs.

use kit_base::{Error, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// As little of an HTTP client as measuring needs: it must not cost more than what it measures.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    pub async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// The body of a good answer. Error: any other status, or an answer of unknown length.
    pub async fn get(&mut self, path: &str, encoding: &str) -> Result<Vec<u8>> {
        self.ask("GET", path, &format!("accept-encoding: {encoding}\r\n"), &[]).await
    }

    /// Sends JSON with a session's cookie; the body of a good answer.
    pub async fn post(&mut self, path: &str, cookie: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.ask("POST", path, &json_head(cookie, body.len()), body).await
    }

    /// Reads with a session's cookie.
    pub async fn read(&mut self, path: &str, cookie: &str) -> Result<Vec<u8>> {
        self.ask("GET", path, &format!("cookie: {cookie}\r\n"), &[]).await
    }

    async fn ask(&mut self, method: &str, path: &str, head: &str, body: &[u8]) -> Result<Vec<u8>> {
        self.answered(method, path, head, body).await.map(|(_, body)| body)
    }

    /// Head and body of a good answer.
    pub async fn answered(
        &mut self,
        method: &str,
        path: &str,
        head: &str,
        body: &[u8],
    ) -> Result<(String, Vec<u8>)> {
        let ask = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{head}\r\n");
        self.0.get_mut().write_all(ask.as_bytes()).await?;
        self.0.get_mut().write_all(body).await?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).await? == 0 {
                return Err(Error::internal(format!("{path}: the server hung up")));
            }
        }
        let plain = head.clone();
        let head = head.to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            return Err(Error::internal(format!("{path}: {}", head.lines().next().unwrap_or(""))));
        }
        if head.contains("transfer-encoding: chunked") {
            return Ok((plain, self.chunks().await?));
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize =
            length.and_then(|n| n.parse().ok()).ok_or_else(|| Error::internal("no length"))?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok((plain, body))
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).await?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(Error::internal)?;
            let mut chunk = vec![0; length + 2];
            self.0.read_exact(&mut chunk).await?;
            if length == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..length]);
        }
    }
}

/// Head lines of a JSON request.
pub fn json_head(cookie: &str, length: usize) -> String {
    format!(
        "cookie: {cookie}\r\nx-shian: 1\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n"
    )
}
