//! Measuring: turns, medians, memory and processor time of processes.

use anyhow::{Context, Result};
use std::fs;

/// Runs all contenders once a round, by turns, and gives the median of each.
pub fn by_turns(rounds: usize, contenders: &mut [&mut dyn FnMut() -> Result<f64>]) -> Result<Vec<f64>> {
    let mut values = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for (contender, values) in contenders.iter_mut().zip(&mut values) {
            values.push(contender()?);
        }
    }
    Ok(values.into_iter().map(median).collect())
}

/// The middle value; of an even number the mean of the two in the middle. NaN of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

/// The most memory a running process has held so far, in MiB (`VmHWM` of proc(5)).
pub fn peak_memory(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

/// Processor time, in seconds, of all processes we started that have ended, with theirs (fields 16 and 17 of
/// proc(5)'s stat, in ticks of 10 ms on Linux).
pub fn children_processor_time() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The second field is a name in brackets that may hold anything; count from behind it.
    let fields: Vec<&str> = stat.rsplit_once(')').context("stat")?.1.split_whitespace().collect();
    let ticks = |at: usize| -> Result<f64> { Ok(fields.get(at).context("stat")?.parse()?) };
    Ok((ticks(13)? + ticks(14)?) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_alternate_and_medians_resist_one_bad_round() {
        let order = std::cell::RefCell::new(String::new());
        let mut ours = vec![1.0, 99.0, 2.0].into_iter();
        let mut a = || {
            order.borrow_mut().push('a');
            Ok(ours.next().unwrap())
        };
        let mut b = || {
            order.borrow_mut().push('b');
            Ok(5.0)
        };
        assert_eq!(by_turns(3, &mut [&mut a, &mut b]).unwrap(), [2.0, 5.0]);
        assert_eq!(order.into_inner(), "ababab");
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    }

    #[test]
    fn memory_and_time_are_read_from_the_kernel() {
        assert!(peak_memory(std::process::id()).unwrap() > 0.5);
        let before = children_processor_time().unwrap();
        let busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
        assert!(std::process::Command::new("sh").args(["-c", busy]).status().unwrap().success());
        assert!(children_processor_time().unwrap() > before);
    }
}
