//! Whether a commit's signature holds, by programs and trusted keys that the repository has no say in.

use super::{environment::Environment, error::Result, printable, repo::Repo};
use crate::change::ObjectId;
use std::path::PathBuf;

/// What a commit's signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignatureState {
    /// There is none.
    None,
    /// It holds. Addresses and names of the signer as the program gave them.
    Good {
        /// The program's line.
        signer: String,
    },
    /// It does not hold, or cannot be checked here; the program's words.
    Bad(String),
}

impl SignatureState {
    /// True when it holds and names this address.
    #[must_use]
    pub fn is_of(&self, email: &str) -> bool {
        let SignatureState::Good { signer } = self else {
            return false;
        };
        let wanted = email.to_lowercase();
        signer
            .to_lowercase()
            .split([' ', '<', '>', '"', ','])
            .any(|word| word == wanted)
    }
}

/// Checks one commit with `git verify-commit`, whose programs and key files are pinned to the user's and the system's configuration.
///
/// # Errors
/// When git cannot be run.
pub fn check(repo: &Repo, commit: &ObjectId) -> Result<SignatureState> {
    if super::CommitObject::read(repo, commit)?.signature().is_none() {
        return Ok(SignatureState::None);
    }
    let mut args = Vec::new();
    for setting in pinned(repo) {
        args.extend(["-c".to_owned(), setting]);
    }
    args.extend(["verify-commit".to_owned(), "--raw".to_owned(), commit.to_string()]);
    let output = repo.git.call(args).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Ok(SignatureState::Bad(printable::line(&said, 200)));
    }
    let line = said
        .lines()
        .find(|l| l.contains("GOODSIG") || l.starts_with("Good \"git\" signature for"));
    Ok(SignatureState::Good {
        signer: printable::line(line.unwrap_or_default(), 200),
    })
}

/// Every program and file of trust that git would read from configuration, set to what the repository cannot write.
fn pinned(repo: &Repo) -> Vec<String> {
    let environment = repo.git.environment();
    let program = |keys: &[&str], default: &str| {
        let named = keys
            .iter()
            .find_map(|key| repo.settings.trusted(key))
            .unwrap_or(default);
        absolute(environment, named, repo).to_string_lossy().into_owned()
    };
    let gpg = program(&["gpg.openpgp.program", "gpg.program"], "gpg");
    let ssh = program(&["gpg.ssh.program"], "ssh-keygen");
    let x509 = program(&["gpg.x509.program"], "gpgsm");
    let mut settings = vec![
        format!("gpg.program={gpg}"),
        format!("gpg.openpgp.program={gpg}"),
        format!("gpg.ssh.program={ssh}"),
        format!("gpg.x509.program={x509}"),
        "gpg.ssh.defaultKeyCommand=".to_owned(),
    ];
    for (key, name, default) in [
        ("gpg.ssh.allowedsignersfile", "gpg.ssh.allowedSignersFile", "/dev/null"),
        ("gpg.ssh.revocationfile", "gpg.ssh.revocationFile", ""),
        ("gpg.mintrustlevel", "gpg.minTrustLevel", ""),
    ] {
        match (repo.settings.trusted(key), repo.settings.get(key)) {
            (Some(own), _) => settings.push(format!("{name}={own}")),
            (None, Some(_)) if default.is_empty() => settings.push(format!("{name}=")),
            (None, _) if !default.is_empty() => settings.push(format!("{name}={default}")),
            (None, _) => {}
        }
    }
    settings
}

/// A program that cannot be found becomes a path that does not exist, rather than a name that git would look up for itself.
fn absolute(environment: &Environment, named: &str, repo: &Repo) -> PathBuf {
    let expanded = environment.expand_home(named);
    if expanded.is_absolute() {
        return expanded;
    }
    let found = if named.contains(['/', '\\']) {
        None
    } else {
        environment.find_program(named, repo.git.dir())
    };
    found.unwrap_or_else(|| PathBuf::from("/nonexistent").join(named.replace(['/', '\\'], "_")))
}
