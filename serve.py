#!/usr/bin/env python3
"""Sets up, builds and serves the site of cvlab.

    ./serve.py [--port 8080] [--host 127.0.0.1] [--open] [--no-build]
"""
import argparse
import sys
import webbrowser
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))
from cvlab_tools import cache, report, server, setup, site  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description="Sets up, builds and serves the site of cvlab.")
    parser.add_argument("--port", type=int, default=8080, help="port to listen on (8080)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 shows the site to the network (127.0.0.1)")
    parser.add_argument("--open", action="store_true", help="open the page in the browser")
    parser.add_argument("--no-build", action="store_true", help="serve what was built before")
    arguments = parser.parse_args()
    if not 0 <= arguments.port <= 65535:
        raise report.Failure(f"{arguments.port} is no port: choose one from 1 to 65535 with --port.")
    if not arguments.no_build:
        # Found out before the long part: the port that is wanted in the end must be free.
        if arguments.port:
            server.check_free(arguments.host, arguments.port)
        with cache.checkout_lock():
            setup.set_up("build", quietly=True)
            site.build_site()
    elif not (site.DIST / "index.html").is_file():
        raise report.Failure("nothing was built yet: start ./serve.py without --no-build.")
    listening = server.open_server(site.DIST, arguments.host, arguments.port)
    shown = "localhost" if arguments.host in ("127.0.0.1", "0.0.0.0", "::1") else arguments.host
    address = f"http://{shown}:{listening.server_address[1]}/"
    report.say(f"cvlab is at {address}   (Ctrl-C ends it)")
    if arguments.open:
        webbrowser.open(address)
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


report.run_main(main)
