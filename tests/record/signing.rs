//! Signatures: made as configured, made again by the same person only, never dropped, and never by a program the repository names.

use crate::world::World;
use countersign::record::{RecordError, Way};
use std::{fs, path::PathBuf, process::Command};

/// A key made for the test; `None`, visibly, where `ssh-keygen` is missing.
pub fn ssh_key(world: &World, name: &str) -> Option<PathBuf> {
    let key = world.repo.around().join(name);
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"])
        .arg(&key)
        .status();
    if !made.is_ok_and(|s| s.success()) {
        eprintln!("SKIPPED: no ssh-keygen on this machine, signing with ssh is not tested");
        return None;
    }
    let allowed = world.repo.around().join("allowed");
    let public = fs::read_to_string(key.with_extension("pub")).unwrap();
    let old = fs::read_to_string(&allowed).unwrap_or_default();
    fs::write(&allowed, format!("{old}ada@example.com namespaces=\"git\" {public}")).unwrap();
    Some(key)
}

pub fn sign_with_ssh(world: &World, key: &std::path::Path) {
    world.unset("commit.gpgSign");
    world
        .user_config("commit.gpgSign", "true")
        .user_config("gpg.format", "ssh");
    world.user_config("user.signingKey", key.to_str().unwrap());
    let allowed = world.repo.around().join("allowed");
    world.user_config("gpg.ssh.allowedSignersFile", allowed.to_str().unwrap());
}

/// What git says of HEAD's signature.
fn verified(world: &World) -> bool {
    let mut command = Command::new("git");
    let allowed = format!(
        "gpg.ssh.allowedSignersFile={}",
        world.repo.around().join("allowed").display()
    );
    command
        .args(["-c", &allowed, "verify-commit", "HEAD"])
        .current_dir(world.repo.path());
    world.repo.env(&mut command);
    command.output().unwrap().status.success()
}

#[test]
fn commits_are_signed_as_the_user_configured_and_signed_again_when_amended() {
    let world = World::with_commit();
    let Some(key) = ssh_key(&world, "key") else { return };
    sign_with_ssh(&world, &key);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.signing, "signed as configured (ssh)");
    world.perform(&plan).unwrap();
    assert!(verified(&world));
    world.repo.write("a.py", "2\n");
    world.record(&world.uncommitted(countersign::change::Source::WorkTree, "Signed"));
    assert!(verified(&world));

    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(
        (plan.steps[0].way, plan.steps[0].why.contains("signed by you")),
        (Way::Amend, true),
        "{}",
        plan.steps[0].why
    );
    world.perform(&plan).unwrap();
    assert!(verified(&world));
    assert_eq!(world.raw("HEAD").matches("gpgsig").count(), 1);

    let ways = [(
        countersign::change::ObjectId(world.repo.head().as_str().into()),
        Way::ReviewCommit,
    )]
    .into();
    world
        .perform(&world.plan_ways(&world.review("HEAD"), ways).unwrap())
        .unwrap();
    assert!(verified(&world), "the review commit too");
}

#[test]
fn a_commit_that_somebody_else_signed_gets_a_note() {
    let world = World::with_commit();
    let (Some(mine), Some(theirs)) = (ssh_key(&world, "mine"), ssh_key(&world, "theirs")) else {
        return;
    };
    sign_with_ssh(&world, &theirs);
    world.repo.write("a.py", "2\n");
    world.record(&world.uncommitted(countersign::change::Source::WorkTree, "Theirs"));
    let head = world.repo.head();
    world.user_config("user.signingKey", mine.to_str().unwrap());
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(
        (plan.steps[0].way, plan.steps[0].why.as_str()),
        (Way::Note, "is signed by somebody else")
    );
    world.user_config("commit.gpgSign", "false");
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Note);
    assert!(
        plan.steps[0].why.contains("is signed, and commits are not signed here"),
        "{}",
        plan.steps[0].why
    );
    world.perform(&plan).unwrap();
    assert_eq!(world.repo.head(), head);
    assert!(verified(&world));
}

