//! Tables as a workbook (XLSX): numbers stay numbers, text stays text and never becomes a formula or a link.

use super::csv::neutral;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

/// One value of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, neutral to whoever opens it.
    Text(String),
    /// A whole number.
    Number(i64),
}

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Headers; none for a sheet of names and values.
    pub heads: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Value>>,
}

/// Widest column, in characters.
const WIDEST: u16 = 80;

/// The bytes of a workbook.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        for (x, head) in (0_u16..).zip(&sheet.heads) {
            page.write_string_with_format(0, x, neutral(head), &bold)?;
        }
        let first = u32::from(!sheet.heads.is_empty());
        for (y, row) in (first..).zip(&sheet.rows) {
            for (x, value) in (0_u16..).zip(row) {
                match value {
                    Value::Text(text) => page.write_string(y, x, neutral(text))?,
                    // Exact up to 2^53, far beyond any count of rows.
                    Value::Number(n) => page.write_number(y, x, precise(*n))?,
                };
            }
        }
        for (x, wide) in (0_u16..).zip(widths(sheet)) {
            page.set_column_width(x, f64::from(wide))?;
        }
        if first > 0 {
            page.set_freeze_panes(1, 0)?;
        }
    }
    book.save_to_buffer()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of rows stay far below 2^53"
)]
const fn precise(n: i64) -> f64 {
    n as f64
}

/// As wide as the longest value, within reason.
fn widths(sheet: &Sheet) -> Vec<u16> {
    let count = sheet
        .rows
        .iter()
        .map(Vec::len)
        .max()
        .unwrap_or(0)
        .max(sheet.heads.len());
    let of = |x: usize| {
        let head = sheet.heads.get(x).map_or(0, |h| h.chars().count());
        let cells = sheet.rows.iter().filter_map(|r| r.get(x)).map(|v| match v {
            Value::Text(text) => text.chars().count(),
            Value::Number(n) => n.to_string().len(),
        });
        let wide = cells.max().unwrap_or(0).max(head) + 2;
        u16::try_from(wide).unwrap_or(WIDEST).min(WIDEST)
    };
    (0..count).map(of).collect()
}
