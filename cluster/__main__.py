"""``python -m cluster [SIZE]``: nodes to try things on, until Ctrl-C or SIGTERM."""

import contextlib
import signal
import sys

from cluster.nodes import running

signal.signal(signal.SIGTERM, signal.default_int_handler)
with running(int(sys.argv[1]) if len(sys.argv) > 1 else 1) as cluster:
    print(f"PORTAL_SEARCH_URL={cluster.address('portal')}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()
