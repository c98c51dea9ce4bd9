use crate::capture::guard::Guard;
use crate::capture::row::Row;

/// Naver Cloud: it answers every state key with the image's status, and crashes over each where there is no image.
pub(super) const ROWS: &[Row] = &[Row {
    builder_ids: &["ncloud.server.image"],
    platform: "ncloud",
    guard: Guard::Shut("the plugin answers with the status of the image instead"),
    ..Row::PLAIN
}];
