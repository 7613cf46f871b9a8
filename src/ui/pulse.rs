//! What the status bar tells of the installation: worker, waiting work, who is here. Not its drawing.

/// State of the installation as one glance needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulse {
    /// Whether this database was made by `demo`.
    pub demo: bool,
    /// Workers with a living lease.
    pub workers: i64,
    /// Jobs that wait to be worked.
    pub waiting: i64,
    /// Names of the others who have a console open.
    pub online: Vec<String>,
}
