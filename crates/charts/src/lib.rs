//! Pictures of figures: data in, SVG text out, nothing else.
//!
//! One picture serves page, PDF and PNG: every shape carries the light colour as an attribute and a class the page's CSS
//! replaces by its token, so dark mode works. Each chart is drawn twice, `wide` and `narrow`, and a container query shows
//! one of them. Values are printed and every mark with people behind it is a link. The crate reads no data and knows no
//! rule; whatever it is given, it never writes a figure that is not a number.

mod bars;
mod figure;
mod funnel;
mod ink;
mod lift;
mod lines;
mod ring;
mod stacks;

pub use bars::{Bar, BarsH, bars_h, bars_of};
pub use figure::Figure;
pub use funnel::{Funnel, Step, funnel, funnel_of};
pub use ink::{Colour, Width};
pub use lift::{Interval, Lift, lift, lift_of};
pub use lines::{Line, Lines, lines, lines_of, spark, spark_of};
pub use ring::{Donut, Slice, donut, donut_of};
pub use stacks::{Group, Series, StackH, StackV, stack_h, stack_h_of, stack_v, stack_v_of};
