//! The future event list.
//!
//! It rarely holds more than ten entries, since clocks that would strike past the horizon are not
//! in it; so a flat array with a linear search for the next beats a heap, and cancelling is a walk.

use super::event::Event;

#[derive(Debug, Clone, Copy)]
struct Entry {
    time: f64,
    /// Class in the high bits, then the order of scheduling: ties never depend on the layout.
    rank: u64,
    event: Event,
}

/// Events to come, in the order of (time, class, scheduling).
#[derive(Debug, Default)]
pub(super) struct Queue {
    entries: Vec<Entry>,
    scheduled: u64,
}

impl Queue {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.scheduled = 0;
    }

    /// Adds an event.
    pub(super) fn schedule(&mut self, time: f64, event: Event) {
        let rank = u64::from(event.class()) << 56 | self.scheduled;
        self.scheduled += 1;
        self.entries.push(Entry { time, rank, event });
    }

    /// Removes and returns the next event.
    pub(super) fn next(&mut self) -> Option<(f64, Event)> {
        let mut first = self.entries.first()?;
        let mut position = 0;
        for (at, entry) in self.entries.iter().enumerate().skip(1) {
            if entry.time < first.time || (entry.time == first.time && entry.rank < first.rank) {
                first = entry;
                position = at;
            }
        }
        let entry = self.entries.swap_remove(position);
        Some((entry.time, entry.event))
    }

    /// Removes all events for which `which` holds.
    pub(super) fn cancel(&mut self, which: impl Fn(Event) -> bool) {
        self.entries.retain(|entry| !which(entry.event));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_then_class_then_order_of_scheduling() {
        let mut queue = Queue::default();
        queue.schedule(2.0, Event::Decided);
        queue.schedule(1.0, Event::MoveBack(0));
        queue.schedule(1.0, Event::Alarm(7));
        queue.schedule(1.0, Event::Strike(3));
        queue.schedule(1.0, Event::Alarm(2));
        queue.schedule(1.0, Event::Repaired(1));
        let order: Vec<_> = std::iter::from_fn(|| queue.next()).map(|(_, event)| event).collect();
        assert_eq!(
            order,
            [
                Event::Repaired(1),
                Event::Strike(3),
                Event::Alarm(7),
                Event::Alarm(2),
                Event::MoveBack(0),
                Event::Decided
            ]
        );
    }

    #[test]
    fn a_cancelled_event_never_comes() {
        let mut queue = Queue::default();
        queue.schedule(1.0, Event::Alarm(1));
        queue.schedule(2.0, Event::Alarm(2));
        queue.cancel(|event| event.concerns(1));
        assert_eq!(queue.next(), Some((2.0, Event::Alarm(2))));
        assert_eq!(queue.next(), None);
    }
}
