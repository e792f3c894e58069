"""Serves a built site the way a production host should: headers, types, compression, conditional requests."""
import errno
import http.server
import socket
import sys
import urllib.parse
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from . import headers
from .report import Failure

TYPES = {
    ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".ico": "image/x-icon", ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8", ".json": "application/json; charset=utf-8", ".map": "application/json",
    ".md": "text/markdown; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".pdf": "application/pdf",
    ".png": "image/png", ".svg": "image/svg+xml", ".ttf": "font/ttf", ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".webp": "image/webp",
    ".woff": "font/woff", ".woff2": "font/woff2", ".xml": "application/xml",
}
ENCODINGS = [("br", ".br"), ("gzip", ".gz")]  # best first


def accepted_encodings(header):
    """The codings a client takes (those with q=0 left out)."""
    accepted = set()
    for part in (header or "").split(","):
        name, _, parameters = part.strip().partition(";")
        quality = parameters.strip()
        if name and quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip().lower())
    return accepted


class Site:
    """The files of a folder and what URL paths mean there."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.rules = headers.table(self.folder)

    def _file(self, name):
        path = (self.folder / name).resolve()
        inside = path == self.folder or self.folder in path.parents
        return path if inside and path.is_file() else None

    def find(self, url_path):
        """(file, None), (None, where to go instead) or (None, None) when there is nothing."""
        path = urllib.parse.unquote(url_path, errors="replace")
        parts = path.split("/")
        if not path.startswith("/") or "\0" in path or "\\" in path or any(part.startswith(".") for part in parts):
            return None, None
        if path.startswith("//"):
            return None, None
        name = path[1:]
        if name == "" or name.endswith("/"):
            return self._file(name + "index.html"), None
        found = self._file(name) or self._file(name + ".html")
        if found is None and self._file(name + "/index.html"):
            return None, urllib.parse.quote(path) + "/"
        return found, None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "cvlab"
    sys_version = ""
    timeout = 30  # an idle connection holds a thread no longer
    site = None

    def log_message(self, *_):
        pass  # a learner's terminal is for what matters

    def do_GET(self):
        self._answer(True)

    def do_HEAD(self):
        self._answer(False)

    def _refuse(self):
        self.send_response(405)
        self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _refuse

    def _answer(self, with_body):
        path, _, query = self.path.partition("?")
        file, elsewhere = self.site.find(path)
        if elsewhere:
            self.send_response(301)
            self.send_header("Location", elsewhere + ("?" + query if query else ""))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if file is not None:
            self._send(200, file, path, with_body)
        elif (self.site.folder / "404.html").is_file():
            self._send(404, self.site.folder / "404.html", "/404.html", with_body)
        else:
            self.send_error(404)

    def _send(self, status, file, path, with_body):
        encoding, chosen = None, file
        accepted = accepted_encodings(self.headers.get("Accept-Encoding"))
        for name, suffix in ENCODINGS:
            packed = file.with_name(file.name + suffix)
            if name in accepted and packed.is_file() and packed.stat().st_mtime >= file.stat().st_mtime:
                encoding, chosen = name, packed
                break
        details = file.stat()
        tag = f'"{details.st_mtime_ns:x}-{details.st_size:x}{"-" + encoding if encoding else ""}"'
        fresh = status == 200 and self._is_fresh(tag, details.st_mtime)
        data = b"" if fresh else chosen.read_bytes()
        self.send_response(304 if fresh else status)
        for name, value in headers.matching(self.site.rules, urllib.parse.unquote(path)):
            self.send_header(name, value)
        self.send_header("ETag", tag)
        self.send_header("Last-Modified", formatdate(details.st_mtime, usegmt=True))
        self.send_header("Vary", "Accept-Encoding")
        if not fresh:
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(data)))
            if encoding:
                self.send_header("Content-Encoding", encoding)
        self.end_headers()
        if with_body and not fresh:
            self.wfile.write(data)

    def _is_fresh(self, tag, changed):
        """Whether the client's copy is this one (If-None-Match decides where it is given)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or tag in [one.strip().replace("W/", "") for one in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        try:
            return since is not None and int(changed) <= parsedate_to_datetime(since).timestamp()
        except (TypeError, ValueError):
            return False


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, socket.timeout)):
            super().handle_error(request, client_address)


def check_free(host, port):
    """Raises when the port cannot be listened on."""
    _listen(host, port, Handler).server_close()


def open_server(folder, host, port):
    """A server of the folder, bound and ready for serve_forever()."""
    return _listen(host, port, type("SiteHandler", (Handler,), {"site": Site(folder)}))


def _listen(host, port, handler):
    family = Server
    if ":" in host:
        family = type("Server6", (Server,), {"address_family": socket.AF_INET6})
    try:
        return family((host, port), handler)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Failure(f"port {port} is in use: stop what runs there, or choose another with --port {port + 1}.")
        if error.errno == errno.EACCES:
            raise Failure(f"this user may not open port {port}: choose one from 1024 on with --port.")
        raise Failure(f"cannot listen on {host}:{port} ({error.strerror or error}): check --host.")
