//! Campaigns: goal, audience, step, costs.
