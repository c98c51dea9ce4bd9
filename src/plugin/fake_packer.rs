//! Plays Packer against a component, over a connection in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::task::JoinHandle;
use tokio_util::compat::TokioAsyncReadCompatExt as _;
use yamux::Mode;

use super::codec::msgpack;
use super::endpoint::Encoding;
use super::mux::{self, Mux};
use super::rpc::{self, Client, Handler, NIL};
use super::session::{self, Component, SessionError};
use super::*;

/// How long a step may take before the test is taken to hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// Packer's side of a connection to a plugin.
struct FakePacker {
    mux: Mux,
    plugin: Client,
    session: JoinHandle<Result<(), SessionError>>,
    connection: JoinHandle<()>,
}

impl FakePacker {
    async fn meet(component: Component, encoding: Encoding) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let session = tokio::spawn(session::serve(theirs.compat(), component, encoding, Cancel::default()));
        let (mux, driver) = mux::start(ours.compat(), Mode::Client);
        let connection = tokio::spawn(async {
            let _ = driver.await;
        });
        let plugin = Client::new(mux.dial(0).await.unwrap());
        Self { mux, plugin, session, connection }
    }

    async fn call(&self, method: &str, argument: &Value) -> Result<Value, String> {
        within(self.plugin.call(method, msgpack::encode(argument)))
            .await
            .map(|body| msgpack::decode(&body).unwrap())
            .map_err(|error| error.to_string())
    }

    /// Serves an artifact and a terminal, as Packer does for one call of `PostProcess`.
    fn serve_artifact(&self, packer: Arc<PackerSide>) -> Value {
        let id = self.mux.next_id();
        let arrival = self.mux.expect(id);
        tokio::spawn(async move {
            let stream = arrival.await.unwrap().accept().await.unwrap();
            rpc::serve(stream, packer).await
        });
        Value::Int(i64::from(id))
    }

    async fn post_process(&self, packer: &Arc<PackerSide>) -> BTreeMap<String, Value> {
        let id = self.serve_artifact(Arc::clone(packer));
        match self.call("PostProcessor.PostProcess", &id).await.unwrap() {
            Value::Map(answer) => answer,
            other => panic!("{other:?}"),
        }
    }

    async fn artifact_of(&self, answer: &BTreeMap<String, Value>) -> Client {
        let Some(Value::Int(id)) = answer.get("StreamId") else { panic!("{answer:?}") };
        Client::new(within(self.mux.dial(u32::try_from(*id).unwrap())).await.unwrap())
    }
}

async fn within<T>(step: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, step).await.expect("the step must not hang")
}

/// The artifact and the terminal that Packer lends to a post-processor.
#[derive(Default)]
struct PackerSide {
    state: Vec<u8>,
    said: Mutex<Vec<String>>,
    destroyed: Mutex<u32>,
}

impl Handler for PackerSide {
    async fn call(&self, method: String, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let text = |text: &str| msgpack::encode(&Value::Text(text.to_owned()));
        Ok(match method.as_str() {
            "Artifact.BuilderId" => text("mitchellh.amazonebs"),
            "Artifact.Id" => text("us-east-1:ami-1"),
            "Artifact.String" => text("AMIs were created"),
            "Artifact.Files" => msgpack::encode(&Value::List(vec![Value::Text("a.img".to_owned())])),
            "Artifact.State" if !self.state.is_empty() => self.state.clone(),
            "Artifact.State" => body,
            "Artifact.Destroy" => {
                *self.destroyed.lock().unwrap() += 1;
                NIL.to_vec()
            }
            "Ui.Say" | "Ui.Error" => {
                let Ok(Value::Text(message)) = msgpack::decode(&body) else { panic!("{body:?}") };
                self.said.lock().unwrap().push(message);
                NIL.to_vec()
            }
            other => return Err(format!("rpc: can't find method {other}")),
        })
    }
}

/// What a component of these tests does in `post_process`.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Succeed,
    Fail,
    UntilCancelled,
}

/// A component that notes what happens to it.
struct Recorder {
    work: Work,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    fn component(work: Work) -> (Component, Arc<Mutex<Vec<String>>>) {
        let notes = Arc::new(Mutex::new(Vec::new()));
        (Component::PostProcessor(Box::new(Self { work, notes: Arc::clone(&notes) })), notes)
    }

