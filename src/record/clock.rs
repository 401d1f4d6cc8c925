//! The time of entries and records. A value, so that tests and pictures can fix it.

use jiff::{Zoned, tz::TimeZone};

/// Where the time comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system, in the user's zone.
    #[default]
    System,
    /// Always this.
    Fixed(Zoned),
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Zoned {
        match self {
            Clock::System => Zoned::now(),
            Clock::Fixed(time) => time.clone(),
        }
    }
}

/// `2026-11-20T13:22:27.123+01:00`: for people and the journal.
#[must_use]
pub fn local(time: &Zoned) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// `2026-11-20T12:22:27.123Z`: fixed width, so that sorting text sorts time.
#[must_use]
pub fn sortable(time: &Zoned) -> String {
    time.with_time_zone(TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn both_forms_name_the_same_moment() {
        let time: Zoned = "2026-11-20T13:22:27.1234+01:00[+01:00]".parse().unwrap();
        assert_eq!(local(&time), "2026-11-20T13:22:27.123+01:00");
        assert_eq!(sortable(&time), "2026-11-20T12:22:27.123Z");
        let whole: Zoned = "2026-11-20T13:22:27+01:00[+01:00]".parse().unwrap();
        assert_eq!(sortable(&whole), "2026-11-20T12:22:27.000Z", "fixed width");
    }
}
