//! The state of what is on screen: one file per kind of view. They change in update and are only read by draw.

pub mod confirm;
pub mod conflict;
pub mod detail;
pub mod form;
pub mod help;
pub mod input;
pub mod list;
pub mod palette;
pub mod picker;
pub mod text;
pub mod window;

use super::keymap::Context;

/// Something on the stack of views.
pub enum View {
    /// The lists of a screen, by its place.
    Screen(usize),
    /// A record.
    Detail(Box<detail::Detail>),
    /// A form that is being filled in.
    Form(Box<form::FormView>),
    /// Somebody saved first.
    Conflict(Box<conflict::Conflict>),
    /// A question.
    Confirm(Box<confirm::Confirm>),
    /// A menu.
    Picker(Box<picker::Picker>),
    /// The palette.
    Palette(Box<palette::Palette>),
    /// Help.
    Help(Box<help::Help>),
    /// Lines of text.
    Text(Box<text::Text>),
}

/// Whether characters are typed into an input of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// They are.
    Input,
    /// Each has a meaning of its own.
    Keys,
    /// Each has a meaning of its own, and nothing from elsewhere has one.
    Question,
}

impl View {
    /// The context of its keys and whether characters are typed.
    pub fn context(&self) -> (Context, Typing) {
        match self {
            Self::Screen(_) => (Context::List, Typing::Keys),
            Self::Detail(_) => (Context::Detail, Typing::Keys),
            Self::Form(_) => (Context::Form, Typing::Input),
            Self::Conflict(_) => (Context::Conflict, Typing::Question),
            Self::Confirm(c) if c.must_type().is_some() => (Context::Type, Typing::Input),
            Self::Confirm(_) => (Context::Confirm, Typing::Question),
            Self::Picker(_) => (Context::Picker, Typing::Keys),
            Self::Palette(_) => (Context::Palette, Typing::Input),
            Self::Help(_) => (Context::Help, Typing::Input),
            Self::Text(t) if t.search.is_some() => (Context::Filter, Typing::Input),
            Self::Text(_) => (Context::Text, Typing::Keys),
        }
    }
}
