//! Whoever signs the identity tokens of workloads.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use axum::routing::get;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use packer_plugin_registry::model::{Clock as _, SystemClock};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::authority::Authority;
use super::socket_server::serve;

/// A key that signs with ES256.
pub(crate) struct SigningKey {
    name: &'static str,
    pair: EcdsaKeyPair,
}

impl SigningKey {
    pub(crate) fn new(name: &'static str) -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap();
        Self { name, pair }
    }

    /// Its public half: RFC 7517.
    fn jwk(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": self.name, "x": text(x), "y": text(y)})
    }

    /// A token with these claims: RFC 7515.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": self.name});
        let text = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", text(&header), text(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// Whoever signs the identity tokens of a CI system, behind HTTPS; it ends with the test's process.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pub(crate) key: SigningKey,
    pub(crate) authority: Authority,
    fetches: Arc<AtomicUsize>,
}

impl Issuer {
    pub(crate) fn start() -> Self {
        let (key, authority, fetches) = (SigningKey::new("key-1"), Authority::new(), Arc::<AtomicUsize>::default());
        let (tls, keys, counted) = (authority.acceptor("localhost", 2100), key.jwk(), Arc::clone(&fetches));
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
                let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
                send.send(url.clone()).unwrap();
                let about = json!({"issuer": url, "jwks_uri": format!("{url}/keys")});
                let answer = |body: Value, counted: Arc<AtomicUsize>| {
                    get(move || async move {
                        counted.fetch_add(1, Ordering::SeqCst);
                        Json(body)
                    })
                };
                let router = Router::new()
                    .route("/.well-known/openid-configuration", answer(about, Arc::clone(&counted)))
                    .route("/keys", answer(json!({"keys": [keys]}), counted));
                serve(listener, Some(tls), router).await;
            });
        });
        Self { url: receive.recv().unwrap(), key, authority, fetches }
    }

    /// How often it was asked who it is, or for its keys.
    pub(crate) fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }

    /// What it says of a job, for the next five minutes.
    pub(crate) fn claims(&self) -> Value {
        let now = SystemClock.now().0 / 1000;
        json!({
            "iss": self.url,
            "aud": "https://registry.example",
            "sub": "repo:acme/images:ref:refs/heads/main",
            "repository": "acme/images",
            "ref": "refs/heads/main",
            "iat": now,
            "exp": now + 300,
        })
    }
}
