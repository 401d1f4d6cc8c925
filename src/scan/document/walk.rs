//! Paths followed through a document. Work is counted in steps, and the document may be a graph (aliases), so every place is visited once.

use super::pattern::Segment;
use crate::lang::document::{Document, NodeId, Value};
use std::{cell::Cell, collections::HashSet};

/// Most steps in one file.
const MOST_STEPS: usize = 4_000_000;

/// A document that paths are followed through.
pub struct Walk<'d> {
    /// The document.
    pub document: &'d Document,
    left: Cell<usize>,
}

impl<'d> Walk<'d> {
    /// Begins to count.
    #[must_use]
    pub fn new(document: &'d Document) -> Walk<'d> {
        Walk {
            document,
            left: Cell::new(MOST_STEPS),
        }
    }

    /// True when there were more steps to take than the limit.
    #[must_use]
    pub fn exhausted(&self) -> bool {
        self.left.get() == 0
    }

    /// All nodes at the end of `path` from `start`, in order of writing, each once.
    #[must_use]
    pub fn follow(&self, start: NodeId, path: &[Segment]) -> Vec<NodeId> {
        let mut seen: HashSet<(NodeId, usize)> = HashSet::new();
        let mut found = Vec::new();
        let mut waiting = vec![(start, 0)];
        while let Some((node, at)) = waiting.pop() {
            let Some(left) = self.left.get().checked_sub(1) else {
                break;
            };
            self.left.set(left);
            if !seen.insert((node, at)) {
                continue;
            }
            match path.get(at) {
                None => found.push(node),
                Some(Segment::Deep) => {
                    waiting.push((node, at + 1));
                    waiting.extend(self.document.children(node).into_iter().map(|c| (c, at)));
                }
                Some(Segment::Element) => match self.value(node) {
                    Some(Value::List(_)) => {
                        waiting.extend(self.document.children(node).into_iter().map(|c| (c, at + 1)));
                    }
                    _ => waiting.push((node, at + 1)),
                },
                Some(_) => self.entries(node, at, path, &mut waiting),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The entries of a map that the segment at `at` fits.
    fn entries(&self, map: NodeId, at: usize, path: &[Segment], waiting: &mut Vec<(NodeId, usize)>) {
        for child in self.document.children(map) {
            let Some(key) = self.document.name(child) else { continue };
            if path.get(at).is_some_and(|s| s.fits(key)) {
                waiting.push((child, at + 1));
            } else if key.contains('.') {
                waiting.extend(dotted(key, at, path).map(|next| (child, next)));
            }
        }
    }

    fn value(&self, node: NodeId) -> Option<&'d Value> {
        self.document.node(self.document.resolve(node)).map(|n| &n.value)
    }
}

/// Where a path goes on after a key that is written with dots, when its parts fit one segment each.
fn dotted(key: &str, mut at: usize, path: &[Segment]) -> Option<usize> {
    for part in key.split('.') {
        if !path.get(at)?.fits(part) {
            return None;
        }
        at += 1;
    }
    Some(at)
}
