//! Files whose tokens and words are known, the latest ones.

use crate::tui::highlight::worker::{Paint, PaintKey};
use std::sync::Arc;

/// Files that are kept.
const KEPT: usize = 48;

/// The paints, latest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Paints {
    kept: Vec<Arc<Paint>>,
    /// What was asked for and has not come.
    asked: Vec<PaintKey>,
}

impl Paints {
    /// The paint of a file, when it is there.
    pub(super) fn get(&self, key: &PaintKey) -> Option<&Paint> {
        self.kept.iter().find(|p| p.key == *key).map(AsRef::as_ref)
    }

    /// Takes one in.
    pub(super) fn put(&mut self, paint: Paint) {
        self.asked.retain(|k| *k != paint.key);
        self.kept.retain(|p| p.key != paint.key);
        self.kept.insert(0, Arc::new(paint));
        self.kept.truncate(KEPT);
    }

    /// True when the file must be asked for: it is neither here nor on its way.
    pub(super) fn wants(&mut self, key: &PaintKey) -> bool {
        if let Some(at) = self.kept.iter().position(|p| p.key == *key) {
            let paint = self.kept.remove(at);
            self.kept.insert(0, paint);
            return false;
        }
        if self.asked.contains(key) {
            return false;
        }
        // The worker drops old wishes; what was asked long ago may be asked again.
        self.asked.truncate(4);
        self.asked.insert(0, key.clone());
        true
    }
}
