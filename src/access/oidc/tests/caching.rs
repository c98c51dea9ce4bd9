use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use futures::executor::block_on;
use futures::future::join_all;

use super::*;
use crate::model::{Clock, SettableClock};

const KEYS_URL: &str = "https://gitlab.example.com/oauth/discovery/keys";
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// An issuer that the test can change while it runs.
#[derive(Clone, Default)]
struct FakeIssuer(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    bodies: HashMap<String, (Vec<u8>, Option<u32>)>,
    asked: Vec<String>,
}

impl FakeIssuer {
    fn with(keys: &[Value]) -> Self {
        let it = Self::default();
        it.publish_discovery(ISSUER, KEYS_URL);
        it.publish_keys(keys, None);
        it
    }

    fn publish_discovery(&self, name: &str, keys_url: &str) {
        let body = json!({"issuer": name, "jwks_uri": keys_url, "response_types_supported": ["id_token"]});
        let url = format!("{ISSUER}/.well-known/openid-configuration");
        self.0.lock().unwrap().bodies.insert(url, (body.to_string().into_bytes(), None));
    }

    fn publish_keys(&self, keys: &[Value], max_age: Option<u32>) {
        let body = json!({ "keys": keys }).to_string().into_bytes();
        self.0.lock().unwrap().bodies.insert(KEYS_URL.to_owned(), (body, max_age));
    }

    fn go_away(&self) {
        self.0.lock().unwrap().bodies.clear();
    }

    /// How often keys were asked for.
    fn fetches(&self) -> usize {
        self.0.lock().unwrap().asked.iter().filter(|url| url.contains("well-known")).count()
    }
}

impl KeyFetcher for FakeIssuer {
    async fn fetch(&self, url: &str, limit: usize) -> Result<Fetched, String> {
        self.0.lock().unwrap().asked.push(url.to_owned());
        // Others get their turn, as while a network is waited for.
        futures::future::poll_fn({
            let mut waited = false;
            move |context| {
                if waited {
                    return std::task::Poll::Ready(());
                }
                waited = true;
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            }
        })
        .await;
        let pages = self.0.lock().unwrap();
        let (body, max_age) = pages.bodies.get(url).ok_or("connection refused")?;
        if body.len() > limit {
            Err("too long".to_owned())
        } else {
            Ok(Fetched { body: body.clone(), max_age: *max_age })
        }
    }
}

struct Setting {
    issuer: FakeIssuer,
    clock: Arc<SettableClock>,
    cache: KeyCache<FakeIssuer>,
}

fn setting(keys: &[Value]) -> Setting {
    let issuer = FakeIssuer::with(keys);
    let clock = Arc::new(SettableClock::at(NOW));
    let cache = KeyCache::new(issuer.clone(), clock.clone());
    Setting { issuer, clock, cache }
}

impl Setting {
    fn pass(&self, milliseconds: i64) {
        self.clock.set(Timestamp(self.clock.now().0 + milliseconds));
    }

    /// Whether the keys are there to check a token that is said to be signed with `kid`.
    fn has(&self, kid: &str) -> Result<bool, FetchError> {
        let token = about(kid);
        let keys = block_on(self.cache.keys(&issuer(ISSUER), &token))?;
        Ok(token.is_signed_with_one_of(&keys))
    }
}

fn about(kid: &str) -> Unverified {
    Unverified::read(&Signer::ed25519().token(kid, &claims())).unwrap()
}

fn key(kid: &str) -> Value {
    Signer::ed25519().jwk(kid)
}

#[test]
fn keys_are_fetched_once_and_kept_for_as_long_as_the_issuer_says() {
    for (max_age, kept) in [
        (None, HOUR),
        (Some(0), 5 * MINUTE),
        (Some(60), 5 * MINUTE),
        (Some(7200), 2 * HOUR),
        (Some(u32::MAX), 24 * HOUR),
    ] {
        let setting = setting(&[]);
        setting.issuer.publish_keys(&[key("a")], max_age);
        assert_eq!(setting.has("a"), Ok(true));
        setting.pass(kept - 1);
        assert_eq!((setting.has("a"), setting.issuer.fetches()), (Ok(true), 1), "{max_age:?}");
        setting.pass(1);
        assert_eq!((setting.has("a"), setting.issuer.fetches()), (Ok(true), 2), "{max_age:?}");
    }
}

