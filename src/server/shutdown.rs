use tokio_util::sync::CancellationToken;

/// The end of a server, in two steps: first it finishes what it has accepted, then it drops what is left.
///
/// Clones speak of the same server. Whatever would go on for long, such as a stream that tells of changes, has to end
/// once [`Shutdown::begun`] answers.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    begun: CancellationToken,
    at_once: CancellationToken,
}

impl Shutdown {
    /// The shutdown of a server that is not shutting down.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells the server to finish; again changes nothing.
    pub fn begin(&self) {
        self.begun.cancel();
    }

    /// Tells the server to drop everything.
    pub fn at_once(&self) {
        self.begun.cancel();
        self.at_once.cancel();
    }

    /// Whether the server was told to finish.
    pub fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// What is cancelled once the server is told to finish, for whatever would go on for long.
    pub fn token(&self) -> CancellationToken {
        self.begun.clone()
    }

    /// Answers once the server was told to finish.
    pub async fn begun(&self) {
        self.begun.cancelled().await;
    }

    /// Answers once the server was told to drop everything.
    pub async fn grace_is_over(&self) {
        self.at_once.cancelled().await;
    }
}
