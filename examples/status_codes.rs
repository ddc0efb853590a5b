//! Prints the table of all registered status codes.
//!
//! `cargo run --example status_codes`

use std::io::{self, Write as _};

use httpkit_status::StatusCode;

const HEADINGS: [&str; 5] = ["code", "variant", "phrase", "class", "reference"];

fn main() -> io::Result<()> {
    let mut table = vec![HEADINGS.map(String::from)];
    table.extend(StatusCode::iter().map(row));

    let widths: [usize; 5] =
        std::array::from_fn(|column| table.iter().map(|row| row[column].len()).max().unwrap_or(0));

    let mut out = io::stdout().lock();
    for row in &table {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

fn row(status: StatusCode) -> [String; 5] {
    [
        status.code().to_string(),
        format!("{status:?}"),
        status.reason().unwrap_or_default().to_string(),
        status.class().to_string(),
        status.reference().unwrap_or_default().to_string(),
    ]
}
