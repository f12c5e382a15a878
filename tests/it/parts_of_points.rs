//! Grids of values in parts: they come out as one command does, to the bit; and what is missing, double,
//! damaged or of other work is told.

use super::parts::{Place, wait_for_part};
use sha2::{Digest, Sha256};
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

const SWEEP: &str = "compare office.toml --sweep operations.decision=5m..4h/7 -n 200 --seed 3";
/// Some commands that are divided, with how many points each has.
const WORK: [(&str, u64); 2] = [
    (SWEEP, 7),
    // Rates of the rare fault differ, so that the strata of the points do.
    (
        "compare office.toml --sweep fault.lost.every=20000d,40000d --sweep operations.call_out=10m,1h,3h \
         -n 200 --confidence 0.9 --metric downtime_hours --set operations.detection=1h",
        6,
    ),
];

/// Where a command writes its parts does not show in what they are.
#[test]
fn points_in_any_parts_come_together_to_the_bits_of_one_command() {
    for (words, points) in WORK {
        let place = Place::new();
        let text = place.does(words);
        let json = place.does(&format!("{words} --format json"));
        place.does(&format!("{words} -o whole"));
        // Unequal parts, in another order, on other numbers of threads, and one of them twice.
        let ranges = [(points - 3, points, 3), (0, 1, 1), (1, points - 3, 2), (0, 1, 2)];
        for (from, to, threads) in ranges {
            place.does(&format!("{words} --range {from}..{to} -t {threads} -o a"));
        }
        for shard in 1..=4 {
            place.does(&format!("{words} --shard {shard}/4 -t {shard} -o b"));
        }
        for parts in ["a", "b"] {
            assert!(place.names(parts).iter().all(|name| name.starts_with("part-")));
            assert_eq!(place.does(&format!("merge {parts}")), text);
            assert_eq!(place.does(&format!("merge {parts} --format json -t 3")), json);
            let merged = format!("merged-{parts}");
            assert_eq!(place.does(&format!("merge {parts} -o {merged} -q")), "");
            assert!(place.files("whole") == place.files(&merged), "{words}: {parts}");
        }
        // The file does not depend on the threads: an engine that tries a shard twice may keep both.
        for threads in [1, 2, 3] {
            let folder = format!("threads-{threads}");
            place.does(&format!("{words} --range 0..1 -t {threads} -o {folder}"));
            assert!(
                place
                    .files(&folder)
                    .into_values()
                    .eq(
                        [fs::read(place.path("a/part-000000000000-000000000001.outlast")).unwrap()]
                    )
            );
        }
    }
}

#[test]
fn points_that_are_missing_are_told_in_commands_that_play_them() {
    for (words, points) in WORK {
        let place = Place::new();
        let text = place.does(words);
        place.does(&format!("{words} --range 1..2 -o parts"));
        place.does(&format!("{words} --range 4..{points} -o parts"));
        let (code, told) = place.refuses("merge parts");
        assert_eq!(code, Some(3), "{told}");
        let count = format!("not complete: 3 of {points} points are missing from 2 parts");
        assert!(told.contains(&count), "{told}");
        let commands: Vec<&str> =
            told.lines().filter_map(|line| line.strip_prefix("  outlast ")).collect();
        assert_eq!(commands.len(), 2, "{told}");
        for command in commands {
            place.does(&command.replace('\'', ""));
        }
        assert_eq!(place.does("merge parts"), text);
    }
}

/// Puts a part of other work beside one of a grid.
fn strange(place: &Place, words: &str, says: &str) {
    let _ = fs::remove_dir_all(place.path("stranger"));
    place.does(&format!("{SWEEP} --range 0..3 -o stranger"));
    place.does(&format!("{words} -o stranger"));
    let (code, told) = place.refuses("merge stranger");
    assert!(code == Some(2) && told.contains(says), "{words}: {told}");
}

#[test]
fn strangers_to_a_grid_are_refused_by_what_differs() {
    let place = Place::new();
    let part = |from: &str, to: &str| format!("{} --range 3..7", SWEEP.replace(from, to));
    for (from, to, says) in [
        ("--seed 3", "--seed 4", "the seed is 3 in one and 4 in the other"),
        ("-n 200", "-n 201", "the number of trials is 200 in one and 201 in the other"),
        ("4h/7", "5h/7", "what --sweep varies is operations.decision=5m..4h/7 in one and "),
        ("--seed 3", "--seed 3 --plain", "--plain is not set in one and set in the other"),
        ("--seed 3", "--seed 3 --confidence 0.9", "the confidence is 0.95 in one and 0.9 in the"),
        (
            "--seed 3",
            "--seed 3 --set operations.call_out=1h",
            "what --set sets is nothing in one and operations.call_out=1h in the other",
        ),
    ] {
        strange(&place, &part(from, to), says);
    }
    let run = "run office.toml -n 7 --seed 3 --range 3..7 -q";
    strange(&place, run, "the command is outlast compare in one and outlast run in the other");
    strange(
        &place,
        &format!("{SWEEP} --range 2..7"),
        "both hold the points 2..3; remove one of them",
    );
}