#[test]
fn a_key_that_was_taken_back_is_gone_with_the_next_fetch() {
    let setting = setting(&[key("a")]);
    assert_eq!(setting.has("a"), Ok(true));
    setting.issuer.publish_keys(&[key("b")], None);
    setting.pass(HOUR);
    assert_eq!(setting.has("a"), Ok(false));
}

#[test]
fn an_unknown_key_is_asked_for_once_a_minute_at_most() {
    let setting = setting(&[key("a")]);
    assert_eq!(setting.has("a"), Ok(true));
    for _ in 0..100 {
        assert_eq!(setting.has("made-up"), Ok(false));
    }
    assert_eq!(setting.issuer.fetches(), 1);
    setting.issuer.publish_keys(&[key("a"), key("b")], None);
    setting.pass(MINUTE - 1);
    assert_eq!((setting.has("b"), setting.issuer.fetches()), (Ok(false), 1));
    setting.pass(1);
    assert_eq!((setting.has("b"), setting.issuer.fetches()), (Ok(true), 2));
}

#[test]
fn an_issuer_that_is_away_is_done_without_for_a_day() {
    let setting = setting(&[key("a")]);
    assert_eq!(setting.has("a"), Ok(true));
    setting.issuer.go_away();
    setting.pass(HOUR);
    for _ in 0..10 {
        assert_eq!(setting.has("a"), Ok(true));
    }
    assert_eq!(setting.issuer.fetches(), 2, "and not asked again at every token");
    setting.pass(22 * HOUR);
    assert_eq!(setting.has("a"), Ok(true));
    setting.pass(HOUR);
    assert!(matches!(setting.has("a"), Err(FetchError::Unreachable { .. })));
}

#[test]
fn an_issuer_that_never_answered_is_asked_again_soon_but_not_at_every_token() {
    let setting = setting(&[]);
    setting.issuer.go_away();
    let message = setting.has("a").unwrap_err().to_string();
    assert_eq!(message, "the keys of https://gitlab.example.com cannot be fetched: connection refused");
    setting.pass(10 * SECOND - 1);
    assert!(setting.has("a").is_err());
    assert_eq!(setting.issuer.fetches(), 1);
    setting.issuer.publish_discovery(ISSUER, KEYS_URL);
    setting.issuer.publish_keys(&[key("a")], None);
    setting.pass(1);
    assert_eq!(setting.has("a"), Ok(true));
}

#[test]
fn many_tokens_at_once_cause_one_fetch() {
    let setting = setting(&[key("a")]);
    let (token, gitlab) = (about("a"), issuer(ISSUER));
    let all = block_on(join_all((0..50).map(|_| setting.cache.keys(&gitlab, &token))));
    assert!(all.into_iter().all(|keys| token.is_signed_with_one_of(&keys.unwrap())));
    assert_eq!(setting.issuer.fetches(), 1);
}

#[test]
fn a_clock_that_is_set_back_does_not_keep_keys_forever() {
    let setting = setting(&[key("a")]);
    assert_eq!(setting.has("a"), Ok(true));
    setting.pass(-48 * HOUR);
    assert_eq!((setting.has("a"), setting.issuer.fetches()), (Ok(true), 2));
}

#[test]
fn an_issuer_speaks_for_itself_only_and_over_https() {
    for (name, keys_url, message) in [
        ("https://evil.example.com", KEYS_URL, "calls itself \"https://evil.example.com\""),
        ("https://gitlab.example.com/", KEYS_URL, "calls itself \"https://gitlab.example.com/\""),
        (ISSUER, "http://gitlab.example.com/keys", "unsafe address"),
        (ISSUER, "http://127.0.0.1/keys", "unsafe address"),
        (ISSUER, "file:///etc/passwd", "unsafe address"),
        (ISSUER, "/keys", "unsafe address"),
    ] {
        let setting = setting(&[key("a")]);
        setting.issuer.publish_discovery(name, keys_url);
        let error = setting.has("a").unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn an_issuer_that_answers_nonsense_is_named() {
    let url = format!("{ISSUER}/.well-known/openid-configuration");
    for (page, body) in [(url.as_str(), "<html>"), (&url, "{}"), (KEYS_URL, "[]"), (KEYS_URL, "")] {
        let setting = setting(&[key("a")]);
        setting.issuer.0.lock().unwrap().bodies.insert(page.to_owned(), (body.as_bytes().to_vec(), None));
        let error = setting.has("a").unwrap_err().to_string();
        assert!(error.contains(ISSUER), "{error}");
    }
}
