/// The text with the tables that a scenario must have or else takes from the embedded default, which is twenty
/// times as long as what is fuzzed.
pub fn whole(text: &str) -> String {
    let lacking = [
        ("name", "name = \"fuzz\"\n"),
        ("[[fault]]", "[[fault]]\nname = \"it\"\nstrikes = \"server\"\nevery = \"60d\"\nrepair = \"9h\"\n"),
        ("[[strategy]]", "[[strategy]]\nname = \"it\"\n"),
    ];
    let mut whole = String::new();
    let (first, tables) = lacking.split_at(1);
    first.iter().filter(|(key, _)| !text.contains(key)).for_each(|(_, add)| whole += add);
    whole += text;
    whole.push('\n');
    tables.iter().filter(|(key, _)| !text.contains(key)).for_each(|(_, add)| whole += add);
    whole
}
