# Two images, each in two regions, recorded as one iteration of the bucket "learn-packer-ubuntu".
#
#   packer build examples/amazon

packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.8.0"
    }
  }
}

variable "source_ami" {
  type        = string
  description = "The image to start from, in us-east-1."
  default     = "ami-12c6146b"
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

source "amazon-ebs" "ubuntu" {
  ami_name      = "learn-packer-ubuntu-${local.unique}"
  ami_regions   = ["us-east-1", "us-west-2"]
  instance_type = "t3.micro"
  region        = "us-east-1"
  source_ami    = var.source_ami
  communicator  = "none"

  custom_endpoint_ec2        = var.endpoint
  skip_credential_validation = local.simulated
  skip_metadata_api_check    = local.simulated
  skip_region_validation     = local.simulated
}

source "amazon-ebs" "ubuntu-agents" {
  ami_name      = "learn-packer-ubuntu-agents-${local.unique}"
  ami_regions   = ["us-east-1", "us-west-2"]
  instance_type = "t3.micro"
  region        = "us-east-1"
  source_ami    = var.source_ami
  communicator  = "none"

  custom_endpoint_ec2        = var.endpoint
  skip_credential_validation = local.simulated
  skip_metadata_api_check    = local.simulated
  skip_region_validation     = local.simulated
}

build {
  sources = ["source.amazon-ebs.ubuntu", "source.amazon-ebs.ubuntu-agents"]

  post-processor "registry" {
    bucket_name     = "learn-packer-ubuntu"
    description     = "Ubuntu, with and without our agents"
    bucket_labels   = { owner = "platform-team" }
    build_labels    = { "build-time" = timestamp() }
    channels        = ["development"]
    expected_builds = ["amazon-ebs.ubuntu", "amazon-ebs.ubuntu-agents"]
    template_dir    = path.root
  }
}
