use std::io::Read as _;

use ruzstd::decoding::StreamingDecoder;

use super::{MAX_COMPRESSED, MAX_DOCUMENT, Unreadable};

/// The document that was compressed by Zstandard, into one frame.
///
/// # Errors
/// [`Unreadable`] for what is no such frame, is damaged, or holds more than [`MAX_DOCUMENT`] bytes.
pub fn decompress(compressed: &[u8]) -> Result<Vec<u8>, Unreadable> {
    if compressed.len() > MAX_COMPRESSED {
        return Err(Unreadable(format!("it has {} bytes, and {MAX_COMPRESSED} are the most", compressed.len())));
    }
    let damaged = |error: String| Unreadable(format!("it cannot be decompressed as Zstandard: {error}"));
    // A frame says how far back it refers, which is what has to be kept in memory: no farther than a document is long.
    let window = u64::try_from(MAX_DOCUMENT).unwrap_or(u64::MAX);
    let mut decoder =
        StreamingDecoder::new_with_max_window_size(compressed, window).map_err(|error| damaged(error.to_string()))?;
    let mut document = Vec::new();
    let most = window.saturating_add(1);
    decoder.by_ref().take(most).read_to_end(&mut document).map_err(|error| damaged(error.to_string()))?;
    if document.len() > MAX_DOCUMENT {
        return Err(Unreadable(format!("it holds more than {MAX_DOCUMENT} bytes, which are the most")));
    }
    let frame = &decoder.decoder;
    if frame.get_checksum_from_data().is_some_and(|sum| frame.get_calculated_checksum() != Some(sum)) {
        return Err(damaged("its checksum is another one".to_owned()));
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn compress(document: &[u8]) -> Vec<u8> {
        compress_to_vec(document, CompressionLevel::Fastest)
    }

    #[test]
    fn what_grows_beyond_the_limit_is_refused() {
        let most = vec![b' '; MAX_DOCUMENT];
        assert_eq!(decompress(&compress(&most)).unwrap().len(), MAX_DOCUMENT);
        let bomb = compress(&vec![b' '; MAX_DOCUMENT + 1]);
        assert!(bomb.len() < 100_000, "{}", bomb.len());
        let message = decompress(&bomb).unwrap_err().to_string();
        assert_eq!(message, "it holds more than 67108864 bytes, which are the most");
        let message = decompress(&vec![0; MAX_COMPRESSED + 1]).unwrap_err().to_string();
        assert!(message.ends_with("are the most"), "{message}");
    }

    #[test]
    fn a_frame_that_wants_a_larger_window_is_refused_before_it_has_one() {
        // Magic number; a header without a content size; a window of 2^37 bytes.
        let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xd8];
        assert!(decompress(&frame).unwrap_err().to_string().contains("cannot be decompressed"));
    }

    #[test]
    fn what_the_encoder_of_zstandard_made_is_read() {
        // `zstd -19 --check`.
        const FRAME: &str = "KLUv/WQaCPUEAMJHFhSQLxxyow3juP9fDNvKlNoX890BEXd3d3d3////v23btt22bduSJEmShfm4EQbtKAwrcXZXM34Y\
            TdhrK3gBgw1GAAGgqKGmpQICYBAWJnGURAIQYHkSCLACRagRgAfvfwewM0oHEviNBAwBkYAh+O8P7/b26m+rv3rv5okRkQ/XsBeScBxsQQ5c\
            QA+YR5w45oknjnninAGdYLYKxQF+dw==";
        let frame = STANDARD.decode(FRAME).unwrap();
        let line = |n: u32| format!("{{\"name\":\"package-{n}\",\"version\":\"1.{}.{}\"}}", n * 7 % 10, n * 3 % 10);
        let document: String = (0..60).map(line).collect();
        assert_eq!(decompress(&frame).unwrap(), document.as_bytes());
        let mut sum = frame;
        *sum.last_mut().unwrap() ^= 1;
        assert!(decompress(&sum).unwrap_err().to_string().ends_with("its checksum is another one"));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let frame = compress(b"{\"bomFormat\":\"CycloneDX\"}");
        for damaged in [&b"{}"[..], b"", &frame[..frame.len() - 1]] {
            let message = decompress(damaged).unwrap_err().to_string();
            assert!(message.starts_with("it cannot be decompressed as Zstandard: "), "{message}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_is_too_much(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = decompress(&bytes);
        }

        #[test]
        fn nothing_that_became_of_a_frame_is_too_much(
            document in "[a-f]{0,2000}", at in any::<prop::sample::Index>(), byte in any::<u8>(),
        ) {
            let mut frame = compress(document.as_bytes());
            prop_assert_eq!(decompress(&frame).unwrap(), document.as_bytes());
            let at = at.index(frame.len());
            frame[at] = byte;
            let _ = decompress(&frame);
        }
    }
}
