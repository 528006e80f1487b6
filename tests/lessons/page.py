"""Opening a page without a browser, and running the code that it shows."""

from __future__ import annotations

import contextlib
import html
import importlib
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from lib.ui.texts.frame import FRAME_TEXTS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# Streamlit looks through all installed packages for components in each run of a test: a third of its time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def _import_components() -> None:
    """Register the components before any run: those that a run imports are known to that run's server alone."""
    for path in sorted((ROOT / "lib").rglob("*.py")):
        if "= browser_component(" in path.read_text("utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


_import_components()


def open_page(page: str, **query: str) -> AppTest:
    """The page as it is after its first run with that address; a traceback fails the test."""
    at = page_test(page)
    for key, value in query.items():
        at.query_params[key] = value
    at.run()
    assert_lives(at)
    return at


def page_test(page: str) -> AppTest:
    """A session that will open the page with its first run."""
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=SECONDS)
    return at.switch_page(f"pages/{page}.py")


def assert_lives(at: AppTest) -> None:
    """No traceback, and no word of one: the boundary around a page says it in its own sentence."""
    assert [error.value for error in at.exception] == []
    failed = {texts.something_failed for texts in FRAME_TEXTS.values()}
    assert not failed & {error.value for error in at.error}


def run_code(at: AppTest) -> tuple[dict[str, Any], str]:
    """Run the page's last code block by itself: its names, and what it printed."""
    space: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(at.code[-1].value, space)  # noqa: S102
    return space, printed.getvalue()


def shown_text(at: AppTest) -> str:
    """All prose, messages and captions on the page, and tables as Markdown."""
    parts = [*at.markdown, *at.caption, *at.error, *at.warning, *at.info, *at.title]
    tables = [table_text(part.proto.body) for part in at.get("html")]
    return "\n".join([*(str(part.value) for part in parts), *tables])


def table_text(page: str) -> str:
    """The rows of the tables in some HTML, a line each.

    >>> table_text("<table><tr><th>n</th></tr><tr><td><code>a &lt; b</code></td></tr></table>")
    '| n |\\n| `a < b` |'
    """
    lines = []
    for row in re.findall("<tr>(.*?)</tr>", page, re.S):
        text = re.sub("</?code>", "`", re.sub("</?strong>", "**", row))
        cells = re.findall("<t[dh]>(.*?)</t[dh]>", text, re.S)
        lines.append(f"| {' | '.join(map(html.unescape, cells))} |")
    return "\n".join(lines)
