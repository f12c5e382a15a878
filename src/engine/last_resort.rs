//! The last resort: a new server somewhere, where nothing else is expected to help soon.

use super::event::{ActiveFaultId, Event};
use super::observe::Observer;
use super::trial::Trial;
use crate::strategy::{Attempt, Effect, MACHINE, PLACE, SHARED, SOFTWARE, Situation, Step, Steps};
use crate::world::kind::{Kind, Kinds};
use crate::world::streams::Purpose;

/// What the last resort brings: a new server in a site that is up.
const LAST_RESORT: Kinds = MACHINE.union(SOFTWARE).with(Kind::Database);

/// The name of the last resort in traces.
pub(super) const LAST_RESORT_NAME: &str = "last resort";

impl<O: Observer> Trial<'_, O> {
    /// Where nothing else is expected to help soon, a new server is found and set up in a site that
    /// is up. It is not begun before its time, nor where all that is broken is being repaired and
    /// will be whole earlier, nor where an attempt that still waits would be done earlier.
    pub(super) fn try_last_resort(&mut self, path: u8, situation: &Situation<'_>) -> bool {
        let engine = self.engine;
        let index = engine.strategy.protections.len();
        let Some(resort) = &engine.world.operations.last_resort else { return false };
        let shared = SHARED.without(Kind::Cloud);
        if self.scratch.response.tries[index].failed_at == Some(self.returns)
            || situation.out.intersects(shared)
            || !situation.down.intersects(LAST_RESORT.union(PLACE))
        {
            return false;
        }
        let onset = self.scratch.outages.last().map_or(self.now, |outage| outage.onset);
        let begin = self.now.max(onset + resort.after);
        let hours = self.streams.hours(&resort.takes, Purpose::LastResort, self.outage_event());
        // Work that would not end within the horizon has no end that is known.
        let attempt = self.scratch.response.attempt.as_ref().map_or(f64::INFINITY, |it| it.until);
        let back = self.expected_back().min(attempt).min(self.own_server_back(path));
        if back.is_finite() && back <= engine.world.staffed.work_end(begin, hours) {
            return false;
        }
        if begin > self.now {
            // Looked at again when its time has come.
            self.scratch.queue.cancel(|event| event == Event::LastResortDue);
            self.schedule(begin, Event::LastResortDue);
            return false;
        }
        let here = situation.site;
        let in_place = situation.sites_up.has(here).then_some(here);
        let Some(site) = in_place.or(situation.sites_up.first()) else { return false };
        if situation.out.has(Kind::Cloud) {
            return false;
        }
        if self.scratch.response.attempt.is_some() {
            self.abandon_attempt();
        }
        let mut steps = Steps::default();
        steps.push(Step::work("find and set up a new server", hours));
        let is_server = engine.strategy.layout.has_database();
        let effect = Effect {
            replaces: LAST_RESORT,
            ends_repair: SOFTWARE,
            site: (site != here).then_some(site),
            fenced: is_server.then_some(resort.fenced),
            leaves_server: is_server && site == here,
            full_import: is_server,
            full_sync: is_server,
            all_passwords: is_server,
            ..Effect::default()
        };
        self.begin_attempt(
            index,
            path,
            Attempt {
                steps,
                ground: Kinds::NONE,
                site: Some(site),
                overwrites: Kinds::NONE,
                outcome: Ok(effect),
            },
        );
        true
    }

    /// When the repairs under way will have brought the service back, as far as anybody can tell.
    fn expected_back(&self) -> f64 {
        let faults = 0..self.scratch.active_faults.len() as ActiveFaultId;
        faults
            .filter(|id| self.hits_service(*id))
            .map(|id| self.scratch.active_faults[id as usize].repair_end)
            .fold(self.now, f64::max)
    }
}
