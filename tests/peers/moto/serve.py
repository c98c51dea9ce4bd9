"""A simulated EC2 on a free port of the loopback interface.

Prints `http://127.0.0.1:PORT` once it accepts connections, and ends when its standard input does, so that it never
outlives whoever started it.
"""

import os
import sys
import threading

from moto.ec2.models.amis import Ami
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


def give_images_a_disk():
    """EC2 makes and copies images of instances with an EBS root device, which packer-plugin-amazon checks; moto's are
    of the type "standard" unless told otherwise."""
    make = Ami.__init__

    def make_with_disk(self, *arguments, **named):
        make(self, *arguments, **{"root_device_type": "ebs", **named})

    Ami.__init__ = make_with_disk


def end_with_standard_input():
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def main():
    give_images_a_disk()
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


main()
