//! Segments, frozen audiences, control groups, exclusions.
