//! Filling in a form: typing, leaving a field, drafts, conflicts, and what is shown before it is confirmed.

use super::{App, Asked};
use crate::console::command::Command;
use crate::console::key::Key;
use crate::console::message::{Effect, Run, Target};
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::confirm::{Confirm, Purpose, Said};
use crate::console::views::conflict::{Conflict, Side};
use crate::console::views::form::{FormView, ON, Slot, draft_key};
use crate::console::views::input::Edited;
use crate::console::views::picker::{Choice, Pick, Picker};
use crate::domain::action::{Field, FieldKind, Level};
use crate::domain::kind::Kind;
use crate::language::{Language, action, console as say, display, state};
use crate::service::Mode;
use crate::ui::form::Form;

impl App {
    fn form_mut(&mut self) -> Option<&mut FormView> {
        match self.stack.last_mut() {
            Some(View::Form(form)) => Some(form),
            _ => None,
        }
    }

    fn form_height(&self) -> usize {
        usize::from(self.form_area().height)
    }

    pub(super) fn run_in_form(&mut self, command: Command) {
        let height = self.form_height();
        let Some(form) = self.form_mut() else { return };
        if let Some(edited) = form.edit(command) {
            return self.form_typed(edited);
        }
        match command {
            Command::NextField if form.focus >= form.entries.len() => self.submit_form(),
            Command::NextField => form.go(1, height),
            Command::PreviousField => form.go(-1, height),
            Command::PageDown => form.go(height.cast_signed(), height),
            Command::PageUp => form.go(-height.cast_signed(), height),
            Command::Submit => self.submit_form(),
            Command::Back => self.leave_form(),
            _ => {}
        }
    }

    pub(super) fn type_key(&mut self, key: Key) {
        match self.stack.last_mut() {
            Some(View::Form(form)) => {
                let edited = form.key(key);
                self.form_typed(edited);
            }
            Some(View::Screen(_)) => self.type_in_filter(key),
            Some(View::Palette(_)) => self.type_in_palette(key),
            Some(View::Help(help)) => {
                if key.typed().map(|c| help.line.push(c)) == Some(Edited::Text) {
                    help.search();
                }
            }
            Some(View::Confirm(confirm)) => {
                key.typed().map(|c| confirm.typed.push(c));
            }
            Some(View::Text(text)) => {
                if let (Some(line), Some(c)) = (&mut text.search, key.typed()) {
                    line.push(c);
                }
            }
            Some(View::Detail(_) | View::Conflict(_) | View::Picker(_)) | None => {}
        }
    }

    pub(super) fn type_pasted(&mut self, pasted: &str) {
        match self.stack.last_mut() {
            Some(View::Form(form)) => {
                let edited = form.paste(pasted);
                self.form_typed(edited);
            }
            Some(View::Screen(_)) => self.with_filter(|typed| typed.line.paste(pasted)),
            Some(View::Palette(palette)) => {
                palette.line.paste(pasted);
                self.palette_typed();
            }
            Some(View::Help(help)) => {
                help.line.paste(pasted);
                help.search();
            }
            Some(View::Text(text)) => {
                text.search.as_mut().map(|line| line.paste(pasted));
            }
            // What must be typed to confirm is typed: a paste is no proof of reading.
            Some(View::Confirm(_) | View::Detail(_) | View::Conflict(_) | View::Picker(_))
            | None => {}
        }
    }

    /// Keeps the draft after every change; the file is written when typing rests.
    fn form_typed(&mut self, edited: Edited) {
        let now = self.now;
        let Some(form) = self.form_mut().filter(|_| edited == Edited::Text) else {
            return;
        };
        form.trouble = None;
        if let Some(entry) = form
            .entries
            .get_mut(form.focus)
            .filter(|e| e.flaw.is_some())
        {
            entry.flaw = entry.check();
        }
        let (key, draft, changed) = (form.draft_key(), form.draft(now), form.changed());
        if changed {
            self.drafts.insert(key.clone(), draft.clone());
            self.effects.push(Effect::Keep(key, Box::new(draft)));
        } else {
            self.forget_draft(&key);
        }
    }

