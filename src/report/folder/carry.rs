//! What of an earlier output is the user's own, and how it gets into the new one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Gives `to` every file and folder of `from` that is not ours and not there yet; an error comes
/// with the relative path that it is about.
pub(super) fn carry_over(
    owned: &[String],
    from: &Path,
    to: &Path,
) -> Result<(), (io::Error, PathBuf)> {
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(from.join(&folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(|error| (error, folder.clone()))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| (error, folder.clone()))?;
            let relative = folder.join(entry.file_name());
            let carried = carry_over_one(owned, &entry, &relative, &to.join(&relative));
            if carried.map_err(|error| (error, relative.clone()))? {
                folders.push(relative);
            }
        }
    }
    Ok(())
}

/// Carries over one entry; true when it is a folder to be gone through.
fn carry_over_one(
    owned: &[String],
    entry: &fs::DirEntry,
    relative: &Path,
    to: &Path,
) -> io::Result<bool> {
    if entry.file_type()?.is_dir() {
        // A folder of our own comes with its new files, or with a file of the user's, or not at
        // all.
        let ours = owned.iter().any(|pattern| Path::new(pattern).parent() == Some(relative));
        if !ours {
            fs::create_dir_all(to)?;
        }
        return Ok(true);
    }
    if owns(owned, relative) {
        return Ok(false);
    }
    match fs::symlink_metadata(to) {
        Ok(metadata) if metadata.is_dir() => {
            return Err(io::Error::other("a folder of the new output stands in its place"));
        }
        Ok(_) => return Ok(false),
        Err(_) => {}
    }
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    // A second name for the same file costs nothing and loses nothing; where the file system knows
    // no such thing, a copy.
    if fs::hard_link(entry.path(), to).is_err() {
        fs::copy(entry.path(), to)?;
    }
    Ok(false)
}

fn owns(owned: &[String], relative: &Path) -> bool {
    let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
    names.is_some_and(|names| {
        let path = names.join("/");
        owned.iter().any(|pattern| matches_pattern(&path, pattern))
    })
}

/// Whether a path with `/` is the pattern, in which one `*` stands for any part of one name.
fn matches_pattern(path: &str, pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return path == pattern;
    };
    path.strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after))
        .is_some_and(|matched| !matched.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_a_part_of_one_name() {
        for (path, pattern, expected) in [
            ("summary.csv", "summary.csv", true),
            ("summary.csv.bak", "summary.csv", false),
            ("charts/a.svg", "charts/*.svg", true),
            ("charts/.svg", "charts/*.svg", true),
            ("charts/mine/a.svg", "charts/*.svg", false),
            ("charts/a.txt", "charts/*.svg", false),
            ("a.svg", "charts/*.svg", false),
            ("aba", "ab*ba", false),
        ] {
            assert_eq!(matches_pattern(path, pattern), expected, "{path} {pattern}");
        }
    }
}
