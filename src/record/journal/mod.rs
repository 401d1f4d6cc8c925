//! The journal: every decision on disk before the screen shows it.
//!
//! An append-only file of JSON lines, `countersign/journal.jsonl` under the git directory that all worktrees share; never inside a working
//! tree, where an agent's `git add -A` would pick it up. [`Journal::append`] returns only after the line is written **and** synced, under
//! a lock, so kill -9 at any moment loses no acknowledged entry. Each line carries the digest of the line before, which shows lines
//! that were edited, removed or put in between (it does not show a file that was rewritten as a whole: the journal is a safety net and a
//! memory, not proof).
//!
//! What an entry means is not this module's business: its body is the review core's entry, or a recording's intent.

mod file;
mod line;

pub use line::{Entry, NewEntry, Problem};

use super::{
    clock::{self, Clock},
    error::{RecordError, Result},
};
use crate::change::Identity;
use file::{Held, JournalFile};
use std::path::{Path, PathBuf};

/// What every entry of this session carries.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// `countersign 0.1.0`.
    pub tool: String,
    /// Digest of the rule set in force.
    pub rules: String,
    /// Who is at the keys.
    pub by: Identity,
    /// Where the time comes from.
    pub clock: Clock,
}

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    file: JournalFile,
    stamp: Stamp,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    /// Digest of the last line that could be read.
    tip: String,
    /// Bytes taken in so far, and lines in them.
    len: u64,
    lines: usize,
    /// The file does not end with a line ending.
    open_line: bool,
}

impl Journal {
    /// Opens (or creates) the journal of the repository whose shared git directory is `common_dir`, and reads it.
    ///
    /// # Errors
    /// When it cannot be opened or is not a plain file of the user's.
    pub fn open(common_dir: &Path, stamp: Stamp) -> Result<Self> {
        let file = JournalFile::open(&Self::path(common_dir))?;
        let mut journal = Self {
            file,
            stamp,
            entries: Vec::new(),
            problems: Vec::new(),
            tip: line::NO_LINE.to_owned(),
            len: 0,
            lines: 0,
            open_line: false,
        };
        let held = journal.file.lock()?;
        journal.take_in()?;
        held.release()?;
        Ok(journal)
    }

    /// Where the journal of a repository is.
    #[must_use]
    pub fn path(common_dir: &Path) -> PathBuf {
        common_dir.join("countersign").join("journal.jsonl")
    }

    /// All entries that could be read, oldest first, those of other processes included as of the last append or refresh.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is wrong with the file; to be shown, never silent.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What every entry of this session carries.
    #[must_use]
    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Writes an entry and syncs it. When this returns `Ok`, the entry survives a crash of the program and of the machine.
    ///
    /// # Errors
    /// When it could not be written or synced in full; what was written of it is taken out again.
    pub fn append(&mut self, new: NewEntry) -> Result<&Entry> {
        let held = self.lock_current()?;
        self.take_in()?;
        let entry = Entry::new(
            new,
            &self.stamp,
            clock::local(&self.stamp.clock.now()),
            self.tip.clone(),
        );
        let text = entry.to_line().map_err(|e| RecordError::Unreadable {
            what: "the entry".into(),
            why: e.to_string(),
        })?;
        let mut bytes = Vec::with_capacity(text.len() + 2);
        if self.open_line {
            // What a crash cut short stays a line of its own.
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(b'\n');
        self.file.append(self.len, &bytes)?;
        held.release()?;
        self.len += bytes.len() as u64;
        self.lines += 1;
        self.open_line = false;
        self.tip = line::digest(text.as_bytes());
        Ok(self.entries.push_mut(entry))
    }

    /// Takes in what other processes have written since.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn refresh(&mut self) -> Result<()> {
        let held = self.lock_current()?;
        self.take_in()?;
        held.release()
    }

    /// Locks the file that has the journal's name. When somebody moved the open one away, goes on in the one that is there now, from
    /// its start.
    fn lock_current(&mut self) -> Result<Held> {
        loop {
            let held = self.file.lock()?;
            if !self.file.was_replaced() {
                return Ok(held);
            }
            held.release()?;
            self.file = JournalFile::open(self.file.path())?;
            self.start_over(Problem::Replaced);
        }
    }

    fn start_over(&mut self, because: Problem) {
        (self.len, self.lines, self.open_line) = (0, 0, false);
        self.tip = line::NO_LINE.to_owned();
        self.entries.clear();
        self.problems.push(because);
    }

