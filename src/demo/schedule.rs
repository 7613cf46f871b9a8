//! What happens when: the plan of two years as a list of moments with a deed each, oldest first. Nothing is stored here.

use super::calendar::Calendar;
use super::cast::{Course, Fate, Provider};
use super::chance::Chance;
use super::linking::Step;
use crate::domain::action::Act;
use crate::domain::submission::Event;
use crate::domain::time::{DAY, MINUTE, Timestamp};

/// Days ago that the world begins.
pub(super) const BEGIN: i64 = 735;
/// Days ago that the newest version of the agreement was published.
pub(super) const NEW_VERSION: i64 = 24;
/// Accounts in the whole world.
pub(super) const ACCOUNTS: usize = 250;
/// Places of users who were invited later begin here.
pub(super) const EXTRA: usize = 1000;
/// From here on the last mails are each given their own end.
pub(super) const LAST_POST: i64 = 405;

/// Something that somebody does; the numbers are places in the cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Begin,
    NewVersion,
    NextVersion,
    Marks,
    Register(usize),
    SetUp(usize),
    Complete(usize),
    Reject(usize),
    Withdraw(usize),
    Activate(usize, usize),
    Reinvite(usize, usize),
    Disable(usize, usize),
    Lock(usize, usize),
    Unlock(usize, usize),
    Roles(usize, usize),
    Invite(usize, usize),
    LastSignatory(usize),
    Expire,
    Accept(usize),
    Remind(usize),
    RemindAll,
    Connect(usize, Step),
    Leak(usize),
    UseCodes,
    Edit(usize),
    Message(usize),
    Status(usize, usize),
    Suspend(usize),
    Resume(usize),
    End(usize),
    Post,
    Bounce(usize),
    Resend(usize),
    Cancel(usize),
    Undo(usize),
    TestMail,
    SignIn(usize),
    Refused(usize),
    Anchor,
    Tonight(usize),
    Measured(usize),
    Sweep,
    Extract(usize, super::releasing::Step),
}

/// A moment and what happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scene {
    pub(super) at: Timestamp,
    pub(super) deed: Deed,
}

/// When an organisation can deliver files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) provider: usize,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// The plan of two years.
pub(super) struct Schedule {
    pub(super) scenes: Vec<Scene>,
    pub(super) windows: Vec<Window>,
}

