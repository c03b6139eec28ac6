//! How much memory a process had at its peak.

use std::fs;

/// Runs something, and tells how many MiB the process had at most while it did. NaN: the system does not tell.
pub fn peak<T>(run: impl FnOnce() -> T) -> f64 {
    // Linux forgets the peak before this on request (proc(5)).
    let is_reset = fs::write("/proc/self/clear_refs", "5").is_ok();
    run();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.filter(|_| is_reset).map_or(f64::NAN, |kibibytes| kibibytes / 1024.0)
}
