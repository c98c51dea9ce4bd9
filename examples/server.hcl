# The configuration of a server, with every option. What is commented out shows the default, unless it says otherwise.
#
#   packer-plugin-registry serve --config server.hcl --check    says what the server would do, and what is wrong
#   packer-plugin-registry serve --config server.hcl            does it
#
# Each option can also be given by an environment variable (PACKER_REGISTRY_SERVER_LISTEN, …_TLS_CERT, …_LOG_LEVEL) or by
# a flag (--listen, --tls-cert, --log-level). A variable beats this file, a flag beats both. Relative paths are relative
# to this file.

# Where to listen. The default is for this machine alone; ":8443" is every address, port 0 any port that is free.
listen = ":8443"

# The folder of the server: the registry, the local CA, the owner's first credentials.
# The default is that of the embedded registry: $XDG_DATA_HOME/packer-plugin-registry, or ~/.local/share/… .
data = "./data"

# Where the registry is kept: a SQLite file, or a PostgreSQL database that several servers may share. A URL with a
# password is better given by PACKER_REGISTRY_SERVER_DATABASE. The default is registry.db in the folder above.
# database = "postgres://registry@db.example.com/registry"

# A file that is written once the server serves: its address, its CA, its organization and project, as JSON. No default.
# ready_file = "./ready.json"

# How connections are secured: "self" makes a CA in data/tls on the first start, and a certificate that is renewed in
# time; clients trust it by data/tls/ca.pem. "off" is plain HTTP, for a server behind a proxy on the same machine.
# tls = "self"

# Instead of the line above: a certificate from elsewhere, with those that lead to its CA, and its key. They are read
# again when they change, and on SIGHUP.
# tls {
#   cert = "/etc/ssl/registry.pem"
#   key  = "/etc/ssl/private/registry.key"
# }

# Whether plain HTTP is allowed on an address that others can reach.
# allow_plain_http = false

# The names and addresses by which clients know the server, for the certificate that it makes for itself. Those of the
# machine to itself are always in it: localhost, 127.0.0.1, ::1. The default is the machine's name.
public_names = ["registry.example.com"]

log {
  # "text" for people, "json" for machines: one line for each request, on stderr.
  # format = "text"

  # "error", "warn", "info", "debug" or "trace".
  # level = "info"
}

# How long requests may go on once the server was told to stop.
# shutdown_grace = "30s"

# How long an access token is valid.
# token_lifetime = "1h"

# How many connections may be open at once; further ones wait.
# max_connections = 1024
