//! The binary: hands its arguments to the command line and gives the exit code. Only a panic is told here.

use portaal_console::command;
use portaal_console::config::Environment;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut report = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .panic_section("portaal: https://infinitcare.example/portaal");
    if !std::io::stderr().is_terminal() {
        report = report.theme(color_eyre::config::Theme::new());
    }
    if let Err(error) = report.install() {
        eprintln!("{error}");
    }
    let arguments = std::env::args_os().collect();
    let run = AssertUnwindSafe(|| command::main(arguments, Environment::read()));
    catch_unwind(run).map_or(ExitCode::FAILURE, ExitCode::from)
}
