//! Files that a change does not touch, as they are on both of its sides.

use super::{Change, ObjectId, Repo, RepoPath};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Largest file that is given, in bytes.
const LARGEST: usize = 1 << 20;
/// Most files in one folder that are told.
const MOST_IN_FOLDER: usize = 200;

/// The tree that a change is made to. Opened when first asked; when it cannot be read there is nothing in it. Of unstaged work it is the last
/// commit's, although what is staged lies between: a file that is staged and not touched since is seen as it was committed.
pub struct Base {
    dir: PathBuf,
    tree: Option<ObjectId>,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    repo: Option<Repo>,
    failed: bool,
    texts: HashMap<RepoPath, Option<Arc<[u8]>>>,
    folders: HashMap<String, Vec<RepoPath>>,
}

impl Base {
    /// What `change` of the repository that holds `dir` leaves untouched.
    #[must_use]
    pub fn new(dir: &Path, change: &Change) -> Base {
        Base {
            dir: dir.to_path_buf(),
            tree: change.base.clone(),
            open: Mutex::default(),
        }
    }

    /// The same, for a repository that is open.
    #[must_use]
    pub fn of(repo: &Repo, change: &Change) -> Base {
        Base::new(&repo.cwd, change)
    }

    /// The bytes of a file of the tree.
    #[must_use]
    pub fn text(&self, path: &RepoPath) -> Option<Arc<[u8]>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.texts.get(path) {
            return known.clone();
        }
        let text = self.with(&mut open, |repo, tree| {
            let entry = tree.get_path(Path::new(&*path.lossy())).ok()?;
            let blob = entry.to_object(repo).ok()?.into_blob().ok()?;
            (blob.size() <= LARGEST && !blob.is_binary()).then(|| Arc::from(blob.content()))
        });
        open.texts.insert(path.clone(), text.clone());
        text
    }

    /// True when the tree has such a file.
    #[must_use]
    pub fn exists(&self, path: &RepoPath) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let is_file = |_: &git2::Repository, tree: &git2::Tree<'_>| {
            let entry = tree.get_path(Path::new(&*path.lossy())).ok()?;
            (entry.kind() == Some(git2::ObjectType::Blob)).then_some(())
        };
        self.with(&mut open, is_file).is_some()
    }

    /// The files directly in a folder of the tree, in order of their names.
    #[must_use]
    pub fn folder(&self, folder: &str) -> Vec<RepoPath> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.folders.get(folder) {
            return known.clone();
        }
        let listed = self.with(&mut open, |repo, tree| {
            let below;
            let tree = match folder {
                "" => tree,
                folder => {
                    let object = tree.get_path(Path::new(folder)).ok()?.to_object(repo).ok()?;
                    below = object.into_tree().ok()?;
                    &below
                }
            };
            let files = tree.iter().filter(|entry| entry.kind() == Some(git2::ObjectType::Blob));
            let within = |name: &[u8]| match folder {
                "" => RepoPath::new(name),
                folder => RepoPath::new([folder.as_bytes(), b"/", name].concat()),
            };
            Some(
                files
                    .take(MOST_IN_FOLDER)
                    .map(|entry| within(entry.name_bytes()))
                    .collect(),
            )
        });
        let files: Vec<RepoPath> = listed.unwrap_or_default();
        open.folders.insert(folder.to_owned(), files.clone());
        files
    }

    /// Something read from the tree.
    fn with<T>(
        &self,
        open: &mut Open,
        read: impl FnOnce(&git2::Repository, &git2::Tree<'_>) -> Option<T>,
    ) -> Option<T> {
        let base = self.tree.as_ref()?;
        if open.repo.is_none() && !open.failed {
            open.repo = Repo::open(&self.dir).ok();
            open.failed = open.repo.is_none();
        }
        let repo = &open.repo.as_ref()?.git;
        let tree = repo.find_commit(git2::Oid::from_str(&base.0).ok()?).ok()?.tree().ok()?;
        read(repo, &tree)
    }
}
