//! What a comparison found.

use std::fmt::{Debug, Display};

/// How many differences of a comparison are shown; all are counted.
const SHOWN: usize = 5;

/// Generated cases of one behaviour, each run by Kafka and by the simulation.
pub(crate) struct Comparison {
    name: &'static str,
    n_cases: u64,
    n_different: u64,
    differences: Vec<String>,
    /// What the cases consist of, for example "1 440 keys".
    extent: String,
}

impl Comparison {
    /// Nothing compared yet.
    pub(crate) fn new(name: &'static str) -> Comparison {
        Comparison { name, n_cases: 0, n_different: 0, differences: Vec::new(), extent: String::new() }
    }

    /// Counts a case with what differs in it: nothing, if both gave the same.
    pub(crate) fn case(&mut self, case: impl Display, differences: &[String]) {
        self.n_cases += 1;
        if !differences.is_empty() {
            self.n_different += 1;
            self.differences.extend(differences.iter().map(|difference| format!("{case}: {difference}")));
        }
    }

    /// Says what the cases consist of.
    pub(crate) fn set_extent(&mut self, extent: String) {
        self.extent = extent;
    }

    /// How many cases agreed, and how many did not.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.n_cases - self.n_different, self.n_different)
    }

    /// A line, and one for each of the first differences.
    pub(crate) fn print(&self) {
        let found =
            if self.n_different == 0 { "no difference".to_owned() } else { format!("{} DIFFER", self.n_different) };
        println!("  {}: {} cases ({}), {found}", self.name, self.n_cases, self.extent);
        for difference in self.differences.iter().take(SHOWN) {
            println!("    {difference}");
        }
        if self.differences.len() > SHOWN {
            println!("    … and {} more", self.differences.len() - SHOWN);
        }
    }
}

/// A difference, if there is one.
pub(crate) fn differ<T: PartialEq + Debug>(what: &str, kafka: &T, simulated: &T) -> Option<String> {
    (kafka != simulated).then(|| format!("{what}: Kafka {kafka:?}, simulated {simulated:?}"))
}
