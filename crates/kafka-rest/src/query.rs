//! Paths and queries, with errors that name the parameter.

use crate::error::Error;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A path's parameters; a path that is no UTF-8 is the client's mistake.
pub(crate) struct InPath<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InPath<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let invalid = |rejection: PathRejection| Error::Invalid { what: format!("the path: {rejection}") };
        Path::from_request_parts(parts, state).await.map(|Path(value)| Self(value)).map_err(invalid)
    }
}

/// A body of JSON.
pub(crate) struct InBody<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for InBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        // The type that clients give differs (`application/vnd.kafka.v2+json` or none at all), so it is not looked at.
        let bytes = axum::body::Bytes::from_request(request, state).await.map_err(|_| Error::TooLarge)?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Error::InvalidBody { what: error.to_string() })
    }
}

/// A query's parameters, each at most once.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let query = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        let Query(pairs) = query.map_err(|rejection| Error::Invalid { what: format!("the query: {rejection}") })?;
        Ok(Self(pairs))
    }
}

impl Parameters {
    /// That there are none but these, each once: a mistyped bound must not read a whole topic.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Error> {
        for (n, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let name: String = name.chars().take(40).collect();
                return Err(Error::Invalid { what: format!("{name}: unknown; there are {}", known.join(", ")) });
            }
            if self.0[..n].iter().any(|(earlier, _)| earlier == name) {
                return Err(Error::Invalid { what: format!("{name}: given twice") });
            }
        }
        Ok(())
    }

    /// The text of one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// A number of `T`'s range.
    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name).map(|text| number(name, text)).transpose()
    }

    /// One of these words.
    pub(crate) fn word<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let list = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        found.map(Some).ok_or_else(|| Error::Invalid { what: format!("{name}: must be one of {}", list()) })
    }

    /// Numbers separated by commas, at most 10 000.
    pub(crate) fn numbers<T: FromStr>(&self, name: &str) -> Result<Option<Vec<T>>, Error> {
        self.text(name).map(|text| text.split(',').take(10_000).map(|part| number(name, part)).collect()).transpose()
    }

    /// `partition:offset` pairs separated by commas.
    pub(crate) fn pairs(&self, name: &str) -> Result<Option<Vec<(i32, i64)>>, Error> {
        self.text(name).map(|text| pairs(name, text)).transpose()
    }
}

/// `0:15,1:20`.
pub(crate) fn pairs(name: &str, text: &str) -> Result<Vec<(i32, i64)>, Error> {
    let pair = |part: &str| {
        let (partition, offset) = part.split_once(':').ok_or_else(|| Error::Invalid {
            what: format!("{name}: pairs of PARTITION:OFFSET, separated by commas"),
        })?;
        Ok((number(name, partition)?, number(name, offset)?))
    };
    text.split(',').take(10_000).filter(|part| !part.is_empty()).map(pair).collect()
}

/// A number, or which parameter is none.
pub(crate) fn number<T: FromStr>(name: &str, text: &str) -> Result<T, Error> {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    text.parse().map_err(|_| Error::Invalid { what: format!("{name}: {shown:?} is no number that fits here") })
}
