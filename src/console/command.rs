//! The closed set of things a key or the palette can ask, each with its name in keymaps and its sentence. Not their effect.

use crate::domain::action::Act;
use crate::domain::filter::nearest;
use crate::language::{Language, Message, keys};

/// Where a command may be offered, besides a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// In the palette too.
    Palette,
    /// By its key alone: it means something only where the key works.
    Key,
}

macro_rules! commands {
    ($($name:ident $text:literal $offer:ident $message:ident;)+) => {
        /// Something that a key or the palette asks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command {
            $(#[doc = $text] $name,)+
            /// Goes to the screen under a digit.
            Screen(char),
            /// Starts an action on what is marked or under the cursor.
            Act(Act),
        }

        impl Command {
            /// Every command without a parameter.
            pub const PLAIN: &'static [Self] = &[$(Self::$name),+];

            const fn row(self) -> Option<(&'static str, Offer, &'static Message)> {
                match self {
                    $(Self::$name => Some(($text, Offer::$offer, &keys::$message)),)+
                    Self::Screen(_) | Self::Act(_) => None,
                }
            }
        }
    };
}

commands! {
    Down "down" Key DOWN;
    Up "up" Key UP;
    First "first" Key FIRST;
    Last "last" Key LAST;
    HalfDown "half-down" Key HALF_DOWN;
    HalfUp "half-up" Key HALF_UP;
    PageDown "page-down" Key PAGE_DOWN;
    PageUp "page-up" Key PAGE_UP;
    Left "left" Key LEFT;
    Right "right" Key RIGHT;
    Open "open" Key OPEN;
    Record "record" Palette RECORD;
    Back "back" Key BACK;
    Mark "mark" Palette MARK;
    Range "range" Palette RANGE;
    MarkAll "mark-all" Palette MARK_ALL;
    Filter "filter" Palette FILTER;
    NextMatch "next-match" Palette NEXT_MATCH;
    PreviousMatch "previous-match" Palette PREVIOUS_MATCH;
    Sort "sort" Palette SORT;
    Reverse "reverse" Palette REVERSE;
    Actions "actions" Palette ACTIONS;
    CopyId "copy-id" Palette COPY_ID;
    CopyField "copy-field" Palette COPY_FIELD;
    SidePane "side-pane" Palette SIDE_PANE;
    NextStage "next-stage" Palette NEXT_STAGE;
    PreviousStage "previous-stage" Palette PREVIOUS_STAGE;
    NextPane "next-pane" Palette NEXT_PANE;
    PreviousPane "previous-pane" Palette PREVIOUS_PANE;
    Palette "palette" Key PALETTE;
    Help "help" Palette HELP;
    Pause "pause" Palette PAUSE;
    Refresh "refresh" Palette REFRESH;
    PreviousScreen "previous-screen" Palette PREVIOUS_SCREEN;
    Undo "undo" Palette UNDO;
    Close "close" Palette CLOSE;
    Quit "quit" Palette QUIT;
    Cancel "cancel" Palette CANCEL;
    Suspend "suspend" Palette SUSPEND;
    Repaint "repaint" Palette REPAINT;
    Yes "yes" Key YES;
    No "no" Key NO;
    DryRun "dry-run" Key DRY_RUN;
    NextField "next-field" Key NEXT_FIELD;
    PreviousField "previous-field" Key PREVIOUS_FIELD;
    Submit "submit" Key SUBMIT;
    Complete "complete" Key COMPLETE;
    DeleteBack "delete-back" Key DELETE_BACK;
    DeleteNext "delete-next" Key DELETE_NEXT;
    DeleteWord "delete-word" Key DELETE_WORD;
    DeleteLine "delete-line" Key DELETE_LINE;
    LineStart "line-start" Key LINE_START;
    LineEnd "line-end" Key LINE_END;
    Nothing "nothing" Key NOTHING;
}

impl Command {
    /// Its name in keymaps: `page-down`, `screen-3`, `mail resend`.
    pub fn name(self) -> String {
        match self {
            Self::Screen(digit) => format!("screen-{digit}"),
            Self::Act(act) => act_name(act),
            plain => plain
                .row()
                .map_or_else(String::new, |(name, _, _)| name.to_owned()),
        }
    }

    /// The command of a name.
    pub fn of(name: &str) -> Option<Self> {
        if let Some(digit) = name.strip_prefix("screen-") {
            let mut chars = digit.chars();
            let one = chars.next().filter(char::is_ascii_digit);
            return one.filter(|_| chars.next().is_none()).map(Self::Screen);
        }
        let plain = Self::PLAIN
            .iter()
            .find(|c| c.row().is_some_and(|(n, _, _)| n == name))
            .copied();
        plain.or_else(|| {
            Act::ALL
                .iter()
                .find(|a| act_name(**a) == name)
                .map(|a| Self::Act(*a))
        })
    }

    /// The name that a mistyped one probably meant.
    pub fn nearest(name: &str) -> Option<String> {
        let screens = ('0'..='9').map(Self::Screen);
        let acts = Act::ALL.iter().map(|a| Self::Act(*a));
        let all: Vec<String> = Self::PLAIN
            .iter()
            .copied()
            .chain(screens)
            .chain(acts)
            .map(Self::name)
            .collect();
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        nearest(name, &names).map(str::to_owned)
    }

    /// Whether the palette offers it.
    pub fn offer(self) -> Offer {
        self.row().map_or(Offer::Palette, |(_, offer, _)| offer)
    }

    /// What it does, in one sentence; screens and actions are told by their own tables.
    pub fn describe(self, language: Language) -> String {
        match self {
            Self::Screen(digit) => keys::SCREEN.with(language, &[("digit", &digit.to_string())]),
            Self::Act(act) => crate::language::action::label(act)
                .text(language)
                .to_owned(),
            plain => plain.row().map_or_else(String::new, |(_, _, message)| {
                message.text(language).to_owned()
            }),
        }
    }
}

/// Noun and verb of an action, as the command line writes it.
pub fn act_name(act: Act) -> String {
    let spec = act.spec();
    format!("{} {}", spec.noun, spec.verb)
}
