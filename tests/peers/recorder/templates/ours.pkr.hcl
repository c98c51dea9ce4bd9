variable "secret" {
  default   = "hush"
  sensitive = true
}

source "file" "image" {
  content = "an image"
  target  = "image.raw"
}

build {
  sources = ["source.file.image"]

  post-processors {
    post-processor "registry" {
      bucket_name     = "learn-packer"
      description     = "An image"
      bucket_labels   = { owner = "platform" }
      build_labels    = { secret = var.secret }
      channels        = ["development"]
      expected_builds = ["file.image"]
      fingerprint     = "recorded"
      platform        = "metal"
      region          = "here"
    }
    post-processor "compress" {
      output              = "image.gz"
      keep_input_artifact = false
    }
  }
}
