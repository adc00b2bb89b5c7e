"""`python -m bench.served APP PORT`: that ASGI app with the server and limits of `nearer serve`."""

from __future__ import annotations

import sys
from contextlib import suppress

from nearer.web.serving import open_on_loopback, serve


def main() -> None:
    app, port = sys.argv[1:]
    with suppress(KeyboardInterrupt):
        serve(open_on_loopback(int(port)), workers=1, app=app)


if __name__ == "__main__":
    main()
