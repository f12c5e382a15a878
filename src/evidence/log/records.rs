//! The records of a log, one after the other, each with its line.

use super::LogError;
use super::text::reader;
use csv::StringRecord;

/// The records of a CSV text, each with the text that it was read from and its line.
///
/// The line is counted here because the CSV reader, which counts its own, does not take a lone
/// carriage return for the end of one.
pub(super) struct Records<'t> {
    pub(super) text: &'t str,
    delimiter: u8,
    csv: csv::Reader<&'t [u8]>,
    pub(super) record: StringRecord,
    /// Up to which byte lines are counted.
    counted: usize,
    /// The line there, from 1.
    pub(super) line: u64,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, delimiter: u8) -> Self {
        let csv = reader(text, delimiter);
        Records { text, delimiter, csv, record: StringRecord::new(), counted: 0, line: 1 }
    }

    /// The headings, by their numbers where there are none.
    pub(super) fn headings(&mut self, missing: bool) -> Result<Vec<String>, LogError> {
        if missing {
            let mut first = StringRecord::new();
            let cells = reader(self.text, self.delimiter).read_record(&mut first);
            cells.map_err(|error| LogError::Csv { reason: error.to_string() })?;
            return Ok((1..=first.len()).map(|number| number.to_string()).collect());
        }
        match self.next()? {
            Some(_) => Ok(self.record.iter().map(|cell| cell.trim().to_owned()).collect()),
            None => Err(LogError::Empty),
        }
    }

    /// Reads the next record into `self.record`; the text that it was read from.
    pub(super) fn next(&mut self) -> Result<Option<&'t str>, LogError> {
        let from = self.csv.position().byte() as usize;
        let broken = |error: csv::Error| LogError::Csv { reason: error.to_string() };
        if !self.csv.read_record(&mut self.record).map_err(broken)? {
            return Ok(None);
        }
        let to = (self.csv.position().byte() as usize).min(self.text.len());
        let raw = &self.text[from..to];
        // The reader leaves the end of the line before to the record after it.
        let blank = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        self.count_lines(from + blank);
        Ok(Some(raw))
    }

    fn count_lines(&mut self, offset: usize) {
        let bytes = self.text.as_bytes();
        let between = bytes.get(self.counted..offset).unwrap_or_default();
        let ends = between.iter().enumerate().filter(|(place, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(self.counted + place + 1) != Some(&b'\n'),
            _ => false,
        });
        self.line += ends.count() as u64;
        self.counted = self.counted.max(offset);
    }

    /// Whether a cell beyond the given number of columns holds anything.
    pub(super) fn is_wider_than(&self, columns: usize) -> bool {
        self.record.iter().skip(columns).any(|cell| !cell.trim().is_empty())
    }
}
