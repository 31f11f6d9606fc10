//! How improbable something is: tails of the binomial and of Student's distribution, both through the regularised
//! incomplete beta function. Exact up to rounding, without tables and without simulation.

/// Natural logarithm of the gamma function for x > 0 (C. Lanczos, SIAM Journal on Numerical Analysis B 1, 1964; nine terms,
/// g = 7), to about fifteen digits.
fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        // Reflection.
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = C.iter().enumerate().skip(1).fold(C[0], |sum, (i, c)| sum + c / (x + i as f64));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1, by the continued fraction (W. Lentz, Applied Optics 15, 1976; DLMF 8.17.22).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges quickly on this side; the other one is its complement.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(1.0 - x, b, a);
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    const TINY: f64 = 1e-300;
    let kept = |v: f64| if v.abs() < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / kept(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..2_000 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / kept(1.0 + even * d);
        c = kept(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / kept(1.0 + odd * d);
        c = kept(1.0 + odd / c);
        let step = d * c;
        h *= step;
        if (step - 1.0).abs() < 1e-14 {
            break;
        }
    }
    (front * h).clamp(0.0, 1.0)
}

/// P(X ≥ k) of a binomial with n tries of chance `chance`. Counts may be fractions: those that were divided by a factor of
/// overdispersion.
pub fn at_least(k: f64, n: f64, chance: f64) -> f64 {
    if k <= 0.0 { 1.0 } else { incomplete_beta(chance, k, (n - k).max(0.0) + 1.0) }
}

/// P(X ≤ k), as above.
pub fn at_most(k: f64, n: f64, chance: f64) -> f64 {
    if k >= n { 1.0 } else { incomplete_beta(1.0 - chance, n - k, k.max(0.0) + 1.0) }
}

/// P(|T| ≥ |t|) of Student's distribution with `freedom` degrees of freedom.
pub fn student(t: f64, freedom: f64) -> f64 {
    incomplete_beta(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, known: f64) {
        assert!((found - known).abs() <= 1e-9 * known.abs().max(1e-3), "{found} is not {known}");
    }

    /// The sum of single probabilities, for small numbers of tries.
    fn summed(k: u32, n: u32, chance: f64) -> f64 {
        let choose = |i: u32| (0..i).fold(1.0, |c, j| c * f64::from(n - j) / f64::from(j + 1));
        (k..=n).map(|i| choose(i) * chance.powi(i as i32) * (1.0 - chance).powi((n - i) as i32)).sum()
    }

    #[test]
    fn tails_of_the_binomial_are_the_sums_of_their_parts() {
        for (k, n, chance) in [(3, 10, 0.2), (1, 5, 0.01), (17, 20, 0.9), (25, 40, 0.25), (0, 7, 0.4)] {
            near(at_least(f64::from(k), f64::from(n), chance), summed(k, n, chance));
            let below = 1.0 - summed(k + 1, n, chance);
            near(at_most(f64::from(k), f64::from(n), chance), below);
        }
        // Far out, where a sum of complements would be nothing but rounding.
        near(at_least(30.0, 100.0, 0.05) / summed(30, 100, 0.05), 1.0);
        near(at_most(0.0, 100.0, 0.25), 0.75_f64.powi(100));
    }

    #[test]
    fn tails_of_students_distribution_are_those_of_the_tables() {
        assert!((student(2.228_138_852, 10.0) - 0.05).abs() < 1e-8);
        assert!((student(12.706_204_736, 1.0) - 0.05).abs() < 1e-8);
        assert!((student(0.0, 5.0) - 1.0).abs() < 1e-12);
    }
}
