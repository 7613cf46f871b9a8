//! The console: state and commands in `app`, painting in `draw`, the outside world in `runtime` and `terminal`.

pub mod app;
pub mod command;
pub mod copy;
pub mod draw;
pub mod drafts;
pub mod key;
pub mod keymap;
pub mod keymap_file;
pub mod layout;
pub mod message;
pub mod suggest;
pub mod theme;
pub mod views;
pub mod wrap;
