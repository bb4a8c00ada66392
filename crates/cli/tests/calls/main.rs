//! The commands that call one operation, sign in and look after credentials: the real program, against the sandbox
//! inside it and against one beside it.

mod calls;
mod doctor;
mod operations;
mod secrets;
mod sign_in;
mod support;
mod usage;
