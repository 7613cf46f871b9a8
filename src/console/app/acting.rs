//! From wish to deed: which actions can be taken here, on what, how they are asked and what came of them.

use super::forming::target_of;
use super::listing::MOST_MARKS;
use super::{App, Asked, Link};
use crate::console::command::Command;
use crate::console::message::{Effect, Run, Target, Ticket};
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::confirm::{Awaits, Confirm, Purpose, Said};
use crate::console::views::picker::{Choice, Pick};
use crate::domain::action::{Act, Level, Reason, Target as Aim, legal};
use crate::language::{action, console as say};
use crate::service::tell;
use crate::service::{Error, Mode};
use crate::ui::form::{Form, Values};
use crate::ui::{Query, Row};

impl App {
    /// The actions that belong to what is in sight.
    pub(super) fn acts_here(&self) -> Vec<Act> {
        if let Some(record) = self.open_detail().and_then(|d| d.record.as_ref()) {
            return record.actions.iter().map(|c| c.act).collect();
        }
        let lists = self.pane().map(|p| p.list);
        lists
            .into_iter()
            .flat_map(|l| l.acts.iter().chain(l.creates))
            .copied()
            .collect()
    }

    fn open_detail(&self) -> Option<&crate::console::views::detail::Detail> {
        self.stack.iter().rev().find_map(|v| match v {
            View::Detail(d) => Some(&**d),
            _ => None,
        })
    }

    /// The record in hand with its state: the open one, or the one under the cursor.
    pub(super) fn subject(&self) -> Option<(String, Target)> {
        if let Some(detail) = self.open_detail() {
            let record = detail.record.as_ref()?;
            let target = Target {
                id: detail.id.clone(),
                version: record.version,
                label: detail.label.clone(),
            };
            return Some((record.state.clone(), target));
        }
        let row = self.pane()?.window.row()?;
        Some((row.state.clone(), crate::console::views::list::target(row)))
    }

    /// Why an action may not be taken on a record in this state.
    pub(super) fn refusal(&self, act: Act, state: &str) -> Option<String> {
        let spec = act.spec();
        let language = self.look.language;
        let actor = self.actor.as_ref()?;
        if !actor.may(spec.right) {
            return Some(tell(
                &Error::Right {
                    act: Some(act),
                    right: spec.right,
                },
                language,
            ));
        }
        if actor.read_only {
            return Some(say::READ_ONLY.text(language).to_owned());
        }
        if spec.target != Aim::Nothing && !legal(act, state) {
            let error = Error::State {
                kind: spec.noun,
                state: state.to_owned(),
                event: spec.verb,
            };
            return Some(tell(&error, language));
        }
        None
    }

    /// The menu of actions: those that may not be taken say why.
    pub(super) fn choices_here(&self) -> Vec<Choice> {
        let language = self.look.language;
        let marked = self.marked();
        let state = self.subject().map(|(state, _)| state);
        let known = self
            .open_detail()
            .and_then(|d| d.record.as_ref())
            .map(|r| &r.actions);
        let refusal = |act: Act| {
            let spec = act.spec();
            if marked > 1 && spec.target == Aim::One {
                return Some(say::ONE_AT_A_TIME.text(language).to_owned());
            }
            if marked > 0 {
                return self.refusal_of_marks(act);
            }
            if let Some(choice) = known.and_then(|all| all.iter().find(|c| c.act == act)) {
                return choice.refusal.clone();
            }
            match &state {
                None if spec.target != Aim::Nothing => Some(say::NO_ROW.text(language).to_owned()),
                state => self.refusal(act, state.as_deref().unwrap_or_default()),
            }
        };
        let choice = |act: Act| Choice {
            label: action::label(act).text(language).to_owned(),
            detail: String::new(),
            refusal: refusal(act),
            pick: Pick::Act(act),
        };
        self.acts_here().into_iter().map(choice).collect()
    }

    /// Marks are judged one by one by the plan; here only the right counts, and whether the session may write.
    fn refusal_of_marks(&self, act: Act) -> Option<String> {
        let actor = self.actor.as_ref()?;
        let spec = act.spec();
        if !actor.may(spec.right) {
            return Some(tell(
                &Error::Right {
                    act: Some(act),
                    right: spec.right,
                },
                self.look.language,
            ));
        }
        actor
            .read_only
            .then(|| say::READ_ONLY.text(self.look.language).to_owned())
    }

    fn marked(&self) -> usize {
        match self.open_detail() {
            Some(_) => 0,
            None => self.pane().map_or(0, |p| p.marks.len()),
        }
    }

