//! How sure a share is, and the difference of two.

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval of `hits` out of `all` (E. B. Wilson, JASA 22, 1927). `all` must be more than 0.
pub fn wilson(hits: i64, all: i64) -> Interval {
    let (x, n) = (hits as f64, all as f64);
    let p = x / n;
    let centre = 2.0 * n * p + Z * Z;
    let spread = Z * (Z * Z + 4.0 * n * p * (1.0 - p)).sqrt();
    let width = 2.0 * (n + Z * Z);
    Interval { low: ((centre - spread) / width).max(0.0), high: ((centre + spread) / width).min(1.0) }
}

/// The interval of the difference of two shares `a − b` from their Wilson intervals (R. G. Newcombe, Statistics in
/// Medicine 17, 1998, 873–890, method 10). Each is (hits, all) with all more than 0.
pub fn newcombe(a: (i64, i64), b: (i64, i64)) -> Interval {
    let (p, q) = (a.0 as f64 / a.1 as f64, b.0 as f64 / b.1 as f64);
    let (of_a, of_b) = (wilson(a.0, a.1), wilson(b.0, b.1));
    let down = ((p - of_a.low).powi(2) + (of_b.high - q).powi(2)).sqrt();
    let up = ((of_a.high - p).powi(2) + (q - of_b.low).powi(2)).sqrt();
    Interval { low: p - q - down, high: p - q + up }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Interval, low: f64, high: f64) {
        assert!((found.low - low).abs() < 0.000_05 && (found.high - high).abs() < 0.000_05, "{found:?} {low} {high}");
    }

    /// Newcombe, Statistics in Medicine 17, 1998, 857–872, table I, method 3.
    #[test]
    fn single_shares_as_published() {
        near(wilson(81, 263), 0.2553, 0.3662);
        near(wilson(15, 148), 0.0624, 0.1605);
        near(wilson(0, 20), 0.0, 0.1611);
        near(wilson(1, 29), 0.0061, 0.1718);
    }

    /// Newcombe 1998, table II, method 10.
    #[test]
    fn differences_as_published() {
        near(newcombe((56, 70), (48, 80)), 0.0524, 0.3339);
        near(newcombe((9, 10), (3, 10)), 0.1705, 0.8090);
        near(newcombe((6, 7), (2, 7)), 0.0582, 0.8062);
        near(newcombe((5, 56), (0, 29)), -0.0381, 0.1926);
        near(newcombe((0, 10), (0, 20)), -0.1611, 0.2775);
        near(newcombe((0, 10), (0, 10)), -0.2775, 0.2775);
        near(newcombe((10, 10), (0, 20)), 0.6791, 1.0);
        near(newcombe((10, 10), (0, 10)), 0.6075, 1.0);
    }
}
