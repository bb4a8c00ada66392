//! What is read from pages, what a comparison finds, and how both are shown.

mod shelter;

mod agreement;
mod check;
mod cron;
mod facts;
mod faults;
mod narrowing;
mod nasties;
mod reading;
mod robustness;
mod scope;
mod silence;
mod twins;
mod wording;
