//! `demo`: a throw-away repository with an agent's afternoon in it, made from the folders under `demo/`.

use super::{
    Failure, Outcome,
    args::{DemoArgs, ReviewArgs},
    output, review,
};
use git2::{Repository, RepositoryInitOptions, Signature, Time};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

const DAY: i64 = 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    step: Vec<Step>,
}

/// One folder of files laid over the ones before; committed when it has a message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    files: String,
    author: Option<String>,
    #[serde(default)]
    days_ago: i64,
    message: Option<String>,
}

pub(super) fn run(args: &DemoArgs) -> Result<Outcome, Failure> {
    let dir = folder(args)?;
    make(&dir)?;
    output::print(&format!(
        "A repository to try countersign on is in {0}\nIt holds three commits, two of them by an agent, and uncommitted work.\nDelete it when you are done: rm -r {0}\n",
        dir.display()
    ))?;
    if args.no_open {
        return Ok(Outcome::Done);
    }
    let review = ReviewArgs {
        theme: args.theme.clone(),
        ..ReviewArgs::default()
    };
    review::run(&review, Some(&dir))
}

fn folder(args: &DemoArgs) -> Result<PathBuf, Failure> {
    match &args.into {
        Some(dir) => {
            let taken = dir.read_dir().map(|mut entries| entries.next().is_some());
            match taken {
                Ok(true) => {
                    Err(Failure::new(format!("{} is not empty", dir.display())).hint("Name a new folder with --into."))
                }
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot("read", dir, &error)),
                _ => Ok(dir.clone()),
            }
        }
        None => tempfile::Builder::new()
            .prefix("countersign-demo-")
            .tempdir()
            .map(tempfile::TempDir::keep)
            .map_err(|error| cannot("make a folder in", &std::env::temp_dir(), &error)),
    }
}

/// Makes the repository in `dir`.
fn make(dir: &Path) -> Result<(), Failure> {
    let script = FILES
        .get_file("demo.toml")
        .and_then(|f| f.contents_utf8())
        .unwrap_or_default();
    let script: Script =
        toml::from_str(script).map_err(|error| Failure::new(format!("the demo's own script is wrong: {error}")))?;
    // Neither templates nor hooks of the machine belong into a throw-away repository.
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false);
    let repo = Repository::init_opts(dir, &options).map_err(git)?;
    give_identity(&repo)?;
    for step in &script.step {
        lay(dir, &step.files)?;
        if let (Some(author), Some(message)) = (&step.author, &step.message) {
            commit(&repo, author, message, step.days_ago)?;
        }
    }
    Ok(())
}

/// Whoever tries the demo may have no git identity yet: the throw-away repository brings one, unless the user has their own.
fn give_identity(repo: &Repository) -> Result<(), Failure> {
    let mut config = repo.config().map_err(git)?;
    for (key, value) in [("user.name", "Demo Reviewer"), ("user.email", "reviewer@example.com")] {
        if config.get_string(key).is_err() {
            config.set_str(key, value).map_err(git)?;
        }
    }
    Ok(())
}

fn lay(dir: &Path, step: &str) -> Result<(), Failure> {
    let Some(files) = FILES.get_dir(step) else {
        return Err(Failure::new(format!("the demo lacks its folder {step}")));
    };
    let mut folders = vec![files];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().strip_prefix(step).unwrap_or(file.path());
            let path = dir.join(path);
            let parent = path.parent().unwrap_or(dir);
            fs::create_dir_all(parent).map_err(|error| cannot("make", parent, &error))?;
            fs::write(&path, file.contents()).map_err(|error| cannot("write", &path, &error))?;
        }
    }
    Ok(())
}

fn commit(repo: &Repository, author: &str, message: &str, days_ago: i64) -> Result<(), Failure> {
    let (name, email) = author.split_once(" <").unwrap_or((author, ""));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| d.as_secs() as i64);
    let time = Time::new(now - days_ago * DAY - 600, 0);
    let author = Signature::new(name, email.trim_end_matches('>'), &time).map_err(git)?;
    let mut index = repo.index().map_err(git)?;
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).map_err(git)?;
    index.write().map_err(git)?;
    let tree = repo.find_tree(index.write_tree().map_err(git)?).map_err(git)?;
    let parent = repo.head().ok().and_then(|h| h.peel_to_commit().ok());
    let parents: Vec<_> = parent.iter().collect();
    let message = format!("{}\n", message.trim());
    repo.commit(Some("HEAD"), &author, &author, &message, &tree, &parents)
        .map_err(git)?;
    Ok(())
}

fn git(error: git2::Error) -> Failure {
    Failure::new(format!("the demo repository could not be made: {}", error.message()))
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot {what} {}: {error}", path.display()))
}
