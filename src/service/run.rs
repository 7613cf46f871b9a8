//! The one dispatch from the table of actions to the functions that do them; console, command line and worker come here.

use super::fields::Values;
use super::frame::Work;
use super::{
    Call, Done, Error, Mode, Services, acceptance, account, agreement, cause, connection, extract,
    handshake, job, licence, mail, operator, organisation, registration, test_run, triage, vendor,
};
use crate::domain::account::Event as AccountEvent;
use crate::domain::action::Act;
use crate::domain::connection::Event as ConnectionEvent;
use crate::domain::organisation::Event as OrganisationEvent;
use crate::domain::submission::Event as SubmissionEvent;

/// Does an action on one record: right, reason, state, version, effect, mails, audit — or refuses.
pub async fn run(
    services: &Services,
    call: &Call,
    act: Act,
    id: &str,
    values: &Values,
) -> Result<Done, Error> {
    if let (Some(member), Mode::DryRun) = (act.on_members(), call.mode) {
        return Box::pin(cause::rehearse(services, call, member, id, values)).await;
    }
    let mut work = Work::begin(services, call, act, id).await?;
    let result = effect(&mut work, act, id, values).await;
    work.end(result).await
}

async fn effect(work: &mut Work<'_>, act: Act, id: &str, values: &Values) -> Result<Done, Error> {
    match act {
        Act::RegistrationSetUp => registration::set_up(work, id, values).await,
        Act::RegistrationComplete => registration::complete(work, id).await,
        Act::RegistrationReject | Act::RegistrationWithdraw => {
            registration::close(work, id, act, values).await
        }
        Act::OrganisationEdit => organisation::edit(work, id, values).await,
        Act::OrganisationSuspend => {
            organisation::change_state(work, id, OrganisationEvent::Suspend).await
        }
        Act::OrganisationResume => {
            organisation::change_state(work, id, OrganisationEvent::Resume).await
        }
        Act::OrganisationEnd => organisation::change_state(work, id, OrganisationEvent::End).await,
        Act::OrganisationMessage => organisation::message(work, id, values).await,
        Act::AccountInvite => account::invite(work, values).await,
        Act::AccountResend => account::resend(work, id).await,
        Act::AccountRoles => account::change_roles(work, id, values).await,
        Act::AccountLock => account::lock(work, id, AccountEvent::Lock).await,
        Act::AccountUnlock => account::lock(work, id, AccountEvent::Unlock).await,
        Act::AccountDisable => account::disable(work, id, values).await,
        Act::AgreementPublish => agreement::publish(work, id).await,
        Act::AgreementRemind => acceptance::remind(work, id).await,
        Act::VendorAdd => vendor::add(work, values).await,
        Act::VendorChange => vendor::change(work, id, values).await,
        Act::VendorInform => vendor::inform(work, id, values).await,
        Act::ConnectionRequest => connection::request(work, values).await,
        Act::ConnectionIssue => connection::issue(work, id).await,
        Act::ConnectionChange => connection::change(work, id, values).await,
        Act::ConnectionSuspend => connection::pause(work, id, ConnectionEvent::Suspend).await,
        Act::ConnectionResume => connection::pause(work, id, ConnectionEvent::Resume).await,
        Act::ConnectionRevoke => connection::revoke(work, id).await,
        Act::LicenceRotate => licence::rotate(work, id).await,
        Act::LicenceReveal => handshake::reveal(work, id).await,
        Act::LicenceRevoke => licence::revoke(work, id).await,
        Act::TestRunPlan => test_run::plan(work, id, values).await,
        Act::TestRunApprove => test_run::approve(work, id).await,
        Act::TestRunReject => test_run::reject(work, id).await,
        Act::MailResend => mail::resend(work, id).await,
        Act::MailCancel => mail::cancel(work, id).await,
        Act::MailUndo => mail::undo(work, id).await,
        Act::MailBounce => mail::bounce(work, id).await,
        Act::MailTest => mail::test(work, values).await,
        Act::OperatorAdd => operator::add(work, values).await,
        Act::OperatorChange => operator::change(work, id, values).await,
        Act::OperatorRemove => operator::remove(work, id).await,
        Act::SubmissionRetry => triage::retry(work, id).await,
        Act::SubmissionReject => triage::close(work, id, SubmissionEvent::Reject).await,
        Act::SubmissionWithdraw => triage::close(work, id, SubmissionEvent::Withdraw).await,
        Act::SubmissionClaim => triage::take(work, id).await,
        Act::SubmissionRelease => triage::release(work, id).await,
        Act::SubmissionNote => triage::note(work, id, values).await,
        Act::SubmissionMessage => triage::message(work, id, values).await,
        Act::CauseRetry => cause::on_members(work, id, Act::SubmissionRetry, values).await,
        Act::CauseReject => cause::on_members(work, id, Act::SubmissionReject, values).await,
        Act::CauseClaim => cause::on_members(work, id, Act::SubmissionClaim, values).await,
        Act::CauseMail => cause::mail(work, id, values).await,
        Act::JobRetry => job::retry(work, id).await,
        Act::JobCancel => job::cancel(work, id).await,
        Act::ExtractDefine => extract::define(work, values).await,
        Act::ExtractBuild => extract::build::ask(work, id).await,
        Act::ExtractStop => extract::build::stop(work, id).await,
        Act::ExtractRequest => extract::answer::request(work, id).await,
        Act::ExtractWithdrawRequest => extract::answer::withdraw(work, id).await,
        Act::ExtractApprove => extract::answer::approve(work, id, values).await,
        Act::ExtractRelease => extract::release::release(work, id).await,
        Act::ExtractRecall => extract::release::recall(work, id).await,
        Act::ExtractFetched => extract::release::fetched(work, id, values).await,
    }
}