#[test]
fn parts_of_another_version_or_damaged_are_refused_by_name() {
    let place = Place::new();
    place.does(&format!("{SWEEP} --range 0..7 -o parts"));
    let name = "parts/part-000000000000-000000000007.outlast";
    let good = fs::read(place.path(name)).unwrap();
    let says = |bytes: &[u8], says: &str| {
        fs::write(place.path(name), bytes).unwrap();
        let (code, told) = place.refuses("merge parts -o merged");
        assert!(code == Some(2) && told.contains(says), "{says}: {told}");
        assert!(!place.path("merged").exists());
    };
    let first = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let second = first + good[first..].iter().position(|byte| *byte == b'\n').unwrap();
    let head = String::from_utf8(good[first..second].to_vec()).unwrap();
    // As another program would write it: with a right seal.
    let sealed = |head: &str| {
        let body = [head.as_bytes(), &good[second..]].concat();
        let hash: String = Sha256::digest(&body).iter().map(|byte| format!("{byte:02x}")).collect();
        [format!("outlast part 3 {} {hash}\n", body.len()).as_bytes(), &body].concat()
    };
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(head.contains(&version), "{head}");
    says(
        &sealed(&head.replace(&version, "\"version\":\"0.0.9\"")),
        "the parts are of version 0.0.9 of the program, and this is version",
    );
    let range = "\"range\":{\"start\":0,\"end\":7}";
    assert!(head.contains(range), "{head}");
    says(
        &sealed(&head.replace(range, "\"range\":{\"start\":0,\"end\":8}")),
        "its range is none of that work",
    );
    let mut flipped = good.clone();
    flipped[(second + good.len()) / 2] ^= 1;
    says(&flipped, "its checksum does not fit");
    says(&good[..good.len() - 1], "it is cut off");
    says(&[&good[..], b"x"].concat(), "something follows its end");
}

