//! The axis: days as positions, with breaks where nothing happens for long.

use super::date::{day, year};

/// The length of an axis without its breaks.
const LENGTH: f64 = 640.0;

/// The greatest length of a year.
const LONGEST_YEAR: f64 = 120.0;

/// The years without any date from which the axis is broken.
const LONGEST_GAP: i64 = 10;

/// The width of a break.
pub(super) const BREAK: f64 = 30.0;

/// The least room between two ticks.
const LEAST_TICK: f64 = 38.0;

/// A part of the axis without breaks: whole years.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stretch {
    /// The first day, and the first one behind it.
    first: i64,
    behind: i64,
    /// The position of the first day.
    start: f64,
}

/// The positions of days.
pub(super) struct Axis {
    stretches: Vec<Stretch>,
    /// The length of a day.
    scale: f64,
}

impl Axis {
    /// Creates an axis for some spans, each by its first and its last day. A gap is where there is no span.
    pub(super) fn new(spans: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut years: Vec<(i64, i64)> =
            spans.into_iter().map(|(first, last)| (year(first), year(last))).collect();
        years.sort_unstable();
        let mut stretches: Vec<Stretch> = Vec::new();
        for (first, last) in years {
            let (first, behind) = (day(first, 1, 1), day(last + 1, 1, 1));
            match stretches.last_mut() {
                Some(last) if first <= day(year(last.behind) + LONGEST_GAP, 1, 1) => {
                    last.behind = last.behind.max(behind);
                }
                _ => stretches.push(Stretch { first, behind, start: 0.0 }),
            }
        }
        let shown: i64 = stretches.iter().map(|stretch| stretch.behind - stretch.first).sum();
        let scale = (LENGTH / to_float(shown.max(1))).min(LONGEST_YEAR / 365.0);
        let mut start = 0.0;
        for stretch in &mut stretches {
            stretch.start = start;
            start += to_float(stretch.behind - stretch.first) * scale + BREAK;
        }
        Self { stretches, scale }
    }

    /// Returns the position of a day. In a break, days have the position of its middle.
    pub(super) fn position(&self, day: i64) -> f64 {
        let mut position = 0.0;
        for stretch in &self.stretches {
            if day < stretch.first {
                break;
            }
            position =
                stretch.start + to_float(day.min(stretch.behind) - stretch.first) * self.scale;
            if day > stretch.behind {
                position += BREAK / 2.0;
            }
        }
        position
    }

    /// Returns the position of the end.
    pub(super) fn end(&self) -> f64 {
        self.stretches.last().map_or(0.0, |last| self.position(last.behind))
    }

    /// Returns the positions of the middles of the breaks.
    pub(super) fn breaks(&self) -> Vec<f64> {
        self.stretches.iter().skip(1).map(|stretch| stretch.start - BREAK / 2.0).collect()
    }

    /// Returns the ticks: years and their positions, at multiples of 1, 2, 5, 10 and so on.
    pub(super) fn ticks(&self) -> Vec<(i64, f64)> {
        let year_length = self.scale * 365.25;
        let mut steps = [1, 2, 5].into_iter();
        let mut power = 1;
        let step = loop {
            let Some(step) = steps.next() else {
                steps = [1, 2, 5].into_iter();
                power *= 10;
                continue;
            };
            if to_float(step * power) * year_length >= LEAST_TICK || power > 1_000_000 {
                break step * power;
            }
        };
        let mut ticks = Vec::new();
        for stretch in &self.stretches {
            let (first, behind) = (year(stretch.first), year(stretch.behind));
            // The first year of a stretch has a tick, or else a short one would have none.
            ticks.extend(
                (first..behind).filter(|year| *year == first || year.rem_euclid(step) == 0),
            );
        }
        let mut shown: Vec<(i64, f64)> = Vec::new();
        for year in ticks {
            let position = self.position(day(year, 1, 1));
            if shown.last().is_none_or(|(_, last)| position - last >= LEAST_TICK) {
                shown.push((year, position));
            }
        }
        shown
    }
}

#[expect(clippy::cast_precision_loss, reason = "these are days that a calendar has")]
const fn to_float(days: i64) -> f64 {
    days as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(years: &[i64]) -> Axis {
        Axis::new(years.iter().map(|year| (day(*year, 6, 1), day(*year, 6, 1))))
    }

    fn ticks(years: &[i64]) -> Vec<i64> {
        axis(years).ticks().into_iter().map(|(year, _)| year).collect()
    }

    #[test]
    fn ticks_are_round_and_a_long_gap_is_broken() {
        assert_eq!(ticks(&[2001, 2003]), [2001, 2002, 2003]);
        assert_eq!(
            ticks(&[2001, 2011, 2021]),
            [2001, 2004, 2006, 2008, 2010, 2012, 2014, 2016, 2018, 2020]
        );
        assert_eq!(axis(&[2001, 2011, 2021]).breaks(), [0.0; 0]);
        assert_eq!(axis(&[1900, 1911, 2021]).breaks().len(), 1);
        assert_eq!(axis(&[1900, 1913]).breaks().len(), 1);
        assert_eq!(Axis::new([(day(1900, 1, 1), day(1950, 1, 1))]).breaks().len(), 0);
    }

    #[test]
    fn later_days_are_further_right() {
        let axis = axis(&[1900, 1950, 1951]);
        let places = [(1900, 1), (1900, 12), (1920, 1), (1950, 1), (1951, 12)]
            .map(|(year, month)| axis.position(day(year, month, 1)));
        assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
        assert!(places[4] <= axis.end());
    }
}
