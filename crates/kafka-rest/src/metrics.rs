//! Counters for Prometheus. They tell how much and how fast, never what.

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the latency histogram, in milliseconds.
const BUCKETS_MS: [u64; 8] = [5, 25, 100, 500, 2_500, 10_000, 60_000, 600_000];

/// All of the proxy's figures.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// By class of status: 1xx to 5xx.
    requests: [AtomicU64; 5],
    latency: [AtomicU64; BUCKETS_MS.len()],
    latency_sum_ms: AtomicU64,
    pub(crate) records: AtomicU64,
    pub(crate) record_bytes: AtomicU64,
    pub(crate) read_errors: AtomicU64,
    pub(crate) reads: AtomicI64,
    pub(crate) tails: AtomicI64,
    pub(crate) instances: AtomicI64,
    pub(crate) connections: AtomicI64,
}

impl Metrics {
    /// Counts one answered request; `took` is until its head was ready.
    pub(crate) fn request(&self, status: u16, took: Duration) {
        if let Some(class) = self.requests.get(usize::from(status / 100).wrapping_sub(1)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        let took_ms = took.as_millis() as u64;
        self.latency_sum_ms.fetch_add(took_ms, Ordering::Relaxed);
        if let Some(bucket) = BUCKETS_MS.iter().position(|bound| took_ms <= *bound) {
            self.latency[bucket].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Prometheus' text format, version 0.0.4.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let name = "replayground_proxy";
        writeln!(out, "# HELP {name}_requests_total Requests answered, by class of status.")?;
        writeln!(out, "# TYPE {name}_requests_total counter")?;
        let mut all = 0;
        for (class, count) in self.requests.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            all += count;
            writeln!(out, "{name}_requests_total{{status=\"{}xx\"}} {count}", class + 1)?;
        }
        writeln!(out, "# HELP {name}_request_seconds Time until the head of the answer.")?;
        writeln!(out, "# TYPE {name}_request_seconds histogram")?;
        let mut below = 0;
        for (bound, count) in BUCKETS_MS.iter().zip(&self.latency) {
            below += count.load(Ordering::Relaxed);
            writeln!(out, "{name}_request_seconds_bucket{{le=\"{}\"}} {below}", *bound as f64 / 1000.0)?;
        }
        writeln!(out, "{name}_request_seconds_bucket{{le=\"+Inf\"}} {all}")?;
        let sum = self.latency_sum_ms.load(Ordering::Relaxed) as f64 / 1000.0;
        writeln!(out, "{name}_request_seconds_sum {sum}\n{name}_request_seconds_count {all}")?;
        let counters = [
            ("records_total", "Records given to clients.", &self.records),
            ("record_bytes_total", "Bytes of records given to clients, as written.", &self.record_bytes),
            ("read_errors_total", "Reads that ended with an error.", &self.read_errors),
        ];
        for (what, help, value) in counters {
            let value = value.load(Ordering::Relaxed);
            writeln!(out, "# HELP {name}_{what} {help}\n# TYPE {name}_{what} counter\n{name}_{what} {value}")?;
        }
        let gauges = [
            ("reads", "Reads under way.", &self.reads),
            ("live_tails", "Live tails under way.", &self.tails),
            ("consumer_instances", "Consumer instances that exist.", &self.instances),
            ("connections", "Open connections.", &self.connections),
        ];
        for (what, help, value) in gauges {
            let value = value.load(Ordering::Relaxed);
            writeln!(out, "# HELP {name}_{what} {help}\n# TYPE {name}_{what} gauge\n{name}_{what} {value}")?;
        }
        Ok(())
    }
}

/// Counts something as long as it lives.
#[derive(Debug)]
pub(crate) struct Counted<F: Fn(&Metrics) -> &AtomicI64> {
    metrics: std::sync::Arc<Metrics>,
    gauge: F,
}

impl<F: Fn(&Metrics) -> &AtomicI64> Counted<F> {
    pub(crate) fn new(metrics: std::sync::Arc<Metrics>, gauge: F) -> Self {
        gauge(&metrics).fetch_add(1, Ordering::Relaxed);
        Self { metrics, gauge }
    }
}

impl<F: Fn(&Metrics) -> &AtomicI64> Drop for Counted<F> {
    fn drop(&mut self) {
        (self.gauge)(&self.metrics).fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use std::time::Duration;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::default();
        metrics.request(200, Duration::from_millis(3));
        metrics.request(404, Duration::from_millis(30));
        metrics.request(500, Duration::from_hours(1));
        let text = metrics.text();
        for line in [
            "replayground_proxy_requests_total{status=\"4xx\"} 1",
            "replayground_proxy_request_seconds_bucket{le=\"0.005\"} 1",
            "replayground_proxy_request_seconds_bucket{le=\"0.1\"} 2",
            "replayground_proxy_request_seconds_bucket{le=\"+Inf\"} 3",
        ] {
            assert!(text.lines().any(|printed| printed == line), "{line} is not in\n{text}");
        }
    }
}
