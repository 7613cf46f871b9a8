//! The files under `templates/`, embedded by name. Nothing else.

macro_rules! sources {
    ($($name:literal),+ $(,)?) => {
        /// Name and source of every file; names that end in `.html` are escaped as HTML.
        pub(super) static SOURCES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("templates/", $name)))),+];
    };
}

sources! {
    "layout.txt", "layout.html", "parts.html",
    "nl/greeting.txt",
    "nl/greeting.html",
    "nl/closing.txt",
    "nl/closing.html",
    "nl/words.txt",
    "nl/setup_confirmation.txt", "nl/setup_confirmation.html",
    "nl/setup_notice.txt", "nl/setup_notice.html",
    "nl/account_invitation.txt", "nl/account_invitation.html",
    "nl/agreement_pending.txt", "nl/agreement_pending.html",
    "nl/agreement_accepted.txt", "nl/agreement_accepted.html",
    "nl/registration_rejected.txt", "nl/registration_rejected.html",
    "nl/registration_withdrawn.txt", "nl/registration_withdrawn.html",
    "nl/specification_sent.txt", "nl/specification_sent.html",
    "nl/handshake_link.txt", "nl/handshake_link.html",
    "nl/test_run_planned.txt", "nl/test_run_planned.html",
    "nl/test_run_rejected.txt", "nl/test_run_rejected.html",
    "nl/connection_live.txt", "nl/connection_live.html",
    "nl/connection_changed.txt", "nl/connection_changed.html",
    "nl/licence_ending.txt", "nl/licence_ending.html",
    "nl/licence_revoked.txt", "nl/licence_revoked.html",
    "nl/status_message.txt", "nl/status_message.html",
    "nl/test_message.txt", "nl/test_message.html",
    "en/greeting.txt",
    "en/greeting.html",
    "en/closing.txt",
    "en/closing.html",
    "en/words.txt",
    "en/setup_confirmation.txt", "en/setup_confirmation.html",
    "en/setup_notice.txt", "en/setup_notice.html",
    "en/account_invitation.txt", "en/account_invitation.html",
    "en/agreement_pending.txt", "en/agreement_pending.html",
    "en/agreement_accepted.txt", "en/agreement_accepted.html",
    "en/registration_rejected.txt", "en/registration_rejected.html",
    "en/registration_withdrawn.txt", "en/registration_withdrawn.html",
    "en/specification_sent.txt", "en/specification_sent.html",
    "en/handshake_link.txt", "en/handshake_link.html",
    "en/test_run_planned.txt", "en/test_run_planned.html",
    "en/test_run_rejected.txt", "en/test_run_rejected.html",
    "en/connection_live.txt", "en/connection_live.html",
    "en/connection_changed.txt", "en/connection_changed.html",
    "en/licence_ending.txt", "en/licence_ending.html",
    "en/licence_revoked.txt", "en/licence_revoked.html",
    "en/status_message.txt", "en/status_message.html",
    "en/test_message.txt", "en/test_message.html",
}
