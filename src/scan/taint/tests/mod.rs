//! What the engine finds in real code. Lines that must be found end in `# hit` (`// hit`); no other line may be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arithmetic;
mod building;
mod containers;
mod csharp;
mod evidence;
mod functions;
mod go;
mod guards;
mod java;
mod javascript;
mod limits;
mod names;
mod native;
mod rust;

pub(super) use crate::scan::testing::{PYTHON, analysis_of, check, flask, python};
