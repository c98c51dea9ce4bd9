//! Packer pings every 30 seconds, and takes a plugin for dead that does not answer within 10.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio_util::compat::TokioAsyncReadCompatExt as _;

use super::codec::msgpack;
use super::endpoint::Encoding;
use super::fake_packer::opening;
use super::session::{self, Component};
use super::transcripts::{MuxFrame, Side};
use super::*;

const PING: u8 = 2;

/// Blocks its thread until it is cancelled, as the hashing of a long file does.
struct Blocked;

impl PostProcessor for Blocked {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec(Vec::new())
    }

    fn configure(&mut self, _: Vec<Config>) -> Result<(), String> {
        Ok(())
    }

    fn post_process(&mut self, call: &PostProcessCall) -> Result<(), String> {
        while !call.cancel.is_cancelled() {
            std::thread::yield_now();
        }
        Ok(())
    }

    fn answer_taken(&mut self) {}

    fn destroyed(&mut self) {}
}

/// Packer's end of a connection, frame by frame.
struct Wire {
    stream: DuplexStream,
    bytes: Vec<u8>,
}

impl Wire {
    async fn next(&mut self) -> MuxFrame {
        loop {
            if let Some(frame) = MuxFrame::take(Side::Plugin, &mut self.bytes) {
                return frame;
            }
            assert!(self.stream.read_buf(&mut self.bytes).await.unwrap() > 0, "the plugin hung up");
        }
    }

    async fn send(&mut self, kind: u8, flags: u16, stream: u32, last: u32, payload: &[u8]) {
        let mut frame = vec![0, kind];
        frame.extend(flags.to_be_bytes());
        frame.extend(stream.to_be_bytes());
        frame.extend(last.to_be_bytes());
        frame.extend(payload);
        self.stream.write_all(&frame).await.unwrap();
    }
}

fn call(method: &str, argument: &Value) -> Vec<u8> {
    let header = [("ServiceMethod".to_owned(), Value::Text(method.to_owned())), ("Seq".to_owned(), Value::Int(0))];
    [msgpack::encode(&Value::Map(header.into())), msgpack::encode(argument)].concat()
}

#[tokio::test(start_paused = true)]
async fn pings_are_answered_while_a_post_processor_blocks_for_a_minute() {
    let (ours, theirs) = tokio::io::duplex(1024);
    let cancel = Cancel::default();
    let component = Component::PostProcessor(Box::new(Blocked));
    let session = tokio::spawn(session::serve(theirs.compat(), component, Encoding::Protobuf, cancel.clone()));

    let mut packer = Wire { stream: ours, bytes: Vec::new() };
    let (stream, id) = (2, 7_u32);
    packer.stream.write_all(&opening(&call("PostProcessor.PostProcess", &Value::Int(i64::from(id))))).await.unwrap();
    while !matches!(packer.next().await, frame if frame.opens() && frame.stream == stream) {}
    packer.send(0, 0, stream, 4, &id.to_le_bytes()).await;

    for second in (10..=60).step_by(10) {
        tokio::time::advance(Duration::from_secs(10)).await;
        packer.send(PING, 1, 0, second, &[]).await;
        let answer = loop {
            let frame = packer.next().await;
            if frame.bytes[1] == PING {
                break frame.bytes;
            }
        };
        assert_eq!(answer, [&[0, PING, 0, 2, 0, 0, 0, 0][..], &second.to_be_bytes()].concat());
    }
    assert!(!session.is_finished());
    cancel.cancel();
    drop(packer);
    session.await.unwrap().unwrap();
}
