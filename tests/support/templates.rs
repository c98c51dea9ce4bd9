//! Small templates, for what the examples do not show.

use std::fmt::Write as _;

/// The path of an example.
pub(crate) fn example(name: &str) -> String {
    format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A build of one `file` source, whose image is the file `image.txt`, with `chain` as its post-processors.
pub(crate) fn file(chain: &str) -> String {
    file_of("content = \"an image that took an hour\"", chain)
}

/// The same, with a copy of `source` as its image.
pub(crate) fn file_from(source: &str, chain: &str) -> String {
    file_of(&format!("source = \"${{path.root}}/{source}\""), chain)
}

fn file_of(content: &str, chain: &str) -> String {
    format!(
        r#"
source "file" "x" {{
  {content}
  target = "${{path.root}}/image.txt"
}}
build {{
  sources = ["source.file.x"]
  post-processors {{
    {chain}
  }}
}}
"#
    )
}

/// A build of null sources of these names, with `options` of our post-processor.
pub(crate) fn null(names: &[&str], options: &str) -> String {
    let mut template = String::new();
    for name in names {
        writeln!(template, "source \"null\" \"{name}\" {{\n  communicator = \"none\"\n}}").expect("a string takes it");
    }
    let sources: Vec<String> = names.iter().map(|name| format!("\"source.null.{name}\"")).collect();
    let sources = sources.join(", ");
    template + &format!("build {{\n  sources = [{sources}]\n  post-processor \"registry\" {{\n{options}\n  }}\n}}\n")
}
