//! Where the heading of a log stands, and by what its cells are divided.
//!
//! Exports put titles above the table, and divide cells by what the country divides them by. So the
//! first lines are tried with each delimiter until one reads as a heading.

use super::ReadOptions;
use super::columns::Columns;
use super::looks::is_data;
use super::role::Role;
use super::text::reader;
use csv::StringRecord;

/// What may divide cells, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// Lines that may stand above the heading.
const ABOVE: usize = 10;

/// A heading that was found.
#[derive(Debug, PartialEq)]
pub(super) struct Heading {
    pub(super) delimiter: u8,
    /// Where its line begins, bytes.
    pub(super) offset: usize,
    /// Whether there is none: the first line is a row like the others.
    pub(super) missing: bool,
}

/// The first line that reads as a heading and holds no data; where none does, the first line at all,
/// which is a row if it holds data.
pub(super) fn find(text: &str, delimiter: Option<u8>, said: &[(Role, String)]) -> Heading {
    let mut offset = 0;
    for (place, line) in text.split_inclusive('\n').take(ABOVE).enumerate() {
        if line.trim().is_empty() {
            offset += line.len();
            continue;
        }
        let tried = delimiter.map_or(DELIMITERS.to_vec(), |one| vec![one]);
        for delimiter in tried {
            let cells = cells(&text[offset..], delimiter);
            let is_row = cells.iter().any(|cell| is_data(cell));
            // One cell alone is a heading only where nothing stands above it.
            if !is_row && (cells.len() > 1 || place == 0) && Columns::speak(&cells, said) {
                return Heading { delimiter, offset, missing: false };
            }
        }
        offset += line.len();
    }
    // Of two that make as many cells the first counts.
    let divides_most = || DELIMITERS.into_iter().rev().max_by_key(|one| cells(text, *one).len());
    let delimiter = delimiter.or_else(divides_most).unwrap_or(b',');
    let first = cells(text, delimiter);
    // A column that is pointed at by what its first incident says is not thereby a heading.
    let by_name: Vec<_> = said.iter().filter(|(_, name)| !is_data(name)).cloned().collect();
    let missing = first.iter().any(|cell| is_data(cell)) && !Columns::speak(&first, &by_name);
    Heading { delimiter, offset: 0, missing }
}

fn cells(text: &str, delimiter: u8) -> Vec<String> {
    let mut record = StringRecord::new();
    match reader(text, delimiter).read_record(&mut record) {
        Ok(true) => record.iter().map(|cell| cell.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// The cells of the first line.
pub(super) fn first_cells(text: &str, delimiter: u8) -> Vec<String> {
    cells(text, delimiter)
}

/// How many blank lines stand at the beginning.
pub(super) fn blank_lines(text: &str) -> u64 {
    text.lines().take_while(|line| line.trim().is_empty()).count() as u64
}

/// What the user says of columns.
pub(super) struct Said {
    pub(super) columns: Vec<(Role, String)>,
    pub(super) by: Option<String>,
}

impl Said {
    pub(super) fn new(options: &ReadOptions) -> Said {
        Said { columns: options.columns.clone(), by: options.by.clone() }
    }

    /// Where there is no heading, a column that is pointed at by its first cell is meant by its number.
    pub(super) fn by_number(&mut self, first: &[String]) {
        let names = self.columns.iter_mut().map(|(_, name)| name).chain(&mut self.by);
        for name in names {
            let is_number =
                name.parse::<usize>().is_ok_and(|number| (1..=first.len()).contains(&number));
            if let Some(place) = first.iter().position(|cell| cell == name).filter(|_| !is_number) {
                *name = (place + 1).to_string();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_above_the_heading_are_passed_over() {
        let found = |text: &str| {
            let Heading { delimiter, offset, .. } = find(text, None, &[]);
            (char::from(delimiter), text[offset..].lines().next().unwrap_or_default().to_owned())
        };
        for (text, delimiter, heading) in [
            ("start,end\n1,2\n", ',', "start,end"),
            ("Report, first quarter, 2026, all sites\n\nstart;end\n1;2\n", ';', "start;end"),
            ("Outage report\nexported today\nid\tstart\tend\n", '\t', "id\tstart\tend"),
            ("repair_hours\n1\n2\n", ',', "repair_hours"),
            ("unit;tbf_hours\nA;3\n", ';', "unit;tbf_hours"),
            // Nothing reads as a heading: the first line, divided by what it holds most of.
            ("a;b;c\n1;2;3\n", ';', "a;b;c"),
            ("", ',', ""),
        ] {
            assert_eq!(found(text), (delimiter, heading.to_owned()), "{text:?}");
        }
        let said = [(Role::Start, "seen".to_owned()), (Role::End, "gone".to_owned())];
        let found = Heading { delimiter: b'|', offset: 6, missing: false };
        assert_eq!(find("title\nseen|gone\n", None, &said), found);
        assert_eq!(find("start;end,x\n", Some(b','), &[]).delimiter, b',');
    }

    #[test]
    fn a_line_of_data_is_no_heading() {
        // "d" would be a column of days, and "min" one of minutes.
        let found = find("site,minutes lost\na,45\nb,120\nc,30\nd,600\ne,90\n", None, &[]);
        assert_eq!((found.offset, found.missing), (0, false));
        let found = find("case,amount,unit\n1,45,min\n2,120,min\n", None, &[]);
        assert_eq!((found.offset, found.missing), (0, false));
        for text in [
            "2024-03-01 08:00,2024-03-01 09:00\n",
            "a;45\nb;7\n",
            "1.5\n2\n",
            "crash,3h 20m\n",
            "crash,01:30:00\n",
        ] {
            assert!(find(text, None, &[]).missing, "{text}");
        }
        // Nor where it is pointed at.
        let said = [(Role::Duration, "45".to_owned())];
        assert!(find("a,45\nb,7\n", None, &said).missing);
        let said = [(Role::Start, "von".to_owned()), (Role::End, "zu".to_owned())];
        assert!(!find("von,zu,2024\n", None, &said).missing);
    }

    #[test]
    fn the_delimiter_is_the_one_of_the_heading_outside_of_quotes() {
        for (text, delimiter) in [
            ("start,end\n1;2;3", b','),
            ("start;end\n", b';'),
            ("\n\nstart\tend\tcause\n", b'\t'),
            ("start|end\n", b'|'),
            ("x|y;z|z\n", b'|'),
            ("\"x;y;z\",y\n", b','),
            ("\"a;b;c\",end\n", b','),
            ("hours\n1\n", b','),
            ("", b','),
        ] {
            assert_eq!(find(text, None, &[]).delimiter, delimiter, "{text:?}");
        }
    }
}
