//! Any bytes behind the beginning of an import in XML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| portaal_fuzz::xml(bytes));
