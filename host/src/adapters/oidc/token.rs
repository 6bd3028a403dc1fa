//! Whether an ID token is the broker's, for us, for this attempt, and of now (OpenID Connect Core 3.1.3.7).

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

use super::OidcError;
use super::claims::Claims;

/// Signatures with a public key only: who can check one must not be able to make one.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256];
/// How far the broker's clock may be from ours.
const DRIFT: TimeDelta = TimeDelta::minutes(1);

pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// What the token says, when it can be trusted.
pub(super) fn check(
    token: &str,
    keys: &JwkSet,
    expected: &Expected<'_>,
) -> Result<Claims, OidcError> {
    let untrusted = |why: &str| OidcError::Untrusted(why.to_owned());
    let header = decode_header(token)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(untrusted("it is not signed with a public key"));
    }
    let key =
        find(keys, header.kid.as_deref()).ok_or_else(|| untrusted("the broker has no such key"))?;
    let mut rules = Validation::new(header.alg);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.audience]);
    rules.set_required_spec_claims(&["exp", "iss", "aud"]);
    rules.validate_exp = false; // by our own Clock, below
    let claims = decode::<Claims>(token, &DecodingKey::from_jwk(key)?, &rules)?.claims;
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(untrusted("it is of another attempt to log in"));
    }
    if claims.exp <= (expected.now - DRIFT).timestamp() {
        return Err(untrusted("it has run out"));
    }
    Ok(claims)
}

