//! Where in time an expression can become another value: between two cuts every row of a run is as good as any other.

use crate::{
    catalogue::{LOG, NUMBERS},
    narrowing::{is_time, number},
};
use datafusion::{
    common::tree_node::{TreeNode, TreeNodeRecursion},
    logical_expr::{BinaryExpr, Expr, Operator},
};
use std::collections::BTreeSet;

/// The instants at which an expression over `occurred_at` can become another value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cuts {
    bounds: BTreeSet<i64>,
    /// Every multiple of the first of these, counted from the second.
    steps: BTreeSet<(i64, i64)>,
}

impl Cuts {
    /// Adds those of an expression; `false` when it reads rows for anything but the time and what runs share, or when the
    /// time is not cut but used as it is.
    pub fn take(&mut self, expr: &Expr) -> bool {
        let mut fits = true;
        let walked = expr.apply(|node| {
            Ok(match node {
                Expr::Column(column) => {
                    fits &= LOG.columns[NUMBERS..].iter().any(|shared| shared.name == column.name);
                    TreeNodeRecursion::Continue
                }
                Expr::BinaryExpr(BinaryExpr { left, op: Operator::Divide, right }) if moved_time(left).is_some() => {
                    match (moved_time(left), number(right)) {
                        (Some(from), Some(step)) if step > 0 => drop(self.steps.insert((step, from))),
                        _ => fits = false,
                    }
                    TreeNodeRecursion::Jump
                }
                Expr::BinaryExpr(BinaryExpr { left, op, right }) if is_time(left) => {
                    match (op, number(right)) {
                        (Operator::Lt | Operator::GtEq, Some(bound)) => {
                            self.bounds.insert(bound);
                        }
                        (Operator::LtEq | Operator::Gt, Some(bound)) => {
                            self.bounds.insert(bound.saturating_add(1));
                        }
                        _ => fits = false,
                    }
                    TreeNodeRecursion::Jump
                }
                Expr::BinaryExpr(_) | Expr::Literal(..) | Expr::Case(_) | Expr::Cast(_) | Expr::Alias(_) => {
                    TreeNodeRecursion::Continue
                }
                _ => {
                    fits = false;
                    TreeNodeRecursion::Stop
                }
            })
        });
        fits && walked.is_ok()
    }

    /// Where the stretch that begins with an instant ends.
    pub fn after(&self, at: i64) -> i64 {
        let bound = self.bounds.range(at.saturating_add(1)..).next().copied();
        // A whole division cuts towards nought, so the stretch around it is twice as long.
        let step = self.steps.iter().map(|(step, from)| {
            let since = at.saturating_sub(*from);
            let end = match since < 0 {
                true => (since / step) * step + 1,
                false => (since / step).saturating_add(1).saturating_mul(*step),
            };
            end.saturating_add(*from)
        });
        bound.into_iter().chain(step.filter(|end| *end > at)).min().unwrap_or(i64::MAX)
    }
}

/// The instant that became nought when an expression is the time as it is, or moved by a number.
fn moved_time(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Minus, right }) if is_time(left) => number(right),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Plus, right }) if is_time(left) => {
            number(right)?.checked_neg()
        }
        time if is_time(time) => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::prelude::{col, lit, when};
    use proptest::prelude::*;

    fn day() -> Expr {
        col("occurred_at") / lit(86_400_000_000_i64)
    }

    #[test]
    fn what_only_cuts_the_time_is_recognised() {
        let mut cuts = Cuts::default();
        let part = when(col("occurred_at").lt(lit(10_i64)), lit(0_i64)).otherwise(lit(1_i64)).unwrap();
        assert!(cuts.take(&day()) && cuts.take(&part) && cuts.take(&col("channel")));
        assert_eq!(cuts, Cuts { bounds: BTreeSet::from([10]), steps: BTreeSet::from([(86_400_000_000, 0)]) });
        let mut moved = Cuts::default();
        assert!(moved.take(&((col("occurred_at") - lit(7_i64)) / lit(5_i64))));
        assert_eq!(moved.steps, BTreeSet::from([(5, 7)]));
        for other in
            [col("occurred_at"), col("contact_id"), col("occurred_at") / col("value_minor"), day() + col("seq")]
        {
            assert!(!Cuts::default().take(&other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn nothing_changes_between_two_cuts(
            at in -1_000_i64..1_000, step in 1_i64..50, from in -70_i64..70, bound in -100_i64..100
        ) {
            let cuts = Cuts { bounds: BTreeSet::from([bound]), steps: BTreeSet::from([(step, from)]) };
            let ends = cuts.after(at);
            prop_assert!(ends > at);
            for within in at..ends.min(at + 200) {
                prop_assert_eq!(((within - from) / step, within < bound), ((at - from) / step, at < bound));
            }
        }
    }
}
