//! Capture: every known builder as a row of a table.
