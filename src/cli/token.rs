use clap::Args;
use serde::Serialize;

use super::answer::Answer;
use super::context::Context;
use super::failure::Failure;
use crate::backend::AccessToken;
use crate::model::Timestamp;

const AFTER_HELP: &str = "\
The credentials are those of the environment, as for every command. Example:
  curl --cacert ca.pem -H \"authorization: Bearer $(packer-plugin-registry token)\" …";

/// Print a short-lived token for other programs that speak with the server
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(super) struct TokenCommand {}

/// The names are those of RFC 6749, section 5.1.
#[derive(Serialize)]
struct TokenView {
    access_token: String,
    token_type: &'static str,
    expires_in: u64,
    expires_at: String,
}

impl TokenCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        let Self {} = self;
        let AccessToken { token, expires_in } = context.accounts()?.access_token()?;
        if !context.json {
            return Ok(Answer::text(token.expose()));
        }
        let millis = i64::try_from(expires_in.as_millis()).unwrap_or(i64::MAX);
        Answer::json(&TokenView {
            access_token: token.expose().to_owned(),
            token_type: "Bearer",
            expires_in: expires_in.as_secs(),
            expires_at: Timestamp(context.now().0.saturating_add(millis)).to_rfc3339(),
        })
    }
}
