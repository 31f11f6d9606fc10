//! A plain HTTP/1.1 client for tests: one connection a request, no redirects followed, no cookies kept, so that a test
//! sees exactly what was answered. It knows `http://` on the loopback and nothing else.

use std::io;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

/// Nothing a test asks for takes longer; a request that does fails the test instead of hanging it.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// In order; names in lower case. A name may occur more than once (`set-cookie`).
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; fails with the body's text when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e} in answer {}: {}", self.status, self.text()))
    }
}

/// Sends a request and reads the whole answer. `headers` come on top of host, length and `connection: close`.
pub async fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    tokio::time::timeout(PATIENCE, exchange(method, url, headers, body))
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, format!("{method} {url} got no answer"))))
}

/// Sends bytes as they are behind the headers, which say themselves how long they are.
pub async fn request_raw(method: &str, url: &str, headers: &[(&str, &str)], bytes: &[u8]) -> io::Result<Answer> {
    let framed = async {
        let url = Url::parse(url).map_err(invalid)?;
        let head = head(method, &url, "close", headers, b"x")?.replace("content-length: 1\r\n", "");
        converse(method, &url, &head, bytes).await
    };
    tokio::time::timeout(PATIENCE, framed)
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, format!("{method} {url} got no answer"))))
}

/// GET without more; a refused connection fails the test.
pub async fn get(url: &str) -> Answer {
    request("GET", url, &[], &[]).await.unwrap_or_else(|e| panic!("GET {url}: {e}"))
}

/// A connection that stays open for one request after the other.
pub struct Line(TcpStream);

impl Line {
    /// To the host and port of this address.
    pub async fn to(url: &str) -> io::Result<Self> {
        connect(&Url::parse(url).map_err(invalid)?).await.map(Self)
    }

    /// Sends a request and reads the whole answer.
    pub async fn request(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut bytes = head(method, &Url::parse(url).map_err(invalid)?, "keep-alive", headers, body)?.into_bytes();
        bytes.extend_from_slice(body);
        self.0.write_all(&bytes).await?;
        read(&mut self.0, method, &mut Vec::new()).await
    }
}

async fn connect(url: &Url) -> io::Result<TcpStream> {
    let host = url.host_str().ok_or_else(|| invalid("no host"))?;
    let stream = TcpStream::connect((host, url.port().unwrap_or(80))).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

fn head(method: &str, url: &Url, connection: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<String> {
    let host = url.host_str().ok_or_else(|| invalid("no host"))?;
    let port = url.port().unwrap_or(80);
    let query = url.query().map(|q| format!("?{q}")).unwrap_or_default();
    let mut head =
        format!("{method} {}{query} HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: {connection}\r\n", url.path());
    if !body.is_empty() || !matches!(method, "GET" | "HEAD") {
        head += &format!("content-length: {}\r\n", body.len());
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    Ok(head + "\r\n")
}

async fn exchange(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    let url = Url::parse(url).map_err(invalid)?;
    let head = head(method, &url, "close", headers, body)?;
    converse(method, &url, &head, body).await
}

async fn converse(method: &str, url: &Url, head: &str, body: &[u8]) -> io::Result<Answer> {
    let mut stream = connect(url).await?;
    stream.write_all(head.as_bytes()).await?;
    // A server may refuse and close before it has read a long body; its answer still counts.
    let written = stream.write_all(body).await;
    let mut raw = Vec::new();
    match read(&mut stream, method, &mut raw).await {
        Ok(answer) => Ok(answer),
        Err(trouble) => written.and(Err(trouble)),
    }
}

/// Reads until the answer is whole by its own measure; some servers keep the connection although told to close it.
async fn read(stream: &mut TcpStream, method: &str, raw: &mut Vec<u8>) -> io::Result<Answer> {
    loop {
        if let Some(answer) = parse(raw, method, false)? {
            return Ok(answer);
        }
        if stream.read_buf(raw).await? == 0 {
            return parse(raw, method, true)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// The answer, once all of it is there; `closed` says that nothing more will come.
fn parse(raw: &[u8], method: &str, closed: bool) -> io::Result<Option<Answer>> {
    let Some(end) = raw.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
    let head = String::from_utf8_lossy(&raw[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok());
    let status: u16 = status.ok_or_else(|| invalid("no status line"))?;
    if status == 100 {
        return parse(&raw[end + 4..], method, closed);
    }
    let pairs = lines.filter_map(|l| l.split_once(':'));
    let headers = pairs.map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_string())).collect();
    let mut answer = Answer { status, headers, body: vec![] };
    let rest = &raw[end + 4..];
    if method == "HEAD" || matches!(status, 204 | 304) {
        return Ok(Some(answer));
    }
    if answer.header("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        let Some(body) = chunks(rest)? else { return Ok(None) };
        answer.body = body;
    } else if let Some(length) = answer.header("content-length") {
        let length: usize = length.parse().map_err(invalid)?;
        if rest.len() < length {
            return Ok(None);
        }
        answer.body = rest[..length].to_vec();
    } else if closed {
        answer.body = rest.to_vec();
    } else {
        return Ok(None);
    }
    Ok(Some(answer))
}

/// A chunked body (RFC 9112, section 7.1), once its last chunk is there.
fn chunks(mut rest: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(end) = rest.windows(2).position(|w| w == b"\r\n") else { return Ok(None) };
        let size = String::from_utf8_lossy(&rest[..end]);
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).map_err(invalid)?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Ok(Some(body));
        }
        if rest.len() < size + 2 {
            return Ok(None);
        }
        body.extend_from_slice(&rest[..size]);
        rest = &rest[size + 2..];
    }
}

fn invalid(why: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_by_its_own_measure() {
        let raw = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\nhi";
        let answer = parse(raw, "GET", false).unwrap().unwrap();
        assert_eq!((answer.status, answer.header("set-cookie"), answer.text()), (200, Some("a=1"), "hi".into()));
        assert!(parse(&raw[..raw.len() - 1], "GET", false).unwrap().is_none());

        let raw = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n";
        assert_eq!(parse(raw, "GET", false).unwrap().unwrap().text(), "abc0123456789");

        let raw = b"HTTP/1.1 200 OK\r\n\r\nuntil the end";
        assert!(parse(raw, "GET", false).unwrap().is_none());
        assert_eq!(parse(raw, "GET", true).unwrap().unwrap().text(), "until the end");

        let raw = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
        assert_eq!(parse(raw, "HEAD", false).unwrap().unwrap().body, b"");
    }
}
