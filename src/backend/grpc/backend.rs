use super::call::{Calls, Kind};
use super::patience::Patience;
use crate::backend::{Backend, BackendError};
use crate::config::ServerAccess;
use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Iteration, IterationRecord,
    IterationSelector, Receipt,
};
use crate::wire::grpc::{MAX_PAGE, Malformed, required, v1};

/// A registry behind an address.
pub struct GrpcBackend {
    url: String,
    pub(super) calls: Calls,
}

impl GrpcBackend {
    /// The server at `url`; nothing is read or connected to before the first call.
    ///
    /// A call gives up within a tenth of a second once `cancelled` answers true.
    pub fn new(
        url: String,
        access: ServerAccess,
        patience: Patience,
        cancelled: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { calls: Calls::new(url.clone(), access, patience, cancelled), url }
    }

    /// A call that delivers what a build made.
    fn delivery(&self) -> Kind {
        Kind { budget: self.calls.patience.delivery, is_repeatable: true }
    }

    /// Any other call that may be repeated.
    pub(super) fn question(&self) -> Kind {
        Kind { budget: self.calls.patience.question, is_repeatable: true }
    }

    /// A call that may not be repeated: done already, it would be refused, or undo what somebody else did meanwhile.
    pub(super) fn change(&self) -> Kind {
        Kind { is_repeatable: false, ..self.question() }
    }

    /// What the server answered, as the model has it.
    pub(super) fn read<W, M: TryFrom<W, Error = Malformed>>(
        &self,
        field: &'static str,
        answer: Option<W>,
    ) -> Result<M, BackendError> {
        required(field, answer).and_then(TryInto::try_into).map_err(|fault| self.not_understood(&fault))
    }

    pub(super) fn read_all<W, M: TryFrom<W, Error = Malformed>>(&self, answer: Vec<W>) -> Result<Vec<M>, BackendError> {
        let all = answer.into_iter().map(TryInto::try_into).collect::<Result<_, _>>();
        all.map_err(|fault| self.not_understood(&fault))
    }

    fn not_understood(&self, fault: &Malformed) -> BackendError {
        BackendError::Unavailable(format!(
            "the answer of {} is not understood ({fault}); is it newer than this program?",
            self.url
        ))
    }

    /// All pages of a list; `page` asks for the one behind a token, and answers its entries and the next token.
    fn pages<T>(
        &self,
        page: impl Fn(String) -> Result<(Vec<T>, String), BackendError>,
    ) -> Result<Vec<T>, BackendError> {
        let mut all = Vec::new();
        let mut token = String::new();
        loop {
            let (mut entries, next) = page(token.clone())?;
            all.append(&mut entries);
            if next.is_empty() {
                return Ok(all);
            }
            if next == token {
                return Err(self.not_understood(&Malformed::new("next_page_token", "it leads nowhere")));
            }
            token = next;
        }
    }
}

impl Backend for GrpcBackend {
    fn check_writable(&self, bucket: Option<&BucketName>) -> Result<(), BackendError> {
        let kind = Kind { budget: self.calls.patience.check, is_repeatable: true };
        let message = v1::GetServerInfoRequest { before_recording: true, bucket: bucket.map(ToString::to_string) };
        let info = self
            .calls
            .call(kind, async |mut stub, headers| stub.get_server_info(headers.beside(message.clone())).await);
        info.map(drop)
    }

    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError> {
        let message = v1::PushRecordRequest { record: Some(record.clone().into()) };
        let answer = self
            .calls
            .call(self.delivery(), async |mut stub, headers| stub.push_record(headers.beside(message.clone())).await)?;
        self.read("receipt", answer.receipt)
    }

    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError> {
        let message = v1::ConfirmBuildRequest { key: Some(key.clone().into()) };
        let answer = self.calls.call(self.delivery(), async |mut stub, headers| {
            stub.confirm_build(headers.beside(message.clone())).await
        })?;
        self.read("receipt", answer.receipt)
    }

    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError> {
        let message = v1::MarkDestroyedRequest { key: Some(key.clone().into()) };
        let answer = self.calls.call(self.delivery(), async |mut stub, headers| {
            stub.mark_destroyed(headers.beside(message.clone())).await
        });
        answer.map(drop)
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        self.pages(|page_token| {
            let message = v1::ListBucketsRequest { page_size: MAX_PAGE, page_token };
            let answer = self.calls.call(self.question(), async |mut stub, headers| {
                stub.list_buckets(headers.beside(message.clone())).await
            })?;
            Ok((self.read_all(answer.buckets)?, answer.next_page_token))
        })
    }

    fn bucket(&self, bucket: &BucketName) -> Result<BucketSummary, BackendError> {
        let message = v1::GetBucketRequest { bucket: bucket.to_string() };
        let answer = self
            .calls
            .call(self.question(), async |mut stub, headers| stub.get_bucket(headers.beside(message.clone())).await)?;
        self.read("bucket", answer.bucket)
    }

    fn iterations(&self, bucket: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        self.pages(|page_token| {
            let message = v1::ListIterationsRequest { bucket: bucket.to_string(), page_size: MAX_PAGE, page_token };
            let answer = self.calls.call(self.question(), async |mut stub, headers| {
                stub.list_iterations(headers.beside(message.clone())).await
            })?;
            Ok((self.read_all(answer.iterations)?, answer.next_page_token))
        })
    }

    fn iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        let message = v1::GetIterationRequest { bucket: bucket.to_string(), selector: Some(selector.clone().into()) };
        let answer = self.calls.call(self.question(), async |mut stub, headers| {
            stub.get_iteration(headers.beside(message.clone())).await
        })?;
        self.read("iteration", answer.iteration)
    }

    fn complete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        reason: &str,
    ) -> Result<Receipt, BackendError> {
        let message = v1::CompleteIterationRequest {
            bucket: bucket.to_string(),
            selector: Some(selector.clone().into()),
            reason: reason.to_owned(),
        };
        // Once done, it would be refused.
        let kind = self.change();
        let answer = self
            .calls
            .call(kind, async |mut stub, headers| stub.complete_iteration(headers.beside(message.clone())).await)?;
        self.read("receipt", answer.receipt)
    }

    fn channels(&self, bucket: &BucketName) -> Result<Vec<Channel>, BackendError> {
        self.pages(|page_token| {
            let message = v1::ListChannelsRequest { bucket: bucket.to_string(), page_size: MAX_PAGE, page_token };
            let answer = self.calls.call(self.question(), async |mut stub, headers| {
                stub.list_channels(headers.beside(message.clone())).await
            })?;
            Ok((self.read_all(answer.channels)?, answer.next_page_token))
        })
    }

    fn assign_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, BackendError> {
        let message = v1::AssignChannelRequest {
            bucket: bucket.to_string(),
            channel: channel.to_string(),
            selector: Some(selector.clone().into()),
        };
        // Repeated after someone else has moved it on, it would move it back.
        let kind = self.change();
        let answer = self
            .calls
            .call(kind, async |mut stub, headers| stub.assign_channel(headers.beside(message.clone())).await)?;
        self.read("channel", answer.channel)
    }

    fn channel_history(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, BackendError> {
        self.pages(|page_token| {
            let message = v1::ListChannelHistoryRequest {
                bucket: bucket.to_string(),
                channel: channel.to_string(),
                page_size: MAX_PAGE,
                page_token,
            };
            let answer = self.calls.call(self.question(), async |mut stub, headers| {
                stub.list_channel_history(headers.beside(message.clone())).await
            })?;
            Ok((self.read_all(answer.assignments)?, answer.next_page_token))
        })
    }
}
