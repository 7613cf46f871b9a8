//! How far a long run is, told to whoever wants to know, and the way to stop it. No clock and no terminal lives here.

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Adding up what was measured.
    Counting,
    /// Deciding which cells can be published.
    Publishing,
    /// Exchanging hidden cells for cheaper ones.
    Exchanging,
    /// Looking for tables that prove cells open.
    Witnesses,
    /// Hiding more where there is no such table.
    Extending,
    /// Giving back what turns out unneeded.
    Relieving,
    /// Attacking a table cell by cell.
    Attacking,
}

/// Somebody wants the run to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Hears how far a run is.
pub trait Progress {
    /// Called often; an error ends the run, and nothing of it is left.
    fn step(&mut self, stage: Stage, done: usize, of: usize) -> Result<(), Stopped>;
}

/// Hears nothing and never stops.
#[derive(Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: Stage, _: usize, _: usize) -> Result<(), Stopped> {
        Ok(())
    }
}

/// Asked in the middle of long work whether to go on.
pub(super) type Heed<'a> = &'a mut dyn FnMut() -> Result<(), Stopped>;
