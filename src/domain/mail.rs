//! One mail on its way out. Pure state machine.

use super::code::codes;

codes! {
    /// Where a mail stands. `Unknown`: the connection broke after the final dot, so nobody can tell.
    pub enum State {
        Queued = "queued",
        Sending = "sending",
        Sent = "sent",
        Deferred = "deferred",
        Unknown = "unknown",
        Failed = "failed",
        Cancelled = "cancelled",
        Bounced = "bounced",
    }
}

codes! {
    /// What can happen to a mail.
    pub enum Event {
        Send = "send",
        Deliver = "deliver",
        Defer = "defer",
        Lose = "lose",
        Fail = "fail",
        Cancel = "cancel",
        Bounce = "bounce",
        Resend = "resend",
    }
}

/// The state after the event, or `None` when the state forbids it. A resend leaves the state of the first mail as it is.
pub const fn step(state: State, event: Event) -> Option<State> {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Queued | S::Deferred, E::Send) => Some(S::Sending),
        (S::Sending, E::Deliver) => Some(S::Sent),
        (S::Sending, E::Defer) => Some(S::Deferred),
        (S::Sending, E::Lose) => Some(S::Unknown),
        (S::Sending, E::Fail) => Some(S::Failed),
        (S::Queued | S::Deferred, E::Cancel) => Some(S::Cancelled),
        (S::Sent, E::Bounce) => Some(S::Bounced),
        (S::Sent | S::Unknown | S::Failed | S::Cancelled | S::Bounced, E::Resend) => Some(state),
        (
            S::Queued | S::Deferred,
            E::Deliver | E::Defer | E::Lose | E::Fail | E::Bounce | E::Resend,
        )
        | (S::Sending, E::Send | E::Cancel | E::Bounce | E::Resend)
        | (S::Sent, E::Send | E::Deliver | E::Defer | E::Lose | E::Fail | E::Cancel)
        | (
            S::Unknown | S::Failed | S::Cancelled | S::Bounced,
            E::Send | E::Deliver | E::Defer | E::Lose | E::Fail | E::Cancel | E::Bounce,
        ) => None,
    }
}

codes! {
    /// Which text a mail carries.
    pub enum Template {
        SetupConfirmation = "setup_confirmation",
        SetupNotice = "setup_notice",
        AccountInvitation = "account_invitation",
        AgreementPending = "agreement_pending",
        AgreementAccepted = "agreement_accepted",
        RegistrationRejected = "registration_rejected",
        RegistrationWithdrawn = "registration_withdrawn",
        DeliveryProcessed = "delivery_processed",
        DeliveryInvalid = "delivery_invalid",
        DeliveryHeld = "delivery_held",
        DeliveryReminder = "delivery_reminder",
        SpecificationSent = "specification_sent",
        HandshakeLink = "handshake_link",
        TestRunPlanned = "test_run_planned",
        TestRunRejected = "test_run_rejected",
        ConnectionLive = "connection_live",
        ConnectionChanged = "connection_changed",
        LicenceEnding = "licence_ending",
        LicenceRevoked = "licence_revoked",
        StatusMessage = "status_message",
        CauseNotice = "cause_notice",
        ExtractReleased = "extract_released",
        ExtractRecalled = "extract_recalled",
        TestMessage = "test_message",
    }
}

codes! {
    /// How far an attempt got. `Body` is noted before the first byte of the mail leaves, so that a crash after it is in doubt.
    pub enum Step {
        Build = "build",
        Connect = "connect",
        Greeting = "greeting",
        Hello = "hello",
        Starttls = "starttls",
        Tls = "tls",
        Auth = "auth",
        MailFrom = "mail_from",
        Recipient = "recipient",
        Data = "data",
        Body = "body",
        File = "file",
    }
}

codes! {
    /// How one attempt to send a mail ended. `Paused`: the server itself was the trouble, so it does not count.
    pub enum Attempt {
        Running = "running",
        Sent = "sent",
        Deferred = "deferred",
        Paused = "paused",
        Unknown = "unknown",
        Failed = "failed",
        Lost = "lost",
    }
}

codes! {
    /// What went wrong where the server gave no answer that says it. Stored before a reply as `[code]`.
    pub enum Trouble {
        NoConnection = "no_connection",
        Silence = "silence",
        Dropped = "dropped",
        Garbled = "garbled",
        NoStarttls = "no_starttls",
        TlsRefused = "tls_refused",
        NoLogin = "no_login",
        Interrupted = "interrupted",
        WorkerLost = "worker_lost",
        GivenUp = "given_up",
        Unsendable = "unsendable",
        Crashed = "crashed",
        NotWritten = "not_written",
    }
}
