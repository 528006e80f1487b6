"""The front door and its stand-ins: what the first answers hold, whose cookie it is, and a host without st.App."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lib.ui.door.files import COMPONENTS, PLOTLY
from lib.ui.door.letters import FAMILIES
from tests.e2e.server import Server, running_app
from tests.e2e.tabs import tab_of
from tests.e2e.test_train import LONG
from tests.e2e.waits import box, complaints, finished, texts, until, value
from tests.e2e.workers import processes
from tests.processes import is_alive, ps

pytestmark = pytest.mark.e2e

COOKIE = "shapelab_learner"
SECOND = "second-visit-" + "b" * 12
# Another tab's cookie comes between this tab's handshake and its first look at the cookies.
OVERTAKEN = f"""
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {{
  constructor(...details) {{
    super(...details);
    this.addEventListener("open", () => {{ document.cookie = "{COOKIE}={SECOND}; Path=/"; }});
  }}
}};
"""


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """The app on a host that knows nothing of st.App."""
    with running_app(plain=True) as running:
        yield running


def test_icons_come_from_the_small_font_alone(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/shapes")
    finished(page)
    files = "() => performance.getEntriesByType('resource').map((entry) => entry.name)"
    fonts = [name.rsplit("/", 1)[-1] for name in value(page.locator("html"), files) if ".woff2" in name]
    assert "symbols.woff2" in fonts
    assert not [name for name in fonts if name.startswith("MaterialSymbols")], "366 KB a learner"
    icons = page.get_by_test_id("stIconMaterial").filter(visible=True)
    shapes = [(len(icon), box(icons.nth(i))) for i, icon in enumerate(texts(icons))]
    assert shapes
    for letters, size in shapes:
        assert size["width"] <= 1.5 * size["height"], f"a name of {letters} letters, not an icon"


LETTERS_OF = """
async (_, text) => (await document.fonts.load('16px "Source Sans"', text)).map((face) => face.status)
"""


def test_a_letter_that_only_the_whole_font_has_fetches_it(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/shapes?lang=zh")
    finished(page)
    fetched = "() => performance.getEntriesByType('resource').map((entry) => entry.name.split('/').at(-1))"
    root = page.locator("html")
    (sans, _) = FAMILIES
    assert sans.whole is not None
    assert sans.small.name in value(root, fetched)
    assert sans.whole.name not in value(root, fetched), "120 KB a learner"
    assert value(root, LETTERS_OF, "Ж") == ["loaded"]
    assert sans.whole.name in value(root, fetched)


def token(context: BrowserContext) -> str:
    """The learner's cookie, the only one of its name."""
    (found,) = [cookie["value"] for cookie in context.cookies() if cookie.get("name") == COOKIE]
    return str(found)


def keep_a_tensor(tab: Page, server: Server) -> None:
    tab.goto(f"{server.url}/tensors?fn=ones&shape=2,2")
    tab.get_by_role("button", name="Put on the shelf").click()
    expect(tab.get_by_text("t1 = ones(2, 2)")).to_be_visible()


def expect_the_tensor(tab: Page) -> None:
    """Without a reload, which would bring the new cookie anyway."""
    tab.get_by_test_id("stSidebar").get_by_role("link", name="Index and reduce").click()
    expect(tab.get_by_role("radio", name="t1", exact=True)).to_have_count(1)


