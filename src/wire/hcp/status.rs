use serde::Serialize;

/// Why a call was not done: the codes of gRPC that HCP's APIs answer with.
///
/// Source: `google/rpc/code.proto`, which also says which status of HTTP stands for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The request is not what the API says.
    InvalidArgument,
    /// What was asked for is not there.
    NotFound,
    /// What was to be made is there already.
    AlreadyExists,
    /// The caller may not do it.
    PermissionDenied,
    /// It is too much at once.
    ResourceExhausted,
    /// A rule forbids it.
    FailedPrecondition,
    /// Somebody else came first; read again what there is.
    Aborted,
    /// This server does not do such a thing.
    Unimplemented,
    /// A fault of the server.
    Internal,
    /// It cannot be done now.
    Unavailable,
    /// Nobody knows who is calling.
    Unauthenticated,
}

impl Code {
    /// The number in the body: clients decide by it.
    pub fn number(self) -> i32 {
        match self {
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::ResourceExhausted => 8,
            Self::FailedPrecondition => 9,
            Self::Aborted => 10,
            Self::Unimplemented => 12,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
        }
    }

    /// The status of HTTP that goes with it.
    pub fn http_status(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Internal => 500,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
        }
    }
}

/// The body of every answer that is an error: `google.rpc.Status`.
///
/// ```json
/// {"code": 5, "message": "bucket web does not exist", "details": [], "error": "bucket web does not exist"}
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    code: i32,
    message: String,
    details: [(); 0],
    /// The message again, where clients of the first years look for it.
    error: String,
}

impl Status {
    /// An error of this kind, in words for a person.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code: code.number(), error: message.clone(), message, details: [] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_by_its_number_and_twice_in_words() {
        let text = serde_json::to_string(&Status::new(Code::NotFound, "no \"web\"")).unwrap();
        assert_eq!(text, r#"{"code":5,"message":"no \"web\"","details":[],"error":"no \"web\""}"#);
    }
}
