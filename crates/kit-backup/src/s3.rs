//! An S3 bucket (Amazon, MinIO, Ceph, the object stores of Chinese clouds) as a target.
//!
//! Requests are signed by query (`rusty-s3`), sent by `ureq`, and tried again with growing pauses where the line or the store
//! fails; what the store refuses is told at once. An object is one `PUT`, so it is there whole or not at all; it may have
//! 5 GiB, which the parts of a stream and of a backup stay below.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use kit_base::{Clock, Error, Kind, Result};
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::target::Target;

/// How long a signed address holds; each try is signed anew.
const SIGNED: Duration = Duration::from_secs(900);
/// Tries of one request, and the first pause between two.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(250);
/// The largest object of one `PUT`.
const MOST: u64 = 5 << 30;
/// The largest object that is read into memory: parts of a stream have at most some ten MB.
const IN_MEMORY: u64 = 256 << 20;

/// Who asks.
#[derive(Clone)]
pub struct Keys {
    pub id: String,
    pub secret: String,
}

/// Below a prefix of a bucket.
pub struct S3 {
    agent: Agent,
    pub(crate) bucket: Bucket,
    pub(crate) keys: Credentials,
    /// With `/` at its end, or empty.
    prefix: String,
    clock: Clock,
    /// The first pause between two tries; each later one is twice as long.
    pub(crate) pause: Duration,
}

impl S3 {
    /// Opens `s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION&style=path` (or `style=virtual`). Nothing is sent yet.
    ///
    /// Errors: `target_address`, `target_keys`.
    pub fn open(address: &str, keys: Option<Keys>, clock: Clock) -> Result<Self> {
        let place = Place::read(address)?;
        let keys = keys.ok_or_else(|| {
            let text = "S3 需要密钥：请设置 SHIAN_S3_KEY_ID 和 SHIAN_S3_SECRET（或 …_FILE）";
            Error::new(Kind::Conflict, "target_keys", text)
        })?;
        let endpoint = place.endpoint.parse().map_err(|_| wrong("endpoint 应为 http(s) 地址"))?;
        let style = if place.by_path { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let bucket = Bucket::new(endpoint, style, place.bucket, place.region)
            .map_err(|e| wrong("endpoint、桶名或 style 有误").because(Told(e.to_string())))?;
        let config = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .timeout_global(Some(Duration::from_secs(3_600)))
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent("shian")
            .build();
        let keys = Credentials::new(keys.id, keys.secret);
        Ok(Self {
            agent: Agent::new_with_config(config),
            bucket,
            keys,
            prefix: place.prefix,
            clock,
            pause: PAUSE,
        })
    }

    fn key(&self, name: &str) -> Result<String> {
        let fit = !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
        match fit {
            true => Ok(format!("{}{name}", self.prefix)),
            false => Err(Error::internal(format!("no name for an object: {name}"))),
        }
    }

    pub(crate) fn signed<'a>(&self, action: &impl S3Action<'a>) -> Result<String> {
        let now = jiff::Timestamp::from_millisecond(self.clock.now()).map_err(Error::internal)?;
        Ok(action.sign_with_time(SIGNED, &now).to_string())
    }

    /// Sends until there is an answer that is no failure of the store's.
    fn tried(
        &self,
        what: &str,
        send: &mut dyn FnMut() -> Result<Result<Response<Body>, ureq::Error>>,
    ) -> Result<Response<Body>> {
        let mut pause = self.pause;
        for left in (0..TRIES).rev() {
            let why = match send()? {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(mut answer) => {
                    let status = answer.status().as_u16();
                    let code = code_of(&mut answer);
                    if status < 500 && status != 429 && status != 408 {
                        return Err(refused(what, status, &code));
                    }
                    format!("{status} {code}")
                }
                Err(e) => e.to_string(),
            };
            if left == 0 {
                let text = format!("对象存储没有应答（{what}）：{why}");
                return Err(Error::new(Kind::Unavailable, "target_away", text));
            }
            tracing::debug!(what, why, "tried again");
            std::thread::sleep(pause);
            pause *= 2;
        }
        Err(Error::internal("no tries"))
    }

    /// A page of names below the prefix.
    fn page(&self, below: &str, token: Option<&str>) -> Result<(Vec<String>, Option<String>)> {
        let prefix = format!("{}{below}", self.prefix);
        let mut answer = self.tried("list", &mut || {
            let mut action = self.bucket.list_objects_v2(Some(&self.keys));
            action.with_prefix(prefix.as_str());
            if let Some(token) = token {
                action.with_continuation_token(token);
            }
            Ok(self.agent.get(self.signed(&action)?).call())
        })?;
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string();
        let text = text.map_err(|e| away("list", &e))?;
        let page = ListObjectsV2::parse_response(&text).map_err(|e| {
            Error::new(Kind::Unavailable, "target_away", "对象存储的列表无法读取")
                .because(Told(e.to_string()))
        })?;
        let names = page.contents.into_iter();
        let names = names.filter_map(|o| o.key.strip_prefix(&self.prefix).map(str::to_owned)).collect();
        Ok((names, page.next_continuation_token))
    }

    fn got(&self, name: &str) -> Result<Response<Body>> {
        let key = self.key(name)?;
        self.tried(name, &mut || {
            let action = self.bucket.get_object(Some(&self.keys), &key);
            Ok(self.agent.get(self.signed(&action)?).call())
        })
    }
}

impl Target for S3 {
    fn put(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let key = self.key(name)?;
        let sent = self.tried(name, &mut || {
            let action = self.bucket.put_object(Some(&self.keys), &key);
            Ok(self.agent.put(self.signed(&action)?).send(bytes))
        });
        sent.map(drop)
    }

