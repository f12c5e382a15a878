//! From the bytes of a file to text, and the delimiter that it names.

/// Text of a file, and what had to be assumed to get it.
#[derive(Debug)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// What a reader should know, if anything.
    pub(super) note: Option<&'static str>,
}

/// UTF-8, with or without a byte order mark; UTF-16 with one; else Latin-1, which reads any bytes.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    match bytes {
        [0xff, 0xfe, rest @ ..] => return utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return utf16(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_owned(), note: None },
        Err(_) => Decoded {
            text: bytes.iter().map(|byte| char::from(*byte)).collect(),
            note: Some("the file is not UTF-8; its letters were read as Latin-1"),
        },
    }
}

fn utf16(bytes: &[u8], word: fn([u8; 2]) -> u16) -> Decoded {
    let words = bytes.chunks_exact(2).map(|pair| word([pair[0], pair[1]]));
    let text = char::decode_utf16(words).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    Decoded { text: text.collect(), note: None }
}

/// The rows of a text, its heading among them, whatever their number of cells.
pub(super) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(delimiter).flexible(true).has_headers(false).from_reader(text.as_bytes())
}

/// A first line `sep=;`, as spreadsheets write it, is no row: the delimiter it names, and the
/// length of the line with its end.
pub(super) fn declared_delimiter(text: &str) -> Option<(u8, usize)> {
    let line = text.lines().next()?;
    let named = line.strip_prefix("sep=")?;
    let delimiter = named.bytes().next().filter(u8::is_ascii).unwrap_or(b',');
    let end = text.find('\n').map_or(text.len(), |at| at + 1);
    (named.len() <= 1).then_some((delimiter, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_a_spreadsheet_writes_gives_the_same_text() {
        let text = "début;fin\n1;2\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little = units.iter().flat_map(|unit| unit.to_le_bytes());
        let big = units.iter().flat_map(|unit| unit.to_be_bytes());
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for (bytes, noted) in [
            (text.as_bytes().to_vec(), false),
            ([&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(), false),
            ([0xff, 0xfe].into_iter().chain(little).collect(), false),
            ([0xfe, 0xff].into_iter().chain(big).collect(), false),
            (latin, true),
        ] {
            let decoded = decode(&bytes);
            assert_eq!(decoded.text, text);
            assert_eq!(decoded.note.is_some(), noted);
        }
        assert_eq!(decode(b"\xff\xfea").text, "");
        assert_eq!(decode(b"").text, "");
    }

    #[test]
    fn a_line_that_only_names_the_delimiter_is_no_heading() {
        assert_eq!(declared_delimiter("sep=;\r\na;b\n"), Some((b';', 7)));
        assert_eq!(declared_delimiter("sep=,"), Some((b',', 5)));
        assert_eq!(declared_delimiter("separator,end\n"), None);
        assert_eq!(declared_delimiter("sep=hour\n"), None);
    }
}
