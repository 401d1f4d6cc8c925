//! Packs the embedded rules: TOML is read here, once, and put into the program as JSON with what only people read left out, so that a scan
//! need not parse TOML. What each of their regexes cannot match without is worked out, and the digest of all rule files is taken here too.
//! `src/scan/load/packed.rs` and `src/scan/lazy_regex.rs` include what is written.
#![allow(clippy::print_stdout)] // that is how a build script speaks to cargo

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

#[path = "src/scan/lazy_regex/literals.rs"]
mod literals;

/// Tables that only people and the tests of rules read.
const FOR_PEOPLE: [&str; 2] = ["example", "near"];
/// Keys whose values are regexes, in rules and models. One that is left out only costs time when files are scanned.
const REGEXES: [&str; 20] = [
    "constant",
    "function",
    "guards",
    "inner",
    "matches",
    "mentions",
    "name",
    "named",
    "not-path",
    "not-text",
    "not-within",
    "other",
    "outer",
    "path",
    "regex",
    "text",
    "then",
    "unless",
    "unless-match",
    "within",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no folder")?);
    let mut files = Vec::new();
    collect(&root.join("rules"), "rules", &mut files)?;
    files.sort();
    let mut digest = Sha256::new();
    let mut regexes = BTreeMap::new();
    let mut table = String::from("/// Every embedded rule and model, by name.\npub static PACKED: &[Packed] = &[\n");
    for (name, path) in &files {
        let text = fs::read_to_string(path)?;
        digest.update(name.len().to_le_bytes());
        digest.update(name);
        digest.update(text.len().to_le_bytes());
        digest.update(&text);
        // What lies at the top are tables of the program itself, which read their TOML when they are needed.
        if name.matches('/').count() > 1 {
            let content: Map<String, Value> = toml::from_str(&text).map_err(|e| format!("{name}: {e}"))?;
            let content = for_scanning(content);
            requirements(&content, &mut regexes);
            entry(&mut table, name, &content)?;
        }
    }
    table.push_str("];\n");
    let digest: String = digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
    writeln!(
        table,
        "/// SHA-256 over the names and texts of all embedded rule files, in hex.\npub const DIGEST: &str = \"{digest}\";"
    )?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no output folder")?);
    fs::write(out.join("packed_rules.rs"), table)?;
    let rows = regexes
        .iter()
        .map(|(regex, words)| format!("({regex:?}, &{words:?}),\n"));
    fs::write(
        out.join("required_literals.rs"),
        format!("&[{}]", rows.collect::<String>()),
    )?;
    Ok(())
}

/// Every TOML file below `dir`, with its name in the program.
fn collect(dir: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let own = path.file_name().ok_or("a folder's entry has a name")?.to_string_lossy();
        let name = format!("{name}/{own}");
        if path.is_dir() {
            collect(&path, &name, files)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push((name, path));
        }
    }
    Ok(())
}

fn for_scanning(mut content: Map<String, Value>) -> Map<String, Value> {
    for key in FOR_PEOPLE {
        content.remove(key);
    }
    content
}

/// Notes what every regex below `table` requires.
fn requirements(table: &Map<String, Value>, found: &mut BTreeMap<String, Vec<String>>) {
    let mut open: Vec<(&str, &Value)> = table.iter().map(|(k, v)| (k.as_str(), v)).collect();
    while let Some((key, value)) = open.pop() {
        match value {
            Value::Object(inner) => open.extend(inner.iter().map(|(k, v)| (k.as_str(), v))),
            Value::Array(all) => open.extend(all.iter().filter(|v| v.is_object()).map(|v| (key, v))),
            Value::String(text) if REGEXES.contains(&key) => {
                let bare = text.trim_start_matches("(?i)");
                found.insert(bare.to_owned(), literals::required(bare).unwrap_or_default());
            }
            _ => {}
        }
    }
}

fn entry(table: &mut String, name: &str, content: &Map<String, Value>) -> Result<(), Box<dyn Error>> {
    let id = content.get("id").and_then(Value::as_str).unwrap_or_default();
    let languages: Vec<&str> = content
        .get("languages")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    writeln!(
        table,
        "Packed {{ name: {name:?}, id: {id:?}, languages: &{languages:?}, json: {:?} }},",
        serde_json::to_string(content)?
    )?;
    Ok(())
}
