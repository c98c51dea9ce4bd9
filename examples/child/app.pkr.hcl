# An image on top of the one that the channel "development" points at, which becomes its recorded parent.
#
#   packer build examples/amazon && packer build examples/child

packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.8.0"
    }
  }
}

variable "endpoint" {
  type        = string
  description = "The URL of a simulated EC2, where one stands in for the real one."
  default     = null
}

locals {
  simulated = var.endpoint != null
  # An image's name is taken once in a region, and two runs may start in one second.
  unique = "${formatdate("YYYYMMDDhhmmss", timestamp())}-${substr(uuidv4(), 0, 8)}"
}

data "registry-artifact" "base" {
  bucket_name    = "learn-packer-ubuntu"
  channel        = "development"
  component_type = "amazon-ebs.ubuntu"
  platform       = "aws"
  region         = "us-west-2"
}

source "amazon-ebs" "app" {
  ami_name      = "learn-packer-app-${local.unique}"
  instance_type = "t3.micro"
  region        = "us-west-2"
  source_ami    = data.registry-artifact.base.external_identifier
  communicator  = "none"

  custom_endpoint_ec2        = var.endpoint
  skip_credential_validation = local.simulated
  skip_metadata_api_check    = local.simulated
  skip_region_validation     = local.simulated
}

build {
  sources = ["source.amazon-ebs.app"]

  post-processor "registry" {
    bucket_name     = "learn-packer-app"
    description     = "The application, on our Ubuntu"
    channels        = ["development"]
    expected_builds = ["amazon-ebs.app"]
    template_dir    = path.root
  }
}