#[test]
fn a_part_of_a_grid_that_is_killed_costs_itself_and_no_other() {
    let place = Place::new();
    let text = place.does(SWEEP);
    place.does(&format!("{SWEEP} --shard 1/2 -o parts"));
    let long = SWEEP.replace("-n 200", "-n 2000000");
    let mut child = place
        .command(&format!("{long} --shard 2/2 -o parts"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    sleep(Duration::from_millis(300));
    // Without a word, as by a power cut.
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(place.names("parts"), ["part-000000000000-000000000003.outlast"]);
    assert_eq!(place.refuses("merge parts").0, Some(3));
    place.does(&format!("{SWEEP} --shard 2/2 -o parts"));
    assert_eq!(place.does("merge parts"), text);
}

#[test]
fn a_grid_that_was_killed_goes_on_to_the_same_bits() {
    let place = Place::new();
    let long = SWEEP.replace("-n 200", "-n 4000");
    let text = place.does(&format!("{long} -o whole"));
    let words = format!("{long} -o kept --checkpoint 1ms");
    let mut child =
        place.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for_part(&place, "kept.parts");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!place.path("kept").exists());
    let (code, told) = place.refuses(&words);
    assert!(code == Some(2) && told.contains("go on with it by --resume"), "{told}");
    let (code, told) = place.refuses(&format!("{words} --resume --metric cost"));
    assert!(code == Some(2) && told.contains("holds parts of other work: --metric"), "{told}");
    let done = place.command(&format!("{words} --resume -t 3")).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{told}");
    assert!(told.contains("Goes on from what kept.parts kept: "), "{told}");
    assert!(told.contains(" of 7 points are there."), "{told}");
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(said.replace("kept", "whole"), text);
    assert!(place.files("whole") == place.files("kept"));
    assert_eq!(place.names("."), ["kept", "office.toml", "whole"]);
    // Without a folder for the output, parts lie where its default would be; and nothing is said.
    assert_eq!(place.does(&format!("{SWEEP} --checkpoint 1ms -q")), "");
    assert!(place.names("output").is_empty());
}

/// So many rows are in the file only, and so many values do not fit on a terminal.
#[test]
fn a_grid_of_more_than_a_thousand_points_goes_to_its_file_as_it_is_played() {
    let place = Place::new();
    let words = "compare office.toml --sweep operations.decision=5m..4h/60 \
                 --sweep operations.call_out=10m..3h/21 -n 4";
    let text = place.does(&format!("{words} -o whole"));
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = "Only one value in 2 of decision and one value in 2 of call out are shown.";
    assert!(said.contains(shown), "{text}");
    let table = fs::read_to_string(place.path("whole/sweep.csv")).unwrap();
    let value = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    let mut points: Vec<[String; 2]> =
        table.lines().skip(1).map(|line| [value(line, 1), value(line, 3)]).collect();
    points.dedup();
    assert_eq!(points.len(), 60 * 21);
    assert_eq!(points[0], ["5m", "10m"]);
    assert_eq!(points[60 * 21 - 1], ["4h", "3h"]);
    let json: serde_json::Value =
        serde_json::from_str(&place.does(&format!("{words} --format json"))).unwrap();
    assert!(json["sweep"].is_null(), "{}", json["sweep"]);
    assert!(json["sweep_left_out"].as_str().unwrap().contains("sweep.csv"));
    for shard in 1..=2 {
        place.does(&format!("{words} --shard {shard}/2 -o parts -q"));
    }
    assert_eq!(place.does("merge parts -o again").replace("again", "whole"), text);
    assert!(place.files("whole") == place.files("again"));
}

#[test]
fn what_has_nothing_to_do_with_points_is_refused() {
    let place = Place::new();
    place.does(&format!("{SWEEP} --range 0..7 -o parts"));
    for (words, says) in [
        ("merge parts --raw", "--raw is for the parts of a run, and these are of the grid"),
        ("merge parts --no-robustness", "--no-robustness is for the parts of a run"),
        ("merge parts --confidence 0.9", "hold intervals for --confidence 0.95"),
        ("compare office.toml --with operations.call_out=1h --shard 1/2", "go with --sweep"),
        ("compare office.toml --with operations.call_out=1h --resume", "go with --sweep"),
        (&format!("{SWEEP} --resume --shard 1/2"), "cannot be used with"),
        (&format!("{SWEEP} --range 5..8"), "the grid has the points 0..7, and 5..8 are not among"),
        (&format!("{SWEEP} --shard 1/9"), "and 0..0 are not among"),
    ] {
        let (code, told) = place.refuses(words);
        let holds = code == Some(2) && told.contains(says);
        assert!(holds, "{words}: {told}");
    }
    place.does("merge parts --confidence 0.95");
}

#[test]
fn scripts_are_written_for_a_grid_too() {
    let place = Place::new();
    let shards = |engine: &str, more: &str| {
        place.does(&format!("shards --shards 3 --for {engine} {more} -- {SWEEP}"))
    };
    place.does(&format!("{SWEEP} --shard 2/3 -o parts"));
    for (engine, all, some) in [
        ("slurm", "--array=1-3", "--array=1,3"),
        ("hyperqueue", "--array 1-3 ", "--array 1,3 "),
        ("parallel", "::: 1 2 3\n", "::: 1 3\n"),
        ("kubernetes", "completions: 3", "completions: 2"),
    ] {
        let told = shards(engine, "");
        assert!(told.contains(all) && told.contains("Parts: 7 points, 3 of 3 shards"), "{told}");
        let command = "outlast compare office.toml --sweep ";
        assert!(told.contains(command) && told.contains(" --trials 200 "), "{told}");
        assert!(shards(engine, "--missing parts").contains(some), "{told}");
    }
    // The commands of the script are those that play the shards.
    let script = shards("parallel", "--missing parts");
    // GNU parallel gives its command to a shell once more.
    let line = script.lines().find(|line| line.starts_with("parallel --quote ")).unwrap();
    let command = line.split_once("outlast ").unwrap().1.split_once(" ::: ").unwrap().0;
    for shard in ["1", "3"] {
        place.does(&command.replace("{}", shard).replace('\'', ""));
    }
    assert_eq!(place.does("merge parts"), place.does(SWEEP));
    for (words, says) in [
        (&*format!("-- {SWEEP} --checkpoint 5m"), "shards are played whole"),
        ("-- check office.toml", "only run, compare --sweep and sensitivity"),
        ("-- compare office.toml --with operations.call_out=1h", "where it has points"),
        ("-- compare office.toml --swap x", "unexpected argument '--swap'"),
        ("--seed 4 -- run office.toml", "cannot be used with"),
        ("-- run office.toml --precision 5%", "nobody knows the trials of a run to a goal"),
        ("-- run office.toml --fits both", "--fits both plays every trial twice"),
        ("-- run office.toml --checkpoint 5m", "leave out --checkpoint and --resume"),
        (&format!("-- {SWEEP} --shard 1/3"), "leave out --shard and --range"),
        ("-- sensitivity office.toml --range 0..64", "leave out --shard and --range"),
    ] {
        let (code, told) = place.refuses(&format!("shards --shards 3 --for slurm {words}"));
        assert!(code == Some(2) && told.contains(says), "{words}: {told}");
    }
}
