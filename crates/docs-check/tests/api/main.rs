//! What is read from pages, what a comparison finds, and how both are shown.

mod shelter;

mod check;
mod cron;
mod facts;
mod faults;
mod robustness;
mod wording;
