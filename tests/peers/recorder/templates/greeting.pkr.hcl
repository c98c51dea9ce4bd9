variable "behaviour" {
  default = "succeed"
}

data "registry-greeting" "hello" {
  behaviour = var.behaviour
}

source "null" "any" {
  communicator = "none"
}

build {
  name    = "${data.registry-greeting.hello.text}${data.registry-greeting.hello.count}"
  sources = ["source.null.any"]
}
