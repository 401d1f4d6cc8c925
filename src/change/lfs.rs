//! Git LFS pointers: small texts that stand for content kept elsewhere.

use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// What a pointer claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer {
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// Size of the content in bytes.
    pub size: u64,
}

/// Reads a pointer. Strict, so that nothing a person should see can pass as one: the version line first, then only the
/// keys of the specification, in its order, and nothing else.
pub(super) fn parse(bytes: &[u8]) -> Option<Pointer> {
    if bytes.len() > 1024 {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let version = lines.next()?.strip_prefix("version ")?;
    if ![
        "https://git-lfs.github.com/spec/v1",
        "https://hawser.github.com/spec/v1",
    ]
    .contains(&version)
    {
        return None;
    }
    let hash = |value: &str| {
        let hex = value.strip_prefix("sha256:")?;
        let is_hash = hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| hex.to_owned())
    };
    let sha256 = hash(lines.next()?.strip_prefix("oid ")?)?;
    let size = lines.next()?.strip_prefix("size ")?.parse().ok()?;
    lines.next().is_none().then_some(Pointer { sha256, size })
}

impl Pointer {
    /// True when `content`, of `size` bytes, is what the pointer stands for: the file is checked out and unchanged. It is read
    /// to its end, in pieces, and only when the size is right.
    pub(super) fn stands_for(&self, size: u64, mut content: impl Read) -> io::Result<bool> {
        if size != self.size {
            return Ok(false);
        }
        let mut digest = Sha256::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            match content.read(&mut piece)? {
                0 => break,
                read => digest.update(piece.get(..read).unwrap_or_default()),
            }
        }
        let hex: String = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(hex == self.sha256)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn only_a_whole_pointer_is_one() {
        let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        let good = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{hash}\nsize 5\n");
        let pointer = parse(good.as_bytes()).unwrap();
        assert_eq!(pointer.size, 5);
        let stands_for = |content: &[u8]| pointer.stands_for(content.len() as u64, content).unwrap();
        assert!(stands_for(b"hello") && !stands_for(b"jello") && !stands_for(b"hello!"));
        for bad in [
            good.replace("size 5", "size 5\nimport os"),
            good.replace("version", " version"),
            good.replace("sha256:2c", "sha256:zz"),
            good.trim_end().to_owned(),
        ] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad}");
        }
    }
}
