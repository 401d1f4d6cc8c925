//! Which file an import may mean, told from its path and the importing file's place alone. Nothing is read here; the first guess that exists is
//! taken.

use crate::{change::RepoPath, lang::Lang};

/// Most folders above a file in which an absolute import is looked for.
const MOST_FOLDERS: usize = 8;

/// A file, or a folder of files, that an import may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Its path in the repository.
    pub path: String,
    /// All files of that folder are one module.
    pub folder: bool,
    /// What of it is imported: a function, a class, a method of a class; empty for the module itself.
    pub names: Vec<String>,
}

/// The guesses for an import as [`crate::lang::facts::Import::path`] gives it, the likeliest first.
#[must_use]
pub fn guesses(lang: Lang, from: &RepoPath, import: &str) -> Vec<Guess> {
    let Ok(from) = std::str::from_utf8(from.bytes()) else {
        return Vec::new();
    };
    match lang {
        Lang::Python => python(from, import),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => javascript(from, import),
        Lang::Go => go(from, import),
        Lang::Java => by_class(from, import, "java"),
        Lang::Kotlin => by_class(from, import, "kt"),
        Lang::Php => php(from, import),
        Lang::Ruby => ruby(from, import),
        Lang::Rust => rust(from, import),
        _ => Vec::new(),
    }
}

/// The folder a path is in; empty at the top.
#[must_use]
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A file's name without folder and extension.
#[must_use]
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// The folder of a file and those it is in, nearest first.
fn folders(from: &str) -> Vec<&str> {
    let mut all = vec![folder(from)];
    while let Some(last) = all.last().copied().filter(|f| !f.is_empty()) {
        all.push(folder(last));
    }
    all.truncate(MOST_FOLDERS);
    all
}

