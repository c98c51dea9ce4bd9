//! Takes a transcript apart: bytes, yamux frames, streams, calls.

use std::collections::BTreeMap;

use futures::FutureExt as _;

use crate::plugin::rpc::{Frame, FrameReader, RpcError};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plugin/transcripts");

/// The yamux flags that open a stream, and accept it.
const SYN: u16 = 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plugin) enum Side {
    Packer,
    Plugin,
}

/// One yamux frame, with its bytes as they were sent.
///
/// Layout, in big endian: version (1 byte, 0), type (1: data, window update, ping, go away), flags (2), stream (4),
/// length (4); in frames of data as many bytes follow.
pub(in crate::plugin) struct MuxFrame {
    pub(super) from: Side,
    pub(super) flags: u16,
    pub(in crate::plugin) stream: u32,
    pub(super) is_data: bool,
    pub(in crate::plugin) bytes: Vec<u8>,
}

impl MuxFrame {
    const HEAD: usize = 12;

    pub(in crate::plugin) fn opens(&self) -> bool {
        self.flags & SYN != 0
    }

    /// Takes the frame at the start of `bytes`, once all of it is there.
    pub(in crate::plugin) fn take(from: Side, bytes: &mut Vec<u8>) -> Option<Self> {
        let word = |at: usize| bytes.get(at..at + 4).map(|word| u32::from_be_bytes(word.try_into().unwrap()));
        let (start, stream, length) = (word(0)?, word(4)?, word(8)?);
        let (kind, flags) = (start >> 16, start as u16);
        assert!(kind <= 3, "{kind} is no type of frame");
        let is_data = kind == 0;
        let end = Self::HEAD + if is_data { length as usize } else { 0 };
        if bytes.len() < end {
            return None;
        }
        let rest = bytes.split_off(end);
        let bytes = std::mem::replace(bytes, rest);
        Some(Self { from, flags, stream, is_data, bytes })
    }
}

/// What has passed over the streams of one connection, so far.
#[derive(Default)]
pub(super) struct Streams {
    bytes: BTreeMap<(u32, Side), Vec<u8>>,
    openers: BTreeMap<u32, Side>,
}

impl Streams {
    pub(super) fn add(&mut self, frame: &MuxFrame) {
        if frame.opens() && frame.stream != 0 {
            self.openers.insert(frame.stream, frame.from);
        }
        if frame.is_data {
            self.bytes.entry((frame.stream, frame.from)).or_default().extend(&frame.bytes[MuxFrame::HEAD..]);
        }
    }

    pub(super) fn opener(&self, stream: u32) -> Option<Side> {
        self.openers.get(&stream).copied()
    }

    pub(super) fn of(&self, side: Side) -> impl Iterator<Item = u32> {
        self.bytes.keys().filter(move |(_, from)| *from == side).map(|(stream, _)| *stream)
    }

    /// What one side sent on a stream: the id by which both know it, and the calls or answers that are complete.
    pub(super) fn said(&self, stream: u32, side: Side) -> Said {
        let Some((id, rest)) = self.bytes.get(&(stream, side)).and_then(|bytes| bytes.split_first_chunk::<4>()) else {
            return Said::default();
        };
        let mut reader = FrameReader::new(rest);
        let mut frames = Vec::new();
        let ends_between_frames = loop {
            match reader.next().now_or_never().expect("a slice never pends") {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break true,
                Err(RpcError::Closed) => break false,
                Err(error) => panic!("{error}"),
            }
        };
        Said { id: Some(u32::from_le_bytes(*id)), frames, ends_between_frames }
    }
}

#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) id: Option<u32>,
    pub(super) frames: Vec<Frame>,
    pub(super) ends_between_frames: bool,
}

impl Said {
    /// How much was said: the id counts, too.
    pub(super) fn amount(&self) -> usize {
        usize::from(self.id.is_some()) + self.frames.len()
    }
}

/// A whole transcript.
pub(super) struct Recording {
    /// The command line of the plugin's process.
    arguments: String,
    pub(super) frames: Vec<MuxFrame>,
}

impl Recording {
    pub(super) fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(format!("{FOLDER}/{name}.txt")).unwrap();
        let (mut arguments, mut frames) = (String::new(), Vec::new());
        let (mut of_packer, mut of_plugin) = (Vec::new(), Vec::new());
        for line in text.lines() {
            let (from, bytes) = match line.split_once(' ').unwrap() {
                ("#", words) => {
                    words.clone_into(&mut arguments);
                    continue;
                }
                (">", hex) => {
                    of_packer.extend(from_hex(hex));
                    (Side::Packer, &mut of_packer)
                }
                ("<", hex) => {
                    of_plugin.extend(from_hex(hex));
                    (Side::Plugin, &mut of_plugin)
                }
                _ => panic!("{name}: {line}"),
            };
            frames.extend(std::iter::from_fn(|| MuxFrame::take(from, bytes)));
        }
        assert!(of_packer.is_empty() && of_plugin.is_empty(), "{name} ends within a frame");
        Self { arguments, frames }
    }

    /// Whether Packer asked for protobuf; else it wants gob.
    pub(super) fn is_protobuf(&self) -> bool {
        self.arguments.contains("--protobuf")
    }

    /// The names of all transcripts, in order.
    pub(super) fn names() -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(FOLDER)
            .unwrap()
            .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".txt")?.to_owned()))
            .collect();
        names.sort();
        names
    }

    /// All that passed over its streams.
    pub(super) fn streams(&self) -> Streams {
        let mut streams = Streams::default();
        self.frames.iter().for_each(|frame| streams.add(frame));
        streams
    }
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
