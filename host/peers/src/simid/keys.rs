//! The key ID tokens are signed with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

const ID: &str = "simid-1";

pub(super) struct Keys {
    signing: EncodingKey,
    /// The point on the curve: 0x04, x, y.
    point: Vec<u8>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    pub(super) fn generate() -> Self {
        let random = SystemRandom::new();
        let rules = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 =
            EcdsaKeyPair::generate_pkcs8(rules, &random).expect("the system has random numbers");
        let pair = EcdsaKeyPair::from_pkcs8(rules, pkcs8.as_ref(), &random)
            .expect("a key that was just made can be read");
        Self {
            signing: EncodingKey::from_ec_der(pkcs8.as_ref()),
            point: pair.public_key().as_ref().to_vec(),
        }
    }

    /// As the client reads it.
    pub(super) fn public(&self) -> Value {
        let (x, y) = self.point[1..].split_at(32);
        json!({ "keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": ID,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        }] })
    }

    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(ID.to_owned()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.signing).expect("claims are JSON")
    }
}

/// 256 bits that nobody guesses.
pub(super) fn random() -> String {
    let mut bits = [0; 32];
    SystemRandom::new().fill(&mut bits).expect("the system has random numbers");
    hex::encode(bits)
}
