//! The sample of a study of the assumptions in parts: what follows from it comes out as one command's
//! does, to the bit; and parts of other work are told.

use super::parts::{Place, wait_for_part};
use super::sensitivity::TWO;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

const STUDY: &str =
    "sensitivity two.toml --points 128 --seed 3 --against costs.downtime_hour --breach 250.5";

fn place() -> Place {
    let place = Place::new();
    fs::write(place.path("two.toml"), TWO).unwrap();
    place
}

#[test]
fn a_sample_in_any_parts_comes_together_to_the_bits_of_one_command() {
    let asked = "--of downtime_hours --strategy Restart --confidence 0.9 --drill-cost 10 --set \
                 fault.host.repair=12h";
    for more in ["", asked] {
        let place = place();
        let words = format!("{STUDY} {more}");
        let folder = "output/sensitivity-two";
        let text = place.does(&words);
        let json = place.does(&format!("{words} --format json"));
        let whole = place.results(folder);
        // Parts that are no whole blocks, in another order, on other numbers of threads, one of them twice.
        for (range, threads) in [("100..128", 3), ("0..1", 1), ("1..100", 2), ("0..1", 2)] {
            place.does(&format!("{words} --range {range} -t {threads} -o a"));
        }
        for shard in 1..=3 {
            place.does(&format!("{words} --shard {shard}/3 -t {shard} -o b"));
        }
        assert!(place.names("a").iter().all(|name| name.starts_with("part-")));
        assert_eq!(place.does("merge a -t 1"), text);
        assert!(place.results(folder) == whole, "{words}");
        assert_eq!(place.does("merge b --format json"), json);
        assert!(place.results(folder) == whole, "{words}");
    }
}

#[test]
fn a_study_that_was_killed_goes_on_to_the_same_bits() {
    let place = place();
    let text = place.does(&format!("{STUDY} -o whole"));
    let words = format!("{STUDY} -o kept --checkpoint 1ms");
    let mut child =
        place.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_part(&place, "kept.parts");
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, told) = place.refuses(&words);
    assert!(code == Some(2) && told.contains("go on with it by --resume"), "{told}");
    let done = place.command(&format!("{words} --resume")).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success() && told.contains(" of 128 points are there."), "{told}");
    assert_eq!(String::from_utf8(done.stdout).unwrap().replace("kept", "whole"), text);
    assert!(place.results("whole") == place.results("kept"));
    assert_eq!(place.names("."), ["kept", "office.toml", "two.toml", "whole"]);
}

#[test]
fn what_a_sample_lacks_is_told_in_commands_that_play_it() {
    let place = place();
    place.does(&format!("{STUDY} --range 10..20 -o parts"));
    // Killed without a word, as by a power cut: it costs itself and no other.
    let long = STUDY.replace("--points 128", "--points 1000000");
    let words = format!("{long} --shard 1/2 -o parts");
    let mut child = place.command(&words).stderr(Stdio::null()).spawn().unwrap();
    sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(place.names("parts"), ["part-000000000010-000000000020.outlast"]);
    let (code, told) = place.refuses("merge parts");
    assert_eq!(code, Some(3), "{told}");
    assert!(told.contains("118 of 128 points are missing from 1 part;"), "{told}");
    let commands: Vec<&str> =
        told.lines().filter_map(|line| line.strip_prefix("  outlast ")).collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        place.does(command);
    }
    assert_eq!(place.does("merge parts"), place.does(STUDY));
    // A script has the same commands.
    let told = place.does(&format!("shards --shards 4 --for parallel -- {STUDY}"));
    let command = "outlast sensitivity two.toml --points 128 --confidence 0.95 --against \
                   costs.downtime_hour --breach 250.5 --seed 3 --threads 1 --quiet --shard {}/4 -o parts ::: 1 2 3 4";
    assert!(told.contains(command) && told.contains("Two: 128 points, 4 of 4 shards"), "{told}");
}

#[test]
fn strangers_to_a_sample_are_refused_by_what_differs() {
    let place = place();
    for (from, to, says) in [
        ("--seed 3", "--seed 4", "the seed is 3 in one and 4 in the other"),
        ("--points 128", "--points 129", "the number of points is 128 in one and 192 in the other"),
        ("--breach 250.5", "--breach 250", "--breach is 250.5 in one and 250 in the other"),
        ("--seed 3", "--seed 3 --of cost", "--of is not set in one and cost in the other"),
        (
            "--seed 3",
            "--seed 3 --set operations.decision=1h",
            "what --set sets is nothing in one and operations.decision=1h in the other",
        ),
    ] {
        let _ = fs::remove_dir_all(place.path("stranger"));
        place.does(&format!("{STUDY} --range 0..8 -o stranger"));
        place.does(&format!("{} --range 8..16 -o stranger", STUDY.replace(from, to)));
        let (code, told) = place.refuses("merge stranger");
        assert!(code == Some(2) && told.contains(says), "{to}: {told}");
    }
    // What is wrong with the question is said before anything is played.
    for (more, says) in [
        ("--range 120..129", "the sample has the points 0..128, and 120..129 are not among them"),
        ("--shard 1/2 --of cost --strategy Nobody", "the scenario has no strategy `Nobody`"),
        ("--shard 1/2 --set costs.downtime_hour=1", "--against"),
    ] {
        let (code, told) = place.refuses(&format!("{STUDY} {more}"));
        assert!(code == Some(2) && told.contains(says), "{more}: {told}");
    }
    let nothing = "sensitivity office.toml --shard 1/2 --set uncertainty.default=off";
    let (code, told) = place.refuses(nothing);
    assert!(code == Some(2) && told.contains("there are no points to divide"), "{told}");
}
