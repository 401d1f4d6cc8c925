//! Where findings are told to be, when several files were analysed as one: the evaluation knows places in the joined text alone.

use super::{
    Finding, Place,
    engine::Candidate,
    taint::{file::File, sentence},
};
use crate::text::{LineIndex, Span};

/// What ends in a file that is not under review is told where the file under examination hands the value on.
pub fn where_called(file: &File<'_>, candidate: &mut Candidate) {
    let links = file.links;
    let finding = &mut candidate.finding;
    if links.part_at(finding.place.span.start).reports {
        return;
    }
    let own = finding
        .steps
        .iter()
        .rev()
        .find(|step| links.is_own(step.place.span.start));
    if let Some(step) = own {
        finding.place = step.place.clone();
        // Fixes work on the sink, which is elsewhere.
        candidate.fixes.clear();
    }
}

/// Every place of the finding, as one of its own file.
pub fn in_files(file: &File<'_>, lines: &LineIndex, finding: &mut Finding) {
    if file.links.parts().len() < 2 {
        return;
    }
    in_file(file, lines, &mut finding.place);
    for step in &mut finding.steps {
        if !file.links.part_at(step.place.span.start).reports {
            step.code = Some(sentence::code(file, step.place.span));
        }
        in_file(file, lines, &mut step.place);
    }
}

fn in_file(file: &File<'_>, lines: &LineIndex, place: &mut Place) {
    let part = file.links.part_at(place.span.start);
    let before = lines.pos(file.text, part.start).line - 1;
    place.path = part.path.clone();
    place.span = Span {
        start: place.span.start - part.start,
        end: place.span.end - part.start,
    };
    for pos in [&mut place.start, &mut place.end] {
        pos.line -= before;
    }
}
