//! Everything that git would run because a repository asks for it, set as a trap that leaves a mark when sprung.

#![allow(dead_code, missing_docs, clippy::unwrap_used)]
#![cfg(unix)]

use super::repo::TestRepo;
use std::{fs, path::Path};

fn trap(path: &Path, sprung: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    fs::write(
        path,
        format!("#!/bin/sh\necho {name} >> {}\nexit 0\n", sprung.display()),
    )
    .unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Sets the traps; the file that is given appears when one is sprung, and names it.
pub fn set_traps(repo: &TestRepo) -> std::path::PathBuf {
    let sprung = repo.around().join("sprung");
    let program = repo.path().join(".git/trap");
    trap(&program, &sprung);
    let hooks = [
        "pre-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "post-rewrite",
        "reference-transaction",
        "post-index-change",
        "pre-auto-gc",
        "post-checkout",
        "fsmonitor-watchman",
        "pre-push",
        "update",
    ];
    for hook in hooks {
        trap(&repo.path().join(".git/hooks").join(hook), &sprung);
    }
    let program = program.to_str().unwrap();
    let settings = [
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "core.askPass",
        "core.sshCommand",
        "core.gitProxy",
        "sequence.editor",
        "diff.external",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.smudge",
        "merge.trap.driver",
        "gpg.program",
        "gpg.ssh.program",
        "credential.helper",
        "pager.log",
        "pager.notes",
        "core.alternateRefsCommand",
        "interactive.diffFilter",
        "trailer.trap.command",
        "trailer.trap.cmd",
        "uploadpack.packObjectsHook",
        "hook.trap.command",
        "alias.update-ref",
        "alias.write-tree",
    ];
    for setting in settings {
        let value = if setting.starts_with("alias.") {
            format!("!{program}")
        } else {
            program.to_owned()
        };
        repo.git(&["config", setting, &value]);
    }
    repo.git(&["config", "hook.trap.event", "reference-transaction"]);
    repo.write(".gitattributes", "*.py diff=trap merge=trap filter=trap\n");
    repo.write(
        ".gitmodules",
        "[submodule \"x\"]\n\tpath = x\n\turl = ./x\n\tupdate = !touch sprung\n",
    );
    let _ = fs::remove_file(&sprung);
    sprung
}
