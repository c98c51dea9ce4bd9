# `build.ID` is known only once the build has run: the first Configure gets a placeholder.
source "null" "any" {
  communicator = "none"
}

build {
  sources = ["source.null.any"]

  post-processor "registry" {
    name   = "web"
    labels = { id = build.ID, stage = "last" }
  }
}
