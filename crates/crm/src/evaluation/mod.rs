//! What happened against what was meant: statistics, attribution, lift.
