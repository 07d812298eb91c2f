//! The settings: flags win over environment variables, which win over the TOML file.

use anyhow::{Context, bail};
use clap::Parser;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A read-only window onto Kafka for the page, over HTTP
#[derive(Debug, Default, Parser)]
#[command(name = "replayground-proxy", version)]
pub struct Arguments {
    /// A TOML file with the same settings; flags and environment variables win over it
    #[arg(long, value_name = "FILE", env = "REPLAYGROUND_PROXY_CONFIG")]
    pub config: Option<PathBuf>,
    /// Kafka's bootstrap servers, HOST:PORT, separated by commas
    #[arg(long, value_name = "HOST:PORT", env = "REPLAYGROUND_PROXY_BROKERS")]
    pub brokers: Option<String>,
    /// Where to listen [default: 127.0.0.1:8082]
    #[arg(long, value_name = "ADDRESS:PORT", env = "REPLAYGROUND_PROXY_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Also serve this folder, for example the built page
    #[arg(long, value_name = "DIR", env = "REPLAYGROUND_PROXY_SITE")]
    pub site: Option<PathBuf>,
    /// Origins whose pages may read, such as `https://example.org`; may be repeated [default: none but the proxy's own]
    #[arg(long, value_name = "ORIGIN", value_delimiter = ',', env = "REPLAYGROUND_PROXY_CORS_ORIGINS")]
    pub cors_origin: Vec<String>,
    /// Names under which the proxy is reached besides localhost, when it listens on the loopback address
    #[arg(long, value_name = "NAME", value_delimiter = ',', env = "REPLAYGROUND_PROXY_HOSTS")]
    pub host: Vec<String>,
    /// Patterns of the topics that may be read, `*` stands for any text; may be repeated [default: all but those with `__`]
    #[arg(long, value_name = "PATTERN", value_delimiter = ',', env = "REPLAYGROUND_PROXY_TOPICS")]
    pub topics: Vec<String>,
    /// Clients must send this token; better given by the environment or by --token-file, since others can see a command line
    #[arg(long, value_name = "TOKEN", env = "REPLAYGROUND_PROXY_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// A file that holds the token
    #[arg(long, value_name = "FILE", env = "REPLAYGROUND_PROXY_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,
    /// Schema Registry, to decode Avro, JSON Schema and Protobuf
    #[arg(long, value_name = "URL", env = "REPLAYGROUND_PROXY_SCHEMA_REGISTRY", hide_env_values = true)]
    pub schema_registry: Option<String>,
    /// A setting of librdkafka, such as `security.protocol=SASL_SSL`; may be repeated. Secrets belong into the file or into
    /// variables: `REPLAYGROUND_KAFKA_SASL_PASSWORD` is `sasl.password`
    #[arg(long = "kafka", value_name = "NAME=VALUE")]
    pub kafka: Vec<String>,
    /// A file with the token for SASL/OAUTHBEARER; read again each time one is needed
    #[arg(long, value_name = "FILE", env = "REPLAYGROUND_PROXY_OAUTH_TOKEN_FILE")]
    pub oauth_token_file: Option<PathBuf>,
    /// Reads at the same time; more wait, then are refused [default: 32]
    #[arg(long, value_name = "N", env = "REPLAYGROUND_PROXY_MAX_READS")]
    pub max_reads: Option<usize>,
    /// Live tails at the same time [default: 64]
    #[arg(long, value_name = "N", env = "REPLAYGROUND_PROXY_MAX_TAILS")]
    pub max_tails: Option<usize>,
    /// Consumer instances at the same time [default: 64]
    #[arg(long, value_name = "N", env = "REPLAYGROUND_PROXY_MAX_INSTANCES")]
    pub max_instances: Option<usize>,
    /// Seconds after which an idle consumer instance goes [default: 300]
    #[arg(long, value_name = "SECONDS", env = "REPLAYGROUND_PROXY_INSTANCE_IDLE_S")]
    pub instance_idle_s: Option<u64>,
    /// Bytes that one read may give at most [default: 4294967296]
    #[arg(long, value_name = "BYTES", env = "REPLAYGROUND_PROXY_MAX_BYTES")]
    pub max_bytes: Option<u64>,
    /// Seconds that one read may last at most [default: 3600]
    #[arg(long, value_name = "SECONDS", env = "REPLAYGROUND_PROXY_MAX_READ_S")]
    pub max_read_s: Option<u64>,
    /// Seconds after which a broker, or a client that takes nothing, is given up [default: 30]
    #[arg(long, value_name = "SECONDS", env = "REPLAYGROUND_PROXY_PATIENCE_S")]
    pub patience_s: Option<u64>,
    /// Requests a minute from one client address [default: 1200]
    #[arg(long, value_name = "N", env = "REPLAYGROUND_PROXY_REQUESTS_PER_MINUTE")]
    pub requests_per_minute: Option<u32>,
    /// Connections at the same time [default: 512]
    #[arg(long, value_name = "N", env = "REPLAYGROUND_PROXY_MAX_CONNECTIONS")]
    pub max_connections: Option<usize>,
}

