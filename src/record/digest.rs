//! Canonical JSON and its digest: the short name by which a trailer, a note and the journal speak of the same record.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// `value` as JSON with keys sorted, no white space, and no floating point numbers (no two writers agree on those).
///
/// # Errors
/// When the value cannot be JSON.
pub fn canonical<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    write(&serde_json::to_value(value)?, &mut out)?;
    Ok(out)
}

/// `sha256:` and the digest of the canonical form.
///
/// # Errors
/// When the value cannot be JSON.
pub fn of<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    Ok(format!("sha256:{}", sha256(canonical(value)?.as_bytes())))
}

/// Sorts keys whatever map serde_json was built with. Records are a few levels deep, and [`serde_json`] itself limits what it reads.
fn write(value: &Value, out: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(k, _)| *k);
            out.push('{');
            for (i, (key, value)) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(key)?);
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Number(n) if n.is_f64() => {
            return Err(serde::ser::Error::custom(
                "floating point numbers have no canonical form",
            ));
        }
        scalar => out.push_str(&serde_json::to_string(scalar)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn order_and_spacing_do_not_matter_and_content_does() {
        let a: Value = serde_json::from_str(r#"{"b": 1, "a": [true, {"y": null, "x": "ü\n"}]}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{"a":[true,{"x":"\u00fc\n","y":null}],"b":1}"#).unwrap();
        assert_eq!(canonical(&a).unwrap(), r#"{"a":[true,{"x":"ü\n","y":null}],"b":1}"#);
        assert_eq!(of(&a).unwrap(), of(&b).unwrap());
        assert_ne!(of(&a).unwrap(), of(&serde_json::json!({"b": 2})).unwrap());
        assert!(canonical(&0.5f64).is_err());
    }

    #[test]
    fn the_digest_is_sha_256() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
