//! Which files are worth analysing together with one: told from their outlooks, before anything is joined.

use super::{
    Outlook,
    modules::{self, Guess},
};
use crate::{
    change::RepoPath,
    lang::{Lang, facts::Facts},
};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// Most files in one program, the one under examination included.
pub const MOST_FILES: usize = 12;
/// Largest file that is followed into, in bytes.
const LARGEST: usize = 400_000;
/// Most imports of one file that are looked up.
const MOST_IMPORTS: usize = 200;
/// Most files of a folder that are looked at.
const MOST_IN_FOLDER: usize = 60;
/// Most files that may define a name for it to be looked for in them.
const MOST_DEFINING: usize = 4;
/// How many files away a sink may be.
const DEPTH: usize = 3;

/// The files of one side, as far as anything may be followed into them.
pub trait Files: Sync {
    /// The text of a file.
    fn text(&self, path: &RepoPath) -> Option<Arc<[u8]>>;
    /// True when there is such a file.
    fn exists(&self, path: &RepoPath) -> bool;
    /// The files of a folder, by path.
    fn folder(&self, folder: &str) -> Vec<RepoPath>;
    /// The files under review that define a name, by path.
    fn defining(&self, name: &str) -> Vec<RepoPath>;
    /// The facts of a file.
    fn facts(&self, path: &RepoPath, text: &[u8], lang: Lang) -> Option<Arc<Facts>>;
    /// What a file has to do with others.
    fn outlook(&self, path: &RepoPath, text: &Arc<[u8]>) -> Option<Arc<Outlook>>;
    /// True for a file under review: findings are told in it, and its own were looked for anyway.
    fn is_reviewed(&self, path: &RepoPath) -> bool;
}

/// A file that was chosen.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Its name.
    pub path: RepoPath,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Its language.
    pub lang: Lang,
}

/// Files chosen to go with one, that one first.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The files.
    pub files: Vec<Chosen>,
    /// More would have been worth it than fit.
    pub cut: bool,
}

/// Chooses. `doubtful`: something found in the file passes through code of others that is only assumed to pass it on.
#[must_use]
pub fn choose(main: Chosen, outlook: &Outlook, doubtful: bool, files: &dyn Files) -> Choice {
    let outside = outlook
        .hands
        .iter()
        .filter(|h| h.outside)
        .map(|h| h.to.clone())
        .collect();
    let mut chooser = Chooser {
        files,
        lang: main.lang,
        doubtful,
        seen: HashSet::from([main.path.clone()]),
        choice: Choice {
            files: vec![main.clone()],
            cut: false,
        },
    };
    chooser.around(&main, outlook, &outside, 0);
    chooser.choice
}

struct Chooser<'f> {
    files: &'f dyn Files,
    lang: Lang,
    doubtful: bool,
    seen: HashSet<RepoPath>,
    choice: Choice,
}

impl Chooser<'_> {
    /// Chooses among the files that one file may mean by its imports, its folder and its names; `wanted` is what it hands values to. True when
    /// some were. At most [`DEPTH`] deep.
    fn around(&mut self, of: &Chosen, outlook: &Outlook, wanted: &BTreeSet<Box<str>>, depth: usize) -> bool {
        let mut any = false;
        if wanted.is_empty() && depth > 0 {
            return false;
        }
        for path in self.near(of, outlook, wanted) {
            any |= self.consider(of, &path, wanted, depth);
        }
        any
    }

    /// Files that may be meant, nearest first. What is not under review is looked at only for the sake of something handed to it.
    fn near(&self, of: &Chosen, outlook: &Outlook, wanted: &BTreeSet<Box<str>>) -> Vec<RepoPath> {
        let mut near: Vec<RepoPath> = Vec::new();
        for import in outlook.imports.iter().take(MOST_IMPORTS) {
            near.extend(
                resolve(self.lang, &of.path, import, self.files)
                    .into_iter()
                    .flat_map(|(files, _)| files),
            );
        }
        if self.lang.shares_folders() || self.lang.files_are_modules() {
            let folder = modules::folder(&of.path.lossy()).to_owned();
            near.extend(self.files.folder(&folder).into_iter().take(MOST_IN_FOLDER));
        }
        if self.lang.shares_folders() {
            for name in wanted {
                let defining = self.files.defining(name);
                if defining.len() <= MOST_DEFINING {
                    near.extend(defining);
                }
            }
        }
        near.retain(|path| !wanted.is_empty() || self.files.is_reviewed(path));
        near
    }

    fn consider(&mut self, of: &Chosen, path: &RepoPath, wanted: &BTreeSet<Box<str>>, depth: usize) -> bool {
        if self.seen.contains(path) {
            return self.choice.files.iter().any(|c| c.path == *path);
        }
        let Some(text) = self.files.text(path).filter(|t| t.len() <= LARGEST) else {
            return false;
        };
        let Some(lang) = Lang::of(path.bytes(), &text).filter(|l| self.lang.links_with(*l)) else {
            return false;
        };
        let Some(outlook) = self.files.outlook(path, &text) else {
            return false;
        };
        let defined: BTreeSet<Box<str>> = wanted.intersection(&outlook.defines).cloned().collect();
        let sinks = !outlook.sinks.is_disjoint(wanted);
        let gives = depth == 0 && outlook.gives.iter().any(|name| mentions(&of.text, name));
        let settles = depth == 0 && self.doubtful && !defined.is_empty();
        if !(sinks || gives || settles || !defined.is_empty() && depth + 1 < DEPTH) {
            return false;
        }
        self.seen.insert(path.clone());
        let chosen = Chosen {
            path: path.clone(),
            text,
            lang,
        };
        let at = self.choice.files.len();
        let on = outlook
            .hands
            .iter()
            .filter(|h| defined.contains(&h.by))
            .map(|h| h.to.clone())
            .collect();
        let further = depth + 1 < DEPTH && self.around(&chosen, &outlook, &on, depth + 1);
        if !(sinks || gives || settles || further) {
            self.seen.remove(path);
            return false;
        }
        if self.choice.files.len() >= MOST_FILES {
            self.choice.cut = true;
            return false;
        }
        self.choice.files.insert(at, chosen);
        true
    }
}

/// The files an import means and what of them: the first guess that exists.
#[must_use]
pub fn resolve(lang: Lang, from: &RepoPath, import: &str, files: &dyn Files) -> Option<(Vec<RepoPath>, Vec<String>)> {
    modules::guesses(lang, from, import).into_iter().find_map(|guess| {
        let found = existing(&guess, lang, files);
        (!found.is_empty()).then_some((found, guess.names))
    })
}

fn existing(guess: &Guess, lang: Lang, files: &dyn Files) -> Vec<RepoPath> {
    if guess.folder {
        let mut all = files.folder(&guess.path);
        all.retain(|path| Lang::of(path.bytes(), b"") == Some(lang));
        all.truncate(MOST_IN_FOLDER);
        return all;
    }
    let path = RepoPath::new(&guess.path);
    files.exists(&path).then_some(path).into_iter().collect()
}

/// True when a text holds a name, not as part of a longer one.
fn mentions(text: &[u8], name: &str) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let name = name.as_bytes();
    !name.is_empty()
        && text.windows(name.len()).enumerate().any(|(at, window)| {
            window == name
                && !is_word(text.get(at + name.len()))
                && !is_word(at.checked_sub(1).and_then(|b| text.get(b)))
        })
}