    pub(super) fn menu_title(&self) -> String {
        let language = self.look.language;
        match (self.marked(), self.subject()) {
            (0, Some((_, target))) => say::ACTIONS_ON.with(language, &[("label", &target.label)]),
            (0, None) => say::ACTIONS_TITLE.text(language).to_owned(),
            (n, _) => say::ACTIONS_ON_MARKED.with(language, &[("count", &n.to_string())]),
        }
    }

    pub(super) fn question_title(&self, run: &Run) -> String {
        let language = self.look.language;
        let act = action::label(run.act).text(language);
        match run.targets.as_slice() {
            [] => say::QUESTION.with(language, &[("act", act)]),
            [one] => say::QUESTION_ONE.with(language, &[("act", act), ("label", &one.label)]),
            many => say::QUESTION_MANY.with(
                language,
                &[("act", act), ("count", &many.len().to_string())],
            ),
        }
    }

    /// Begins an action on what is marked, open or under the cursor.
    pub(super) fn start(&mut self, act: Act) {
        let language = self.look.language;
        if self.link != Link::Ready {
            return self.say(Tone::Bad, say::NO_WRITES_NOW.text(language));
        }
        let choices = self.choices_here();
        let Some(choice) = choices.iter().find(|c| c.pick == Pick::Act(act)) else {
            return self.say(Tone::Past, say::NOT_HERE.text(language));
        };
        if let Some(refusal) = choice.refusal.clone() {
            return self.say(Tone::Warn, refusal);
        }
        let targets = self.targets_of(act);
        let spec = act.spec();
        let run = Run {
            act,
            targets,
            values: Values::new(),
            reason: String::new(),
            mode: Mode::Commit,
        };
        if let Some(member) = act.on_members() {
            return self.start_on_members(member, &run.targets);
        }
        if spec.level == Level::Harmless {
            return self.launch(run);
        }
        if run.targets.len() > 1 {
            return self.start_many(run);
        }
        let ticket = self.ticket();
        let id = run
            .targets
            .first()
            .map_or_else(String::new, |t| t.id.clone());
        self.asked = Some(Asked::Form {
            ticket,
            targets: run.targets,
        });
        self.effects.push(Effect::OpenForm { ticket, act, id });
    }

    /// An action on a whole group is the same action on each of its members: they are fetched first, and frozen as they are.
    fn start_on_members(&mut self, act: Act, groups: &[Target]) {
        let kind = act.spec().noun;
        let lists = self.boards.iter().flat_map(|b| b.screen.lists);
        let list = lists.copied().find(|l| l.kind == kind);
        let (Some(list), Some(group)) = (list, groups.first()) else {
            return;
        };
        let ticket = self.ticket();
        self.asked = Some(Asked::Members { ticket, act });
        self.effects.push(Effect::Collect {
            ticket,
            list,
            query: Query {
                filter: format!("group:{}", group.id),
                limit: 500,
                ..Query::default()
            },
            most: MOST_MARKS,
        });
    }

    /// The members of a group are there: the action begins on them.
    pub(super) fn members_arrived(&mut self, act: Act, rows: &[Row]) {
        self.changed = true;
        if rows.is_empty() {
            return self.say(Tone::Past, say::NO_MEMBERS.text(self.look.language));
        }
        let run = Run {
            act,
            targets: rows.iter().map(super::super::views::list::target).collect(),
            values: Values::new(),
            reason: String::new(),
            mode: Mode::Commit,
        };
        self.start_many(run);
    }

    fn targets_of(&self, act: Act) -> Vec<Target> {
        if act.spec().target == Aim::Nothing {
            return Vec::new();
        }
        match self.pane() {
            Some(pane) if self.marked() > 0 => pane.targets(),
            _ => self
                .subject()
                .map(|(_, target)| target)
                .into_iter()
                .collect(),
        }
    }

    /// The same values and reason for all of them; then the plan.
    fn start_many(&mut self, run: Run) {
        let spec = run.act.spec();
        if asks_nothing(run.act) {
            return self.question(run, Vec::new(), String::new());
        }
        let form = Form {
            act: run.act,
            id: String::new(),
            version: 0,
            label: say::MARKS.with(
                self.look.language,
                &[("count", &run.targets.len().to_string())],
            ),
            fields: spec.fields,
            values: Values::new(),
            preview: Vec::new(),
            confirm: String::new(),
        };
        self.show_form(form, run.targets);
    }

