//! TLS and SASL towards Kafka: the right credentials read, the wrong ones are told apart from a broker that is down.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use kafka_harness::{Broker, Error, Options, broker_or_skip, jars};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use support::Proxy;

const JAAS: &str = r#"org.apache.kafka.common.security.plain.PlainLoginModule required user_reader="plain-secret";"#;
const SCRAM: &str = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
const OAUTH: &str = r#"org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";"#;

/// A certificate for 127.0.0.1 in `keys.p12`, and the same for clients in `ca.pem`.
fn make_keys(keytool: &Path, folder: &Path) {
    let store = ["-keystore", "keys.p12", "-storepass", "changeit", "-alias", "broker"];
    let run = |arguments: &[&str]| {
        let output = Command::new(keytool).args(arguments).args(store).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    };
    run(&[
        "-genkeypair",
        "-storetype",
        "PKCS12",
        "-keyalg",
        "EC",
        "-dname",
        "CN=broker",
        "-ext",
        "SAN=IP:127.0.0.1",
        "-validity",
        "2",
    ]);
    run(&["-exportcert", "-rfc", "-file", "ca.pem"]);
}

/// A broker that clients reach by SASL over TLS only, with `keys` from [`make_keys`].
fn secured(keys: &Path) -> Option<Broker> {
    let keystore = keys.join("keys.p12").display().to_string();
    let mechanism =
        |name: &str, jaas: &str| (format!("listener.name.sasl_ssl.{name}.sasl.jaas.config"), jaas.to_owned());
    let mut options = Options::default()
        .with(
            "listeners",
            "SASL_SSL://127.0.0.1:{port},INTERNAL://127.0.0.1:0,CONTROLLER://127.0.0.1:{controller_port}",
        )
        .with("advertised.listeners", "SASL_SSL://127.0.0.1:{port},INTERNAL://127.0.0.1:9")
        .with("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,INTERNAL:PLAINTEXT,SASL_SSL:SASL_SSL")
        .with("inter.broker.listener.name", "INTERNAL")
        .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512,OAUTHBEARER")
        .with("ssl.keystore.type", "PKCS12")
        .with("ssl.keystore.location", &keystore)
        .with("ssl.keystore.password", "changeit");
    options.properties.extend([
        mechanism("plain", JAAS),
        mechanism("scram-sha-512", SCRAM),
        mechanism("oauthbearer", OAUTH),
    ]);
    let scram = "SCRAM-SHA-512=[name=reader,password=scram-secret]";
    options.format_arguments = vec!["--add-scram".to_owned(), scram.to_owned()];
    broker_or_skip(&options)
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_scram_and_oauthbearer_over_tls_let_the_right_ones_in() {
    let java = match jars() {
        Ok(jars) => jars.java,
        Err(Error::Missing(missing)) => return eprintln!("skipped, because {missing}"),
        Err(error) => panic!("{error}"),
    };
    let keys = tempfile::tempdir().unwrap();
    make_keys(&java.canonicalize().unwrap().with_file_name("keytool"), keys.path());
    let Some(broker) = secured(keys.path()) else { return };
    let ca = keys.path().join("ca.pem").display().to_string();
    let token = keys.path().join("token");
    // Kafka's unsecured tokens, for tests of its own: header {"alg":"none"}, claims, no signature.
    std::fs::write(&token, unsecured_token()).unwrap();
    let ask = async |mechanism: &str, password: &str, ca: Option<&str>| {
        let pairs = [
            ("security.protocol", "SASL_SSL"),
            ("sasl.mechanism", mechanism),
            ("sasl.username", "reader"),
            ("sasl.password", password),
        ];
        let mut kafka: BTreeMap<String, String> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        kafka.extend(ca.map(|ca| ("ssl.ca.location".to_owned(), ca.to_owned())));
        let proxy = Proxy::new(&broker.address(), |settings| {
            settings.kafka.append(&mut kafka);
            settings.oauth_token_file = Some(token.clone());
            settings.limits.patience = std::time::Duration::from_secs(10);
        });
        proxy.get("/brokers").await
    };
    for (mechanism, password) in [("PLAIN", "plain-secret"), ("SCRAM-SHA-512", "scram-secret"), ("OAUTHBEARER", "")] {
        let answer = ask(mechanism, password, Some(&ca)).await;
        assert_eq!(answer.status, 200, "{mechanism}: {}", answer.text());
    }
    for mechanism in ["PLAIN", "SCRAM-SHA-512"] {
        let answer = ask(mechanism, "wrong", Some(&ca)).await;
        answer.check_error("502 50201", "uthentication failed");
        assert!(!answer.text().contains("wrong"), "{}", answer.text());
    }
    // A certificate that nobody vouches for.
    ask("PLAIN", "plain-secret", None).await.check_error("502 50201", "certificate");
}

fn unsecured_token() -> String {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let output = Command::new("date").arg("+%s").output().unwrap();
    let now: i64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let claims = serde_json::json!({ "sub": "reader", "iat": now - 10, "exp": now + 3600 });
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.", encode("{\"alg\":\"none\"}"), encode(&claims.to_string()))
}
