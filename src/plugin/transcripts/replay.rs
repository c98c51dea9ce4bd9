//! Says what Packer once said, as far as the plugin has come each time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio_util::compat::TokioAsyncReadCompatExt as _;

use super::recording::{MuxFrame, Recording, Side, Streams};
use crate::plugin::Cancel;
use crate::plugin::endpoint::Encoding;
use crate::plugin::session::{self, Component};

/// How long the plugin may take for a step before the test is taken to hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// A component that waits for its Cancel must not keep a test from failing.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Serves `component` to the Packer of `recording`; returns what the plugin said.
pub(super) async fn replay(recording: &Recording, component: Component) -> Streams {
    let encoding = if recording.is_protobuf() { Encoding::Protobuf } else { Encoding::Gob };
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    let cancel = Cancel::default();
    let _at_the_end = CancelOnDrop(cancel.clone());
    let session = tokio::spawn(session::serve(theirs.compat(), component, encoding, cancel));
    let (mut reader, mut writer) = tokio::io::split(ours);
    let heard = Arc::new((Mutex::new(Streams::default()), Notify::new()));
    let listening = tokio::spawn({
        let heard = Arc::clone(&heard);
        async move {
            let mut bytes = Vec::new();
            while reader.read_buf(&mut bytes).await.is_ok_and(|count| count > 0) {
                while let Some(frame) = MuxFrame::take(Side::Plugin, &mut bytes) {
                    heard.0.lock().unwrap().add(&frame);
                }
                heard.1.notify_one();
            }
        }
    });

    let mut recorded = Streams::default();
    for frame in &recording.frames {
        recorded.add(frame);
        match frame.from {
            Side::Packer => writer.write_all(&frame.bytes).await.unwrap(),
            Side::Plugin => {
                let (stream, opens) = (frame.stream, frame.opens());
                let expected = recorded.said(stream, Side::Plugin).amount();
                let step = async {
                    loop {
                        {
                            let heard = heard.0.lock().unwrap();
                            let is_open = !opens || heard.opener(stream) == Some(Side::Plugin);
                            if is_open && heard.said(stream, Side::Plugin).amount() >= expected {
                                break;
                            }
                        }
                        heard.1.notified().await;
                    }
                };
                let came = tokio::time::timeout(PATIENCE, step).await;
                let said = heard.0.lock().unwrap().said(stream, Side::Plugin);
                assert!(
                    came.is_ok(),
                    "on stream {stream}, {said:?} is all after {:?}",
                    recorded.said(stream, frame.from)
                );
            }
        }
    }
    writer.shutdown().await.unwrap();
    tokio::time::timeout(PATIENCE, session).await.expect("the session ends").unwrap().unwrap();
    listening.await.unwrap();
    Arc::into_inner(heard).expect("nobody listens any more").0.into_inner().unwrap()
}
