use packer_plugin_registry::wire::grpc::v1;
use tonic::Code;

use super::server::{Server, as_ada};
use crate::support::record::{bucket, build_of};

async fn iterations(server: &Server, page_size: u32, page_token: &str) -> v1::ListIterationsResponse {
    let request =
        v1::ListIterationsRequest { bucket: "web-server".to_owned(), page_size, page_token: page_token.to_owned() };
    server.client().list_iterations(as_ada(request)).await.unwrap().into_inner()
}

#[tokio::test]
async fn the_pages_of_a_list_make_up_the_list() {
    let server = Server::start();
    for run in 1..=5 {
        server.record(&build_of(&format!("release-{run}"), run, "amazon-ebs.east")).await;
    }
    // Two of one moment, to be told apart by more than the time.
    let mut same = build_of("release-6", 5, "amazon-ebs.east");
    same.run_uuid = crate::support::record::run_uuid(6);
    server.record(&same).await;

    let all = iterations(&server, 0, "").await;
    assert_eq!((all.iterations.len(), all.next_page_token.as_str()), (6, ""));
    for size in 1..=6 {
        let mut found = Vec::new();
        let mut page = iterations(&server, size, "").await;
        loop {
            assert!(page.iterations.len() <= size as usize);
            found.append(&mut page.iterations);
            if page.next_page_token.is_empty() {
                break;
            }
            page = iterations(&server, size, &page.next_page_token).await;
        }
        assert_eq!(found, all.iterations, "{size}");
    }
}

#[tokio::test]
async fn buckets_channels_and_histories_come_in_pages_too() {
    let server = Server::start();
    for (run, name) in [(1, "alpha"), (2, "beta")] {
        let mut record = build_of("release-1", run, "amazon-ebs.east");
        record.bucket = bucket(name);
        record.channels = vec![crate::support::record::channel("staging")];
        server.record(&record).await;
    }
    let mut client = server.client();
    let request = v1::ListBucketsRequest { page_size: 1, page_token: String::new() };
    let first = client.list_buckets(as_ada(request)).await.unwrap().into_inner();
    let request = v1::ListBucketsRequest { page_size: 1, page_token: first.next_page_token };
    let second = client.list_buckets(as_ada(request)).await.unwrap().into_inner();
    assert_eq!(second.buckets[0].bucket.as_ref().unwrap().name, "beta");
    assert_eq!(second.next_page_token, "");

    let request = v1::ListChannelsRequest { bucket: "beta".to_owned(), page_size: 1, page_token: String::new() };
    let first = client.list_channels(as_ada(request.clone())).await.unwrap().into_inner();
    let request = v1::ListChannelsRequest { page_token: first.next_page_token, ..request };
    let second = client.list_channels(as_ada(request)).await.unwrap().into_inner();
    assert_eq!((first.channels[0].name.as_str(), second.channels[0].name.as_str()), ("latest", "staging"));

    let request = v1::ListChannelHistoryRequest {
        bucket: "beta".to_owned(),
        channel: "staging".to_owned(),
        page_size: 1,
        page_token: String::new(),
    };
    let page = client.list_channel_history(as_ada(request)).await.unwrap().into_inner();
    assert_eq!((page.assignments[0].position, page.next_page_token.as_str()), (1, ""));
}

#[tokio::test]
async fn a_token_of_another_list_is_refused() {
    let server = Server::start();
    server.record(&build_of("release-1", 1, "amazon-ebs.east")).await;
    for page_token in ["p.1", "rubbish"] {
        let request = v1::ListIterationsRequest {
            bucket: "web-server".to_owned(),
            page_size: 0,
            page_token: page_token.to_owned(),
        };
        let status = server.client().list_iterations(as_ada(request)).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        assert!(status.message().starts_with("page_token: "), "{}", status.message());
    }
}

#[tokio::test]
async fn a_page_is_as_long_as_it_was_asked_for_however_it_is_read() {
    let server = Server::start();
    for run in 1..=110 {
        server.record(&build_of(&format!("release-{run}"), run, "amazon-ebs.east")).await;
    }
    let first = iterations(&server, 0, "").await;
    assert_eq!(first.iterations.len(), 100);
    let second = iterations(&server, 0, &first.next_page_token).await;
    assert_eq!((second.iterations.len(), second.next_page_token.as_str()), (10, ""));
    let mut all: Vec<_> = first.iterations.iter().chain(&second.iterations).map(|i| i.fingerprint.clone()).collect();
    all.reverse();
    assert_eq!(all, (1..=110).map(|run| format!("release-{run}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_history_in_pages_has_a_move_that_is_not_written_down_yet() {
    let server = Server::start();
    for run in 1..=2 {
        server.record(&build_of(&format!("release-{run}"), run, "amazon-ebs.east")).await;
    }
    server.revoke_all(super::server::NOON);
    let mut request = v1::ListChannelHistoryRequest {
        bucket: "web-server".to_owned(),
        channel: "latest".to_owned(),
        page_size: 1,
        page_token: String::new(),
    };
    let mut found = Vec::new();
    loop {
        let page = server.client().list_channel_history(as_ada(request.clone())).await.unwrap().into_inner();
        found.extend(page.assignments.iter().map(|assignment| (assignment.position, assignment.version)));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(found, [(3, None), (2, Some(2)), (1, Some(1))]);
}
