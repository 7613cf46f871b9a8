//! Any bytes as the answer of a mail server.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portaal_fuzz::reply(bytes));
