//! Field sections: the headers of a head and the trailers of a chunked body (RFC 9112, Section 5).
//!
//! Rule of this file: it is fed the section as far as it has arrived, and takes up where it stopped: each
//! byte is looked at once, however slowly it comes. Lines are judged as soon as they are whole.

use crate::{
    grammar,
    headers::FieldRange,
    limits::Excess,
    violation::Violation,
    wire::{error::WireError, strictness::Strictness},
};

/// How far the parser has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The section ends before this offset, its empty line included.
    Complete(usize),
    Incomplete,
}

/// The limits of a section, and what exceeding them is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct SectionLimits {
    pub(super) max_fields: usize,
    pub(super) excess: fn(usize) -> Excess,
    /// Whether the ends of its lines are chunk framing, where Strict wants CRLF.
    pub(super) is_chunk_framing: bool,
}

/// Reads lines from a buffer that grows.
#[derive(Debug, Default)]
pub(super) struct LineReader {
    /// Where the first line begins that is not read yet.
    start: usize,
    /// How far its end has been looked for.
    scanned: usize,
    /// Whether a line ended in LF alone.
    met_bare_feed: bool,
}

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl LineReader {
    pub(super) fn next(&mut self, buffer: &[u8]) -> Option<Line> {
        let Some(found) = memchr::memchr(b'\n', &buffer[self.scanned..]) else {
            self.scanned = buffer.len();
            return None;
        };
        let start = self.start;
        let feed = self.scanned + found;
        let has_cr = feed > start && buffer[feed - 1] == b'\r';
        self.start = feed + 1;
        self.scanned = self.start;
        self.met_bare_feed |= !has_cr;
        Some(Line { start, end: feed - usize::from(has_cr) })
    }

    /// Takes what comes before `end` as read.
    fn pass_over(&mut self, end: usize) {
        (self.start, self.scanned) = (end, end);
    }

    /// Whether the end of the line has been looked for in vain.
    fn is_within_line(&self) -> bool {
        self.scanned > self.start
    }

    pub(super) fn met_bare_feed(&self) -> bool {
        self.met_bare_feed
    }

    /// Where the next line begins.
    pub(super) fn position(&self) -> usize {
        self.start
    }
}

/// Parses field lines up to the empty line.
#[derive(Debug, Default)]
pub(super) struct SectionParser {
    pub(super) lines: LineReader,
    /// Whether anything was met that a sender must not send, bare LF aside.
    deviates: bool,
    /// Whether a line has been read, which a fold could continue.
    last_line: LastLine,
}

/// What a folded line would continue.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum LastLine {
    #[default]
    None,
    Field,
    Skipped,
}

impl SectionParser {
    /// Whether anything was met that a sender must not send.
    pub(super) fn deviates(&self) -> bool {
        self.deviates || self.lines.met_bare_feed
    }

    /// Reads on. A folded value is unfolded within `buffer`: its line end becomes blanks.
    pub(super) fn parse(
        &mut self,
        buffer: &mut [u8],
        fields: &mut Vec<FieldRange>,
        limits: SectionLimits,
        strictness: Strictness,
    ) -> Result<Progress, WireError> {
        loop {
            if !self.lines.is_within_line() {
                self.regular_lines(buffer, fields, limits);
                if buffer[self.lines.position()..].starts_with(b"\r\n") {
                    return Ok(Progress::Complete(self.lines.position() + 2));
                }
            }
            let Some(line) = self.lines.next(buffer) else { return Ok(Progress::Incomplete) };
            if self.lines.met_bare_feed && limits.is_chunk_framing && !strictness.is_compat() {
                let rule = "CRLF ends a line of the trailers (RFC 9112, Section 7.1)";
                return Err(WireError::BadChunk(Violation::new(rule, &buffer[line.start..line.end])));
            }
            if line.start == line.end {
                return Ok(Progress::Complete(self.lines.position()));
            }
            if grammar::is_blank(buffer[line.start]) {
                self.fold(buffer, fields, line, strictness)?;
            } else if let Some(field) = self.field_line(buffer, line, strictness)? {
                if fields.len() == limits.max_fields {
                    return Err(WireError::TooLarge((limits.excess)(limits.max_fields)));
                }
                fields.push(field);
            }
        }
    }

    /// Reads as many lines as are regular; see [`regular_line`].
    fn regular_lines(&mut self, buffer: &[u8], fields: &mut Vec<FieldRange>, limits: SectionLimits) {
        let mut position = self.lines.position();
        while fields.len() < limits.max_fields {
            let Some((field, end)) = regular_line(buffer, position) else { break };
            fields.push(field);
            self.last_line = LastLine::Field;
            position = end;
        }
        self.lines.pass_over(position);
    }

