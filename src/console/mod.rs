//! The console: state and commands in `app`, painting in `draw`, the outside world in `runtime` and `terminal`.

pub mod app;
pub mod command;
pub mod copy;
pub mod drafts;
pub mod draw;
pub mod key;
pub mod keymap;
pub mod keymap_file;
pub mod layout;
pub mod memory;
pub mod message;
pub mod perform;
pub mod post;
pub mod runtime;
pub mod suggest;
pub mod terminal;
pub mod theme;
pub mod views;
pub mod watcher;
pub mod wrap;

pub use message::Exit;
pub use perform::Links;
pub use runtime::{Options, run};
