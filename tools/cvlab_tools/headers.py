"""The headers of the site: one table, used by serve.py and by the `_headers` file that static hosts understand.

Static hosts join the values of a header that two matching rules name, so here only Content-Security-Policy is named
twice: two policies both apply, which is what is meant.
"""
import base64
import hashlib
import html.parser
import re

# Cross-origin isolation (threads, precise timers) needs the first two on page, frame and worker alike. Nothing here is
# private, so any site may embed or load it, itself isolated or not.
EVERYWHERE = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
]
IMMUTABLE = [("Cache-Control", "public, max-age=31536000, immutable")]
REVALIDATE = ("Cache-Control", "no-cache")

# Frames of /embed/ may stand in any document; no frame-ancestors there, since even `*` shuts out slides opened as files.
NOT_IN_FOREIGN_FRAMES = [("Content-Security-Policy", "frame-ancestors 'self'")]


class _InlineScripts(html.parser.HTMLParser):
    """Collects the text of <script> elements that the browser would run in place."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.found, self.inside = [], False

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        runs = (values.get("type") or "text/javascript") in ("text/javascript", "module", "importmap")
        if tag == "script" and "src" not in values and runs:
            self.inside = True
            self.found.append("")

    def handle_endtag(self, tag):
        if tag == "script":
            self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found[-1] += data


def inline_script_hashes(pages):
    """CSP sources for every inline script of these HTML texts."""
    hashes = set()
    for text in pages:
        parser = _InlineScripts()
        parser.feed(text)
        parser.close()
        for script in parser.found:
            if script:
                hashes.add("'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'")
    return sorted(hashes)


def content_security_policy(hashes):
    return "; ".join([
        "default-src 'self'",
        " ".join(["script-src 'self' 'wasm-unsafe-eval'", *hashes]),  # VitePress's own few lines, by hash
        "style-src 'self' 'unsafe-inline'",  # KaTeX and Vue set style attributes
        "img-src 'self' blob: data:",        # the learner's own pictures, icons
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",                # no third party, ever
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ])


def clean_path(name):
    """The URL path of a page file: index.html -> /, fr/convolution.html -> /fr/convolution."""
    return "/" + re.sub(r"(^|/)index$", r"\1", re.sub(r"\.html$", "", name))


def table(dist):
    """[(path pattern, [(header, value)])] for a built site."""
    files = sorted(dist.rglob("*.html"))
    names = [path.relative_to(dist).as_posix() for path in files]
    hashes = inline_script_hashes(path.read_text(encoding="utf-8") for path in files)
    rules = [("/*", EVERYWHERE + [("Content-Security-Policy", content_security_policy(hashes))]), ("/assets/*", IMMUTABLE)]
    for name in names:
        if not name.startswith("embed/"):
            rules += [(path, NOT_IN_FOREIGN_FRAMES) for path in dict.fromkeys((clean_path(name), "/" + name))]
    return rules


def matching(rules, path):
    """The headers of a URL path, in the table's order; what no rule says how to keep is asked for again each time."""
    found = []
    for pattern, headers in rules:
        if path == pattern or (pattern.endswith("*") and path.startswith(pattern[:-1])):
            found += headers
    if not any(name == "Cache-Control" for name, _ in found):
        found.append(REVALIDATE)
    return found


def as_file(rules):
    """The table in the form of a static host's `_headers` file."""
    lines = ["# Made by serve.py from tools/cvlab_tools/headers.py."]
    for pattern, headers in rules:
        lines.append(pattern)
        lines += [f"  {name}: {value}" for name, value in headers]
    return "\n".join(lines) + "\n"
