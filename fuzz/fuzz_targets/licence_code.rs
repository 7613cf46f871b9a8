//! Any text as a licence code.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portaal_fuzz::licence_code(bytes));
