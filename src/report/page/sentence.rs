//! A sentence of the program as HTML: what stands between backticks is code, as it is in the terminal.

use maud::{Markup, html};

/// The sentence, with each pair of backticks as a code element. A backtick without a partner stays.
pub(super) fn sentence(words: &str) -> Markup {
    let pieces: Vec<&str> = words.split('`').collect();
    // Before, in and after a pair: an odd number of pieces. Of an even one the last backtick is alone.
    let paired = pieces.len() - (pieces.len() + 1) % 2;
    let (pairs, alone) = pieces.split_at(paired);
    html! {
        @for (at, piece) in pairs.iter().enumerate() {
            @if at % 2 == 1 { code { (piece) } } @else { (piece) }
        }
        @for piece in alone { "`" (piece) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_is_code_and_all_of_it_is_escaped() {
        let html = |words| sentence(words).into_string();
        assert_eq!(html("a `b<c` d `e`."), "a <code>b&lt;c</code> d <code>e</code>.");
        assert_eq!(html("no code & none"), "no code &amp; none");
        assert_eq!(html("`a` and one ` alone"), "<code>a</code> and one ` alone");
        assert_eq!(html("one ` alone"), "one ` alone");
        assert_eq!(html(""), "");
    }
}
