"""WsgiDAV on a free port, which is printed once it listens; it ends when stdin does."""

import sys
import tempfile
import threading

from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp


def stop_with_stdin(server):
    sys.stdin.read()
    server.stop()


with tempfile.TemporaryDirectory() as root:
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": root},
            "simple_dc": {"user_mapping": {"*": True}},
            "lock_storage": True,
            "property_manager": True,
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    print(server.bind_addr[1], flush=True)
    threading.Thread(target=stop_with_stdin, args=[server], daemon=True).start()
    server.serve()
