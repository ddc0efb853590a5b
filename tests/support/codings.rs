//! Content codings, applied.

use std::io::{self, Write};

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};

/// A content coding, and a way to apply it to pieces, each of which is flushed.
#[derive(Clone, Copy)]
pub struct Coding {
    /// What `Content-Encoding` calls it.
    pub name: &'static str,
    /// What tells it from others of that name.
    pub variant: &'static str,
    /// Applies it: each piece comes out apart, and with the last what ends the whole.
    pub encode_pieces: fn(&[&[u8]]) -> Vec<Vec<u8>>,
}

impl Coding {
    /// Applies it.
    pub fn encode(&self, content: &[u8]) -> Vec<u8> {
        (self.encode_pieces)(&[content]).concat()
    }
}

/// All that is spoken.
pub const CODINGS: [Coding; 5] = [
    Coding { name: "gzip", variant: "", encode_pieces: gzip_pieces },
    Coding { name: "deflate", variant: "zlib", encode_pieces: zlib_pieces },
    Coding { name: "deflate", variant: "raw", encode_pieces: raw_pieces },
    Coding { name: "br", variant: "", encode_pieces: brotli_pieces },
    Coding { name: "zstd", variant: "", encode_pieces: zstd_pieces },
];

/// A member of gzip.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    gzip_pieces(&[content]).concat()
}

/// DEFLATE data as zlib wraps them.
pub fn zlib(content: &[u8]) -> Vec<u8> {
    zlib_pieces(&[content]).concat()
}

/// DEFLATE data as they are.
pub fn deflate(content: &[u8]) -> Vec<u8> {
    raw_pieces(&[content]).concat()
}

/// A stream of brotli.
pub fn brotli(content: &[u8]) -> Vec<u8> {
    brotli_pieces(&[content]).concat()
}

/// A frame of zstd, with a checksum.
pub fn zstd(content: &[u8]) -> Vec<u8> {
    zstd_pieces(&[content]).concat()
}

fn gzip_pieces(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let encoder = GzEncoder::new(Vec::new(), Compression::best());
    encode(encoder, pieces, GzEncoder::get_mut, GzEncoder::finish)
}

fn zlib_pieces(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encode(encoder, pieces, ZlibEncoder::get_mut, ZlibEncoder::finish)
}

fn raw_pieces(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encode(encoder, pieces, DeflateEncoder::get_mut, DeflateEncoder::finish)
}

fn brotli_pieces(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 20);
    encode(encoder, pieces, brotli::CompressorWriter::get_mut, |encoder| Ok(encoder.into_inner()))
}

fn zstd_pieces(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("3 is a level");
    encoder.include_checksum(true).expect("frames have checksums");
    encode(encoder, pieces, zstd::Encoder::get_mut, zstd::Encoder::finish)
}

fn encode<E: Write>(
    mut writer: E,
    pieces: &[&[u8]],
    written: fn(&mut E) -> &mut Vec<u8>,
    finish: fn(E) -> io::Result<Vec<u8>>,
) -> Vec<Vec<u8>> {
    let mut encoded = Vec::new();
    let (last, before) = pieces.split_last().expect("there is a piece");
    for piece in before {
        writer.write_all(piece).and_then(|()| writer.flush()).expect("a Vec takes any write");
        encoded.push(std::mem::take(written(&mut writer)));
    }
    writer.write_all(last).expect("a Vec takes any write");
    encoded.push(finish(writer).expect("a Vec takes any write"));
    encoded
}
