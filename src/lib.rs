//! The console, worker and intake of the `KiBG` data portal.
//!
//! Modules stand in reading order: what the portal is about, where it is kept, what goes out and comes in,
//! what can be done, and how people do it.

pub mod domain;

pub mod clock;
pub mod config;
pub mod language;

pub mod delivery;
pub mod mail;
pub mod store;

pub mod service;
pub mod work;

pub mod screens;
pub mod ui;

pub mod console;

pub mod command;
pub mod demo;
