# The file builder's artifact goes through the plugin to a second post-processor, which destroys it.
variable "behaviour" {
  default = "succeed"
}

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
      behaviour = var.behaviour
      name      = "web-server"
      labels    = { team = "images", secret = var.secret }
      regions   = ["eu", "us"]
      count     = 3
      keep      = true
    }
    post-processor "compress" {
      output              = "image.gz"
      keep_input_artifact = false
    }
  }
}