    fn get(&self, name: &str) -> Result<Vec<u8>> {
        let mut answer = self.got(name)?;
        answer.body_mut().with_config().limit(IN_MEMORY).read_to_vec().map_err(|e| away(name, &e))
    }

    fn list(&self, below: &str) -> Result<Vec<String>> {
        let (mut names, mut token) = self.page(below, None)?;
        while let Some(next) = token {
            let (more, after) = self.page(below, Some(&next))?;
            names.extend(more);
            token = after;
        }
        names.sort();
        Ok(names)
    }

    fn delete(&self, name: &str) -> Result<()> {
        let key = self.key(name)?;
        let sent = self.tried(name, &mut || {
            let action = self.bucket.delete_object(Some(&self.keys), &key);
            Ok(self.agent.delete(self.signed(&action)?).call())
        });
        match sent {
            Err(e) if e.code != "target_missing" => Err(e),
            _ => Ok(()),
        }
    }

    fn put_file(&self, name: &str, from: &Path) -> Result<()> {
        let (key, size) = (self.key(name)?, File::open(from)?.metadata()?.len());
        if size > MOST {
            let text = format!("{name} 超过对象存储单个对象 5 GB 的上限，请备份到目录");
            return Err(Error::new(Kind::TooLarge, "target_object", text));
        }
        let sent = self.tried(name, &mut || {
            let action = self.bucket.put_object(Some(&self.keys), &key);
            let (url, file) = (self.signed(&action)?, File::open(from)?);
            Ok(self.agent.put(url).header("content-length", size.to_string()).send(file))
        });
        sent.map(drop)
    }

    fn get_file(&self, name: &str, into: &Path) -> Result<()> {
        let mut answer = self.got(name)?;
        let mut body = answer.body_mut().with_config().limit(MOST + 1).reader();
        let (mut file, mut buffer) = (File::create(into)?, vec![0; 1 << 18]);
        loop {
            let n = body.read(&mut buffer).map_err(|e| away(name, &e))?;
            if n == 0 {
                return file.sync_all().map_err(Error::from);
            }
            file.write_all(&buffer[..n])?;
        }
    }
}

/// What an address says.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    bucket: String,
    prefix: String,
    endpoint: String,
    region: String,
    by_path: bool,
}

impl Place {
    fn read(address: &str) -> Result<Self> {
        let rest = address.strip_prefix("s3://").ok_or_else(|| wrong("应以 s3:// 开头"))?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let prefix = prefix.trim_matches('/');
        if bucket.is_empty() || prefix.split('/').any(|p| matches!(p, "." | "..")) || prefix.contains("//") {
            return Err(wrong("缺少桶名，或前缀有误"));
        }
        let (mut endpoint, mut region, mut style) = (None, None, "path");
        for pair in query.split('&').filter(|p| !p.is_empty()) {
            match pair.split_once('=') {
                Some(("endpoint", v)) => endpoint = Some(v.to_owned()),
                Some(("region", v)) => region = Some(v.to_owned()),
                Some(("style", v @ ("path" | "virtual"))) => style = v,
                _ => return Err(wrong(&format!("不认识的参数 {pair}"))),
            }
        }
        let endpoint = endpoint.ok_or_else(|| wrong("缺少 endpoint"))?;
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            endpoint,
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            by_path: style == "path",
        })
    }
}

fn wrong(why: &str) -> Error {
    let form = "s3://桶/前缀?endpoint=https://主机&region=区域&style=path（或 virtual）";
    Error::new(Kind::Conflict, "target_address", format!("备份目标地址有误：{why}。写法：{form}"))
}

fn away(what: &str, e: &impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "target_away", format!("与对象存储的连接中断（{what}）：{e}"))
}

/// The `<Code>` of a refusal; empty where there is none.
fn code_of(answer: &mut Response<Body>) -> String {
    let text = answer.body_mut().with_config().limit(64 << 10).read_to_string().unwrap_or_default();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map(|(code, _)| code.chars().take(60).collect()).unwrap_or_default()
}

fn refused(what: &str, status: u16, code: &str) -> Error {
    let (name, hint) = match (status, code) {
        (404, "NoSuchBucket") => ("target_refused", "没有这个桶，请先建立"),
        (404, _) => ("target_missing", "没有这个对象"),
        (403, "RequestTimeTooSkewed") => ("target_refused", "本机时钟与对象存储相差过大，请校准时间"),
        (401 | 403, _) => ("target_refused", "密钥不对或没有权限"),
        _ => ("target_refused", "请求被拒绝"),
    };
    let kind = if name == "target_missing" { Kind::NotFound } else { Kind::Conflict };
    Error::new(kind, name, format!("对象存储：{hint}（{what}，{status} {code}）"))
}

/// A text as an error.
#[derive(Debug)]
struct Told(String);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Told {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_bucket_prefix_endpoint_region_and_style() {
        let read = Place::read(
            "s3://city/shian/a/?endpoint=https://oss.example:9000&region=cn-north-1&style=virtual",
        );
        let place = read.unwrap();
        assert_eq!((place.bucket.as_str(), place.prefix.as_str()), ("city", "shian/a/"));
        assert_eq!((place.endpoint.as_str(), place.by_path), ("https://oss.example:9000", false));
        assert_eq!(place.region, "cn-north-1");
        let place = Place::read("s3://city?endpoint=http://127.0.0.1:9000").unwrap();
        assert_eq!((place.prefix.as_str(), place.by_path), ("", true));
        for bad in
            ["s3://", "s3://city", "/folder", "s3://c/../x?endpoint=http://a", "s3://c?endpoint=http://a&x=1"]
        {
            assert_eq!(Place::read(bad).unwrap_err().code, "target_address", "{bad}");
        }
    }
}
