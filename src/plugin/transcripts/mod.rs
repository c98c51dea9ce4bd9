//! Replays what a real Packer and a real Go plugin said to each other; see `tests/plugin/transcripts/README.md`.

mod go_plugin;
mod recording;
mod replay;

use go_plugin::{GoGreeting, GoPostProcessor, Notes};
pub(super) use recording::{MuxFrame, Side};
use recording::{Recording, Said};

use super::Value;
use super::codec::msgpack;
use super::rpc::Frame;
use super::session::Component;

/// The transcripts of the Go plugin whose components [`go_plugin`] plays.
fn of_go() -> impl Iterator<Item = String> {
    Recording::names().into_iter().filter(|name| name.starts_with("go-"))
}

fn go_component(name: &str) -> (Component, Notes) {
    let notes = Notes::default();
    let component = if name.starts_with("go-greeting") {
        Component::Datasource(Box::new(GoGreeting::noting(&notes)))
    } else {
        Component::PostProcessor(Box::new(GoPostProcessor::noting(&notes)))
    };
    (component, notes)
}

#[test]
fn every_recorded_byte_is_part_of_a_call_or_an_answer_that_decodes() {
    for name in Recording::names() {
        let streams = Recording::read(&name).streams();
        for side in [Side::Packer, Side::Plugin] {
            for stream in streams.of(side) {
                let said = streams.said(stream, side);
                assert!(said.ends_between_frames, "{name}: stream {stream} of {side:?} ends within a frame");
                for frame in said.frames {
                    msgpack::decode(&frame.body).unwrap_or_else(|error| panic!("{name}: {}: {error}", frame.method));
                }
            }
        }
    }
}

#[tokio::test]
async fn we_say_to_packer_what_a_go_plugin_says() {
    for name in of_go() {
        let recording = Recording::read(&name);
        let (component, _) = go_component(&name);
        let ours = replay::replay(&recording, component).await;
        let theirs = recording.streams();
        for stream in theirs.of(Side::Plugin) {
            let (ours, theirs) = (ours.said(stream, Side::Plugin), theirs.said(stream, Side::Plugin));
            assert_eq!(ours.id, theirs.id, "{name}, stream {stream}");
            let meanings =
                |said: &Said| said.frames.iter().map(|frame| Meaning::of(frame, &recording)).collect::<Vec<_>>();
            assert_eq!(meanings(&ours), meanings(&theirs), "{name}, stream {stream}");
        }
    }
}

#[tokio::test]
async fn a_component_learns_all_that_packer_said_to_the_go_plugin() {
    let mut learned = String::new();
    for name in of_go() {
        let (component, notes) = go_component(&name);
        replay::replay(&Recording::read(&name), component).await;
        learned += &format!("{name}\n{}\n", notes.0.lock().unwrap().join("\n"));
    }
    insta::assert_snapshot!(learned);
}

/// What a call or an answer says, in whatever order Go wrote its maps: of those that are bytes, which bytes there are.
#[derive(Debug, PartialEq)]
struct Meaning {
    method: String,
    seq: i64,
    error: String,
    body: Value,
}

impl Meaning {
    fn of(frame: &Frame, recording: &Recording) -> Self {
        let Frame { method, seq, error, body } = frame;
        let mut body = msgpack::decode(body).unwrap();
        if let Value::Map(answer) = &mut body {
            for part in ["ConfigSpec", "OutputSpec", "Value"] {
                if let Some(Value::Bytes(bytes)) = answer.get_mut(part) {
                    assert!(!bytes.is_empty());
                    // Gob describes a type where it first meets it, and so in an order of its own:
                    // tests/plugin/codec_against_go.rs has Go read what we write.
                    if recording.is_protobuf() { bytes.sort_unstable() } else { bytes.clear() }
                }
            }
        }
        Self { method: method.clone(), seq: *seq, error: error.clone(), body }
    }
}
