//! Which characters literal text may hold, and how its braces leave.

/// Stands for `{{` until the literal is encoded: no template may contain this character.
pub(super) const OPEN: char = '\u{1}';
/// See [`OPEN`].
pub(super) const CLOSE: char = '\u{2}';

/// Checks that literal text may stand on the wire, and encodes its braces.
pub(super) fn encoded(text: &str, separators: &str) -> Result<String, String> {
    let mut wire = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        match character {
            OPEN => wire.push_str("%7B"),
            CLOSE => wire.push_str("%7D"),
            '%' if !is_triplet(&text[index..]) => {
                return Err("`%` starts no percent-encoding\nhelp: `%25` is a literal `%`".into());
            }
            '#' => {
                return Err("a request has no fragment, found `#`\nhelp: `%23` is a literal `#`".into());
            }
            _ if is_pchar(character) || separators.contains(character) => wire.push(character),
            _ => return Err(must_be_encoded(character)),
        }
    }
    Ok(wire)
}

fn is_triplet(text: &str) -> bool {
    text.as_bytes().get(1..3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// `pchar` of RFC 3986, Section 3.3; the digits behind a `%` are checked elsewhere.
fn is_pchar(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(character)
}

/// The message for a character that no part of a request target may hold.
pub(super) fn must_be_encoded(character: char) -> String {
    let mut bytes = [0; 4];
    let bytes = character.encode_utf8(&mut bytes).bytes();
    let triplets = bytes.map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let code = u32::from(character);
    let shown = character.escape_debug();
    format!("`{shown}` (U+{code:04X}) cannot stand in a request\nhelp: percent-encode it: `{triplets}`")
}

/// Writes literal braces as the user did.
pub(super) fn readable(text: &str) -> String {
    text.replace(OPEN, "{{").replace(CLOSE, "}}")
}
