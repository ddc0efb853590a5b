//! What the server sends, prepared once.

use std::io::{self, Write};

use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};

/// The length of what is large.
pub const LARGE: usize = 100 * 1024 * 1024;
/// So much of it is prepared.
const BLOCK: usize = 1024 * 1024;
/// The length of what is not so large, and of what comes with `Content-Encoding: gzip`, decoded.
pub const MEDIUM: usize = 10 * 1024 * 1024;

/// A response as it is written: the head, a block so many times, the end.
pub struct Content {
    head: Vec<u8>,
    block: Vec<u8>,
    times: usize,
    end: &'static [u8],
    /// Whether the server closes behind it.
    pub closes: bool,
}

/// What the JSON says.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    id: u64,
    customer: String,
    total: f64,
    is_paid: bool,
    note: Option<String>,
    articles: Vec<String>,
}

impl Content {
    pub fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        stream.write_all(&self.head)?;
        for _ in 0..self.times {
            stream.write_all(&self.block)?;
        }
        stream.write_all(self.end)?;
        stream.flush()
    }

    fn whole(fields: &str, body: &[u8]) -> Content {
        let mut head = head(&format!("{fields}Content-Length: {}\r\n", body.len()));
        head.extend_from_slice(body);
        Content { head, block: Vec::new(), times: 0, end: b"", closes: fields.contains("close") }
    }

    fn chunked(size: usize) -> Content {
        let head = head("Transfer-Encoding: chunked\r\n");
        let mut block = Vec::new();
        for chunk in bytes(BLOCK).chunks(size) {
            block.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            block.extend_from_slice(chunk);
            block.extend_from_slice(b"\r\n");
        }
        Content { head, block, times: LARGE / BLOCK, end: b"0\r\n\r\n", closes: false }
    }

    fn long(length: usize) -> Content {
        let head = head(&format!("Content-Length: {length}\r\n"));
        Content { head, block: bytes(BLOCK), times: length / BLOCK, end: b"", closes: false }
    }
}

/// All there is, by target.
pub fn all() -> io::Result<Vec<(&'static str, Content)>> {
    let json = serde_json::to_vec(&orders(6))?;
    Ok(vec![
        ("/small", Content::whole("", b"ok")),
        ("/close", Content::whole("Connection: close\r\n", b"ok")),
        ("/json", Content::whole("", &json)),
        ("/medium", Content::long(MEDIUM)),
        ("/large", Content::long(LARGE)),
        ("/chunks/16k", Content::chunked(16 * 1024)),
        ("/chunks/64", Content::chunked(64)),
        ("/gzip", Content::whole("Content-Encoding: gzip\r\n", &compressed()?)),
    ])
}

/// A head of eleven fields, with these.
fn head(fields: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Date: Mon, 23 Nov 2026 09:00:00 GMT\r\n\
         Server: nginx/1.27.3\r\n\
         Content-Type: application/json; charset=utf-8\r\n\
         Cache-Control: private, max-age=0, must-revalidate\r\n\
         ETag: W/\"c3ac49a7b2a1e5a0c5f57a41e0b5f3a2\"\r\n\
         Last-Modified: Sun, 22 Nov 2026 18:30:12 GMT\r\n\
         Vary: Accept, Accept-Encoding, Origin\r\n\
         X-Request-Id: 7f0a4c52-5d44-4f0c-9c5a-2d5f1d7e9b11\r\n\
         Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n\
         X-Content-Type-Options: nosniff\r\n\
         {fields}\r\n"
    );
    head.into_bytes()
}

fn orders(count: u64) -> Vec<Order> {
    let order = |id: u64| Order {
        id: 100_000 + id * 7_919,
        customer: format!("Customer {} of {}", id * 31 % 1_000, id % 17),
        total: (id * 1_237 % 10_000) as f64 / 100.0,
        is_paid: id.is_multiple_of(3),
        note: id.is_multiple_of(2).then(|| "leave it with the neighbours".to_owned()),
        articles: (0..3).map(|article| format!("article {}", (id + article) * 104_729 % 9_973)).collect(),
    };
    (0..count).map(order).collect()
}

fn compressed() -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_vec(&orders(MEDIUM as u64 / 150))?;
    text.resize(MEDIUM, b' ');
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&text)?;
    encoder.finish()
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|index| (index % 251) as u8).collect()
}
