//! The tables as one workbook (XLSX), a sheet each: numbers stay numbers, text stays text. The same tables give the same bytes.

use super::csv::neutral;
use super::grid::{Field, Grid, HIDDEN};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// The bytes of the workbook.
pub(super) fn write(grids: &[Grid]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which a file was made would make each build another file.
    let fixed = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    let bold = Format::new().set_bold();
    let by_decimals = [
        Format::new().set_num_format("0"),
        Format::new().set_num_format("0.0"),
    ];
    for grid in grids {
        let page = book.add_worksheet();
        page.set_name(grid.sheet.as_str())?;
        for (x, head) in (0_u16..).zip(&grid.heads) {
            page.write_string_with_format(0, x, *head, &bold)?;
            page.set_column_width(x, 16)?;
        }
        for (y, row) in (1_u32..).zip(&grid.rows) {
            for (x, field) in (0_u16..).zip(row) {
                match field {
                    Field::Text(text) => page.write_string(y, x, neutral(text))?,
                    Field::Hidden => page.write_string(y, x, HIDDEN)?,
                    Field::Nothing => continue,
                    Field::Number(text, decimals) => match text.parse::<f64>() {
                        Ok(number) => {
                            let format = &by_decimals[(*decimals).min(1)];
                            page.write_number_with_format(y, x, number, format)?
                        }
                        Err(_) => page.write_string(y, x, text)?,
                    },
                };
            }
        }
        page.set_freeze_panes(1, 0)?;
    }
    book.save_to_buffer()
}
