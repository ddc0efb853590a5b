use std::io::Write;

use flate2::{Compression, write::DeflateEncoder};

use super::*;

const CONTENT: &[u8] = b"spam, spam, spam and eggs";
/// Length, then as many bytes.
const EXTRA_FIELD: &[u8] = b"\x04\x00abcd";

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn sum(bytes: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// A member with these flags and optional fields.
fn member(flags: u8, content: &[u8]) -> Vec<u8> {
    let mut member = vec![0x1f, 0x8b, DEFLATED, flags, 1, 2, 3, 4, 2, 3];
    for (flag, field) in [(EXTRA, EXTRA_FIELD), (NAME, b"name\0"), (COMMENT, b"\0")] {
        if flags & flag != 0 {
            member.extend_from_slice(field);
        }
    }
    if flags & HEADER_SUM != 0 {
        let sum = sum(&member).to_le_bytes();
        member.extend_from_slice(&sum[..2]);
    }
    member.extend_from_slice(&deflated(content));
    member.extend_from_slice(&sum(content).to_le_bytes());
    member.extend_from_slice(&u32::try_from(content.len()).unwrap().to_le_bytes());
    member
}

/// The content of these members in parts, and how many of them are complete.
fn decoded(parts: &[&[u8]]) -> Result<(Vec<u8>, usize), CodingFault> {
    let (mut gzip, mut content, mut complete) = (Gzip::new(), Vec::new(), 0);
    for part in parts {
        let mut rest = *part;
        while !rest.is_empty() {
            let mut target = [0; 7];
            let step = gzip.step(rest, &mut target)?;
            assert!(step.taken + step.given > 0);
            content.extend_from_slice(&target[..step.given]);
            rest = &rest[step.taken..];
            complete += usize::from(step.is_over);
        }
    }
    // What is left of the last input.
    loop {
        let mut target = [0; 7];
        let step = gzip.step(&[], &mut target)?;
        content.extend_from_slice(&target[..step.given]);
        complete += usize::from(step.is_over);
        if step.given == 0 {
            return Ok((content, complete));
        }
    }
}

/// Checks the outcome of members that arrive whole, byte by byte, and split at every index.
fn check(members: &[u8], expected: &Result<(Vec<u8>, usize), CodingFault>) {
    let bytes: Vec<&[u8]> = members.chunks(1).collect();
    assert_eq!(decoded(&bytes), *expected, "{} byte by byte", members.escape_ascii());
    for index in 0..=members.len() {
        let (front, back) = members.split_at(index);
        assert_eq!(decoded(&[front, back]), *expected, "{} split at {index}", members.escape_ascii());
    }
}

#[test]
fn decodes_members_with_any_optional_fields() {
    for flags in (0..=0b1_1111).filter(|flags| flags & RESERVED == 0) {
        check(&member(flags, CONTENT), &Ok((CONTENT.to_vec(), 1)));
        // Another one with the same decoder.
        let two = [member(flags, CONTENT), member(0, b"more")].concat();
        check(&two, &Ok(([CONTENT, b"more"].concat(), 2)));
    }
    check(&member(0, b""), &Ok((Vec::new(), 1)));
}

#[test]
fn rejects_members_with_faults() {
    let all = EXTRA | NAME | COMMENT | HEADER_SUM;
    let length = member(all, CONTENT).len();
    for (index, fault) in [
        (0, "incorrect magic number"),
        (1, "incorrect magic number"),
        (2, "unknown compression method"),
        // The checksum of the header covers all of it: here the time, the extra field, the name and the checksum.
        (4, "incorrect header checksum"),
        (12, "incorrect header checksum"),
        (16, "incorrect header checksum"),
        (22, "incorrect header checksum"),
        (23, "incorrect header checksum"),
        (length - 8, "incorrect checksum of the content"),
        (length - 5, "incorrect checksum of the content"),
        (length - 4, "incorrect length of the content"),
        (length - 1, "incorrect length of the content"),
    ] {
        let mut faulty = member(all, CONTENT);
        faulty[index] ^= 1;
        check(&faulty, &Err(malformed(fault)));
    }
    for reserved in [1 << 5, 1 << 6, 1 << 7] {
        check(&member(reserved, CONTENT), &Err(malformed("unknown flags in the header")));
    }
}

#[test]
fn is_not_over_before_the_last_byte() {
    let member = member(EXTRA | NAME | COMMENT | HEADER_SUM, CONTENT);
    for length in 0..member.len() {
        let (content, complete) = decoded(&[&member[..length]]).unwrap();
        assert!(CONTENT.starts_with(&content) && complete == 0, "{length}");
    }
}