/// The TOML file. Names are the flags', with `_`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the names are the flags'")]
struct File {
    brokers: Option<String>,
    listen: Option<SocketAddr>,
    site: Option<PathBuf>,
    cors_origins: Vec<String>,
    hosts: Vec<String>,
    topics: Vec<String>,
    token: Option<String>,
    token_file: Option<PathBuf>,
    schema_registry: Option<String>,
    oauth_token_file: Option<PathBuf>,
    kafka: BTreeMap<String, Plain>,
    limits: FileLimits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FileLimits {
    max_reads: Option<usize>,
    max_tails: Option<usize>,
    max_instances: Option<usize>,
    instance_idle_s: Option<u64>,
    max_bytes: Option<u64>,
    max_read_s: Option<u64>,
    patience_s: Option<u64>,
    requests_per_minute: Option<u32>,
    max_connections: Option<usize>,
}

/// What the proxy runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// A folder to serve beside the API.
    pub site: Option<PathBuf>,
    /// Origins besides the proxy's own.
    pub cors_origins: Vec<String>,
    /// Host names besides the loopback ones.
    pub hosts: Vec<String>,
    /// Patterns; empty: all topics but Kafka's internal ones.
    pub topics: Vec<String>,
    /// What clients must send.
    pub token: Option<String>,
    /// The registry's address, without a slash at the end.
    pub schema_registry: Option<String>,
    /// Where the token for OAUTHBEARER is read from.
    pub oauth_token_file: Option<PathBuf>,
    /// librdkafka's settings, `bootstrap.servers` among them.
    pub kafka: BTreeMap<String, String>,
    /// The bounds of what clients may use.
    pub limits: Limits,
}

/// How much one proxy gives at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Reads at the same time.
    pub max_reads: usize,
    /// Live tails at the same time.
    pub max_tails: usize,
    /// Consumer instances at the same time.
    pub max_instances: usize,
    /// After which an unused instance goes.
    pub instance_idle: Duration,
    /// Of one read's records, keys and values together.
    pub max_bytes: u64,
    /// How long one read may last.
    pub max_read: Duration,
    /// How long a broker may be silent, and a client take nothing.
    pub patience: Duration,
    /// From one address.
    pub requests_per_minute: u32,
    /// Open at the same time.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_reads: 32,
            max_tails: 64,
            max_instances: 64,
            instance_idle: Duration::from_mins(5),
            max_bytes: 4 << 30,
            max_read: Duration::from_hours(1),
            patience: Duration::from_secs(30),
            requests_per_minute: 1200,
            max_connections: 512,
        }
    }
}

