//! How each part of the screen is inked, per theme, and which glyph stands beside each tone. Data only; `draw` maps it.

use crate::domain::kind::Kind;

/// A colour: the terminal's own, one of its sixteen, or exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colour {
    /// The terminal's own.
    #[default]
    Own,
    /// One of the sixteen.
    Ansi(u8),
    /// Exact red, green, blue.
    Rgb(u8, u8, u8),
}

/// Weight and decoration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weight(u8);

impl Weight {
    /// None.
    pub const PLAIN: Self = Self(0);
    /// Bold.
    pub const BOLD: Self = Self(1);
    /// Dim.
    pub const DIM: Self = Self(2);
    /// Underlined.
    pub const UNDERLINE: Self = Self(4);
    /// Reverse video.
    pub const REVERSE: Self = Self(8);
    /// Italic.
    pub const ITALIC: Self = Self(16);

    /// Both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it holds the other.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ink {
    /// Colour of the glyphs.
    pub fg: Colour,
    /// Colour behind them.
    pub bg: Colour,
    /// Weight.
    pub weight: Weight,
}

/// What a state or message means, whatever its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Being worked on.
    Busy,
    /// Waits for somebody.
    Wait,
    /// Needs attention.
    Warn,
    /// Wrong.
    Bad,
    /// Over and done with.
    Past,
}

/// Parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Running text.
    Text,
    /// Text of less importance: labels, ages, hints.
    Faint,
    /// The one accent: the current screen, tab, stage.
    Accent,
    /// Titles.
    Title,
    /// Headers of columns.
    Header,
    /// The row under the cursor.
    Cursor,
    /// Marked rows.
    Marked,
    /// A key in the footer.
    Key,
    /// An input.
    Input,
    /// Banner of a demo, read-only session or other identity.
    Banner,
    /// Banner of a production database.
    Alarm,
    /// A line between panes.
    Line,
    /// A state or message.
    Tone(Tone),
}

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The terminal's sixteen colours; reads on light and dark.
    #[default]
    Ansi,
    /// For a light background.
    Light,
    /// For a dark background.
    Dark,
    /// High contrast.
    Contrast,
    /// No colour: weight and reverse alone.
    Mono,
}

impl Theme {
    /// The theme of a name; mono when colour is not wanted.
    pub fn of(name: &str, no_color: bool) -> Self {
        match name {
            _ if no_color => Self::Mono,
            "light" => Self::Light,
            "dark" => Self::Dark,
            "contrast" => Self::Contrast,
            "mono" => Self::Mono,
            _ => Self::Ansi,
        }
    }

    /// How a part is inked.
    pub const fn ink(self, part: Part) -> Ink {
        match self {
            Self::Mono => mono(part),
            Self::Ansi => coloured(part, &ANSI),
            Self::Light => coloured(part, &LIGHT),
            Self::Dark => coloured(part, &DARK),
            Self::Contrast => coloured(part, &CONTRAST),
        }
    }
}

struct Palette {
    accent: Colour,
    faint: Ink,
    good: Colour,
    busy: Colour,
    wait: Colour,
    warn: Colour,
    bad: Colour,
    cursor: Ink,
    marked: Colour,
    banner: Ink,
    alarm: Ink,
}

const fn ink(fg: Colour, bg: Colour, weight: Weight) -> Ink {
    Ink { fg, bg, weight }
}

// Of the sixteen only those that keep contrast on both backgrounds; grey is the terminal's own colour, dimmed.
const ANSI: Palette = Palette {
    accent: Colour::Ansi(6),
    faint: ink(Colour::Own, Colour::Own, Weight::DIM),
    good: Colour::Ansi(2),
    busy: Colour::Ansi(4),
    wait: Colour::Ansi(6),
    warn: Colour::Ansi(3),
    bad: Colour::Ansi(1),
    cursor: ink(Colour::Own, Colour::Own, Weight::REVERSE),
    marked: Colour::Ansi(5),
    banner: ink(Colour::Ansi(3), Colour::Own, Weight::REVERSE),
    alarm: ink(Colour::Ansi(15), Colour::Ansi(1), Weight::BOLD),
};

