use std::time::Duration;

use tonic::{Code, Status};

use super::connect_error::ConnectError;
use crate::backend::BackendError;
use crate::wire::grpc::details_of;

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(in crate::backend) enum Failure {
    /// There is no connection.
    Connect(ConnectError),
    /// The server, or what stands before it, says so.
    Status(Box<Status>),
    /// No answer came in time.
    Late,
    /// Whoever gives tokens cannot do so now.
    Away {
        /// What is wrong.
        message: String,
        /// When to try again.
        retry_after: Option<Duration>,
    },
    /// What the call is about does not exist.
    NotFound(String),
    /// It will be refused however often one tries; the message says what to do.
    Refused(String),
}

/// What comes after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::backend) enum Next {
    /// Another attempt, where the time allows, and not before this.
    Again(Option<Duration>),
    /// Another attempt with another token.
    NewToken,
    /// Nothing.
    GiveUp,
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(status))
    }
}

impl Failure {
    /// Whether the connection may be broken, so that another one is worth a try.
    pub(in crate::backend) fn is_of_transport(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Late => true,
            Self::Status(status) => std::error::Error::source(status.as_ref()).is_some(),
            Self::Away { .. } | Self::NotFound(_) | Self::Refused(_) => false,
        }
    }

    /// What to do next. A call that is not `repeatable` is sent again only where it is known not to have been done.
    pub(in crate::backend) fn next(&self, is_repeatable: bool) -> Next {
        let again_if = |again| if again { Next::Again(None) } else { Next::GiveUp };
        match self {
            Self::Connect(error) => again_if(error.fault.may_pass()),
            Self::Late => again_if(is_repeatable),
            Self::Away { retry_after, .. } => Next::Again(*retry_after),
            Self::NotFound(_) | Self::Refused(_) => Next::GiveUp,
            Self::Status(_) if self.is_of_transport() => again_if(is_repeatable),
            Self::Status(status) => match status.code() {
                // Our servers say when to try again what was not done; a proxy that lost its server does not know.
                Code::Unavailable => match details_of(status.details()).retry_after {
                    Some(wait) => Next::Again(Some(wait)),
                    None => again_if(is_repeatable),
                },
                Code::Aborted | Code::DeadlineExceeded | Code::Cancelled => again_if(is_repeatable),
                // Without a time to wait for, it is not known to be a matter of time.
                Code::ResourceExhausted => match details_of(status.details()).retry_after {
                    Some(wait) => Next::Again(Some(wait)),
                    None => Next::GiveUp,
                },
                Code::Unauthenticated => Next::NewToken,
                _ => Next::GiveUp,
            },
        }
    }

    /// The failure for whoever called.
    pub(in crate::backend) fn into_error(self, context: &Context<'_>) -> BackendError {
        let Context { url, request_id, attempts, .. } = context;
        let tries = if *attempts > 1 { format!(" (after {attempts} attempts)") } else { String::new() };
        // What was cut off may have been done.
        let doubt = if context.is_repeatable || !self.leaves_doubt() {
            ""
        } else {
            "; whether it was done is not known: look before you try again"
        };
        match self {
            Self::Connect(error) if error.fault.may_pass() => BackendError::Unavailable(format!("{error}{tries}")),
            // It stays so until someone does something, but what was to be said is not at fault.
            Self::Connect(error) => BackendError::Unavailable(error.to_string()),
            Self::Late => BackendError::Unavailable(format!(
                "{url} did not answer in time{tries}, request {request_id}{doubt}; try again"
            )),
            Self::Away { message, .. } => BackendError::Unavailable(format!("{message}{tries}")),
            Self::NotFound(message) => BackendError::NotFound(message),
            Self::Refused(message) => BackendError::Refused(message),
            Self::Status(status) => of_status(&status, context, &tries, doubt),
        }
    }

    /// Whether the call may have been done: then only one that may be repeated is.
    fn leaves_doubt(&self) -> bool {
        self.next(true) != self.next(false)
    }
}

/// What a message says besides the failure itself.
pub(in crate::backend) struct Context<'a> {
    pub(in crate::backend) url: &'a str,
    pub(in crate::backend) request_id: &'a str,
    pub(in crate::backend) attempts: u32,
    pub(in crate::backend) is_repeatable: bool,
    /// Where the credentials came from, in words.
    pub(in crate::backend) credentials: &'a str,
}

