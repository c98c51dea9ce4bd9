use std::time::Duration;

/// How long a client waits for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To find and connect to the server, TLS included.
    pub connect: Duration,
    /// For the answer to one attempt.
    pub attempt: Duration,
    /// For the delivery of one record, all attempts together: a build waits for it.
    pub delivery: Duration,
    /// For any other call, all attempts together: a person waits for it, and tries again if need be.
    pub question: Duration,
    /// To learn before a build whether the registry is there.
    pub check: Duration,
    /// Before the second attempt; doubles with each further one.
    pub first_pause: Duration,
    /// Between two attempts at most.
    pub longest_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            attempt: Duration::from_secs(10),
            delivery: Duration::from_secs(20),
            question: Duration::from_secs(10),
            check: Duration::from_secs(5),
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(3),
        }
    }
}
