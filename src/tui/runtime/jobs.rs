//! Loading and scanning in the background, the newest request only.

use super::event::Event;
use crate::{
    change::Change,
    review::Scanned,
    scan::{Cancel, Event as ScanEvent},
    session::Reader,
    text::safe::visible,
};
use std::{
    sync::{Arc, mpsc::Sender},
    thread,
};

/// What runs, and how to start more.
pub(super) struct Jobs {
    reader: Reader,
    send: Sender<Event>,
    number: u64,
    cancel: Cancel,
}

impl Jobs {
    pub(super) fn new(reader: Reader, send: Sender<Event>) -> Self {
        Self {
            reader,
            send,
            number: 0,
            cancel: Cancel::default(),
        }
    }

    /// True for results of the newest request.
    pub(super) fn is_current(&self, number: u64) -> bool {
        number == self.number
    }

    /// Scans a change that is loaded.
    pub(super) fn scan(&mut self, change: Arc<Change>) {
        self.start(move |job| job.scan(&change));
    }

    /// Loads the change again and scans it.
    pub(super) fn reload(&mut self) {
        self.start(|job| {
            let result = job.reader.load().map(Arc::new).map_err(|e| visible(e.to_string()));
            let change = result.as_ref().ok().cloned();
            job.tell(Event::Loaded {
                number: job.number,
                result,
            });
            if let Some(change) = change {
                job.scan(&change);
            }
        });
    }

    fn start(&mut self, work: impl FnOnce(&Job) + Send + 'static) {
        self.cancel.cancel();
        self.cancel = Cancel::default();
        self.number += 1;
        let job = Job {
            reader: self.reader.clone(),
            send: self.send.clone(),
            number: self.number,
            cancel: self.cancel.clone(),
        };
        let number = self.number;
        let started = thread::Builder::new().name("load".into()).spawn(move || work(&job));
        if started.is_err() {
            let result = Err("The system refused a thread; r tries again.".to_owned());
            let _ = self.send.send(Event::Loaded { number, result });
        }
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

struct Job {
    reader: Reader,
    send: Sender<Event>,
    number: u64,
    cancel: Cancel,
}

impl Job {
    fn tell(&self, event: Event) {
        // Nobody listens any more when the screen was left.
        let _ = self.send.send(event);
    }

    fn scan(&self, change: &Change) {
        let number = self.number;
        let scanned = |scanned| self.tell(Event::Scanned { number, scanned });
        scanned(Scanned::Began {
            files: change.files.len(),
        });
        // Scanning threads share this closure; each needs a sender of its own.
        let send = std::sync::Mutex::new(self.send.clone());
        let result = self.reader.scan(change, &self.cancel, |event| {
            let ScanEvent::File { done, findings } = event;
            let send = send.lock().map(|s| s.clone());
            if let Ok(send) = send {
                let _ = send.send(Event::Scanned {
                    number,
                    scanned: Scanned::Progress { done, findings },
                });
            }
        });
        if !result.cancelled {
            scanned(Scanned::Done {
                findings: result.findings,
                not_examined: result.not_examined,
            });
        }
    }
}

/// True when two loads show the same: nothing for the person to take in.
pub(super) fn same(a: &Change, b: &Change) -> bool {
    let files = |c: &Change| -> Vec<_> {
        let side = |s: &Option<crate::change::Side>| s.as_ref().map(|s| (s.mode, s.blob.clone()));
        c.files
            .iter()
            .map(|f| (f.path.clone(), f.status, f.stage, side(&f.old), side(&f.new)))
            .collect()
    };
    a.base == b.base && files(a) == files(b)
}