    /// `field-line = field-name ":" OWS field-value OWS`
    fn field_line(
        &mut self,
        buffer: &[u8],
        line: Line,
        strictness: Strictness,
    ) -> Result<Option<FieldRange>, WireError> {
        let bytes = &buffer[line.start..line.end];
        let name_length = grammar::token_length(bytes);
        let blanks = bytes[name_length..].iter().take_while(|byte| grammar::is_blank(**byte)).count();
        let colon = name_length + blanks;
        if bytes.get(colon) != Some(&b':') {
            return self.without_colon(bytes, strictness);
        }
        if name_length == 0 {
            return Err(bad_header("a field name is not empty (RFC 9110, Section 5.1)", bytes));
        }
        if blanks > 0 {
            self.deviate(
                "no blanks stand before the colon of a field line (RFC 9112, Section 5.1)",
                bytes,
                strictness,
            )?;
        }
        self.last_line = LastLine::Field;
        let (value_start, value_end) = self.value(buffer, line.start + colon + 1, line.end, strictness)?;
        Ok(Some(FieldRange {
            name_start: offset(line.start),
            name_end: offset(line.start + name_length),
            value_start: offset(value_start),
            value_end: offset(value_end),
        }))
    }

    /// Trims and judges a value, or the part of it that a fold adds.
    fn value(
        &mut self,
        buffer: &[u8],
        start: usize,
        end: usize,
        strictness: Strictness,
    ) -> Result<(usize, usize), WireError> {
        let bytes = &buffer[start..end];
        if !grammar::is_value(bytes) {
            if bytes.iter().copied().any(grammar::is_dangerous) {
                return Err(bad_header("a field value has no CR, LF or NUL (RFC 9110, Section 5.5)", bytes));
            }
            self.deviate("a field value has no control bytes (RFC 9110, Section 5.5)", bytes, strictness)?;
        }
        Ok(trim(buffer, start, end))
    }

    /// `obs-fold = OWS CRLF RWS`: each becomes blanks (RFC 9112, Section 5.2).
    fn fold(
        &mut self,
        buffer: &mut [u8],
        fields: &mut [FieldRange],
        line: Line,
        strictness: Strictness,
    ) -> Result<(), WireError> {
        self.deviates = true;
        match (self.last_line, fields.last_mut()) {
            (LastLine::Field, Some(field)) => {
                let (start, end) = self.value(buffer, line.start, line.end, strictness)?;
                if start == end {
                    return Ok(());
                }
                if field.value_start == field.value_end {
                    field.value_start = offset(start);
                } else {
                    buffer[field.value_end as usize..start].fill(b' ');
                }
                field.value_end = offset(end);
                Ok(())
            }
            (LastLine::Skipped, _) => Ok(()),
            _ => Err(bad_header(
                "no blanks stand between the status line and the first field (RFC 9112, Section 2.2)",
                &buffer[line.start..line.end],
            )),
        }
    }

    fn without_colon(
        &mut self,
        line: &[u8],
        strictness: Strictness,
    ) -> Result<Option<FieldRange>, WireError> {
        if line.contains(&b':') {
            return Err(bad_header("a field name is a token (RFC 9110, Section 5.1)", line));
        }
        if line.iter().copied().any(grammar::is_dangerous) {
            return Err(bad_header("a header line has no CR or NUL (RFC 9112, Section 2.2)", line));
        }
        self.deviate("a header line has a colon (RFC 9112, Section 5)", line, strictness)?;
        self.last_line = LastLine::Skipped;
        Ok(None)
    }

    fn deviate(&mut self, rule: &'static str, line: &[u8], strictness: Strictness) -> Result<(), WireError> {
        self.deviates = true;
        if strictness.is_compat() { Ok(()) } else { Err(bad_header(rule, line)) }
    }
}

/// Reads a line that is in all as a field line should be, and returns where it ends. Most are, and one look
/// at each byte is enough for these; `None` sends a line through the full judgement.
fn regular_line(buffer: &[u8], start: usize) -> Option<(FieldRange, usize)> {
    let line = &buffer[start..];
    let colon = grammar::token_length(line);
    if line.get(colon) != Some(&b':') || colon == 0 {
        return None;
    }
    let value_end = colon + 1 + grammar::length_before_control(&line[colon + 1..]);
    if !line[value_end..].starts_with(b"\r\n") {
        return None;
    }
    let (value_start, trimmed_end) = trim(line, colon + 1, value_end);
    let field = FieldRange {
        name_start: offset(start),
        name_end: offset(start + colon),
        value_start: offset(start + value_start),
        value_end: offset(start + trimmed_end),
    };
    Some((field, start + value_end + 2))
}

/// The range without the blanks at both ends.
fn trim(bytes: &[u8], mut start: usize, mut end: usize) -> (usize, usize) {
    while start < end && grammar::is_blank(bytes[start]) {
        start += 1;
    }
    while start < end && grammar::is_blank(bytes[end - 1]) {
        end -= 1;
    }
    (start, end)
}

fn bad_header(rule: &'static str, found: &[u8]) -> WireError {
    WireError::BadHeader(Violation::new(rule, found))
}

/// An offset into a section.
#[expect(clippy::cast_possible_truncation, reason = "a section is cut to 4 GiB before it is parsed")]
fn offset(index: usize) -> u32 {
    index as u32
}
