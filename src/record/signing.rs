//! Signing as the user's configuration says, or not at all, and never silently neither.
//!
//! Which key and which format are plain settings. The *program* that makes the signature is taken from the user's and the system's
//! configuration only: a repository whose `.git/config` says `gpg.program = ./x` must not make us run `./x`.

use super::{
    environment::Environment,
    error::{RecordError, Result},
    git::feed,
    printable,
    repo::{Repo, Signature},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The kinds of signature git knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `gpg`.
    OpenPgp,
    /// `ssh-keygen -Y sign`.
    Ssh,
    /// `gpgsm`.
    X509,
}

impl Format {
    /// As `gpg.format` names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::OpenPgp => "openpgp",
            Format::Ssh => "ssh",
            Format::X509 => "x509",
        }
    }

    /// The kind of an armoured signature.
    #[must_use]
    pub fn of(armour: &[u8]) -> Option<Self> {
        let kinds: [(&[u8], Self); 4] = [
            (b"-----BEGIN PGP SIGNATURE-----", Self::OpenPgp),
            (b"-----BEGIN PGP MESSAGE-----", Self::OpenPgp),
            (b"-----BEGIN SSH SIGNATURE-----", Self::Ssh),
            (b"-----BEGIN SIGNED MESSAGE-----", Self::X509),
        ];
        kinds
            .iter()
            .find(|(begin, _)| armour.starts_with(begin))
            .map(|(_, kind)| *kind)
    }
}

/// How commits are signed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// The kind.
    pub format: Format,
    /// The program, as an absolute path.
    pub program: PathBuf,
    /// The key as configured; empty to let the program choose by the committer's identity.
    pub key: String,
    /// What the program gets to see: the user's world, without git's part of it.
    environment: Environment,
}

/// What configuration says of signing commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    /// Not asked for.
    Off,
    /// Asked for, and possible as far as can be told beforehand.
    With(Signer),
    /// Asked for and not possible; a sentence.
    Impossible(String),
}

impl Signing {
    /// For the screen: `signed with your ssh key`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Signing::Off => "not signed (commit.gpgSign is not set)".into(),
            Signing::With(signer) => format!("signed as configured ({})", signer.format.name()),
            Signing::Impossible(why) => why.clone(),
        }
    }
}

/// Reads the configuration.
#[must_use]
pub fn configured(repo: &Repo) -> Signing {
    if repo.settings.flag("commit.gpgsign") != Some(true) {
        return Signing::Off;
    }
    match signer(repo) {
        Ok(signer) => Signing::With(signer),
        Err(why) => Signing::Impossible(why),
    }
}

/// Something the person should know about how signing is configured.
#[must_use]
pub fn caution(repo: &Repo) -> Option<String> {
    let key = "commit.gpgsign";
    let weakened = repo.settings.trusted_flag(key) == Some(true) && repo.settings.flag(key) == Some(false);
    weakened.then(|| "You sign commits, but this repository's own .git/config turns that off.".to_owned())
}

fn signer(repo: &Repo) -> std::result::Result<Signer, String> {
    let format = match repo.settings.get("gpg.format").unwrap_or("openpgp") {
        "openpgp" => Format::OpenPgp,
        "ssh" => Format::Ssh,
        "x509" => Format::X509,
        other => {
            return Err(format!(
                "gpg.format is {:?}, which is not known here",
                printable::line(other, 40)
            ));
        }
    };
    let (settings, default): (&[&str], _) = match format {
        Format::OpenPgp => (&["gpg.openpgp.program", "gpg.program"], "gpg"),
        Format::Ssh => (&["gpg.ssh.program"], "ssh-keygen"),
        Format::X509 => (&["gpg.x509.program"], "gpgsm"),
    };
    let named = settings
        .iter()
        .find_map(|key| repo.settings.trusted(key))
        .unwrap_or(default);
    let program = locate(named, repo).ok_or_else(|| {
        format!(
            "the signing program {:?} was not found (the repository's own setting is not used)",
            printable::line(named, 80)
        )
    })?;
    let key = repo.settings.get("user.signingkey").unwrap_or_default().to_owned();
    if format == Format::Ssh && key.is_empty() {
        return Err("user.signingkey is not set; signing with ssh needs it".into());
    }
    let environment = repo.git.environment().clone();
    Ok(Signer {
        format,
        program,
        key,
        environment,
    })
}

/// A program by the name a setting gives: absolute, `~/` or looked up in PATH; never relative to the reviewed tree.
fn locate(named: &str, repo: &Repo) -> Option<PathBuf> {
    let environment = repo.git.environment();
    let expanded = environment.expand_home(named);
    if expanded.is_absolute() {
        return expanded.is_file().then_some(expanded);
    }
    if named.contains(['/', '\\']) {
        return None;
    }
    environment.find_program(named, repo.git.dir())
}

impl Signer {
    /// Signs `payload`; gives the armoured signature. The program may ask for a pass phrase on the terminal.
    ///
    /// # Errors
    /// When the program fails or makes none.
    pub fn sign(&self, payload: &[u8], committer: &Signature) -> Result<Vec<u8>> {
        let armour = match self.format {
            Format::Ssh => self.sign_ssh(payload)?,
            Format::OpenPgp | Format::X509 => self.sign_gpg(payload, committer)?,
        };
        if Format::of(&armour) != Some(self.format) {
            return Err(RecordError::Signing {
                why: format!("{} made no signature", self.program.display()),
            });
        }
        // git takes carriage returns out, some ports of gpg put them in.
        Ok(armour.into_iter().filter(|b| *b != b'\r').collect())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().envs(self.environment.all());
        command
    }

