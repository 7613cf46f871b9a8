//! Any bytes as a delivered file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portaal_fuzz::check(bytes));
