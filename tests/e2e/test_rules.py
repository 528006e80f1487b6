"""No browser test looks into the page by itself: all wait through tests/e2e/waits.py. Reads their sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
WAY_OUT = {
    **dict.fromkeys(
        ("evaluate", "evaluate_all", "evaluate_handle", "eval_on_selector", "eval_on_selector_all"),
        "value or becomes",
    ),
    **dict.fromkeys(("query_selector", "query_selector_all", "wait_for_selector", "content"), "a locator"),
    **dict.fromkeys(
        ("wait_for_function", "wait_for_timeout", "sleep", "wait_for_load_state"), "becomes or until"
    ),
    **dict.fromkeys(
        ("is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked"), "expect(...).to_be_..."
    ),
    **dict.fromkeys(("to_be_hidden", "not_to_be_visible", "not_to_be_attached"), "absent"),
    **dict.fromkeys(("all_inner_texts", "all_text_contents"), "texts"),
    "bounding_box": "box",
    "new_context": "learner",
}
WITHOUT_ARGUMENTS = {"count": "expect(...).to_have_count", "all": "expect(...).to_have_count"}
THEIR_OWN = {"brake.py", "waits.py", "tabs.py", "server.py", "test_rules.py"}
"""What waits for the tests; the app's start, which no browser sees; the brake, which is no test."""


def refused(source: str) -> list[str]:
    """What a test must not do, each with its line and what to use instead."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.lineno}: {name.name}" for name in node.names if name.name in WAY_OUT]
        if isinstance(node, ast.Assert) and re.search(r"not in \w+\.url\b", ast.unparse(node.test)):
            found.append(f"{node.lineno}: not in page.url, use not_in_address")
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name == "sleep" and ast.unparse(node.func.value) != "time":
            continue
        instead = WAY_OUT.get(name)
        if not node.args and not node.keywords:
            instead = instead or WITHOUT_ARGUMENTS.get(name)
        if name == "to_have_count" and ast.unparse(node.args[0]) == "0":
            instead = "absent"
        has_own = any(
            word.arg == "timeout" and not any(isinstance(part, ast.Name) for part in ast.walk(word.value))
            for word in node.keywords
        )
        if has_own and name != "urlopen":
            instead = "timeout=RUN_MS"
        if instead:
            found.append(f"{node.lineno}: {name}, use {instead}")
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_every_test_waits_for_the_element_first(path: Path) -> None:
    assert path.name in THEIR_OWN or refused(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "page.evaluate('1')",
        "page.locator('a').first.evaluate('node => 1')",
        "page.wait_for_function('1')",
        "page.wait_for_timeout(5)",
        "time.sleep(1)",
        "from time import sleep",
        "assert page.locator('a').count() == 0",
        "expect(page.locator('a')).to_have_count(0)",
        "expect(page.locator('a')).not_to_be_visible()",
        "assert not page.locator('a').is_visible()",
        "page.locator('a').all_inner_texts()",
        "assert 'a=' not in page.url",
        "browser.new_context()",
        "expect(page.locator('a')).to_be_visible(timeout=9000)",
        "expect(page.locator('a')).to_be_visible(timeout=9 * 1000)",
    ],
)
def test_what_is_refused(line: str) -> None:
    assert len(refused(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "url.count('.')",
        "await asyncio.sleep(1)",
        "expect(page.locator('a')).to_have_count(2)",
        "all(x)",
        "f(timeout=RUN_MS)",
        "until(page, lambda: 'a=' not in page.url)",
        "assert 'a=' in page.url",
    ],
)
def test_what_is_not_refused(line: str) -> None:
    assert refused(line) == []
