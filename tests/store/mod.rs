//! The registry's rules, on every storage engine.
