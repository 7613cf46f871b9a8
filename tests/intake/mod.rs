//! Deliveries from outside: by whom, by which way, and what becomes of those that may not.

mod arrival;