    fn note(&self, text: impl Into<String>) {
        self.notes.lock().unwrap().push(text.into());
    }
}

impl PostProcessor for Recorder {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec(vec![Attribute { name: "bucket_name", ty: CtyType::String, required: false }])
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        match configs.first() {
            Some(Config::Raw(Value::Text(text))) if text == "refuse" => Err("bucket_name: it is required".to_owned()),
            _ => {
                self.note(format!("configured with {} parts", configs.len()));
                Ok(())
            }
        }
    }

    fn post_process(&mut self, call: &PostProcessCall) -> Result<(), String> {
        let artifact = &call.artifact;
        self.note(format!(
            "{} {} {:?} {} {:?}",
            artifact.builder_id(),
            artifact.id(),
            artifact.files(),
            artifact.description(),
            artifact.state("key").map(|state| std::mem::discriminant(&state) == std::mem::discriminant(&Value::Nil)),
        ));
        call.ui.say("recording");
        match self.work {
            Work::Succeed => Ok(()),
            Work::Fail => Err("it could be kept nowhere".to_owned()),
            Work::UntilCancelled => {
                while !call.cancel.is_cancelled() {
                    std::thread::yield_now();
                }
                self.note("cancelled");
                Ok(())
            }
        }
    }

    fn answer_taken(&mut self) {
        self.note("answer taken");
    }

    fn destroyed(&mut self) {
        self.note("destroyed");
    }
}

/// A component that nothing is asked of.
pub(super) fn idle_component() -> Component {
    Recorder::component(Work::Succeed).0
}

fn configs(parts: &[Value]) -> Value {
    Value::Map([("Configs".to_owned(), Value::List(parts.to_vec()))].into())
}