    pub(super) fn forget_draft(&mut self, key: &str) {
        if self.drafts.remove(key).is_some() {
            self.effects.push(Effect::Forget(key.to_owned()));
        }
    }

    fn leave_form(&mut self) {
        let kept = self.form_mut().is_some_and(|f| f.changed());
        self.pop();
        if kept {
            self.say(Tone::Plain, say::DRAFT_KEPT.text(self.look.language));
        }
    }

    /// Shows a form; when a draft of it was left, asks first what to do with that.
    pub(super) fn show_form(&mut self, form: Form, targets: Vec<Target>) {
        let language = self.look.language;
        let act = crate::console::command::act_name(form.act);
        let Some(draft) = self.drafts.get(&draft_key(&act, &form.id)) else {
            return self.push(View::Form(Box::new(FormView::new(form, targets))));
        };
        let at = display::moment(draft.changed(), language);
        let option = |message: &crate::language::Message, pick| Choice {
            label: message.with(language, &[("at", &at)]),
            detail: String::new(),
            refusal: None,
            pick,
        };
        let options = vec![
            option(&say::DRAFT_RESUME, Pick::Resume),
            option(&say::DRAFT_FRESH, Pick::Fresh),
        ];
        let mut picker = Picker::new(
            say::DRAFT_TITLE.with(language, &[("label", &form.label)]),
            options,
        );
        picker.form = Some(Box::new(form));
        self.push(View::Picker(Box::new(picker)));
    }

    pub(super) fn resume_draft(&mut self, picker: Picker) {
        let Some(form) = picker.form.map(|f| *f) else {
            return;
        };
        let act = crate::console::command::act_name(form.act);
        let Some(draft) = self.drafts.get(&draft_key(&act, &form.id)).cloned() else {
            return;
        };
        let targets = target_of(&form);
        if draft.version != form.version {
            let conflict = Conflict::new(
                &draft.original,
                draft.values,
                form,
                targets,
                draft.reason,
                String::new(),
            );
            self.push(View::Conflict(Box::new(conflict)));
            return;
        }
        let mut view = FormView::new(form, targets);
        view.restore(&draft.values, &draft.reason);
        view.restored = Some(draft.changed());
        self.push(View::Form(Box::new(view)));
    }

    pub(super) fn drop_draft(&mut self, picker: Picker) {
        let Some(form) = picker.form.map(|f| *f) else {
            return;
        };
        let view = FormView::new(form, Vec::new());
        self.forget_draft(&view.draft_key());
        let targets = target_of(&view.form);
        self.push(View::Form(Box::new(FormView { targets, ..view })));
    }

    /// The form is complete: what it will do is shown, and asked.
    fn submit_form(&mut self) {
        let height = self.form_height();
        let language = self.look.language;
        let Some(form) = self.form_mut() else { return };
        if !form.check(height) {
            return self.say(Tone::Bad, say::FORM_WRONG.text(language));
        }
        let run = Run {
            act: form.form.act,
            targets: form.targets.clone(),
            values: form.values(),
            reason: form.reason(),
            mode: Mode::Commit,
        };
        let mut lines = changes(form, language);
        lines.extend(form.form.preview.iter().cloned().map(Said::Plain));
        let word = form.form.confirm.clone();
        self.question(run, lines, word);
    }

    /// Asks before an action is run; for many rows a plan is asked first.
    pub(super) fn question(&mut self, run: Run, lines: Vec<Said>, word: String) {
        let language = self.look.language;
        let title = self.question_title(&run);
        let many = run.targets.len() > 1;
        let typed = run.act.spec().level == Level::TypeName;
        let count = run.targets.len().to_string();
        let mut lines = lines;
        if !run.reason.is_empty() {
            lines.push(Said::Change {
                label: action::field("reason").text(language).to_owned(),
                old: String::new(),
                new: run.reason.clone(),
            });
        }
        let mut confirm = Confirm::new(Purpose::Run(Box::new(run.clone())), title, lines);
        if typed {
            confirm.word = if many { count } else { word };
        }
        if many {
            let ticket = self.ticket();
            confirm.wait = Some((ticket, crate::console::views::confirm::Awaits::Plan));
            self.effects.push(Effect::Plan { ticket, run });
        }
        self.push(View::Confirm(Box::new(confirm)));
    }

