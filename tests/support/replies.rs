//! Answers that several tests give.

use httpkit::testing::Reply;

/// A small answer with ten headers, as an API sends them.
pub fn ten_headers() -> Reply {
    [
        ("Date", "Mon, 02 Nov 2026 10:00:00 GMT"),
        ("Server", "nginx"),
        ("Content-Type", "text/plain"),
        ("Connection", "keep-alive"),
        ("Cache-Control", "no-store"),
        ("ETag", "\"5f2c1a9e\""),
        ("Vary", "Accept"),
        ("X-Request-Id", "7b7d2f0e6f5c4f7e"),
        ("X-RateLimit-Remaining", "4999"),
    ]
    .into_iter()
    .fold(Reply::new(200), |reply, (name, value)| reply.header(name, value))
    .body("ok")
}
