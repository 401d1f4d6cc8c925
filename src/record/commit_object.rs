//! A commit as git stores it: headers and message, byte for byte, so that a rewrite keeps what it does not mean to change.
//!
//! libgit2's amend loses unknown headers (jj's `change-id`, a merge's `mergetag`) and gets `encoding` wrong; here every header stays as
//! it is unless it is named.

use super::{
    error::{RecordError, Result},
    repo::{Repo, Signature},
};
use crate::change::ObjectId;

/// Headers of a signature, whichever object format it is for.
const SIGNATURES: [&str; 2] = ["gpgsig", "gpgsig-sha256"];

/// A parsed commit object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitObject {
    /// Headers in order: key and value; continuation lines are in the value, without their leading space.
    headers: Vec<(String, Vec<u8>)>,
    /// Everything after the empty line.
    pub message: Vec<u8>,
}

impl CommitObject {
    /// A new commit in UTF-8.
    #[must_use]
    pub fn new(
        tree: &ObjectId,
        parents: &[ObjectId],
        author: &Signature,
        committer: &Signature,
        message: Vec<u8>,
    ) -> Self {
        let mut headers = vec![("tree".to_owned(), tree.to_string().into_bytes())];
        headers.extend(
            parents
                .iter()
                .map(|p| ("parent".to_owned(), p.to_string().into_bytes())),
        );
        headers.push(("author".to_owned(), author.to_string().into_bytes()));
        headers.push(("committer".to_owned(), committer.to_string().into_bytes()));
        Self { headers, message }
    }

    /// Reads the commit `id`.
    ///
    /// # Errors
    /// When it is not there or is no commit.
    pub fn read(repo: &Repo, id: &ObjectId) -> Result<Self> {
        let bytes = repo.git.call(["cat-file", "commit", &id.0]).bytes()?;
        Self::parse(&bytes).ok_or_else(|| RecordError::Unreadable {
            what: format!("commit {id}"),
            why: "its headers make no sense".into(),
        })
    }

