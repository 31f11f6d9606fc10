//! The append-only log, its recorder, timelines and verdicts.
