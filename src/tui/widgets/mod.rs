//! Pieces that panes and dialogs are drawn from. Each draws into a buffer and knows nothing of the review.
//!
//! Text that comes from outside enters the screen through [`code_line`] (lines of code) or [`prose`] (sentences, names, paths), and
//! both go through [`crate::text::safe`]. Nothing else may put outside text into a buffer.

pub mod code_line;
pub mod popup;
pub mod prose;
pub mod row;
pub mod scroll;