    /// Takes the raw object apart.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        let mut rest = bytes;
        loop {
            let end = rest.iter().position(|b| *b == b'\n')?;
            let (line, tail) = (&rest[..end], &rest[end + 1..]);
            rest = tail;
            if line.is_empty() {
                break;
            }
            if let Some(more) = line.strip_prefix(b" ") {
                let (_, value) = headers.last_mut()?;
                value.push(b'\n');
                value.extend_from_slice(more);
            } else {
                let space = line.iter().position(|b| *b == b' ')?;
                let key = std::str::from_utf8(&line[..space]).ok()?;
                headers.push((key.to_owned(), line[space + 1..].to_vec()));
            }
        }
        Some(Self {
            headers,
            message: rest.to_vec(),
        })
    }

    /// The raw object.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (key, value) in &self.headers {
            out.extend_from_slice(key.as_bytes());
            for line in value.split(|b| *b == b'\n') {
                out.push(b' ');
                out.extend_from_slice(line);
                out.push(b'\n');
            }
        }
        out.push(b'\n');
        out.extend_from_slice(&self.message);
        out
    }

    /// The first header of that name.
    #[must_use]
    pub fn header(&self, key: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_slice())
    }

    /// Names of all headers, for saying what is kept.
    pub fn header_names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(k, _)| k.as_str())
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> Option<ObjectId> {
        self.header("tree").and_then(hex)
    }

    /// The parents in order.
    #[must_use]
    pub fn parents(&self) -> Vec<ObjectId> {
        self.headers
            .iter()
            .filter(|(k, _)| k == "parent")
            .filter_map(|(_, v)| hex(v))
            .collect()
    }

    /// Takes the place of the first parent.
    pub(super) fn set_parent(&mut self, parent: &ObjectId) {
        if let Some((_, value)) = self.headers.iter_mut().find(|(k, _)| k == "parent") {
            *value = parent.to_string().into_bytes();
        }
    }

    /// Who committed it, decoded with the commit's own encoding where it is known.
    #[must_use]
    pub fn committer(&self) -> Option<Signature> {
        Signature::parse(&self.encoding().decode(self.header("committer")?))
    }

    /// The signature as stored, armoured; `None` when there is none.
    #[must_use]
    pub fn signature(&self) -> Option<&[u8]> {
        SIGNATURES.iter().find_map(|key| self.header(key))
    }

    /// The commit without its signatures: what a signature is made over.
    #[must_use]
    pub fn unsigned(&self) -> Self {
        let mut copy = self.clone();
        copy.headers.retain(|(k, _)| !SIGNATURES.contains(&k.as_str()));
        copy
    }

    /// Puts a signature in, as git does: after all other headers.
    pub fn sign(&mut self, armour: &[u8], hex: usize) {
        let key = if hex == 64 { "gpgsig-sha256" } else { "gpgsig" };
        let armour = armour.strip_suffix(b"\n").unwrap_or(armour);
        self.headers.push((key.to_owned(), armour.to_vec()));
    }

    /// The message as text, decoded with the commit's own encoding where it is known.
    #[must_use]
    pub fn text(&self) -> String {
        self.encoding().decode(&self.message)
    }

    /// The same commit with `edit` applied to its message and another committer, in an encoding that can hold both. Author, tree,
    /// parents and every unknown header stay as they are; signatures go.
    ///
    /// # Errors
    /// When the commit's encoding cannot hold what is added and cannot be changed here either.
    pub fn rewritten(&self, committer: &Signature, added: &str, edit: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Self> {
        let mut copy = self.unsigned();
        let encoding = self.encoding();
        let fits = encoding.holds(added) && encoding.holds(&committer.to_string());
        if !fits {
            copy.make_utf8(&encoding)?;
        }
        let target = if fits { encoding } else { Encoding::Utf8 };
        copy.message = match &target {
            // Edit in UTF-8 and go back, so that the edit need not know of encodings.
            Encoding::Latin1 => target.encode(&String::from_utf8_lossy(&edit(target.decode(&copy.message).as_bytes()))),
            _ => edit(&copy.message),
        };
        let value = target.encode(&committer.to_string());
        if let Some((_, old)) = copy.headers.iter_mut().find(|(k, _)| k == "committer") {
            *old = value;
        }
        Ok(copy)
    }

    /// Message and headers in UTF-8, without the `encoding` header.
    fn make_utf8(&mut self, from: &Encoding) -> Result<()> {
        if let Encoding::Other { name, .. } = from {
            return Err(RecordError::refused(
                format!("the commit's message is in {name}, which cannot hold what would be added"),
                "Record as a note instead; the commit stays as it is.",
            ));
        }
        self.message = from.decode(&self.message).into_bytes();
        for (key, value) in &mut self.headers {
            if key == "author" || key == "committer" {
                *value = from.decode(value).into_bytes();
            }
        }
        self.headers.retain(|(k, _)| k != "encoding");
        Ok(())
    }

    fn encoding(&self) -> Encoding {
        let Some(name) = self.header("encoding") else {
            return Encoding::Utf8;
        };
        Encoding::named(&String::from_utf8_lossy(name))
    }

    /// Writes the object.
    ///
    /// # Errors
    /// When git finds fault with it or cannot write.
    pub fn write(&self, repo: &Repo) -> Result<ObjectId> {
        let out = repo
            .git
            .call(["hash-object", "-t", "commit", "-w", "--stdin"])
            .stdin(self.to_bytes())
            .text()?;
        repo.id(&out)
    }
}

fn hex(bytes: &[u8]) -> Option<ObjectId> {
    Some(ObjectId(std::str::from_utf8(bytes).ok()?.into()))
}

/// What a commit's bytes mean, as far as needed to add to them without harm.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    /// Not decoded here. `ascii` tells that ASCII text is the same bytes in it.
    Other {
        name: String,
        ascii: bool,
    },
}