const LIGHT: Palette = Palette {
    accent: Colour::Rgb(0, 95, 135),
    faint: ink(Colour::Rgb(98, 98, 98), Colour::Own, Weight::PLAIN),
    good: Colour::Rgb(0, 100, 0),
    busy: Colour::Rgb(0, 70, 170),
    wait: Colour::Rgb(0, 95, 135),
    warn: Colour::Rgb(140, 80, 0),
    bad: Colour::Rgb(175, 0, 0),
    cursor: ink(
        Colour::Rgb(0, 0, 0),
        Colour::Rgb(208, 228, 240),
        Weight::PLAIN,
    ),
    marked: Colour::Rgb(110, 40, 130),
    banner: ink(
        Colour::Rgb(60, 40, 0),
        Colour::Rgb(255, 225, 150),
        Weight::PLAIN,
    ),
    alarm: ink(
        Colour::Rgb(255, 255, 255),
        Colour::Rgb(175, 0, 0),
        Weight::BOLD,
    ),
};

const DARK: Palette = Palette {
    accent: Colour::Rgb(110, 200, 215),
    faint: ink(Colour::Rgb(140, 145, 150), Colour::Own, Weight::PLAIN),
    good: Colour::Rgb(130, 200, 130),
    busy: Colour::Rgb(130, 170, 240),
    wait: Colour::Rgb(110, 200, 215),
    warn: Colour::Rgb(230, 190, 100),
    bad: Colour::Rgb(240, 120, 110),
    cursor: ink(
        Colour::Rgb(255, 255, 255),
        Colour::Rgb(45, 75, 95),
        Weight::PLAIN,
    ),
    marked: Colour::Rgb(200, 150, 220),
    banner: ink(
        Colour::Rgb(30, 25, 0),
        Colour::Rgb(225, 185, 90),
        Weight::PLAIN,
    ),
    alarm: ink(
        Colour::Rgb(255, 255, 255),
        Colour::Rgb(190, 30, 30),
        Weight::BOLD,
    ),
};

const CONTRAST: Palette = Palette {
    accent: Colour::Ansi(14),
    faint: ink(Colour::Ansi(15), Colour::Ansi(0), Weight::PLAIN),
    good: Colour::Ansi(10),
    busy: Colour::Ansi(14),
    wait: Colour::Ansi(15),
    warn: Colour::Ansi(11),
    bad: Colour::Ansi(9),
    cursor: ink(Colour::Ansi(0), Colour::Ansi(15), Weight::BOLD),
    marked: Colour::Ansi(13),
    banner: ink(Colour::Ansi(0), Colour::Ansi(11), Weight::BOLD),
    alarm: ink(Colour::Ansi(15), Colour::Ansi(1), Weight::BOLD),
};

const fn coloured(part: Part, palette: &Palette) -> Ink {
    let own = ink(Colour::Own, Colour::Own, Weight::PLAIN);
    match part {
        Part::Text | Part::Tone(Tone::Plain) => own,
        Part::Faint | Part::Header | Part::Line | Part::Tone(Tone::Past) => palette.faint,
        Part::Accent => Ink {
            fg: palette.accent,
            weight: Weight::BOLD,
            ..own
        },
        Part::Title => Ink {
            weight: Weight::BOLD,
            ..own
        },
        Part::Cursor => palette.cursor,
        Part::Marked => Ink {
            fg: palette.marked,
            weight: Weight::BOLD,
            ..own
        },
        Part::Key => Ink {
            fg: palette.accent,
            ..own
        },
        Part::Input => Ink {
            weight: Weight::UNDERLINE,
            ..own
        },
        Part::Banner => palette.banner,
        Part::Alarm => palette.alarm,
        Part::Tone(Tone::Good) => Ink {
            fg: palette.good,
            ..own
        },
        Part::Tone(Tone::Busy) => Ink {
            fg: palette.busy,
            ..own
        },
        Part::Tone(Tone::Wait) => Ink {
            fg: palette.wait,
            ..own
        },
        Part::Tone(Tone::Warn) => Ink {
            fg: palette.warn,
            ..own
        },
        Part::Tone(Tone::Bad) => Ink {
            fg: palette.bad,
            weight: Weight::BOLD,
            ..own
        },
    }
}

