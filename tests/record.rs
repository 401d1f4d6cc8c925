//! Recording, on real repositories: what is written, what is kept, what is refused, and what a crash leaves.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::print_stdout, clippy::print_stderr)] // child processes speak to their test; skipped tests say so

mod support;

#[path = "record/amend.rs"]
mod amend;
#[path = "record/commit.rs"]
mod commit;
#[path = "record/crash.rs"]
mod crash;
#[path = "record/kinds.rs"]
mod kinds;
#[path = "record/messages.rs"]
mod messages;
#[path = "record/notes.rs"]
mod notes;
#[path = "record/signing.rs"]
mod signing;
#[path = "record/traps.rs"]
mod traps;
#[path = "record/undo.rs"]
mod undo;
#[path = "record/verify.rs"]
mod verify;
#[path = "record/world.rs"]
mod world;
