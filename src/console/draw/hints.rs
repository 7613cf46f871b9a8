//! Which keys matter now: the commands worth a place in the footer per context. The keys themselves come from the keymap.

use crate::console::command::Command;
use crate::console::keymap::Context;
use crate::language::{Message, keys};

/// The commands of the footer, most important first.
pub fn of(context: Context) -> &'static [(Command, &'static Message)] {
    match context {
        Context::List | Context::Screen(_) | Context::Global => LIST,
        Context::Detail => DETAIL,
        Context::Form => FORM,
        Context::Confirm => CONFIRM,
        Context::Type => TYPE,
        Context::Picker => PICKER,
        Context::Palette | Context::Help => PALETTE,
        Context::Text => TEXT,
        Context::Conflict => CONFLICT,
        Context::Filter | Context::Input => FILTER,
    }
}

static LIST: &[(Command, &Message)] = &[
    (Command::Open, &keys::SHORT_OPEN),
    (Command::Record, &keys::SHORT_RECORD),
    (Command::Actions, &keys::SHORT_ACTIONS),
    (Command::Filter, &keys::SHORT_FILTER),
    (Command::NextStage, &keys::SHORT_STAGE),
    (Command::Palette, &keys::SHORT_PALETTE),
    (Command::Help, &keys::SHORT_HELP),
    (Command::Mark, &keys::SHORT_MARK),
    (Command::Sort, &keys::SHORT_SORT),
    (Command::NextPane, &keys::SHORT_LIST),
    (Command::CopyId, &keys::SHORT_COPY),
    (Command::Close, &keys::SHORT_CLOSE),
];
static DETAIL: &[(Command, &Message)] = &[
    (Command::Actions, &keys::SHORT_ACTIONS),
    (Command::NextPane, &keys::SHORT_TAB),
    (Command::Open, &keys::SHORT_OPEN),
    (Command::NextMatch, &keys::SHORT_NEXT),
    (Command::Back, &keys::SHORT_BACK),
    (Command::Palette, &keys::SHORT_PALETTE),
    (Command::Help, &keys::SHORT_HELP),
    (Command::CopyField, &keys::SHORT_COPY),
];
static FORM: &[(Command, &Message)] = &[
    (Command::NextField, &keys::SHORT_FIELD),
    (Command::Submit, &keys::SHORT_SUBMIT),
    (Command::Right, &keys::SHORT_CHOICE),
    (Command::Back, &keys::SHORT_BACK),
];
static CONFIRM: &[(Command, &Message)] = &[
    (Command::Yes, &keys::SHORT_YES),
    (Command::No, &keys::SHORT_NO),
    (Command::DryRun, &keys::SHORT_DRY_RUN),
];
static TYPE: &[(Command, &Message)] = &[
    (Command::Yes, &keys::SHORT_YES),
    (Command::No, &keys::SHORT_NO),
];
static PICKER: &[(Command, &Message)] = &[
    (Command::Open, &keys::SHORT_CHOOSE),
    (Command::Back, &keys::SHORT_BACK),
    (Command::Help, &keys::SHORT_HELP),
];
static PALETTE: &[(Command, &Message)] = &[
    (Command::Open, &keys::SHORT_CHOOSE),
    (Command::Complete, &keys::SHORT_COMPLETE),
    (Command::Back, &keys::SHORT_BACK),
];
static TEXT: &[(Command, &Message)] = &[
    (Command::Filter, &keys::SHORT_SEARCH),
    (Command::CopyId, &keys::SHORT_COPY),
    (Command::Back, &keys::SHORT_BACK),
    (Command::Help, &keys::SHORT_HELP),
];
static CONFLICT: &[(Command, &Message)] = &[
    (Command::Right, &keys::SHORT_CHOICE),
    (Command::Submit, &keys::SHORT_SUBMIT),
    (Command::Back, &keys::SHORT_BACK),
    (Command::Help, &keys::SHORT_HELP),
];
static FILTER: &[(Command, &Message)] = &[
    (Command::Open, &keys::SHORT_FILTER),
    (Command::Complete, &keys::SHORT_COMPLETE),
    (Command::Back, &keys::SHORT_BACK),
];
