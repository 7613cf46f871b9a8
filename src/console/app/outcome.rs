//! What came of an action: a plan, a dry run, a deed or a refusal, each told where it was asked.

use super::{App, Asked, Undo};
use crate::console::message::{Effect, Planned, Target, Ticket, Timer};
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::confirm::{Awaits, Purpose, Said};
use crate::console::views::text::Text;
use crate::domain::action::Act;
use crate::domain::licence_code::LicenceCode;
use crate::domain::time::SECOND;
use crate::language::{console as say, display};
use crate::service::{Done, Error, tell};
use std::collections::BTreeMap;

/// How long a secret stays on screen.
const VEIL: i64 = 60 * SECOND;

impl App {
    pub(super) fn plan_arrived(&mut self, ticket: Ticket, plan: Result<Vec<Planned>, Error>) {
        let language = self.look.language;
        let Some(confirm) = self
            .confirm_mut()
            .filter(|c| c.wait == Some((ticket, Awaits::Plan)))
        else {
            return;
        };
        confirm.wait = None;
        match plan {
            Ok(plan) => {
                confirm.lines.extend(plan_lines(&plan, language));
                if plan.iter().all(|p| p.refusal.is_some()) {
                    // A yes would only skip every record.
                    confirm.purpose = Purpose::Nothing;
                    confirm.word.clear();
                    confirm.trouble = Some(say::NONE_CAN.text(language).to_owned());
                }
            }
            Err(error) => confirm.trouble = Some(tell(&error, language)),
        }
        self.changed = true;
    }

    pub(super) fn done(&mut self, ticket: Ticket, done: Result<Done, Error>) {
        let language = self.look.language;
        if let Some(confirm) = self
            .confirm_mut()
            .filter(|c| c.wait == Some((ticket, Awaits::DryRun)))
        {
            confirm.wait = None;
            match done {
                Ok(done) => {
                    confirm.lines.extend([
                        Said::Blank,
                        Said::Plain(say::DRY_RUN_DONE.text(language).to_owned()),
                    ]);
                    confirm.lines.extend(done.said.into_iter().map(Said::Plain));
                }
                Err(error) => confirm.trouble = Some(tell(&error, language)),
            }
            self.changed = true;
            return;
        }
        let Some(Asked::Run { target, .. }) = self
            .asked
            .take_if(|a| matches!(a, Asked::Run { ticket: t, .. } if *t == ticket))
        else {
            return;
        };
        self.changed = true;
        match done {
            Ok(done) => self.happened(done, target),
            Err(error) => self.refused(&error),
        }
    }

    /// It happened: what belonged to it is closed, said and read again.
    fn happened(&mut self, done: Done, target: Option<Target>) {
        let language = self.look.language;
        let mut act = None;
        while let Some(View::Confirm(_) | View::Form(_) | View::Conflict(_)) = self.stack.last() {
            match self.stack.pop() {
                Some(View::Form(form)) => {
                    let key = form.draft_key();
                    self.forget_draft(&key);
                }
                Some(View::Confirm(c)) => {
                    act = match c.purpose {
                        Purpose::Run(run) => Some(*run),
                        Purpose::Quit | Purpose::Nothing => None,
                    };
                }
                _ => {}
            }
        }
        if act.as_ref().is_some_and(|run| run.targets.len() > 1) {
            let marks = self.pane_mut().map(|p| &mut p.marks);
            marks.into_iter().for_each(BTreeMap::clear);
        }
        self.undo = done.undo_until.map(|until| Undo {
            act: Act::MailUndo,
            target: Target {
                id: done.id.clone(),
                version: 0,
                label: done.label.clone(),
            },
            until,
        });
        let many = act.as_ref().map_or(0, |run| run.targets.len());
        let label = target.map_or(done.label, |t| t.label);
        let mut parts = vec![if many > 1 {
            say::BULK_STARTED.with(language, &[("count", &many.to_string())])
        } else {
            say::DONE.with(language, &[("label", &label)])
        }];
        parts.extend(done.said.iter().cloned());
        if let Some(until) = done.undo_until {
            parts.push(say::UNDO_UNTIL.with(language, &[("at", &display::clock(until))]));
        }
        let secret = done
            .secret
            .map(|code| (label.clone(), done.said.clone(), code));
        if done.said.len() > 3 {
            self.push(View::Text(Box::new(Text::new(label, done.said))));
        }
        self.say(Tone::Good, parts.join(" · "));
        self.read_again();
        if let Some((label, said, code)) = secret {
            self.show_once(label, said, code);
        }
    }

    /// Shows a secret for a while; it is in no note, draft or copy.
    fn show_once(&mut self, label: String, said: Vec<String>, code: LicenceCode) {
        let until = self.now.plus(VEIL);
        let mut lines = vec![
            say::SECRET_ONCE.text(self.look.language).to_owned(),
            String::new(),
        ];
        lines.extend(said);
        let text = Text::with_secret(label, lines, code, until);
        self.push(View::Text(Box::new(text)));
        self.effects.push(Effect::At(Timer::Veil, until));
    }

    /// It did not happen: said where it was asked.
    fn refused(&mut self, error: &Error) {
        let language = self.look.language;
        let told = tell(error, language);
        if matches!(error, Error::Store(e) if e.retryable()) {
            self.lost();
        }
        let asked_here = matches!(self.top(), Some(View::Confirm(_)));
        if asked_here && let Some(View::Form(_)) = self.stack.iter().rev().nth(1) {
            match error {
                Error::Conflict { by, .. } => {
                    self.pop();
                    return self.ask_theirs(by.clone());
                }
                Error::Invalid(wrongs) => {
                    self.pop();
                    if let Some(View::Form(form)) = self.stack.last_mut() {
                        wrongs.iter().rev().for_each(|w| {
                            form.blame(&w.field, w.flaw);
                        });
                        form.trouble = Some(told);
                    }
                    return;
                }
                _ => {}
            }
        }
        if let Error::Conflict { .. } = error {
            self.read_again();
        }
        match self.confirm_mut() {
            Some(confirm) => {
                confirm.wait = None;
                confirm.trouble = Some(told);
            }
            None => self.say(Tone::Bad, told),
        }
    }
}

/// Records that are named per reason; of more it says how many.
const NAMED: usize = 3;

/// "17 can, 2 cannot", and per reason which cannot.
fn plan_lines(plan: &[Planned], language: crate::language::Language) -> Vec<Said> {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for p in plan {
        if let Some(why) = p.refusal.as_deref() {
            reasons.entry(why).or_default().push(&p.label);
        }
    }
    let refused: usize = reasons.values().map(Vec::len).sum();
    let can = (plan.len() - refused).to_string();
    let cannot = refused.to_string();
    let mut lines = vec![Said::Plain(if refused == 0 {
        say::PLAN_ALL.with(language, &[("can", &can)])
    } else {
        say::PLAN.with(language, &[("can", &can), ("cannot", &cannot)])
    })];
    for (why, labels) in reasons {
        let first = labels.iter().take(NAMED).copied().collect::<Vec<_>>();
        let rest = labels.len() - first.len();
        let mut names = first.join(", ");
        if rest > 0 {
            let more = say::PLAN_MORE.with(language, &[("count", &rest.to_string())]);
            names = format!("{names} {more}");
        }
        lines.push(Said::Warning(format!("{}× {why} ({names})", labels.len())));
    }
    lines
}
