"""The server against a small site of its own."""
import gzip
import http.client
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from cvlab_tools import server  # noqa: E402
from cvlab_tools.report import Failure  # noqa: E402


class Server(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outer = tempfile.TemporaryDirectory()
        root = Path(cls.outer.name)
        (root / "secret.txt").write_text("secret")
        site = root / "site"
        for name, text in {"index.html": "home", "convolution.html": "lesson", "404.html": "nothing here", "fr/index.html": "accueil",
                           "embed/index.html": "frame", "module/a.wasm": "\0asm", "big.js": "x" * 4000, ".hidden": "hidden"}.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text)
        (site / "big.js.gz").write_bytes(gzip.compress(b"x" * 4000))
        (site / "big.js.br").write_bytes(b"brotli")
        (site / "link.txt").symlink_to(root / "secret.txt")
        cls.site = site
        cls.server = server.open_server(site, "127.0.0.1", 0)
        cls.port = cls.server.server_address[1]
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.outer.cleanup()

    def ask(self, path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.addCleanup(connection.close)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()

    def test_clean_urls(self):
        for path, text in (("/", b"home"), ("/convolution", b"lesson"), ("/convolution.html", b"lesson"), ("/fr/", b"accueil"),
                           ("/convolution?kernel=mean", b"lesson"), ("/embed/?demo=pixels", b"frame")):
            answer, body = self.ask(path)
            self.assertEqual((answer.status, body), (200, text), path)

    def test_folder_without_slash_goes_to_the_folder(self):
        answer, _ = self.ask("/embed?demo=pixels")
        self.assertEqual((answer.status, answer.getheader("Location")), (301, "/embed/?demo=pixels"))

    def test_missing_page(self):
        answer, body = self.ask("/nowhere")
        self.assertEqual((answer.status, body), (404, b"nothing here"))

    def test_no_way_out_of_the_folder(self):
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/fr/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/link.txt", "/.hidden",
                     "//etc/passwd", "/%00", "/fr/%2e%2e/%2e%2e/secret.txt"):
            answer, body = self.ask(path)
            self.assertEqual(answer.status, 404, path)
            self.assertNotIn(b"secret", body)

    def test_types(self):
        self.assertEqual(self.ask("/module/a.wasm")[0].getheader("Content-Type"), "application/wasm")
        self.assertEqual(self.ask("/")[0].getheader("Content-Type"), "text/html; charset=utf-8")

    def test_compression_is_negotiated(self):
        for accept, expected in (("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), (None, None)):
            answer, body = self.ask("/big.js", **({"Accept_Encoding": accept} if accept else {}))
            self.assertEqual(answer.getheader("Content-Encoding"), expected, accept)
            self.assertEqual(int(answer.getheader("Content-Length")), len(body))
            self.assertEqual(answer.getheader("Content-Type"), "text/javascript; charset=utf-8")
            self.assertEqual(answer.getheader("Vary"), "Accept-Encoding")

    def test_conditional_requests(self):
        first, _ = self.ask("/convolution")
        again, body = self.ask("/convolution", If_None_Match=first.getheader("ETag"))
        self.assertEqual((again.status, body), (304, b""))
        self.assertEqual(self.ask("/convolution", If_None_Match='"other"')[0].status, 200)
        self.assertEqual(self.ask("/convolution", If_Modified_Since=first.getheader("Last-Modified"))[0].status, 304)
        self.assertNotEqual(self.ask("/big.js", Accept_Encoding="br")[0].getheader("ETag"), self.ask("/big.js")[0].getheader("ETag"))

    def test_head_sends_no_body(self):
        answer, body = self.ask("/big.js", "HEAD")
        self.assertEqual((answer.status, body, answer.getheader("Content-Length")), (200, b"", "4000"))

    def test_other_methods_are_refused(self):
        answer, _ = self.ask("/", "POST")
        self.assertEqual((answer.status, answer.getheader("Allow")), (405, "GET, HEAD"))

    def test_port_in_use_is_one_sentence(self):
        with self.assertRaisesRegex(Failure, f"port {self.port} is in use: .* --port"):
            server.open_server(self.site, "127.0.0.1", self.port)


if __name__ == "__main__":
    unittest.main()
