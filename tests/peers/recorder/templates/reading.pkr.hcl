data "registry-iteration" "latest" {
  bucket_name = "learn-packer"
  channel     = "development"
}

data "registry-artifact" "here" {
  bucket_name  = "learn-packer"
  iteration_id = data.registry-iteration.latest.id
  platform     = "metal"
  region       = "here"
}

source "null" "any" {
  communicator = "none"
}

build {
  name    = data.registry-artifact.here.external_identifier
  sources = ["source.null.any"]
}
