//! Packs the embedded rules: TOML is read here, once, and put into the program as JSON with what only people read left out, so that a scan
//! need not parse TOML. The digest of all rule files is taken here too. `src/scan/load/packed.rs` includes what is written.
#![allow(clippy::print_stdout)] // that is how a build script speaks to cargo

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Tables that only people and the tests of rules read.
const FOR_PEOPLE: [&str; 2] = ["example", "near"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no folder")?);
    let mut files = Vec::new();
    collect(&root.join("rules"), "rules", &mut files)?;
    files.sort();
    let mut digest = Sha256::new();
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
            entry(&mut table, name, content)?;
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

fn entry(table: &mut String, name: &str, mut content: Map<String, Value>) -> Result<(), Box<dyn Error>> {
    for key in FOR_PEOPLE {
        content.remove(key);
    }
    let id = content.get("id").and_then(Value::as_str).unwrap_or_default();
    let languages: Vec<&str> = content
        .get("languages")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    writeln!(
        table,
        "Packed {{ name: {name:?}, id: {id:?}, languages: &{languages:?}, json: {:?} }},",
        serde_json::to_string(&content)?
    )?;
    Ok(())
}