/// The key that is named; the only one, where none is.
fn find<'a>(keys: &'a JwkSet, id: Option<&str>) -> Option<&'a Jwk> {
    match (id, &keys.keys[..]) {
        (Some(id), _) => keys.find(id),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::{Value, json};

    use super::*;

    /// A key of ours, and the set the client sees.
    struct Broker {
        signing: EncodingKey,
        keys: JwkSet,
    }

    impl Broker {
        fn new() -> Self {
            use base64::Engine as _;
            use base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let (rules, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(rules, &random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(rules, pkcs8.as_ref(), &random).unwrap();
            let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
            let keys = json!({ "keys": [{
                "kty": "EC", "crv": "P-256", "kid": "ec",
                "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
            }] });
            let keys = serde_json::from_value(keys).unwrap();
            Self { signing: EncodingKey::from_ec_der(pkcs8.as_ref()), keys }
        }

        /// Why a token with these claims is not trusted; nothing where it is.
        fn refusal(&self, claims: &Value) -> Option<String> {
            let header = Header { kid: Some("ec".into()), ..Header::new(Algorithm::ES256) };
            let token = encode(&header, claims, &self.signing).unwrap();
            refusal(&token, &self.keys)
        }
    }

    fn refusal(token: &str, keys: &JwkSet) -> Option<String> {
        let expected = Expected {
            issuer: "https://broker.example",
            audience: "ydun",
            nonce: "en gang",
            now: "2026-03-02T09:00:00Z".parse().unwrap(),
        };
        check(token, keys, &expected).err().map(|error| error.to_string())
    }

    fn good() -> Value {
        json!({ "iss": "https://broker.example", "aud": "ydun", "exp": 1_772_442_300, // 09:05
                "nonce": "en gang", "identity_type": "private" })
    }

    #[test]
    fn a_token_is_of_this_broker_for_us_for_this_attempt_and_of_now() {
        let broker = Broker::new();
        assert_eq!(broker.refusal(&good()), None);
        let wrong = |name: &str, value: Value| {
            let mut claims = good();
            claims[name] = value;
            broker.refusal(&claims)
        };
        assert!(wrong("iss", "https://other.example".into()).is_some());
        assert!(wrong("aud", "another".into()).is_some());
        assert!(wrong("nonce", "to gange".into()).unwrap().contains("another attempt"));
        assert!(wrong("nonce", Value::Null).unwrap().contains("another attempt"));
        let ends = |exp: i64| wrong("exp", exp.into());
        assert!(ends(1_772_441_940).unwrap().contains("run out")); // 08:59: a minute of drift is over
        assert_eq!(ends(1_772_441_941), None);
    }

    #[test]
    fn a_token_is_signed_by_the_brokers_own_key() {
        let (broker, other) = (Broker::new(), Broker::new());
        let header = Header { kid: Some("ec".into()), ..Header::new(Algorithm::ES256) };
        let forged = encode(&header, &good(), &other.signing).unwrap();
        assert!(refusal(&forged, &broker.keys).is_some());
        let unknown = Header { kid: Some("ny".into()), ..Header::new(Algorithm::ES256) };
        let unknown = encode(&unknown, &good(), &broker.signing).unwrap();
        assert!(refusal(&unknown, &broker.keys).unwrap().contains("no such key"));
        // What anybody who knows the public key could make.
        let shared = EncodingKey::from_secret(b"offentlig");
        let shared = encode(&Header::new(Algorithm::HS256), &good(), &shared).unwrap();
        assert!(refusal(&shared, &broker.keys).unwrap().contains("not signed with a public key"));
        let unsigned = "eyJhbGciOiJub25lIn0.e30.";
        assert!(refusal(unsigned, &broker.keys).is_some());
    }

    /// Made once with another program, whose private key nobody has kept.
    #[test]
    fn a_token_signed_with_rsa_is_read_too() {
        const KEY: &str = "r_SvzAOxEAsTCgXUPVThKDlmsUc7F_2sLjtRySQcqfyQxWjJY4JBp-ygF5wi9qJlv5HG_bAJHXNR4VP4Ytrf\
            J9GyEFjAvIiGRIkVNxcB06STB20bFOkY1apfjsubusCFb2A6KkUQFqe3eS8NJwVSyKOfFb1IrvBSrSymJ45G\
            z383fK-7L9QIh9zGHwvJOh1F-j_BoSxj0IQn0YgwaIOkHP-2l6D4xvVPWNf6GQzudwXMS_ULi2ExMmQ-xaDy\
            dZPyIMGteHe6dQwplhKNmyXTRPSUh_OWYW0IF4yaPxoHdrSdN1fUbt1CxAEgSfBz35S6MkG7bjAw62Tu0omI\
            k6NIwQ";
        const TOKEN: &str = "eyJhbGciOiAiUlMyNTYiLCAia2lkIjogInJzYSJ9.eyJpc3MiOiAiaHR0cHM6Ly9icm9rZXIuZXhhbXBsZSI\
            sICJhdWQiOiAieWR1biIsICJleHAiOiAxNzcyNDQyMzAwLCAibm9uY2UiOiAiZW4gZ2FuZyIsICJpZGVudGl\
            0eV90eXBlIjogInByaXZhdGUifQ.YTCUpPhtLXY4VbqYwanFTtBrZpk0pebUwGza3EooWwV_gSX_6U5JJk_g\
            vk7PUJR56XLXQECxH8qSnuVPy_VEFdNaXdI6tvNlNTyUhedaOMXBwxRyus5AI_WREc47czfv10xmS7Fz83Ot\
            b4D1iL-Lz31waELkPbnTKeZn8KxX2---4XDoahi55CgO9c3xL9wHE-u92rJZMDZCrJe-XG7lDNIVUY5HYYVf\
            _JWgVhsB4IyQKvKPuYFKLqBRSE6tUGnlfGr8K32W2OLF2ciUYaIpjVTVWYDTYJ9PtaCvcIIxxft63ARiREnq\
            JIHN4bV0WUgTPIoT9eumQ22_vKbRQW20pA";
        let keys = json!({ "keys": [{ "kty": "RSA", "kid": "rsa", "e": "AQAB", "n": KEY }] });
        let keys: JwkSet = serde_json::from_value(keys).unwrap();
        assert_eq!(refusal(TOKEN, &keys), None);
        let changed = TOKEN.replace("eyJpc3Mi", "eyJpc3Mj");
        assert!(refusal(&changed, &keys).is_some());
    }
}