const fn mono(part: Part) -> Ink {
    let weight = match part {
        Part::Text | Part::Key | Part::Tone(Tone::Plain | Tone::Good | Tone::Busy | Tone::Wait) => {
            Weight::PLAIN
        }
        Part::Faint | Part::Header | Part::Line | Part::Tone(Tone::Past) => Weight::DIM,
        Part::Accent => Weight::BOLD.and(Weight::UNDERLINE),
        Part::Title | Part::Marked | Part::Tone(Tone::Warn | Tone::Bad) => Weight::BOLD,
        Part::Cursor | Part::Banner => Weight::REVERSE,
        Part::Input => Weight::UNDERLINE,
        Part::Alarm => Weight::REVERSE.and(Weight::BOLD),
    };
    ink(Colour::Own, Colour::Own, weight)
}

/// What a state code means. Codes are unique enough across kinds; an unknown one is plain.
pub fn tone(code: &str) -> Tone {
    match code {
        "active" | "on_track" | "completed" | "valid" | "processed" | "sent" | "accepted"
        | "live" | "published" | "done" | "approved" | "released" | "safe" => Tone::Good,
        "in_setup" | "validating" | "sending" | "running" | "issued" | "testing" => Tone::Busy,
        "received" | "queued" | "pending" | "requested" | "invited" | "available" | "draft"
        | "planned" | "built" | "yours" => Tone::Wait,
        "valid_with_remarks" | "due" | "deferred" | "expired" | "expiring" | "held"
        | "suspended" | "locked" | "unknown" | "snoozed" | "rescued" | "value" | "measurement"
        | "remark" | "recalled" | "you" => Tone::Warn,
        "invalid" | "overdue" | "failed" | "rejected" | "bounced" | "refused" | "file" => Tone::Bad,
        "withdrawn" | "cancelled" | "superseded" | "ended" | "disabled" | "revoked"
        | "terminated" | "removed" | "lapsed" => Tone::Past,
        _ => Tone::Plain,
    }
}

/// The same where a code means another thing for one kind: a cause is open until it is dealt with, an extract because it can be traced.
pub fn tone_of(kind: Kind, code: &str) -> Tone {
    match (kind, code) {
        (Kind::Extract, "open") => Tone::Bad,
        _ => tone(code),
    }
}

/// Which characters decorate the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Width-one Unicode.
    #[default]
    Unicode,
    /// ASCII alone.
    Ascii,
}

/// A decoration, with its stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// Beside a state.
    Tone(Tone),
    /// A marked row.
    Mark,
    /// A done item of a checklist.
    Done,
    /// An open item.
    Open,
    /// Between parts of a line.
    Dot,
    /// Text goes on.
    More,
    /// A horizontal line.
    Rule,
    /// A vertical line.
    Bar,
    /// Something lies above.
    Above,
    /// Something lies below.
    Below,
    /// From old to new.
    Becomes,
    /// From the whole to a part.
    Step,
    /// The prompt of an input.
    Prompt,
}

impl Glyphs {
    /// The character.
    pub const fn get(self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = match glyph {
            Glyph::Tone(Tone::Plain) => (" ", " "),
            Glyph::Tone(Tone::Good) => ("●", "+"),
            Glyph::Tone(Tone::Busy) => ("◐", "~"),
            Glyph::Tone(Tone::Wait) => ("○", "o"),
            Glyph::Tone(Tone::Warn) => ("▲", "!"),
            Glyph::Tone(Tone::Bad) => ("✗", "X"),
            Glyph::Tone(Tone::Past) | Glyph::Open | Glyph::Dot => ("·", "."),
            Glyph::Mark => ("◆", "*"),
            Glyph::Done => ("✓", "x"),
            Glyph::More => ("…", "~"),
            Glyph::Rule => ("─", "-"),
            Glyph::Bar => ("│", "|"),
            Glyph::Above => ("↑", "^"),
            Glyph::Below => ("↓", "v"),
            Glyph::Becomes => ("→", "->"),
            Glyph::Step => (" › ", " > "),
            Glyph::Prompt => ("›", ">"),
        };
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }
}
