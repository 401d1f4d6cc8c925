//! `rules docs`: a page for every rule, made from the rule itself.

use super::super::{Failure, Outcome, output};
use crate::report::rule_page;
use std::{fs, path::Path};

pub(super) fn run(dir: &Path, user: &[std::path::PathBuf]) -> Result<Outcome, Failure> {
    let (_, mut loaded) = super::all(user)?;
    loaded.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    for one in &loaded {
        // Ids are checked: letters, digits, hyphens and one slash.
        write(&dir.join(format!("{}.md", one.rule.id)), &rule_page::markdown(one))?;
    }
    write(&dir.join("README.md"), &rule_page::index(&loaded))?;
    output::print(&format!("{} pages in {}.\n", loaded.len() + 1, dir.display()))?;
    Ok(Outcome::Done)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |e| Failure::new(format!("{} cannot be written: {e}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
