#![allow(clippy::unwrap_used, clippy::panic)]
use super::*;
use crate::{change::RepoPath, lang::STACK_BYTES, scan::file};

const MODEL: &str = r#"
schema = 1
languages = ["python", "javascript", "typescript", "go", "rust"]
about = "test"
"#;

const RULE: &str = r#"
schema = 1
category = "CATEGORY"
id = "test/CATEGORY"
title = "t"
severity = "high"
cwe = [1]
languages = ["python", "javascript", "typescript", "go", "rust"]
why = "-"
check = "-"
"#;

/// A rule set of one rule and one model.
pub struct Set {
    rules: RuleSet,
}

impl Set {
    /// From the tables of a rule and of a model.
    pub fn new(rule: &str, model: &str) -> Set {
        let category = if rule.contains("\"sql\"") {
            "sql-injection"
        } else {
            "command-injection"
        };
        let rule = format!("{}{rule}", RULE.replace("CATEGORY", category));
        let model = format!("{MODEL}{model}");
        let rules = RuleSet::of_texts(&[("rule.toml", &rule), ("models/model.toml", &model)]);
        rules.all().unwrap_or_else(|e| panic!("{e}"));
        Set { rules }
    }

    /// The code with every fix made, each checked fix once more for itself; sketches are marked by `sketch: ` before them.
    pub fn fixed(&self, path: &str, code: &str) -> String {
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
            worker
                .spawn_scoped(scope, || self.fixed_here(path, code))
                .unwrap()
                .join()
                .unwrap()
        })
    }

    fn fixed_here(&self, path: &str, code: &str) -> String {
        let path = RepoPath::new(path);
        let view = FileView::new(&path, code.as_bytes());
        let scan = file::scan(&view, &self.rules);
        assert!(!scan.found.is_empty(), "nothing is found in\n{code}");
        let dialects = Dialects::default();
        let fixer = Fixer::new(&view, &scan, &self.rules, &dialects);
        let fixes: Vec<Fix> = scan.found.iter().filter_map(|f| fixer.propose(f).0).collect();
        if let [only] = &fixes[..]
            && only.quality == FixQuality::Sketch
        {
            return format!("sketch: {}", applied(code, only));
        }
        for (fix, found) in fixes
            .iter()
            .zip(&scan.found)
            .filter(|_| fixes.len() == scan.found.len())
        {
            self.is_gone(&path, &applied(code, fix), found);
        }
        let all = Fix {
            title: String::new(),
            quality: FixQuality::Checked,
            path: path.clone(),
            edits: together(code.as_bytes(), &fixes),
        };
        applied(code, &all)
    }

    fn is_gone(&self, path: &RepoPath, after: &str, found: &Found) {
        let scan = file::scan(&FileView::new(path, after.as_bytes()), &self.rules);
        let same = scan
            .found
            .iter()
            .filter(|f| f.finding.fingerprint == found.finding.fingerprint);
        assert_eq!(same.count(), 0, "still found in\n{after}");
    }

    /// Checks that `code` becomes `after`.
    #[track_caller]
    pub fn check(&self, path: &str, code: &str, after: &str) {
        let fixed = self.fixed(path, code);
        assert_eq!(fixed, after, "\n--- is\n{fixed}\n--- should be\n{after}");
    }

    /// Checks that there is no fix.
    #[track_caller]
    pub fn refuses(&self, path: &str, code: &str) {
        let fixed = self.fixed(path, code);
        assert_eq!(fixed, code, "a fix is proposed:\n{fixed}");
    }
}

fn applied(code: &str, fix: &Fix) -> String {
    String::from_utf8(fix.apply(code.as_bytes()).unwrap()).unwrap()
}