    pub(super) fn form_arrived(&mut self, ticket: Ticket, form: Result<Box<Form>, Error>) {
        let asked = self.asked.take_if(|a| match a {
            Asked::Form { ticket: t, .. } | Asked::Theirs { ticket: t, .. } => *t == ticket,
            Asked::Run { .. } | Asked::Marks { .. } | Asked::Members { .. } => false,
        });
        let Some(asked) = asked else { return };
        self.changed = true;
        let form = match form {
            Ok(form) => *form,
            Err(error) => return self.say(Tone::Bad, tell(&error, self.look.language)),
        };
        match asked {
            Asked::Theirs { by, .. } => self.show_conflict(form, by),
            Asked::Form { targets, .. } => {
                let targets = if targets.is_empty() {
                    targets
                } else {
                    target_of(&form)
                };
                if asks_nothing(form.act) {
                    let lines = form.preview.into_iter().map(Said::Plain).collect();
                    let run = Run {
                        act: form.act,
                        targets,
                        values: Values::new(),
                        reason: String::new(),
                        mode: Mode::Commit,
                    };
                    self.question(run, lines, form.confirm);
                } else {
                    self.show_form(form, targets);
                }
            }
            Asked::Run { .. } | Asked::Marks { .. } | Asked::Members { .. } => {}
        }
    }

    pub(super) fn confirm_mut(&mut self) -> Option<&mut Confirm> {
        match self.stack.last_mut() {
            Some(View::Confirm(confirm)) => Some(confirm),
            _ => None,
        }
    }

    pub(super) fn run_in_confirm(&mut self, command: Command) {
        let Some(confirm) = self.confirm_mut() else {
            return;
        };
        match command {
            Command::Down => confirm.scroll(1),
            Command::Up => confirm.scroll(-1),
            Command::PageDown => confirm.scroll(10),
            Command::PageUp => confirm.scroll(-10),
            Command::No | Command::Back => self.pop(),
            Command::Yes => self.confirmed(),
            Command::DryRun => self.dry_run(),
            other => {
                confirm.typed.edit(other);
            }
        }
    }

    fn confirmed(&mut self) {
        let language = self.look.language;
        let Some(confirm) = self.confirm_mut() else {
            return;
        };
        if !confirm.ready() {
            let message = match (&confirm.wait, &confirm.purpose) {
                (Some(_), _) => &say::STILL_WAITING,
                (None, Purpose::Nothing) => &say::NONE_CAN,
                (None, Purpose::Run(_) | Purpose::Quit) => &say::TYPE_EXACTLY,
            };
            confirm.trouble = Some(message.text(language).to_owned());
            return;
        }
        match &confirm.purpose {
            Purpose::Quit => self
                .effects
                .push(Effect::Leave(crate::console::message::Exit::Quit)),
            Purpose::Run(run) => {
                let run = (**run).clone();
                self.launch(run);
            }
            Purpose::Nothing => {}
        }
    }

    fn dry_run(&mut self) {
        let ticket = self.ticket();
        let Some(confirm) = self.confirm_mut().filter(|c| c.wait.is_none()) else {
            return;
        };
        let Purpose::Run(run) = &confirm.purpose else {
            return;
        };
        let run = Run {
            mode: Mode::DryRun,
            ..(**run).clone()
        };
        confirm.wait = Some((ticket, Awaits::DryRun));
        confirm.trouble = None;
        self.effects.push(Effect::Run { ticket, run });
    }

    /// Hands an action over; from here on it may have happened.
    pub(super) fn launch(&mut self, run: Run) {
        let ticket = self.ticket();
        if let Some(confirm) = self.confirm_mut() {
            confirm.wait = Some((ticket, Awaits::Run));
            confirm.trouble = None;
        }
        self.asked = Some(Asked::Run {
            ticket,
            target: run.targets.first().cloned(),
        });
        self.effects.push(Effect::Run { ticket, run });
    }

    /// Gives up waiting for what was asked last; whether there was anything.
    pub(super) fn stop_waiting(&mut self) -> bool {
        let asked = self.asked.take().map(|a| match a {
            Asked::Form { ticket, .. }
            | Asked::Theirs { ticket, .. }
            | Asked::Run { ticket, .. }
            | Asked::Marks { ticket }
            | Asked::Members { ticket, .. } => ticket,
        });
        let confirm = self
            .confirm_mut()
            .and_then(|c| c.wait.take())
            .map(|(ticket, _)| ticket);
        let tickets = [asked, confirm];
        self.effects
            .extend(tickets.iter().flatten().map(|t| Effect::Abort(*t)));
        tickets.iter().any(Option::is_some)
    }
}

/// Whether a plain yes is all that an action asks: a reason that may be left out is not worth a form before a yes or no.
fn asks_nothing(act: Act) -> bool {
    let spec = act.spec();
    let mute = match spec.reason {
        Reason::None => true,
        Reason::Optional => spec.level == Level::Confirm,
        Reason::Required => false,
    };
    spec.fields.is_empty() && mute
}
