//! The embedded samples. What to look at in each is said by the locale, as `sample-<name>` and `sample-<name>-look`.

/// An embedded log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    /// In links and test names.
    pub name: &'static str,
    /// The log.
    pub text: &'static str,
}

/// The first is loaded at the first visit.
pub(crate) const SAMPLES: [Sample; 4] = [
    Sample { name: "spray-heads", text: include_str!("../../samples/spray-heads.ndjson") },
    Sample { name: "bank-accounts", text: include_str!("../../samples/bank-accounts.ndjson") },
    Sample { name: "orders", text: include_str!("../../samples/orders.ndjson") },
    Sample { name: "customers-cdc", text: include_str!("../../samples/customers-cdc.ndjson") },
];
