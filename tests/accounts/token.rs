use super::door::{Door, borrowed};

#[test]
fn a_server_gives_a_token_that_lives_for_an_hour() {
    let door = Door::server();
    let token = door.run("token").exits(0);
    assert_eq!((token.stdout.lines().count(), token.stdout.trim().split('.').count()), (1, 3), "{}", token.text);
    let answer = door.json("token");
    assert_eq!(answer["token_type"], "Bearer");
    let left = answer["expires_in"].as_u64().unwrap();
    assert!((3500..=3600).contains(&left), "{answer}");
    assert!(answer["expires_at"].as_str().unwrap().ends_with('Z'), "{answer}");
}

#[test]
fn a_file_has_no_tokens_and_says_why() {
    Door::file()
        .run("token")
        .exits(1)
        .says("whoever may open the file may do everything")
        .says("--url https://HOST:PORT");
}

#[test]
fn without_credentials_there_is_no_token_but_a_word_about_where_they_belong() {
    let door = Door::server();
    let nobody = [("PACKER_REGISTRY_CLIENT_ID", String::new()), ("PACKER_REGISTRY_CLIENT_SECRET", String::new())];
    let ran = door.run_with(&borrowed(&nobody), "token").exits(1);
    assert_eq!(ran.stdout, "");
    ran.says("set PACKER_REGISTRY_CLIENT_ID and PACKER_REGISTRY_CLIENT_SECRET");
    let wrong = [("PACKER_REGISTRY_CLIENT_SECRET", "wrong".to_owned())];
    door.run_with(&borrowed(&wrong), "token").exits(1).says("the client id or its secret is wrong");
}