fn of_status(status: &Status, context: &Context<'_>, tries: &str, doubt: &str) -> BackendError {
    let Context { url, request_id, credentials, .. } = context;
    let message = status.message();
    match status.code() {
        Code::NotFound => BackendError::NotFound(format!("{message} (in {url}, request {request_id})")),
        Code::FailedPrecondition | Code::InvalidArgument | Code::OutOfRange | Code::AlreadyExists => {
            BackendError::Refused(format!("{message} (request {request_id})"))
        }
        Code::PermissionDenied => BackendError::Refused(format!("{url}: {message} (request {request_id})")),
        Code::Unauthenticated => {
            BackendError::Refused(format!("{url} does not let {credentials} in: {message} (request {request_id})"))
        }
        Code::Unimplemented => BackendError::Refused(format!(
            "{url} does not know this call: the server is older than this program, or not a registry; update the server, \
             or check the URL"
        )),
        Code::ResourceExhausted => {
            BackendError::Unavailable(format!("{url} has too much to do: {message}{tries}; try again later"))
        }
        Code::Unavailable | Code::Aborted | Code::DeadlineExceeded | Code::Cancelled => {
            BackendError::Unavailable(format!("{url} cannot answer now: {message}{tries}{doubt}"))
        }
        _ if std::error::Error::source(status).is_some() => {
            BackendError::Unavailable(format!("the connection to {url} broke: {message}{tries}{doubt}"))
        }
        _ => BackendError::Unavailable(format!("{url} failed: {message} (request {request_id}){doubt}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::grpc::connect_error::ConnectFault;
    use crate::wire::grpc::{Details, encode_details};

    fn status(code: Code, retry_after: Option<Duration>) -> Failure {
        let details = encode_details(code.into(), "", &Details { retry_after, ..Details::default() });
        Status::with_details(code, "said so", details.into()).into()
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let wait = Some(Duration::from_secs(3));
        for (failure, repeatable, once) in [
            (status(Code::Unavailable, None), Next::Again(None), Next::GiveUp),
            (status(Code::Unavailable, wait), Next::Again(wait), Next::Again(wait)),
            (status(Code::ResourceExhausted, wait), Next::Again(wait), Next::Again(wait)),
            (status(Code::ResourceExhausted, None), Next::GiveUp, Next::GiveUp),
            (status(Code::DeadlineExceeded, None), Next::Again(None), Next::GiveUp),
            (status(Code::Unauthenticated, None), Next::NewToken, Next::NewToken),
            (status(Code::PermissionDenied, None), Next::GiveUp, Next::GiveUp),
            (status(Code::NotFound, None), Next::GiveUp, Next::GiveUp),
            (status(Code::FailedPrecondition, None), Next::GiveUp, Next::GiveUp),
            (status(Code::InvalidArgument, None), Next::GiveUp, Next::GiveUp),
            (status(Code::Unimplemented, None), Next::GiveUp, Next::GiveUp),
            (status(Code::Internal, None), Next::GiveUp, Next::GiveUp),
            (Failure::Late, Next::Again(None), Next::GiveUp),
            (Failure::Refused(String::new()), Next::GiveUp, Next::GiveUp),
            (connect(ConnectFault::Refused), Next::Again(None), Next::Again(None)),
            (connect(ConnectFault::Expired), Next::GiveUp, Next::GiveUp),
        ] {
            assert_eq!((failure.next(true), failure.next(false)), (repeatable, once), "{failure:?}");
        }
    }

    fn connect(fault: ConnectFault) -> Failure {
        Failure::Connect(ConnectError { server: "registry.test:8443".to_owned(), fault })
    }

    fn told(failure: Failure, is_repeatable: bool) -> BackendError {
        failure.into_error(&Context {
            url: "https://registry.test:8443",
            request_id: "r-1",
            attempts: 3,
            is_repeatable,
            credentials: "the client of PACKER_REGISTRY_CLIENT_ID",
        })
    }

    #[test]
    fn a_person_learns_what_to_do() {
        let old = told(status(Code::Unimplemented, None), true);
        assert!(matches!(&old, BackendError::Refused(text) if text.contains("the server is older")), "{old}");
        let denied = told(status(Code::PermissionDenied, None), true);
        assert_eq!(denied.to_string(), "https://registry.test:8443: said so (request r-1)");
        for code in [Code::NotFound, Code::FailedPrecondition, Code::Unauthenticated, Code::AlreadyExists] {
            let told = told(status(code, None), true).to_string();
            assert!(told.ends_with("request r-1)"), "{told}");
        }
        let unknown = told(status(Code::Unauthenticated, None), true);
        assert!(unknown.to_string().contains("PACKER_REGISTRY_CLIENT_ID"), "{unknown}");
        let internal = told(status(Code::Internal, None), true);
        assert!(matches!(&internal, BackendError::Unavailable(text) if text.contains("request r-1")), "{internal}");
        let away = told(connect(ConnectFault::Refused), true);
        assert!(away.to_string().ends_with("(after 3 attempts)"), "{away}");
    }

    #[test]
    fn what_may_have_been_done_is_said_to_be_in_doubt() {
        assert!(told(Failure::Late, false).to_string().contains("whether it was done is not known"));
        for code in [Code::Aborted, Code::Unavailable] {
            assert!(told(status(code, None), false).to_string().contains("whether it was done is not known"));
        }
        assert!(!told(status(Code::Unavailable, Some(Duration::ZERO)), false).to_string().contains("not known"));
        assert!(!told(Failure::Late, true).to_string().contains("not known"));
        assert!(!told(connect(ConnectFault::Refused), false).to_string().contains("not known"));
    }
}