    /// Reads from where the last reading stopped. The lock is held.
    fn take_in(&mut self) -> Result<()> {
        if self.file.size()? < self.len {
            // Shorter than what was read: somebody cut it. Start over with what there is, and say so.
            self.start_over(Problem::Shortened);
        }
        let bytes = self.file.read_from(self.len)?;
        self.len += bytes.len() as u64;
        let mut rest = bytes.as_slice();
        if self.open_line {
            // The other process ended the torn line before it wrote its own.
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            self.open_line = bytes.is_empty();
        }
        while !rest.is_empty() {
            let (text, tail, ended) = match rest.iter().position(|b| *b == b'\n') {
                Some(at) => (&rest[..at], &rest[at + 1..], true),
                None => (rest, &rest[rest.len()..], false),
            };
            self.lines += 1;
            self.open_line = !ended;
            self.take_in_line(text);
            rest = tail;
        }
        Ok(())
    }

    fn take_in_line(&mut self, text: &[u8]) {
        if text.trim_ascii().is_empty() {
            return;
        }
        match Entry::from_line(text) {
            Ok(entry) => {
                if entry.prev != self.tip {
                    self.problems.push(Problem::BrokenChain { line: self.lines });
                }
                self.tip = line::digest(text);
                self.entries.push(entry);
            }
            Err(why) => self.problems.push(Problem::Torn { line: self.lines, why }),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::{fs, io::Write};

    fn stamp() -> Stamp {
        Stamp {
            tool: "countersign 0".into(),
            rules: "r".into(),
            by: Identity {
                name: "Ada".into(),
                email: "ada@example.com".into(),
            },
            clock: Clock::Fixed("2026-11-20T13:22:27+01:00[+01:00]".parse().unwrap()),
        }
    }

    fn entry(n: u32) -> NewEntry {
        NewEntry {
            kind: "review",
            about: vec![],
            content: vec![],
            body: serde_json::json!({ "n": n, "text": "a\nb" }),
        }
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        journal
            .entries()
            .iter()
            .map(|e| e.body["n"].as_u64().unwrap())
            .collect()
    }

    #[test]
    fn what_was_appended_is_there_after_reopening_and_the_chain_holds() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), stamp()).unwrap();
        for n in 0..5 {
            let written = journal.append(entry(n)).unwrap();
            assert_eq!(written.time, "2026-11-20T13:22:27.000+01:00");
        }
        let again = Journal::open(dir.path(), stamp()).unwrap();
        assert_eq!(again.entries(), journal.entries());
        assert_eq!(numbers(&again), [0, 1, 2, 3, 4]);
        assert_eq!(again.problems(), []);
    }

    #[test]
    fn a_torn_last_line_is_reported_and_the_next_entry_starts_on_a_fresh_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = Journal::path(dir.path());
        Journal::open(dir.path(), stamp()).unwrap().append(entry(0)).unwrap();
        let whole = fs::read(&path).unwrap();
        // Every possible place to be cut short in a second entry.
        for cut in 1..whole.len() {
            let mut file = whole.clone();
            file.extend_from_slice(&whole[..cut]);
            fs::write(&path, &file).unwrap();
            let mut journal = Journal::open(dir.path(), stamp()).unwrap();
            let complete = cut == whole.len() - 1;
            assert_eq!(journal.problems().len(), 1, "cut {cut}: {:?}", journal.problems());
            assert_eq!(
                matches!(journal.problems()[0], Problem::Torn { line: 2, .. }),
                !complete,
                "cut {cut}"
            );
            journal.append(entry(7)).unwrap();
            let again = Journal::open(dir.path(), stamp()).unwrap();
            assert_eq!(
                numbers(&again),
                if complete { vec![0, 0, 7] } else { vec![0, 7] },
                "cut {cut}"
            );
            assert_eq!(again.problems().len(), 1, "the chain goes on from the last good line");
        }
    }

    #[test]
    fn edited_removed_and_inserted_lines_break_the_chain() {
        let dir = tempfile::tempdir().unwrap();
        let path = Journal::path(dir.path());
        let mut journal = Journal::open(dir.path(), stamp()).unwrap();
        for n in 0..4 {
            journal.append(entry(n)).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let broken = |lines: &[String]| {
            fs::write(&path, lines.join("\n") + "\n").unwrap();
            Journal::open(dir.path(), stamp()).unwrap().problems().to_vec()
        };
        assert_eq!(broken(&lines), []);
        let mut edited = lines.clone();
        edited[1] = edited[1].replace("\"n\":1", "\"n\":9");
        assert_eq!(broken(&edited), [Problem::BrokenChain { line: 3 }]);
        let mut removed = lines.clone();
        removed.remove(2);
        assert_eq!(broken(&removed), [Problem::BrokenChain { line: 3 }]);
        let mut swapped = lines.clone();
        swapped.swap(1, 2);
        assert_eq!(broken(&swapped).len(), 3);
    }

    #[test]
    fn two_open_journals_keep_one_chain() {
        let dir = tempfile::tempdir().unwrap();
        let mut one = Journal::open(dir.path(), stamp()).unwrap();
        let mut two = Journal::open(dir.path(), stamp()).unwrap();
        for n in 0..6 {
            if n % 2 == 0 {
                one.append(entry(n))
            } else {
                two.append(entry(n))
            }
            .unwrap();
        }
        one.refresh().unwrap();
        assert_eq!(numbers(&one), [0, 1, 2, 3, 4, 5]);
        assert_eq!(one.problems(), []);
        assert_eq!(Journal::open(dir.path(), stamp()).unwrap().problems(), []);
    }

    #[test]
    fn threads_with_journals_of_their_own_lose_nothing() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for t in 0..4 {
                let dir = dir.path();
                scope.spawn(move || {
                    let mut journal = Journal::open(dir, stamp()).unwrap();
                    for n in 0..10 {
                        journal.append(entry(t * 100 + n)).unwrap();
                    }
                });
            }
        });
        let journal = Journal::open(dir.path(), stamp()).unwrap();
        let mut all = numbers(&journal);
        all.sort_unstable();
        let expected: Vec<u64> = (0..4).flat_map(|t| (0..10).map(move |n| t * 100 + n)).collect();
        assert_eq!(all, expected);
        assert_eq!(journal.problems(), []);
    }

    #[cfg(unix)]
    #[test]
    fn the_journal_is_private_and_follows_no_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        let dir = tempfile::tempdir().unwrap();
        let path = Journal::path(dir.path());
        drop(Journal::open(dir.path(), stamp()).unwrap());
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));

        let victim = dir.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        fs::remove_file(&path).unwrap();
        symlink(&victim, &path).unwrap();
        assert!(matches!(
            Journal::open(dir.path(), stamp()),
            Err(RecordError::Suspicious { .. })
        ));
        fs::remove_file(&path).unwrap();
        fs::hard_link(&victim, &path).unwrap();
        assert!(matches!(
            Journal::open(dir.path(), stamp()),
            Err(RecordError::Suspicious { .. })
        ));
        fs::remove_file(&path).unwrap();
        symlink(dir.path().join("nowhere"), &path).unwrap();
        assert!(matches!(
            Journal::open(dir.path(), stamp()),
            Err(RecordError::Suspicious { .. })
        ));
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");

        let elsewhere = tempfile::tempdir().unwrap();
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        symlink(elsewhere.path(), path.parent().unwrap()).unwrap();
        assert!(matches!(
            Journal::open(dir.path(), stamp()),
            Err(RecordError::Suspicious { .. })
        ));
    }

    #[test]
    fn a_journal_cut_or_exchanged_while_open_is_read_again_and_reported() {
        let dir = tempfile::tempdir().unwrap();
        let path = Journal::path(dir.path());
        let mut journal = Journal::open(dir.path(), stamp()).unwrap();
        journal.append(entry(0)).unwrap();
        let one = fs::read(&path).unwrap();
        journal.append(entry(1)).unwrap();
        fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(one.len() as u64)
            .unwrap();
        journal.append(entry(2)).unwrap();
        assert_eq!(numbers(&journal), [0, 2]);
        assert_eq!(journal.problems(), [Problem::Shortened]);

        fs::rename(&path, dir.path().join("moved")).unwrap();
        fs::File::create(&path).unwrap().write_all(&one).unwrap();
        journal.append(entry(3)).unwrap();
        assert_eq!(numbers(&journal), [0, 3]);
        assert_eq!(numbers(&Journal::open(dir.path(), stamp()).unwrap()), [0, 3]);
        assert_eq!(journal.problems(), [Problem::Shortened, Problem::Replaced]);
    }
}
