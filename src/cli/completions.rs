//! `completions` and `man`: both made from the same arguments.

use super::{Failure, Outcome, args::Args, output};
use clap::CommandFactory;
use clap_complete::Shell;

pub(super) fn shell(shell: Shell) -> Result<Outcome, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "countersign", &mut out);
    output::print(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Done)
}

pub(super) fn man() -> Result<Outcome, Failure> {
    let mut out = Vec::new();
    let failed = |error| Failure::new(format!("the manual page could not be made: {error}"));
    // One page for everything: the command itself, then each subcommand.
    clap_mangen::Man::new(Args::command())
        .render(&mut out)
        .map_err(failed)?;
    let mut command = Args::command();
    command.build();
    for sub in command.get_subcommands().filter(|s| s.get_name() != "help") {
        let sub = sub.clone().display_name(format!("countersign {}", sub.get_name()));
        let man = clap_mangen::Man::new(sub.clone());
        out.extend_from_slice(format!(".SH COUNTERSIGN {}\n", sub.get_name().to_uppercase()).as_bytes());
        man.render_synopsis_section(&mut out).map_err(failed)?;
        man.render_description_section(&mut out).map_err(failed)?;
        man.render_options_section(&mut out).map_err(failed)?;
    }
    output::print(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Done)
}
