//! What the calls and the session's changes do.

mod bonds;
mod reporting;
mod sessions;
mod slashing;

pub use reporting::OncePerSession;