impl Settings {
    /// The defaults, for these bootstrap servers.
    pub fn new(brokers: &str) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8082)),
            site: None,
            cors_origins: Vec::new(),
            hosts: Vec::new(),
            topics: Vec::new(),
            token: None,
            schema_registry: None,
            oauth_token_file: None,
            kafka: BTreeMap::from([("bootstrap.servers".to_owned(), brokers.to_owned())]),
            limits: Limits::default(),
        }
    }

    /// What the flags, the environment (already read by clap, but for librdkafka's settings in `variables`) and the file say.
    ///
    /// # Errors
    /// A file that cannot be read or has unknown names; no brokers; a value that makes no sense.
    pub fn resolve(
        arguments: Arguments,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let file = arguments.config.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let Some(brokers) = arguments.brokers.or(file.brokers) else {
            bail!(
                "which Kafka? Give --brokers HOST:PORT, REPLAYGROUND_PROXY_BROKERS, or brokers in the file of --config"
            )
        };
        let mut settings = Self::new(&brokers);
        settings.listen = arguments.listen.or(file.listen).unwrap_or(settings.listen);
        settings.site = arguments.site.or(file.site);
        if let Some(folder) = settings.site.as_deref().filter(|folder| !folder.is_dir()) {
            bail!("--site {}: there is no such folder; `cargo xtask build` makes dist/", folder.display());
        }
        settings.cors_origins = first_list(arguments.cors_origin, file.cors_origins);
        for origin in &settings.cors_origins {
            check_origin(origin)?;
        }
        settings.hosts = first_list(arguments.host, file.hosts);
        settings.topics = first_list(arguments.topics, file.topics);
        settings.token = token(arguments.token, arguments.token_file)?.or(token(file.token, file.token_file)?);
        settings.schema_registry = arguments.schema_registry.or(file.schema_registry);
        if let Some(url) = &mut settings.schema_registry {
            url.truncate(url.trim_end_matches('/').len());
            if !url.starts_with("http://") && !url.starts_with("https://") {
                bail!("--schema-registry must begin with http:// or https://");
            }
        }
        settings.oauth_token_file = arguments.oauth_token_file.or(file.oauth_token_file);
        settings.kafka.extend(file.kafka.into_iter().map(|(name, value)| (name, value.into_text())));
        settings.kafka.extend(variables.into_iter().filter_map(|(name, value)| Some((property(&name)?, value))));
        for pair in arguments.kafka {
            let (name, value) = pair.split_once('=').context("--kafka takes NAME=VALUE")?;
            settings.kafka.insert(name.trim().to_owned(), value.to_owned());
        }
        let (limits, file) = (&mut settings.limits, file.limits);
        let seconds =
            |flag: Option<u64>, file: Option<u64>, default| flag.or(file).map_or(default, Duration::from_secs);
        *limits = Limits {
            max_reads: arguments.max_reads.or(file.max_reads).unwrap_or(limits.max_reads).max(1),
            max_tails: arguments.max_tails.or(file.max_tails).unwrap_or(limits.max_tails),
            max_instances: arguments.max_instances.or(file.max_instances).unwrap_or(limits.max_instances),
            instance_idle: seconds(arguments.instance_idle_s, file.instance_idle_s, limits.instance_idle),
            max_bytes: arguments.max_bytes.or(file.max_bytes).unwrap_or(limits.max_bytes),
            max_read: seconds(arguments.max_read_s, file.max_read_s, limits.max_read),
            patience: seconds(arguments.patience_s, file.patience_s, limits.patience).max(Duration::from_secs(1)),
            requests_per_minute: arguments
                .requests_per_minute
                .or(file.requests_per_minute)
                .unwrap_or(limits.requests_per_minute)
                .max(1),
            max_connections: arguments
                .max_connections
                .or(file.max_connections)
                .unwrap_or(limits.max_connections)
                .max(1),
        };
        Ok(settings)
    }
}