    fn sign_gpg(&self, payload: &[u8], committer: &Signature) -> Result<Vec<u8>> {
        let default = format!("{} <{}>", committer.who.name, committer.who.email);
        let key = if self.key.is_empty() { &default } else { &self.key };
        let mut command = self.command();
        command.args(["--status-fd=2", "-bsau", key]);
        let output = feed(command, payload).map_err(RecordError::io("run", &self.program))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || !said.contains("[GNUPG:] SIG_CREATED ") {
            return Err(failed(&said));
        }
        Ok(output.stdout)
    }

    fn sign_ssh(&self, payload: &[u8]) -> Result<Vec<u8>> {
        let folder = tempfile::Builder::new()
            .prefix("countersign-sign-")
            .tempdir()
            .map_err(RecordError::io("make a private folder in", std::env::temp_dir()))?;
        let file = folder.path().join("commit");
        fs::write(&file, payload).map_err(RecordError::io("write", &file))?;
        let mut command = self.command();
        command.args(["-Y", "sign", "-n", "git", "-f"]);
        // A literal public key means that an agent holds the private one.
        let literal = self
            .key
            .strip_prefix("key::")
            .or_else(|| self.key.starts_with("ssh-").then_some(&*self.key));
        if let Some(literal) = literal {
            let public = folder.path().join("key.pub");
            fs::write(&public, format!("{literal}\n")).map_err(RecordError::io("write", &public))?;
            command.arg(&public).arg("-U");
        } else {
            command.arg(self.environment.expand_home(&self.key));
        }
        command.arg(&file);
        let output = feed(command, &[]).map_err(RecordError::io("run", &self.program))?;
        if !output.status.success() {
            return Err(failed(&String::from_utf8_lossy(&output.stderr)));
        }
        let signature = folder.path().join("commit.sig");
        fs::read(&signature).map_err(RecordError::io("read", &signature))
    }

    /// True when `armour` over `payload` was made with the key that this signer would use, so that making it again takes nobody else's
    /// place. When in doubt: false.
    #[must_use]
    pub fn made(&self, armour: &[u8], payload: &[u8]) -> bool {
        if Format::of(armour) != Some(self.format) {
            return false;
        }
        match self.format {
            Format::Ssh => self
                .ssh_public_key()
                .is_some_and(|key| ssh_signature_holds(armour, &key)),
            Format::OpenPgp | Format::X509 => self.has_secret_key_of(armour, payload).unwrap_or(false),
        }
    }

    /// The public key's bytes.
    fn ssh_public_key(&self) -> Option<Vec<u8>> {
        let literal = self
            .key
            .strip_prefix("key::")
            .or_else(|| self.key.starts_with("ssh-").then_some(&*self.key));
        let text = match literal {
            Some(literal) => literal.to_owned(),
            None => {
                let path = self.environment.expand_home(&self.key);
                let public = if path.extension().is_some_and(|e| e == "pub") {
                    path
                } else {
                    with_pub(&path)
                };
                fs::read_to_string(public).ok()?
            }
        };
        decode_base64(text.split_whitespace().nth(1)?)
    }

    /// Asks the program whose signature it is, and whether the secret key of that one is here.
    fn has_secret_key_of(&self, armour: &[u8], payload: &[u8]) -> Option<bool> {
        let folder = tempfile::tempdir().ok()?;
        let file = folder.path().join("signature");
        fs::write(&file, armour).ok()?;
        let mut verify = self.command();
        verify.arg("--status-fd=1").arg("--verify").arg(&file).arg("-");
        let output = feed(verify, payload).ok()?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let fingerprint = said
            .lines()
            .find_map(|l| l.strip_prefix("[GNUPG:] VALIDSIG ")?.split(' ').next())?;
        let mut list = self.command();
        list.args(["--batch", "--with-colons", "--list-secret-keys", fingerprint]);
        let output = feed(list, &[]).ok()?;
        Some(output.status.success() && !output.stdout.is_empty())
    }
}

fn with_pub(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

fn failed(said: &str) -> RecordError {
    // gpg's status lines are for programs.
    let words: Vec<_> = said.lines().filter(|l| !l.starts_with("[GNUPG:]")).collect();
    RecordError::Signing {
        why: printable::line(&words.join(" "), 300),
    }
}

/// An SSH signature holds the public key near its start (`SSHSIG`, version, then the key as a string with its length).
fn ssh_signature_holds(armour: &[u8], key: &[u8]) -> bool {
    let text = String::from_utf8_lossy(armour);
    let body: String = text.lines().filter(|l| !l.starts_with("-----")).collect();
    let Some(bytes) = decode_base64(&body) else {
        return false;
    };
    let Some(rest) = bytes.strip_prefix(b"SSHSIG\0\0\0\x01") else {
        return false;
    };
    let Some((length, rest)) = rest.split_first_chunk::<4>() else {
        return false;
    };
    usize::try_from(u32::from_be_bytes(*length))
        .ok()
        .and_then(|n| rest.get(..n))
        == Some(key)
}

/// Standard base64, with or without padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let (mut out, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn base64_is_read_and_nonsense_is_not() {
        assert_eq!(decode_base64("aGVsbG8=").unwrap(), b"hello");
        assert_eq!(decode_base64("aGVs\nbG8").unwrap(), b"hello");
        assert_eq!(decode_base64("a*"), None);
    }

    #[test]
    fn the_kind_of_a_signature_is_known_by_its_first_line() {
        assert_eq!(Format::of(b"-----BEGIN SSH SIGNATURE-----\nx"), Some(Format::Ssh));
        assert_eq!(Format::of(b"nothing"), None);
    }
}
