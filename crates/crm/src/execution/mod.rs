//! Messages and how they leave; the ledger.