def test_first_answers(server: Server) -> None:
    for path in ("", "train?seed=3"):
        with urllib.request.urlopen(f"{server.url}/{path}") as answer:
            document, headers = answer.read().decode(), answer.headers
        assert '<style id="shapelab-shell"' in document
        assert document.index('<div id="root">') < document.index('<style id="shapelab-shell"')
        assert headers["cache-control"] == "private, no-cache"
        assert re.fullmatch(
            COOKIE + r"=[\w-]{16,}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax", headers["set-cookie"]
        )
    request = urllib.request.Request(
        server.url, headers={"Cookie": f"{COOKIE}={SECOND}", "X-Forwarded-Proto": "https"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["set-cookie"].startswith(f"{COOKIE}={SECOND}; ")
        assert answer.headers["set-cookie"].endswith("; Secure")
    with urllib.request.urlopen(f"{server.url}/health") as answer:
        said = json.load(answer)
    assert said["status"] == "ok"
    assert {"queue", "running", "workers", "memory", "version"} <= set(said)
    assert said["memory"]["server_bytes"] > 50e6


def fetch(address: str, **headers: str) -> tuple[bytes, Message]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(address, headers=named)) as answer:
        return answer.read(), answer.headers


def test_files_travel_compressed(server: Server) -> None:
    document = fetch(server.url)[0].decode()
    found = re.search(r"static/js/index\.[\w-]+\.js", document)
    assert found
    for path in (found[0], PLOTLY.address("plotly-charts.min.js"), COMPONENTS.address("conv/conv.js")):
        plain, headers = fetch(f"{server.url}/{path}", Accept_Encoding="identity")
        assert headers["content-encoding"] is None
        for _ in range(2):
            packed, headers = fetch(f"{server.url}/{path}", Accept_Encoding="gzip, br")
            assert headers["content-encoding"] == "gzip"
            assert "immutable" in headers["cache-control"]
            assert gzip.decompress(packed) == plain
        part, headers = fetch(f"{server.url}/{path}", Accept_Encoding="gzip", Range="bytes=0-99")
        assert (part, headers["content-encoding"]) == (plain[:100], None)
    assert gzip.decompress(fetch(server.url, Accept_Encoding="gzip")[0]).decode() == document
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{server.url}/shapelab/components/000000000000/conv/conv.js", Accept_Encoding="gzip")


def test_the_cookie_is_out_of_scripts_reach(server: Server, context: BrowserContext, page: Page) -> None:
    page.goto(server.url)
    finished(page)
    cookie = next(each for each in context.cookies() if each.get("name") == COOKIE)
    assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Lax")
    assert COOKIE not in str(value(page.locator("body"), "() => document.cookie"))


def test_scripts_come_through_the_door_and_are_kept(server: Server, page: Page) -> None:
    scripts: dict[str, str | None] = {}
    page.on("response", lambda answer: scripts.update({answer.url: answer.headers.get("cache-control")}))
    page.goto(f"{server.url}/convolution")
    finished(page)
    ours = {url: kept for url, kept in scripts.items() if "/shapelab/components/" in url}
    assert any(url.endswith("/conv/conv.js") for url in ours)
    assert set(ours.values()) == {"public, max-age=31536000, immutable"}
    assert not [url for url in scripts if "/_stcore/bidi-components/" in url]


def test_a_tab_follows_the_cookie_that_came_later(server: Server, context: BrowserContext) -> None:
    first, second = context.new_page(), context.new_page()
    first.goto(f"{server.url}/convolution")
    finished(first)
    before = token(context)
    context.clear_cookies()  # the second visit was under way before the first one's cookie was there
    keep_a_tensor(second, server)
    assert token(context) != before
    value(first.locator("body"), "() => document.dispatchEvent(new Event('visibilitychange'))")
    finished(first)
    expect_the_tensor(first)


def handshake(server: Server, origin: str) -> int:
    """The status with which a WebSocket from a page of that origin is answered: 101 opens it."""
    host, port = urlsplit(server.url).hostname, urlsplit(server.url).port
    connection = http.client.HTTPConnection(str(host), port)
    wanted = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Origin": origin}
    connection.request("GET", "/_stcore/stream", headers={**wanted, **key})
    status = connection.getresponse().status
    connection.close()
    return status


def test_pages_of_other_sites_cannot_connect(server: Server) -> None:
    assert handshake(server, server.url) == 101
    for origin in ("https://evil.example.org", "http://localhost:1", "null"):
        assert handshake(server, origin) == 403, origin


def test_a_stop_ends_runs_and_workers_first(page: Page) -> None:
    with running_app() as own:
        page.goto(f"{own.url}/train?{LONG}")
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.get_by_role("button", name="Pause", exact=True)).to_be_enabled()
        until(page, lambda: json.load(urllib.request.urlopen(f"{own.url}/health"))["workers"] > 0)
        process = ps.Process(own.pid)
        children = processes(own)
        process.terminate()
        until(page, lambda: not [each for each in [process, *children] if is_alive(each)])
        (line,) = [text for text in own.log.read_text().splitlines() if '"event": "run"' in text]
        assert '"reason": "server closed"' in line
    tab_of(page).errors.clear()  # the browser lost its server


@pytest.mark.parametrize("path", ["", "convolution", "train"])
def test_a_plain_host_shows_the_pages(plain: Server, page: Page, path: str) -> None:
    page.goto(f"{plain.url}/{path}")
    assert complaints(page) == []
    expect(page.locator(".stMainBlockContainer")).to_have_css("max-width", "1500px")


def test_on_a_plain_host_a_tab_takes_the_cookie_that_is_there(plain: Server, context: BrowserContext) -> None:
    first, second = context.new_page(), context.new_page()
    first.add_init_script(OVERTAKEN)
    first.goto(f"{plain.url}/convolution")
    finished(first)
    until(first, lambda: token(context) == SECOND)
    keep_a_tensor(second, plain)
    expect_the_tensor(first)
