"""httpbin on a free port, which is printed once it listens; it ends when stdin does."""

import os
import signal
import threading

wsgi_app = "httpbin:app"
bind = "127.0.0.1:0"
worker_class = "gthread"
threads = 8
keepalive = 5
graceful_timeout = 1
loglevel = "warning"


def when_ready(server):
    threading.Thread(target=end_with_stdin, daemon=True).start()
    print(server.LISTENERS[0].sock.getsockname()[1], flush=True)


def end_with_stdin():
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