impl Encoding {
    fn named(name: &str) -> Self {
        let lower = name.trim().to_ascii_lowercase();
        match lower.as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "l1" => Self::Latin1,
            _ => {
                let families = [
                    "iso-8859-",
                    "iso8859-",
                    "windows-125",
                    "cp125",
                    "koi8-",
                    "euc-",
                    "gb",
                    "big5",
                    "us-ascii",
                    "ascii",
                ];
                let ascii = families.iter().any(|f| lower.starts_with(f));
                Self::Other {
                    name: name.trim().to_owned(),
                    ascii,
                }
            }
        }
    }

    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Utf8 => true,
            Self::Latin1 => text.chars().all(|c| u32::from(c) < 256),
            Self::Other { ascii, .. } => *ascii && text.is_ascii(),
        }
    }

    /// For text that [`Encoding::holds`]; anything else becomes `?`, which the callers exclude.
    fn encode(&self, text: &str) -> Vec<u8> {
        match self {
            Self::Latin1 => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                .collect(),
            _ => text.as_bytes().to_vec(),
        }
    }

    fn decode(&self, bytes: &[u8]) -> String {
        match self {
            Self::Latin1 => bytes.iter().map(|b| char::from(*b)).collect(),
            _ => String::from_utf8_lossy(bytes).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    const RAW: &[u8] = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 1111111111111111111111111111111111111111\nauthor A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\nmergetag object 22\n type commit\n \n text\nchange-id kkm\ngpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n\nSubject\n\nBody\xe9";

    fn ada(name: &str) -> Signature {
        Signature::parse(&format!("{name} <ada@x> 2 +0100")).unwrap()
    }

    #[test]
    fn what_is_not_understood_comes_back_byte_for_byte() {
        let commit = CommitObject::parse(RAW).unwrap();
        assert_eq!(commit.to_bytes(), RAW);
        assert!(commit.signature().unwrap().starts_with(b"-----BEGIN SSH"));
        let mut signed = commit.unsigned();
        assert_eq!(signed.signature(), None);
        signed.sign(commit.signature().unwrap(), 40);
        assert_eq!(signed, commit);
        assert_eq!(CommitObject::parse(b"tree x"), None);
        assert_eq!(CommitObject::parse(b" x\n\n"), None);
    }

    #[test]
    fn a_rewrite_changes_message_and_committer_and_drops_the_signature_only() {
        let commit = CommitObject::parse(RAW).unwrap();
        let new = commit
            .rewritten(&ada("Ada"), "K: v", |m| [m, b"\n\nK: v\n"].concat())
            .unwrap();
        let text = new.to_bytes();
        let text = String::from_utf8_lossy(&text);
        assert!(
            text.contains("mergetag object 22\n type commit\n \n text\nchange-id kkm\n\nSubject"),
            "{text}"
        );
        assert!(text.contains("author A <a@x> 1 +0000\ncommitter Ada <ada@x> 2 +0100\n"));
        assert!(
            new.message.starts_with(b"Subject\n\nBody\xe9\n\nK: v"),
            "bytes that are not UTF-8 stay"
        );
    }

    #[test]
    fn latin_1_is_kept_where_it_can_hold_the_trailer_and_left_where_not() {
        let raw = b"tree t\nauthor J\xfcrgen <j@x> 1 +0000\ncommitter J\xfcrgen <j@x> 1 +0000\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n";
        let commit = CommitObject::parse(raw).unwrap();
        assert_eq!(commit.text(), "Grüße\n");
        let kept = commit
            .rewritten(&ada("Adä"), "ü", |m| [m, "ü".as_bytes()].concat())
            .unwrap();
        assert_eq!(kept.message, b"Gr\xfc\xdfe\n\xfc");
        assert!(kept.header("encoding").is_some() && kept.header("author").unwrap().starts_with(b"J\xfc"));
        let left = commit.rewritten(&ada("Ада"), "x", |m| [m, b"x"].concat()).unwrap();
        assert_eq!(left.message, "Grüße\nx".as_bytes());
        assert!(left.header("encoding").is_none() && left.header("author").unwrap().starts_with("Jürgen".as_bytes()));
        assert_eq!(left.committer().unwrap().who.name, "Ада");
    }

    #[test]
    fn an_encoding_that_is_not_known_takes_ascii_or_nothing() {
        let raw = b"tree t\nauthor J <j@x> 1 +0000\ncommitter J <j@x> 1 +0000\nencoding koi8-r\n\n\xc1\n";
        let commit = CommitObject::parse(raw).unwrap();
        assert_eq!(
            commit
                .rewritten(&ada("Ada"), "K: v", |m| [m, b"K"].concat())
                .unwrap()
                .message,
            b"\xc1\nK"
        );
        assert!(matches!(
            commit.rewritten(&ada("Adä"), "K: v", <[u8]>::to_vec),
            Err(RecordError::Refused { .. })
        ));
        let utf16 = CommitObject::parse(b"tree t\ncommitter J <j@x> 1 +0000\nencoding UTF-7\n\nx\n").unwrap();
        assert!(utf16.rewritten(&ada("Ada"), "K: v", <[u8]>::to_vec).is_err());
    }
}