    pub(super) fn run_in_conflict(&mut self, command: Command) {
        let language = self.look.language;
        let Some(conflict) = self.conflict_mut() else {
            return;
        };
        match command {
            Command::Down => conflict.step(1),
            Command::Up => conflict.step(-1),
            Command::Left => conflict.take(Side::Theirs),
            Command::Right => conflict.take(Side::Mine),
            Command::Back => self.pop(),
            Command::Submit => {
                if let Some(place) = conflict.undecided() {
                    conflict.cursor = place;
                    conflict.trouble = Some(say::CONFLICT_UNDECIDED.text(language).to_owned());
                    return;
                }
                self.settle_conflict();
            }
            _ => {}
        }
    }

    /// Everything is decided: the form is shown again, on the version of now, with the values as decided.
    fn settle_conflict(&mut self) {
        let Some(View::Conflict(conflict)) = self.stack.pop() else {
            return;
        };
        let values = conflict.decided();
        let mut form = FormView::new(conflict.theirs, conflict.targets);
        form.restore(&values, &conflict.reason);
        form.focus = form.entries.len();
        let (key, draft) = (form.draft_key(), form.draft(self.now));
        self.drafts.insert(key.clone(), draft.clone());
        self.effects.push(Effect::Keep(key, Box::new(draft)));
        self.push(View::Form(Box::new(form)));
    }

    /// Somebody saved first: the form is asked again, to compare.
    pub(super) fn ask_theirs(&mut self, by: String) {
        let ticket = self.ticket();
        let Some(form) = self.form_mut() else { return };
        let ask = Effect::OpenForm {
            ticket,
            act: form.form.act,
            id: form.form.id.clone(),
        };
        self.effects.push(ask);
        self.asked = Some(Asked::Theirs { ticket, by });
    }

    pub(super) fn show_conflict(&mut self, theirs: Form, by: String) {
        let Some(View::Form(mine)) = self.stack.pop() else {
            return;
        };
        let targets = target_of(&theirs);
        let (values, reason) = (mine.values(), mine.reason());
        let conflict = Conflict::new(&mine.form.values, values, theirs, targets, reason, by);
        self.push(View::Conflict(Box::new(conflict)));
    }
}

/// The record of a form as the target of its action.
pub(super) fn target_of(form: &Form) -> Vec<Target> {
    if form.id.is_empty() {
        return Vec::new();
    }
    vec![Target {
        id: form.id.clone(),
        version: form.version,
        label: form.label.clone(),
    }]
}

/// What a form changes, field by field.
fn changes(form: &FormView, language: Language) -> Vec<Said> {
    let noun = form.form.act.spec().noun;
    let of = |entry: &crate::console::views::form::Entry| {
        let Slot::Field(field) = entry.slot else {
            return None;
        };
        let old = form.form.values.get(field.name).map_or("", String::as_str);
        let new = entry.line.text().trim();
        (old != new).then(|| Said::Change {
            label: action::field(field.name).text(language).to_owned(),
            old: shown(noun, field, old, language),
            new: shown(noun, field, new, language),
        })
    };
    let lines: Vec<Said> = form.entries.iter().filter_map(of).collect();
    if lines.is_empty() && !form.form.fields.is_empty() {
        return vec![Said::Plain(say::NOTHING_CHANGES.text(language).to_owned())];
    }
    lines
}

/// A value of a field as people read it: codes by their labels.
pub fn shown(noun: Kind, field: &Field, value: &str, language: Language) -> String {
    match field.kind {
        FieldKind::Choice(_) | FieldKind::Choices(_) => state::labels(noun, value, language),
        FieldKind::Flag => if value == ON { &state::YES } else { &state::NO }
            .text(language)
            .to_owned(),
        FieldKind::Date => display::stored_date(value, language),
        FieldKind::Line | FieldKind::Email | FieldKind::Digits(_) | FieldKind::Reference(_) => {
            value.to_owned()
        }
    }
}
