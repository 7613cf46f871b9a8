//! The console, worker and intake of the `KiBG` data portal.
//!
//! Modules stand in reading order: what the portal is about, where it is kept, what goes out and comes in,
//! what can be done, and how people do it.
//!
//! # What may never happen
//!
//! Each sentence names the tests that hold it, by their path in `cargo test`.
//!
//! - Never does a staff action take effect without the right for it, by whatever door it came:
//!   `rights::a_forbidden_role_changes_nothing_and_leaves_one_audit_row`,
//!   `cli::rights::what_a_role_may_not_is_refused_and_audited`.
//! - Never does a staff action or a refusal go without its audit row:
//!   `onboarding::completing_is_one_transaction_with_its_mails_and_audit`,
//!   `cli::rights::what_stands_in_no_table_is_refused_too`.
//! - Never is an audit row changed, removed or put in between without `audit verify` finding it:
//!   `chain::every_kind_of_tampering_is_found`, `chain::the_database_itself_refuses_to_change_the_audit`.
//! - Never does a read-only session write anything but its own refusals:
//!   `rights::a_read_only_session_writes_nothing_but_its_refusal`, `cli::steps::read_only_refuses_every_change`.
//! - Never is what a colleague saved overwritten silently:
//!   `onboarding::a_colleague_who_saved_first_is_a_conflict_and_nothing_is_overwritten`.
//! - Never does a document that does not fit leave a part of itself behind:
//!   `onboarding::a_wrong_document_names_the_field_and_stores_nothing`,
//!   `cli::steps::a_document_that_does_not_fit_stores_nothing`.
//! - Never is an agreement accepted by anyone but an active signatory, nor its evidence changed:
//!   `onboarding::only_an_active_signatory_accepts_and_the_evidence_stays`.
//! - Never does an organisation lose its last active signatory unnoticed:
//!   `onboarding::the_last_active_signatory_is_protected`.
//! - Never does a delivery run twice because two people tried it again, nor does what a colleague did meanwhile get lost in a bulk
//!   run: `triage::races::two_people_try_the_same_group_again_and_each_delivery_runs_once`,
//!   `triage::races::what_a_colleague_withdrew_between_plan_and_yes_is_skipped_by_name`.
//! - Never is a file processed while its organisation has no valid acceptance:
//!   `submissions::without_an_acceptance_it_is_held_and_goes_on_once_there_is_one`.
//! - Never is a receipt given for what is not kept, nor anything half kept:
//!   `intake::program::killed_at_any_moment_nothing_is_lost_doubled_or_half`,
//!   `intake::deliveries::what_does_not_arrive_whole_leaves_nothing`.
//! - Never does a code open more than its own, nor one that opens nothing learn why:
//!   `intake::deliveries::every_code_that_opens_nothing_is_told_the_same`,
//!   `intake::deliveries::a_code_sees_its_own_connection_alone`,
//!   `intake::portal::a_key_delivers_nothing_and_a_code_registers_nothing`.
//! - Never does looking at a collection page collect anything:
//!   `intake::pages::looking_changes_nothing_and_the_button_collects_once`.
//! - Never is anything read from a watched folder that was not laid there by who may:
//!   `intake::inbox::nothing_is_followed_and_nothing_outside_is_read`,
//!   `intake::arrival::a_folder_belongs_to_the_owner_of_its_connection`.
//! - Never does a slow client keep another waiting: `intake::slow::a_thousand_slow_sockets_delay_nobody_and_are_all_cut`.
//! - Never does the same delivery count twice:
//!   `submissions::identical_bytes_are_recognised_and_a_newer_file_replaces`.
//! - Never does a delivered document reach outside itself, expand, or get in deeper or longer than it may be:
//!   `delivery::sbg_schema::what_differs_from_the_schema_is_listed`,
//!   `delivery::sbg_arrival::hostile_nesting_costs_no_quadratic_time`,
//!   `delivery::sbg_arrival::what_is_large_or_deep_is_refused_at_its_place`.
//! - Never does a client key stand in the database in clear:
//!   `submissions::no_client_key_stands_in_the_database`.
//! - Never does a token stand in the database, a preview or a parameter of a mail:
//!   `onboarding::no_token_stands_in_the_database`,
//!   `mail::text::a_token_is_derived_hidden_in_previews_and_in_no_parameter`.
//! - Never does a licence code or the token of its link stand in the database, a mail, the audit or a list, nor is a code made twice:
//!   `linking::no_code_and_no_token_stands_in_the_database`, `cli::linking::a_code_is_written_once_to_stdout_alone`,
//!   `linking::of_many_who_collect_and_reveal_at_once_exactly_one_gets_the_code`.
//! - Never does a code that is unknown, malformed, expired or revoked open anything, or learn why it does not:
//!   `linking::only_a_code_that_is_right_learns_why_it_may_not_deliver`, `licence_code::every_single_typo_is_refused_without_a_look_up`.
//! - Never does a vendor deliver for the record before a test run of it was approved:
//!   `linking::a_new_vendor_goes_by_way_of_a_test_run_and_each_step_has_its_audit_and_mails`.
//! - Never is a mail lost, nor sent again while nobody knows whether it arrived:
//!   `mail::outbox::a_refusal_for_good_is_final_and_a_lost_answer_is_a_doubt`,
//!   `mail::outbox::a_lost_worker_leaves_a_doubt_only_after_the_body_began_to_leave`,
//!   `queue::two_workers_share_the_mails_and_send_each_once`.
//! - Never does a worker that lost its lease change anything: `queue::whoever_lost_the_lease_changes_nothing`,
//!   `storing::ticket::a_frozen_worker_that_wakes_up_changes_nothing`,
//!   `soak::signals::a_worker_frozen_past_its_lease_finishes_nothing`.
//! - Never is a delivery lost or half stored, wherever its processing breaks off:
//!   `storing::breaks::wherever_it_breaks_off_nothing_is_half_stored`,
//!   `soak::kill::workers_killed_at_random_lose_and_double_nothing`,
//!   `soak::restart::a_server_that_is_stopped_at_once_loses_and_doubles_nothing`.
//! - Never does an earlier delivery replace what a later one said:
//!   `storing::order::the_delivery_that_arrived_last_holds_in_any_order`.
//! - Never is a delivered file kept longer than it may:
//!   `storing::care::files_go_thirty_days_after_the_end_and_ninety_after_receipt`.
//! - Never does an erased client come back: `storing::care::an_erased_client_is_gone_and_stays_away`.
//! - Never does text from outside steer a terminal, in the console, in tables or in errors:
//!   `terminal::nothing_from_outside_steers_the_terminal`, `cli::forms::nothing_from_outside_steers_the_terminal`.
//! - Never does a row count in figures that was replaced, is of a test run, or is of an organisation without an acceptance:
//!   `figures::gathered::who_takes_part_is_told_and_why_not`,
//!   `figures::gathered::a_care_path_counts_as_its_newest_delivery_says`.
//! - Never do figures depend on the database that they are gathered from:
//!   `figures::gathered::figures_are_those_of_a_count_row_by_row`.
//! - Never does a definition of staff weaken the rules of the house: `figures::definition::the_stricter_of_two_rules_wins`.
//! - Never does a protected table leave a small cell shown, pinned or narrower than its rules say, to who tries every table there is:
//!   `disclosure::who_tries_every_table_learns_nothing`.
//! - Never does one person both ask for a release and approve it, by any door, nor anybody without the right or on a shared login:
//!   `extracts::answers::one_asks_another_approves_and_it_leaves_once`,
//!   `extracts::answers::a_shared_login_can_neither_ask_nor_approve_nor_release`,
//!   `extracts::races::two_persons_with_eight_sessions_each_cannot_race_past_each_other`,
//!   `extracts::database::direct_statements_that_go_around_two_persons_are_refused`,
//!   `extracts::database::the_names_of_both_persons_come_from_their_own_sessions`.
//! - Never does anything leave but what was approved, nor twice, nor is a directory that was changed called whole:
//!   `extracts::answers::any_change_of_content_voids_what_was_answered`,
//!   `extracts::answers::an_answer_falls_with_the_right_of_who_gave_it`,
//!   `extracts::whole::two_users_of_the_machine_bring_deliveries_to_a_signed_directory`.
//! - Never is half a build kept, nor a release forgotten because it was recalled:
//!   `extracts::building::a_build_is_the_same_each_time_and_a_lost_worker_leaves_nothing_of_it`,
//!   `extracts::stopping::a_build_stopped_while_it_protects_ends_soon_and_can_be_built_again`,
//!   `soak::builds::a_build_whose_worker_is_killed_is_made_once_by_another_and_the_same`,
//!   `extracts::building::what_was_recalled_is_held_against_the_next_release`.
//! - Never is a table called proven whose proof was changed: `disclosure::a_proof_that_was_tampered_with_is_refused`.
//! - Never is anything written for a table that is wrong: `disclosure::the_command_line_protects_attacks_and_checks`,
//!   `disclosure::every_wrong_table_is_named_with_its_line`.
//! - Never is a terminal left in raw mode, whatever ends the process:
//!   `terminal::signals_leave_the_terminal_sane`, `terminal::a_panic_leaves_the_terminal_sane`.
//! - Never is what was typed lost with the connection: `terminal::a_draft_survives_the_end_of_the_process`.

pub mod domain;

pub mod clock;
pub mod config;
pub mod language;

pub mod delivery;
pub mod extract;
pub mod mail;
pub mod store;

pub mod service;
pub mod work;

pub mod intake;

pub mod screens;
pub mod ui;

pub mod console;

pub mod command;
pub mod demo;