#[tokio::test]
async fn a_post_processor_lives_through_what_hcl2_templates_do() {
    for encoding in [Encoding::Protobuf, Encoding::Gob] {
        let (component, notes) = Recorder::component(Work::Succeed);
        let packer = FakePacker::meet(component, encoding).await;
        let cty =
            Value::Bytes(br#"{"value":{"bucket_name":"abc"},"type":["object",{"bucket_name":"string"}]}"#.to_vec());
        let facts = Value::Map([("packer_build_name".to_owned(), Value::Text("east".to_owned()))].into());

        let Ok(Value::Map(spec)) = packer.call("PostProcessor.ConfigSpec", &Value::Nil).await else { panic!() };
        assert!(matches!(&spec["ConfigSpec"], Value::Bytes(bytes) if !bytes.is_empty()));
        assert_eq!(
            packer.call("PostProcessor.Configure", &configs(&[facts.clone(), cty.clone()])).await,
            Ok(Value::Nil)
        );
        assert!(packer.call("PostProcessor.ConfigSpec", &Value::Nil).await.is_ok());
        assert_eq!(packer.call("PostProcessor.Configure", &configs(&[facts, cty])).await, Ok(Value::Nil));

        let side = Arc::new(PackerSide::default());
        let answer = packer.post_process(&side).await;
        assert_eq!(
            (&answer["Err"], &answer["Keep"], &answer["ForceOverride"]),
            (&Value::Nil, &Value::Bool(true), &Value::Bool(true))
        );
        assert_eq!(*side.said.lock().unwrap(), ["recording"]);
        assert!(!notes.lock().unwrap().contains(&"answer taken".to_owned()), "Packer has not come for the artifact");

        let artifact = packer.artifact_of(&answer).await;
        assert_eq!(notes.lock().unwrap().last().unwrap(), "answer taken");
        let read = |body: Result<Vec<u8>, RpcError>| msgpack::decode(&body.unwrap()).unwrap();
        assert_eq!(
            read(within(artifact.call("Artifact.Id", NIL.to_vec())).await),
            Value::Text("us-east-1:ami-1".into())
        );
        assert_eq!(
            within(artifact.call("Artifact.Nonsense", NIL.to_vec())).await,
            Err(RpcError::Remote("rpc: can't find method Artifact.Nonsense".to_owned()))
        );
        assert_eq!(read(within(artifact.call("Artifact.Destroy", NIL.to_vec())).await), Value::Nil);
        assert_eq!(*side.destroyed.lock().unwrap(), 1);
        assert_eq!(notes.lock().unwrap().last().unwrap(), "destroyed");
    }
}

#[tokio::test]
async fn a_refused_configuration_is_the_error_of_the_call() {
    let (component, _) = Recorder::component(Work::Succeed);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let refused = packer.call("PostProcessor.Configure", &configs(&[Value::Text("refuse".to_owned())])).await;
    assert_eq!(refused, Err("bucket_name: it is required".to_owned()));
    let broken = packer.call("PostProcessor.Configure", &configs(&[Value::Bytes(b"{".to_vec())])).await.unwrap_err();
    assert!(broken.contains("cannot be read"), "{broken}");
    assert!(packer.call("PostProcessor.Nonsense", &Value::Nil).await.unwrap_err().contains("PostProcessor.Nonsense"));
}

#[tokio::test]
async fn a_failure_is_answered_as_one_and_offers_no_artifact() {
    let (component, notes) = Recorder::component(Work::Fail);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let answer = packer.post_process(&Arc::default()).await;
    let message = Value::Text("it could be kept nowhere".to_owned());
    assert_eq!(answer["Err"], Value::Map([("Message".to_owned(), message)].into()));
    assert_eq!(answer["StreamId"], Value::Int(0));
    assert!(!notes.lock().unwrap().contains(&"answer taken".to_owned()));
}

#[tokio::test]
async fn cancel_arrives_while_the_post_processor_works() {
    let (component, notes) = Recorder::component(Work::UntilCancelled);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let side = Arc::new(PackerSide::default());
    let cancel = async {
        while side.said.lock().unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        packer.call("PostProcessor.Cancel", &Value::Nil).await
    };
    let (answer, cancelled) = tokio::join!(packer.post_process(&side), cancel);
    assert_eq!(cancelled, Ok(Value::Nil));
    assert_eq!(answer["Keep"], Value::Bool(true));
    assert_eq!(notes.lock().unwrap().last().unwrap(), "cancelled");
}

#[tokio::test]
async fn packer_hanging_up_ends_the_session_and_cancels_what_is_under_way() {
    let (component, notes) = Recorder::component(Work::UntilCancelled);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let side = Arc::new(PackerSide::default());
    let id = packer.serve_artifact(Arc::clone(&side));
    let call = packer.plugin.call("PostProcessor.PostProcess", msgpack::encode(&id));
    tokio::select! {
        _ = call => panic!("the component works until it is cancelled"),
        () = async { while side.said.lock().unwrap().is_empty() { tokio::task::yield_now().await } } => {}
    }
    packer.connection.abort();
    within(packer.session).await.unwrap().unwrap();
    within(async {
        while notes.lock().unwrap().last().unwrap() != "cancelled" {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn large_states_pass_both_ways_unchanged() {
    let (component, _) = Recorder::component(Work::Succeed);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let answer = packer.post_process(&Arc::default()).await;
    let artifact = packer.artifact_of(&answer).await;
    // The fake artifact answers a State call with the key itself, so that the text goes there and back.
    let large = msgpack::encode(&Value::Bytes((0..64 << 20).map(|n: u32| n.to_le_bytes()[1]).collect()));
    let answered = within(artifact.call("Artifact.State", large.clone())).await.unwrap();
    assert!(answered == large);
}

#[tokio::test]
async fn odd_states_are_passed_on_byte_for_byte() {
    let state = vec![0xd6, 0xff, 0, 0, 0, 1];
    let (component, _) = Recorder::component(Work::Succeed);
    let packer = FakePacker::meet(component, Encoding::Protobuf).await;
    let side = Arc::new(PackerSide { state: state.clone(), ..PackerSide::default() });
    let answer = packer.post_process(&side).await;
    let artifact = packer.artifact_of(&answer).await;
    assert_eq!(within(artifact.call("Artifact.State", NIL.to_vec())).await.unwrap(), state);
}

/// A data source with one attribute.
struct Greeting(bool);

impl Datasource for Greeting {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec::default()
    }

    fn output_spec(&self) -> ObjectSpec {
        ObjectSpec(vec![Attribute { name: "greeting", ty: CtyType::String, required: false }])
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        self.0 = !configs.is_empty();
        if self.0 { Ok(()) } else { Err("channel: set it".to_owned()) }
    }

    fn execute(&mut self) -> Result<CtyValue, String> {
        let greeting = CtyValue::String("hello".to_owned());
        if self.0 { Ok(CtyValue::Object([("greeting".to_owned(), greeting)].into())) } else { Err("nobody".to_owned()) }
    }
}

#[tokio::test]
async fn a_data_source_answers_in_the_encoding_that_packer_reads() {
    for (encoding, first) in [(Encoding::Protobuf, 0x92), (Encoding::Gob, 0)] {
        let packer = FakePacker::meet(Component::Datasource(Box::new(Greeting(false))), encoding).await;
        assert_eq!(packer.call("Datasource.Execute", &Value::Nil).await, Err("nobody".to_owned()));
        assert_eq!(packer.call("Datasource.Configure", &configs(&[])).await, Err("channel: set it".to_owned()));
        assert!(packer.call("Datasource.Configure", &configs(&[Value::Nil])).await.is_ok());
        for (method, field) in [("ConfigSpec", "ConfigSpec"), ("OutputSpec", "OutputSpec"), ("Execute", "Value")] {
            let answer = packer.call(&format!("Datasource.{method}"), &Value::Nil).await.unwrap();
            let Value::Map(answer) = answer else { panic!("{answer:?}") };
            let Value::Bytes(bytes) = &answer[field] else { panic!("{answer:?}") };
            assert!(field != "Value" || first == 0 || bytes[0] == first, "{bytes:?}");
        }
    }
}

/// Sends `bytes` as the whole of what Packer says, and waits for the session to end; hangs up first where `hangs_up`.
async fn say_only(bytes: &[u8], hangs_up: bool) -> Result<(), SessionError> {
    let (component, _) = Recorder::component(Work::Succeed);
    let (mut ours, theirs): (DuplexStream, DuplexStream) = tokio::io::duplex(1024);
    let session = tokio::spawn(session::serve(theirs.compat(), component, Encoding::Protobuf, Cancel::default()));
    // The session may end, and close the connection, before it has read everything.
    let _ = ours.write_all(bytes).await;
    if hangs_up {
        let _ = ours.shutdown().await;
    }
    let _ = within(ours.read_to_end(&mut Vec::new())).await;
    within(session).await.unwrap()
}

/// A connection's bytes up to the first call, whose own bytes are `payload`.
pub(super) fn opening(payload: &[u8]) -> Vec<u8> {
    let frame = |kind: u8, flags: u16, length: u32| {
        let mut head = vec![0, kind];
        head.extend(flags.to_be_bytes());
        head.extend(1_u32.to_be_bytes());
        head.extend(length.to_be_bytes());
        head
    };
    let data = [&0_u32.to_le_bytes()[..], payload].concat();
    let mut bytes = frame(1, 1, 0);
    bytes.extend(frame(0, 0, u32::try_from(data.len()).unwrap()));
    bytes.extend(data);
    bytes
}

#[tokio::test]
async fn bytes_that_are_not_a_call_end_the_session_with_an_error() {
    let error = say_only(&opening(&[0xc1]), false).await.unwrap_err();
    assert!(matches!(error, SessionError::Rpc(RpcError::Malformed(_))), "{error:?}");
    let error = say_only(&opening(&[0xdb, 0xff, 0xff, 0xff, 0xff]), false).await.unwrap_err();
    assert!(matches!(error, SessionError::Rpc(RpcError::Malformed(_))), "{error:?}");
    let error = say_only(b"GET / HTTP/1.1\r\n\r\n", false).await.unwrap_err();
    assert!(matches!(error, SessionError::Mux(_)), "{error:?}");
}

fn in_a_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn random_bytes_neither_panic_nor_hang(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = in_a_runtime(say_only(&bytes, true));
    }

    #[test]
    fn random_calls_neither_panic_nor_hang(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = in_a_runtime(say_only(&opening(&bytes), true));
    }

    #[test]
    fn mutated_and_truncated_calls_neither_panic_nor_hang(
        at in any::<prop::sample::Index>(), to in any::<u8>(), length in any::<prop::sample::Index>(),
    ) {
        let header = Value::Map([
            ("ServiceMethod".to_owned(), Value::Text("PostProcessor.Configure".to_owned())),
            ("Seq".to_owned(), Value::Int(1)),
        ].into());
        let call = [msgpack::encode(&header), msgpack::encode(&configs(&[Value::Bytes(b"{}".to_vec()), Value::Nil]))];
        let mut bytes = opening(&call.concat());
        let at = at.index(bytes.len());
        bytes[at] = to;
        bytes.truncate(length.index(bytes.len() + 1));
        let _ = in_a_runtime(say_only(&bytes, true));
    }
}
