//! Many questions in one night: how many of the answers may be chance.

/// q-values in the order of the p-values (Y. Benjamini, Y. Hochberg, Journal of the Royal Statistical Society B 57, 1995):
/// reporting everything with q ≤ α keeps the expected share of false reports at α, and where nothing changed at all, the
/// chance of a single false report. `tests` counts all questions asked, also those whose answer is not in the list.
pub fn q_values(p: &[f64], tests: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
    let tests = tests.max(p.len()) as f64;
    let mut q = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (place, index) in order.into_iter().enumerate() {
        let rank = (p.len() - place) as f64;
        least = least.min(p[index] * tests / rank);
        q[index] = least;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_paper_keeps_its_first_four() {
        // Table 1 of the paper: fifteen comparisons, four of which stand at 5 %.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let q = q_values(&p, p.len());
        assert_eq!(q.iter().filter(|q| **q <= 0.05).count(), 4);
        assert!((q[3] - 0.0095 * 15.0 / 4.0).abs() < 1e-12);
        assert!(q.windows(2).all(|pair| pair[0] <= pair[1]));
    }

    #[test]
    fn questions_whose_answers_were_dropped_count() {
        assert_eq!(q_values(&[0.001], 100), [0.1]);
        assert!(q_values(&[], 5).is_empty());
    }
}