fn read_file(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("--config {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("--config {}", path.display()))
}

fn first_list(flags: Vec<String>, file: Vec<String>) -> Vec<String> {
    if flags.is_empty() { file } else { flags }
}

/// The token itself or what its file holds; an empty one would let everybody in.
fn token(token: Option<String>, file: Option<PathBuf>) -> anyhow::Result<Option<String>> {
    let token = match (token, file) {
        (Some(token), _) => token,
        (None, None) => return Ok(None),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(&path).with_context(|| format!("--token-file {}", path.display()))?;
            text.trim().to_owned()
        }
    };
    if token.is_empty() {
        bail!("the token is empty: leave it out to ask for none");
    }
    Ok(Some(token))
}

fn check_origin(origin: &str) -> anyhow::Result<()> {
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    if origin == "*" || host.is_some_and(|host| !host.is_empty() && !host.contains('/')) {
        return Ok(());
    }
    bail!(
        "--cors-origin {origin}: an origin is scheme, host and port, such as https://example.org, without a slash at the end"
    )
}

/// `REPLAYGROUND_KAFKA_SASL_PASSWORD` → `sasl.password`.
fn property(variable: &str) -> Option<String> {
    Some(variable.strip_prefix("REPLAYGROUND_KAFKA_")?.to_ascii_lowercase().replace('_', "."))
}

/// Numbers and booleans may stand without quotes in the file; librdkafka takes text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Plain {
    Text(String),
    Whole(i64),
    Number(f64),
    Flag(bool),
}

impl Plain {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Settings};
    use clap::Parser;
    use std::io::Write;

    fn resolve(flags: &[&str], variables: &[(&str, &str)], file: &str) -> anyhow::Result<Settings> {
        let mut config = tempfile::NamedTempFile::new()?;
        config.write_all(file.as_bytes())?;
        let mut all = vec!["replayground-proxy", "--config", config.path().to_str().unwrap()];
        all.extend(flags);
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::resolve(Arguments::parse_from(all), variables)
    }

    #[test]
    fn flags_win_over_variables_which_win_over_the_file() {
        let file = "brokers = 'file:1'\ntopics = ['a', 'b*']\n[kafka]\n'sasl.username' = 'file'\n'sasl.password' = 'file'\n'socket.timeout.ms' = 1000\n[limits]\nmax_reads = 3";
        let variables = [("REPLAYGROUND_KAFKA_SASL_PASSWORD", "variable"), ("HOME", "x")];
        let settings = resolve(&["--brokers", "flag:1", "--kafka", "client.id=me"], &variables, file).unwrap();
        let kafka = |name: &str| settings.kafka[name].as_str();
        assert_eq!(kafka("bootstrap.servers"), "flag:1");
        assert_eq!((kafka("sasl.username"), kafka("sasl.password")), ("file", "variable"));
        assert_eq!((kafka("socket.timeout.ms"), kafka("client.id")), ("1000", "me"));
        assert_eq!((settings.topics.len(), settings.limits.max_reads, settings.limits.max_tails), (2, 3, 64));
        assert!(settings.listen.ip().is_loopback());
        assert!(settings.cors_origins.is_empty());
    }

    #[track_caller]
    fn check_refused(flags: &[&str], file: &str, expected: &str) {
        let error = format!("{:#}", resolve(flags, &[], file).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_words() {
        check_refused(&[], "", "which Kafka?");
        check_refused(&[], "brokrs = 'x:1'", "brokrs");
        check_refused(&["--brokers", "x:1", "--cors-origin", "https://example.org/"], "", "an origin is");
        check_refused(&["--brokers", "x:1", "--site", "/no/such/folder"], "", "no such folder");
        check_refused(&["--brokers", "x:1", "--kafka", "nonsense"], "", "NAME=VALUE");
        check_refused(&["--brokers", "x:1", "--token", ""], "", "empty");
        check_refused(&["--brokers", "x:1", "--schema-registry", "ftp://x"], "", "http://");
    }
}
