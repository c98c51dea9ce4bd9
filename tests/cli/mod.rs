//! The command line, run as its user runs it.
