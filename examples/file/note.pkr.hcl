# An image that is a file: nothing but Packer and this plugin is needed. What has no ID of its own is recorded by name,
# size and SHA-256.
#
#   packer build examples/file

source "file" "note" {
  content = "Remember which image is the current one.\n"
  target  = "${path.root}/output/note.txt"
}

build {
  sources = ["source.file.note"]

  post-processor "registry" {
    bucket_name     = "notes"
    description     = "Things to remember"
    channels        = ["development"]
    expected_builds = ["file.note"]
    template_dir    = path.root
  }
}
