//! Capture, row by row: for each builder and post-processor an artifact as its plugin hands it over, and what must
//! come of it.

mod artifact;
mod case;
mod hostile;
mod rows;
mod table;
