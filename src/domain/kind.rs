//! The kinds of record that staff work with: the nouns of the command line and the object kinds of the audit.

use super::code::codes;

codes! {
    /// Kind of record; its code is the noun of the command line.
    pub enum Kind {
        Registration = "registration",
        Organisation = "organisation",
        Account = "account",
        Agreement = "agreement",
        Acceptance = "acceptance",
        Vendor = "vendor",
        Connection = "connection",
        Licence = "licence",
        TestRun = "test-run",
        Submission = "submission",
        Cause = "cause",
        Obligation = "obligation",
        Extract = "extract",
        Figure = "figure",
        Mail = "mail",
        Job = "job",
        Worker = "worker",
        Bulk = "bulk",
        Operator = "operator",
        Audit = "audit",
        System = "system",
    }
}
