use super::site::{Site, on_each_backend};

on_each_backend![
    a_bucket_is_deleted_after_a_question,
    a_registry_is_taken_out_of_use_and_into_it_again,
    a_registry_is_deleted_and_created_anew,
];

fn a_bucket_is_deleted_after_a_question(site: &Site) {
    site.two_releases();
    let asked = site.run("bucket delete web-server").exits(2);
    asked.says("Delete bucket web-server with its 2 iterations and 2 channels for good?");
    site.run("bucket delete web-server --yes").exits(0).says("Deleted bucket web-server");
    site.run("bucket show web-server").exits(3);
    site.run("bucket delete web-server --yes").exits(3);
}

fn a_registry_is_taken_out_of_use_and_into_it_again(site: &Site) {
    site.two_releases();
    assert_eq!(site.json("registry show")["active"], true);
    site.run("registry deactivate").exits(2).says("fail until it is activated");
    site.run("registry deactivate --yes").exits(0).says("deactivated");
    site.run("artifact get --bucket web-server").exits(1).says("was deactivated at").says("registry activate");
    site.run("bucket list").exits(0).says("web-server");
    site.run("registry activate").exits(0).says("in use");
    site.run("artifact get --bucket web-server").exits(0);
    site.run("registry set-tier plus").exits(0).says("plus");
    assert_eq!(site.json("registry show")["tier"], "plus");
}

fn a_registry_is_deleted_and_created_anew(site: &Site) {
    site.two_releases();
    site.run("registry delete --yes").exits(1).says("deactivate it first");
    site.run("registry deactivate --yes").exits(0);
    site.run("registry delete").exits(2).says("with its 1 buckets for good?");
    site.run("registry delete --yes").exits(0).says("Deleted the registry");
    site.run("registry show").exits(3).says("registry create");
    site.run("registry create").exits(0).says("in use");
    site.run("bucket list").exits(0).does_not_say("web-server");
}