/// What the plan is made with.
pub(super) struct Planner<'a> {
    pub(super) cast: &'a [Provider],
    pub(super) calendar: Calendar,
    pub(super) chance: Chance,
    invitation_days: i64,
    scenes: Vec<Scene>,
    windows: Vec<Window>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(cast: &'a [Provider], calendar: Calendar, chance: Chance) -> Self {
        Self {
            cast,
            calendar,
            chance,
            invitation_days: 0,
            scenes: Vec::new(),
            windows: Vec::new(),
        }
    }

    /// Makes the plan; invitations hold so many days.
    pub(super) fn plan(mut self, invitation_days: i64) -> Schedule {
        self.invitation_days = invitation_days;
        self.add(self.calendar.at(BEGIN, 9 * 60), Deed::Begin);
        for provider in 0..self.cast.len() {
            self.onboarding(provider);
        }
        self.invitations();
        super::routine::plan(&mut self);
        let windows = std::mem::take(&mut self.windows);
        super::measuring::plan(&mut self, &windows);
        self.windows = windows;
        super::releasing::plan(&mut self);
        let today = self.calendar.today;
        self.scenes.retain(|s| s.at < today);
        self.scenes.sort_by_key(|s| s.at);
        Schedule {
            scenes: self.scenes,
            windows: self.windows,
        }
    }

    pub(super) fn add(&mut self, at: Timestamp, deed: Deed) {
        self.scenes.push(Scene { at, deed });
    }

    /// Something on a working day; gives when.
    pub(super) fn office(&mut self, days_ago: i64, deed: Deed) -> Timestamp {
        let at = self.calendar.office(days_ago, &mut self.chance);
        self.add(at, deed);
        at
    }

    /// Something on a working day after another moment; gives when.
    pub(super) fn office_after(
        &mut self,
        after: Timestamp,
        days_ago: i64,
        deed: Deed,
    ) -> Timestamp {
        let at = self.calendar.office(days_ago.max(0), &mut self.chance);
        let at = at.max(after.plus(self.chance.between(9, 90) * MINUTE));
        self.add(at, deed);
        at
    }

    fn onboarding(&mut self, p: usize) {
        let (fate, arrived) = (self.cast[p].fate, self.cast[p].arrived);
        let at = if arrived == 0 {
            // The two of today: one has just come in.
            let second = self.cast.get(p + 1).is_some();
            self.calendar.minutes_ago(if second { 190 } else { 25 })
        } else {
            self.calendar.awake(arrived, &mut self.chance)
        };
        self.add(at, Deed::Register(p));
        match fate {
            Fate::Received => {}
            Fate::InSetup => {
                self.office_after(at, arrived - 2, Deed::SetUp(p));
            }
            Fate::Rejected => {
                self.office_after(at, arrived - 2, Deed::Reject(p));
            }
            Fate::Withdrawn => {
                self.office_after(at, arrived - 3, Deed::Withdraw(p));
            }
            Fate::Accepted
            | Fate::Grace
            | Fate::NeverAccepted
            | Fate::Fresh
            | Fate::Suspended
            | Fate::Ended => self.set_up(p, at),
        }
    }

    fn set_up(&mut self, p: usize, at: Timestamp) {
        let (fate, arrived) = (self.cast[p].fate, self.cast[p].arrived);
        let begun = self.office_after(at, arrived - 1, Deed::SetUp(p));
        let begun = if self.chance.percent(25) {
            self.office_after(begun, arrived - 2, Deed::SetUp(p))
        } else {
            begun
        };
        let completed = self.office_after(begun, arrived - 4, Deed::Complete(p));
        let signed = (0..self.cast[p].users.len())
            .map(|u| self.account(p, u, completed))
            .reduce(|first, _| first)
            .flatten();
        let accepted = signed.and_then(|at| self.acceptance(p, at));
        if let Some(accepted) = accepted {
            self.in_use(p, fate, accepted);
        }
    }

    /// An account from its invitation on; gives when it was activated.
    fn account(&mut self, p: usize, u: usize, invited: Timestamp) -> Option<Timestamp> {
        let user = &self.cast[p].users[u];
        let since = self.calendar.days_since(invited);
        let hold = self.invitation_days;
        match user.course {
            Course::Active(days) => {
                let days = days.min(hold - 1).max(0);
                let wish = self.calendar.awake((since - days).max(0), &mut self.chance);
                let at = wish.max(invited.plus(self.chance.between(10, 300) * MINUTE));
                self.add(at, Deed::Activate(p, u));
                self.later(p, u, since);
                Some(at)
            }
            Course::Late if since > hold + 12 => {
                let again = self.office(since - hold - 9, Deed::Reinvite(p, u));
                let at = again.plus(self.chance.between(20, 1500) * MINUTE);
                self.add(at, Deed::Activate(p, u));
                None
            }
            Course::Expired if since > 150 && !p.is_multiple_of(3) => {
                self.office(since - 120, Deed::Disable(p, u));
                None
            }
            Course::Late | Course::Expired | Course::Waiting => None,
        }
    }

    /// What staff do with an account later on: at most one thing.
    fn later(&mut self, p: usize, u: usize, since: i64) {
        let settled = matches!(self.cast[p].fate, Fate::Accepted | Fate::Grace);
        if u == 0 || since < 40 || !settled {
            return;
        }
        let day = self.chance.between(4, since - 25);
        // By place, not by chance: every state occurs in every world.
        match (p * 7 + u) % 17 {
            0 => {
                self.office(day, Deed::Lock(p, u));
                if day > 30 && p.is_multiple_of(2) {
                    self.office(day - 3, Deed::Unlock(p, u));
                }
            }
            1 => {
                self.office(day, Deed::Disable(p, u));
            }
            2 => {
                self.office(day, Deed::Roles(p, u));
            }
            _ => {}
        }
    }

    /// Acceptances by the first signatory; gives when the first was.
    fn acceptance(&mut self, p: usize, signed: Timestamp) -> Option<Timestamp> {
        let fate = self.cast[p].fate;
        if matches!(fate, Fate::NeverAccepted | Fate::Fresh) {
            return None;
        }
        let wish =
            signed.plus(self.chance.between(1, 9) * DAY + self.chance.between(0, 200) * MINUTE);
        self.add(wish, Deed::Accept(p));
        if fate == Fate::Accepted {
            let day = self.chance.between(1, NEW_VERSION - 3);
            let at = self.calendar.awake(day, &mut self.chance);
            self.add(at, Deed::Accept(p));
        }
        Some(wish)
    }

    fn in_use(&mut self, p: usize, fate: Fate, accepted: Timestamp) {
        let since = self.calendar.days_since(accepted);
        self.connection(p, since);
        let ends = match fate {
            Fate::Ended => Some(self.chance.between(18, 210)),
            Fate::Suspended => Some(self.chance.between(6, 95)),
            Fate::Received | Fate::InSetup | Fate::Rejected | Fate::Withdrawn => None,
            Fate::Accepted | Fate::Grace | Fate::NeverAccepted | Fate::Fresh => None,
        };
        let mut until = self.calendar.today;
        if let Some(day) = ends {
            let deed = if fate == Fate::Ended {
                Deed::End(p)
            } else {
                Deed::Suspend(p)
            };
            until = self.office(day, deed);
        }
        if fate == Fate::Suspended {
            self.add(until.plus(20 * MINUTE), Deed::Connect(p, Step::Suspend));
        }
        let from = accepted.plus(4 * DAY);
        if from < until && self.cast[p].delivers() {
            self.windows.push(Window {
                provider: p,
                from,
                until,
            });
        }
        if matches!(fate, Fate::Accepted | Fate::Grace) {
            self.staff_work(p, since);
        }
    }

    /// The handshake: issued, collected, tested when the vendor is new to it, and a new code every year.
    fn connection(&mut self, p: usize, since: i64) {
        let (collects, delivers) = (self.cast[p].collects, self.cast[p].delivers());
        // Each after the one before, also where a weekend brings two to the same day.
        let mut before = self.calendar.at(since, 0);
        let mut at = |days: i64, step: Step| {
            if (0..since).contains(&days) {
                before = self.office_after(before, since - days, Deed::Connect(p, step));
            }
        };
        at(2, Step::Issue);
        if !collects {
            return;
        }
        at(4, Step::Collect);
        at(6, Step::Try(Event::Refuse));
        at(8, Step::Judge(Act::TestRunReject));
        at(11, Step::Try(Event::Accept));
        if !delivers {
            return;
        }
        at(13, Step::Judge(Act::TestRunApprove));
        // One forgets it, so that its code runs out.
        let years = if p % 12 == 9 { 0 } else { since / 340 };
        for year in 1..=years {
            at(340 * year, Step::Rotate);
            at(340 * year + 3, Step::Collect);
        }
        if p % 12 == 1 && since > 40 {
            at(since - 6, Step::Rotate);
            at(since - 4, Step::Collect);
        }
        if p % 24 == 13 && since > 40 {
            self.office(3, Deed::Leak(p));
        }
    }

    /// What staff do for an organisation in use.
    fn staff_work(&mut self, p: usize, since: i64) {
        if self.chance.percent(35) {
            let day = self.chance.between(2, since - 1);
            self.office(day, Deed::Edit(p));
        }
        for _ in 0..=since / 600 {
            let day = self.chance.between(1, since - 1);
            self.office(day, Deed::Message(p));
        }
    }

    /// Accounts that organisations asked later, until there are as many as planned.
    fn invitations(&mut self) {
        let done: Vec<usize> = (0..self.cast.len())
            .filter(|p| self.cast[*p].fate.is_completed())
            .collect();
        let planned: usize = done.iter().map(|p| self.cast[*p].users.len()).sum();
        let hosts: Vec<usize> = (0..self.cast.len())
            .filter(|p| self.cast[*p].fate == Fate::Accepted)
            // The first is suspended for a while.
            .skip(1)
            .collect();
        for k in 0..ACCOUNTS.saturating_sub(planned) {
            let p = hosts[(k * 5) % hosts.len()];
            let day = self.chance.between(1, (self.cast[p].arrived - 20).max(2));
            let at = self.office(day, Deed::Invite(p, k));
            if k % 4 != 3 {
                let taken = at.plus(self.chance.between(30, 2000) * MINUTE);
                self.add(taken, Deed::Activate(p, EXTRA + k));
            }
        }
    }
}