fn under(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

fn file(path: String, names: &[&str]) -> Guess {
    Guess {
        path,
        folder: false,
        names: names.iter().map(|n| (*n).to_owned()).collect(),
    }
}

/// `pkg.module.name`, `.module.name`: any number of the last segments are names in the module; at most two.
fn python(from: &str, import: &str) -> Vec<Guess> {
    let rest = import.trim_start_matches('.');
    let dots = import.len() - rest.len();
    let segments: Vec<&str> = rest.split('.').filter(|s| !s.is_empty()).collect();
    let roots: Vec<&str> = match dots {
        0 => folders(from),
        up => folders(from).into_iter().nth(up - 1).into_iter().collect(),
    };
    let mut all = Vec::new();
    for names in 0..=segments.len().min(2) {
        let (module, names) = segments.split_at(segments.len() - names);
        if module.is_empty() && dots == 0 {
            continue;
        }
        for root in &roots {
            let path = under(root, &module.join("/"));
            if !module.is_empty() {
                all.push(file(format!("{path}.py"), names));
            }
            all.push(file(under(&path, "__init__.py"), names));
        }
    }
    all
}

/// `./module.name`, `../module`; `@/module` and the like from the top of the sources.
fn javascript(from: &str, import: &str) -> Vec<Guess> {
    const ENDINGS: [&str; 12] = [
        ".ts",
        ".tsx",
        ".js",
        ".jsx",
        ".mjs",
        ".cjs",
        ".mts",
        ".cts",
        "/index.ts",
        "/index.tsx",
        "/index.js",
        "/index.mjs",
    ];
    let roots: Vec<String> = if import.starts_with('.') {
        vec![folder(from).to_owned()]
    } else if import.starts_with("@/") || import.starts_with("~/") || import.starts_with("src/") {
        folders(from)
            .into_iter()
            .flat_map(|f| [f.to_owned(), under(f, "src")])
            .collect()
    } else {
        return Vec::new();
    };
    let import = import.trim_start_matches("@/").trim_start_matches("~/");
    let (path, last) = import.rsplit_once('/').unwrap_or(("", import));
    let pieces: Vec<&str> = if last == "." || last == ".." {
        vec![last]
    } else {
        last.split('.').collect()
    };
    let mut all = Vec::new();
    for names in 0..pieces.len().min(3) {
        let (stem, names) = pieces.split_at(pieces.len() - names);
        for root in &roots {
            let Some(path) = joined(root, &under(path, &stem.join("."))) else {
                continue;
            };
            all.extend(ENDINGS.iter().map(|ending| file(format!("{path}{ending}"), names)));
        }
    }
    all
}

/// A relative path from a folder, `.` and `..` resolved; `None` when it leaves the repository.
fn joined(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// `example.com/project/store`: a folder below one the file is in, by the end of the path.
fn go(from: &str, import: &str) -> Vec<Guess> {
    let segments: Vec<&str> = import.split('/').collect();
    let mut all = Vec::new();
    for skip in 0..segments.len() {
        let tail = segments[skip..].join("/");
        for root in folders(from) {
            all.push(Guess {
                path: under(root, &tail),
                folder: true,
                names: Vec::new(),
            });
        }
    }
    all
}

/// `com.shop.store.UserDao`: a file below a source folder named like the class; the last segment may be a member of it.
fn by_class(from: &str, import: &str, ending: &str) -> Vec<Guess> {
    let segments: Vec<&str> = import.split('.').collect();
    let mut all = Vec::new();
    for members in 0..2.min(segments.len()) {
        let (class, members) = segments.split_at(segments.len() - members);
        let Some(name) = class.last() else { continue };
        let names: Vec<&str> = std::iter::once(*name).chain(members.iter().copied()).collect();
        for root in folders(from) {
            all.push(file(format!("{}.{ending}", under(root, &class.join("/"))), &names));
        }
    }
    all
}

/// `App.Store.Users`: namespaces follow folders, the first ones perhaps named otherwise.
fn php(from: &str, import: &str) -> Vec<Guess> {
    let segments: Vec<&str> = import.split('.').collect();
    let Some(name) = segments.last() else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for skip in 0..segments.len().min(4) {
        let tail = segments[skip..].join("/");
        for root in folders(from) {
            all.extend(
                ["", "src", "app", "lib"].map(|top| file(format!("{}.php", under(&under(root, top), &tail)), &[name])),
            );
        }
    }
    all
}

/// `./file` of `require_relative`; `lib/file` of `require`.
fn ruby(from: &str, import: &str) -> Vec<Guess> {
    let path = import.strip_suffix(".rb").unwrap_or(import);
    if path.starts_with('.') {
        let path = joined(folder(from), path);
        return path.map(|p| file(format!("{p}.rb"), &[])).into_iter().collect();
    }
    let near = folders(from);
    near.iter()
        .flat_map(|f| [under(f, path), under(&under(f, "lib"), path)])
        .map(|p| file(format!("{p}.rb"), &[]))
        .collect()
}

/// `crate.store.find`, `super.store.find`, `self.store.find`.
fn rust(from: &str, import: &str) -> Vec<Guess> {
    let segments: Vec<&str> = import.split('.').collect();
    let Some((first, rest)) = segments.split_first() else {
        return Vec::new();
    };
    let own = match stem(from) {
        "mod" | "lib" | "main" => folder(from).to_owned(),
        name => under(folder(from), name),
    };
    let root = match *first {
        "crate" => folders(from)
            .into_iter()
            .find(|f| stem(f) == "src" || f.is_empty())
            .map(str::to_owned),
        "super" => Some(folder(&own).to_owned()),
        "self" => Some(own),
        _ => None,
    };
    let Some(root) = root else { return Vec::new() };
    let mut all = Vec::new();
    for names in 0..3.min(rest.len()) {
        let (module, names) = rest.split_at(rest.len() - names);
        let path = under(&root, &module.join("/"));
        all.push(file(format!("{path}.rs"), names));
        all.push(file(format!("{path}/mod.rs"), names));
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn has(lang: Lang, from: &str, import: &str, path: &str, names: &[&str]) {
        let all = guesses(lang, &RepoPath::new(from), import);
        let found = all.iter().any(|g| g.path == path && g.names == names);
        assert!(found, "{import} from {from}: no {path} {names:?} in {all:#?}");
    }

    #[test]
    fn files_that_imports_mean() {
        has(
            Lang::Python,
            "shop/web/views.py",
            "shop.store.find",
            "shop/store.py",
            &["find"],
        );
        has(
            Lang::Python,
            "shop/web/views.py",
            "..store.find",
            "shop/store.py",
            &["find"],
        );
        has(Lang::Python, "shop/web/views.py", ".store", "shop/web/store.py", &[]);
        has(
            Lang::Python,
            "shop/web/views.py",
            ".find",
            "shop/web/__init__.py",
            &["find"],
        );
        has(
            Lang::JavaScript,
            "src/routes/users.js",
            "../db.find",
            "src/db.js",
            &["find"],
        );
        has(
            Lang::TypeScript,
            "src/app.ts",
            "./user.service.UserService",
            "src/user.service.ts",
            &["UserService"],
        );
        has(Lang::TypeScript, "src/app/page.tsx", "@/lib/db", "src/lib/db.ts", &[]);
        has(
            Lang::Java,
            "src/main/java/com/shop/web/A.java",
            "com.shop.store.Users",
            "src/main/java/com/shop/store/Users.java",
            &["Users"],
        );
        has(
            Lang::Php,
            "app/Http/Users.php",
            "App.Store.Users",
            "app/Store/Users.php",
            &["Users"],
        );
        has(
            Lang::Rust,
            "src/web/users.rs",
            "crate.store.find",
            "src/store.rs",
            &["find"],
        );
        has(
            Lang::Rust,
            "src/web/users.rs",
            "super.store.find",
            "src/web/store.rs",
            &["find"],
        );
        has(Lang::Ruby, "app/web.rb", "./store", "app/store.rb", &[]);
        let go = guesses(Lang::Go, &RepoPath::new("cmd/web/main.go"), "example.com/shop/store");
        assert!(go.iter().any(|g| g.folder && g.path == "store"));
    }

    #[test]
    fn nothing_outside_of_the_repository() {
        let all = guesses(Lang::JavaScript, &RepoPath::new("a.js"), "../../etc/passwd");
        assert!(all.iter().all(|g| !g.path.contains("..")), "{all:?}");
        assert!(guesses(Lang::JavaScript, &RepoPath::new("a.js"), "express").is_empty());
        assert!(guesses(Lang::Python, &RepoPath::new("a.py"), "...x").is_empty());
    }
}
