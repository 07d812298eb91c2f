//! Apache Kafka on a port of this machine for trying things out, gone with Ctrl+C: `cargo run -p kafka-harness --example broker -- 9092`.

use kafka_harness::{Broker, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(9092), |text| text.parse())?;
    // Whoever tries things out writes to topics that are not there yet.
    let options = Options { port: Some(port), ..Options::default() }
        .with("auto.create.topics.enable", "true")
        .with("num.partitions", "3");
    let broker = Broker::start(&options)?;
    println!("Kafka listens on {}, its log is in {}; Ctrl+C ends it", broker.address(), broker.folder().display());
    loop {
        std::thread::park();
    }
}
