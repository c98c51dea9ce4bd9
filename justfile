# What is done often. `just --list` shows it.

# everything that has to hold; what CI runs
test:
    scripts/test

# the fast tests alone
quick *filter:
    cargo test --profile e2e -- {{ filter }}

# the tests with the real Packer, Go, PostgreSQL and amazon plugin
e2e *filter:
    scripts/postgres run cargo test --profile e2e --test tests -- --include-ignored {{ filter }}

# servers and databases that are killed under load, until 1,000 records are acknowledged in each test
soak records="1000":
    PACKER_REGISTRY_SOAK_RECORDS={{ records }} scripts/postgres run cargo test --profile e2e --test tests -- --include-ignored --nocapture soak::

# ratios against rivals and limits; docs/performance.md says of what, and what takes minutes
bench *names:
    cargo bench --target "$(scripts/release-target)" -- {{ names }}

# the main job, with a simulated cloud
demo:
    scripts/demo

# the static binary that is shipped
release:
    cargo build --release --target "$(scripts/release-target)"

# the plugin, built and installed for the Packer on the PATH
install:
    cargo build --release
    packer plugins install --path target/release/packer-plugin-registry github.com/packer-plugin-registry/registry

# known vulnerabilities of the dependencies; needs the advisory database
advisories:
    "$(scripts/tool cargo-deny)" check advisories

# what Packer and plugins say to each other, recorded anew (works in /tmp/t)
transcripts:
    cargo build --profile e2e
    cd tests/peers/go_plugin && go build -trimpath -o ../../../target/go_plugin .
    tests/peers/recorder/record.py "$(tests/peers/get packer)" target/e2e/packer-plugin-registry target/go_plugin
    cargo test --profile e2e --lib plugin::transcripts

# what Packer and Terraform and a server that they take for HCP say to each other, written anew
hcp-transcripts:
    PACKER_REGISTRY_TRANSCRIPTS=write cargo test --profile e2e --test tests -- --include-ignored e2e::hcp::transcripts e2e::hcp::packer_1_8 e2e::hcp::terraform::transcripts
