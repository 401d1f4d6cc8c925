//! One file with those that belong to it: chosen, joined, scanned.

use super::{
    choose::{Choice, Chosen, Files, choose, resolve},
    modules,
    program::{Program, Source},
};
use crate::{
    change::RepoPath,
    lang::Lang,
    scan::{
        NotExamined,
        file::{self, FileScan, Found},
        load::RuleSet,
        view::FileView,
    },
};
use std::sync::Arc;

/// What scanning a file with others gives.
#[derive(Clone, Debug)]
pub struct Together {
    /// The file's own scan.
    pub scan: FileScan,
    /// What of it ends in other files under review.
    pub elsewhere: Vec<Found>,
    /// The other files, by name and text: what the result depends on.
    pub with: Vec<(RepoPath, Arc<[u8]>)>,
}

/// Scans a file together with those it hands values to; `None` when there are none. `alone` is its scan by itself.
#[must_use]
pub fn together(
    path: &RepoPath,
    text: &Arc<[u8]>,
    alone: &FileScan,
    rules: &RuleSet,
    files: &dyn Files,
) -> Option<Together> {
    let outlook = alone.outlook.as_ref()?;
    let main = Chosen {
        path: path.clone(),
        text: text.clone(),
        lang: Lang::of(path.bytes(), text)?,
    };
    let doubtful = |found: &Found| found.finding.arguments.iter().any(|a| a.key == "assumed-step");
    let choice = choose(main, outlook, alone.found.iter().any(doubtful), files);
    if choice.files.len() < 2 {
        return None;
    }
    let program = join(&choice, files)?;
    let view = FileView::new(path, text);
    let (mut scan, elsewhere) = file::scan_program(&view, rules, &program);
    if choice.cut {
        scan.not_examined.push(NotExamined {
            path: path.clone(),
            lines: None,
            key: "links",
            why: "it hands values to more files than are followed at once; some were not".into(),
        });
    }
    let with = choice.files.into_iter().skip(1).map(|f| (f.path, f.text));
    Some(Together {
        scan,
        elsewhere,
        with: with.collect(),
    })
}

/// The chosen files as one program.
fn join(choice: &Choice, files: &dyn Files) -> Option<Program> {
    let at = |path: &RepoPath| choice.files.iter().position(|c| c.path == *path);
    let mut sources = Vec::with_capacity(choice.files.len());
    for (i, chosen) in choice.files.iter().enumerate() {
        let facts = files.facts(&chosen.path, &chosen.text, chosen.lang)?;
        let mut imports = Vec::new();
        for import in &facts.imports {
            if let Some((meant, names)) = resolve(chosen.lang, &chosen.path, &import.path, files) {
                let meant: Vec<usize> = meant.iter().filter_map(at).collect();
                if !meant.is_empty() {
                    imports.push((import.path.clone(), meant, names));
                }
            }
        }
        let modules = chosen.lang.files_are_modules();
        let others = choice.files.iter().enumerate().filter(|(j, _)| *j != i);
        let sees = others
            .filter(|(_, other)| chosen.lang.shares_folders() || modules && same_folder(chosen, other))
            .map(|(j, other)| (j, modules.then(|| modules::stem(&other.path.lossy()).to_owned())));
        sources.push(Source {
            path: chosen.path.clone(),
            text: chosen.text.clone(),
            reports: files.is_reviewed(&chosen.path),
            sees: sees.collect(),
            imports,
            facts: (*facts).clone(),
        });
    }
    Program::of(sources)
}

fn same_folder(one: &Chosen, other: &Chosen) -> bool {
    modules::folder(&one.path.lossy()) == modules::folder(&other.path.lossy())
}