#[test]
fn a_signature_that_cannot_be_made_stops_the_recording() {
    let world = World::with_commit();
    let head = world.repo.head();
    world.unset("commit.gpgSign");
    world
        .user_config("commit.gpgSign", "true")
        .user_config("gpg.format", "ssh");
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Note, "{}", plan.steps[0].why);
    assert!(plan.steps[0].why.contains("user.signingkey is not set"));
    world.user_config("user.signingKey", "/nowhere/key");
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Amend);
    assert!(matches!(world.perform(&plan), Err(RecordError::Signing { .. })));
    world.repo.write("a.py", "2\n");
    let plan = world
        .plan(&world.uncommitted(countersign::change::Source::WorkTree, "No"))
        .unwrap();
    assert!(matches!(world.perform(&plan), Err(RecordError::Signing { .. })));
    assert_eq!(world.repo.head(), head);
    assert_eq!(world.repo.git(&["for-each-ref", "refs/notes"]), "");
}

#[cfg(unix)]
#[test]
fn programs_that_the_repository_names_are_not_run() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::with_commit();
    let Some(key) = ssh_key(&world, "key") else { return };
    sign_with_ssh(&world, &key);
    let trap = world.repo.path().join("trap");
    fs::write(
        &trap,
        format!(
            "#!/bin/sh\ntouch {}\nexit 1\n",
            world.repo.around().join("sprung").display()
        ),
    )
    .unwrap();
    fs::set_permissions(&trap, fs::Permissions::from_mode(0o755)).unwrap();
    for setting in [
        "gpg.program",
        "gpg.openpgp.program",
        "gpg.ssh.program",
        "gpg.x509.program",
        "gpg.ssh.defaultKeyCommand",
    ] {
        world.repo.git(&["config", setting, trap.to_str().unwrap()]);
    }
    world.record(&world.review("HEAD"));
    assert!(!world.repo.around().join("sprung").exists());
    world.repo.git(&["config", "--unset", "gpg.ssh.program"]);
    assert!(verified(&world));
    world.repo.git(&["config", "commit.gpgSign", "false"]);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert!(
        plan.warnings.iter().any(|w| w.contains("turns that off")),
        "{:?}",
        plan.warnings
    );
}

#[test]
fn openpgp_works_where_gpg_is() {
    let world = World::with_commit();
    let home = tempfile::Builder::new().prefix("gpg").tempdir_in("/tmp").unwrap();
    let program = world.repo.around().join("gpg-here");
    fs::write(
        &program,
        format!("#!/bin/sh\nGNUPGHOME={} exec gpg \"$@\"\n", home.path().display()),
    )
    .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    }
    let made = Command::new(&program)
        .args([
            "--batch",
            "-q",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
            "--quick-generate-key",
        ])
        .args(["Ada Byron <ada@example.com>", "ed25519", "sign", "never"])
        .output();
    if !made.as_ref().is_ok_and(|o| o.status.success()) {
        eprintln!("SKIPPED: no working gpg on this machine, signing with OpenPGP is not tested ({made:?})");
        return;
    }
    world.unset("commit.gpgSign");
    world
        .user_config("commit.gpgSign", "true")
        .user_config("gpg.program", program.to_str().unwrap());
    world.record(&world.review("HEAD"));
    let ok = |world: &World| {
        let setting = format!("gpg.program={}", program.display());
        let out = world.repo.git(&["-c", &setting, "log", "-1", "--format=%G?"]);
        assert!(matches!(out.as_str(), "G" | "U"), "{out}");
    };
    ok(&world);
    let plan = world.plan(&world.review("HEAD")).unwrap();
    assert_eq!(plan.steps[0].way, Way::Amend, "{}", plan.steps[0].why);
    world.perform(&plan).unwrap();
    ok(&world);
    let _ = Command::new("gpgconf")
        .env("GNUPGHOME", home.path())
        .args(["--kill", "all"])
        .output();
}
