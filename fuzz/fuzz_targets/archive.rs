//! Any bytes behind the first bytes of an archive.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portaal_fuzz::archive(bytes));
