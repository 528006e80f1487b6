"""plotly.js with the kinds of charts that the explorer draws, and no others: a quarter of the whole.

``make plotly`` bundles it anew, after a kind was added to assets/plotly/charts.js or the Python package was upgraded;
tests say when that is due. Alone, ``python -m lib.ui.door.plotly_js`` prints the version that it needs.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from plotly.offline._plotlyjs_version import __plotlyjs_version__

from lib.ui.door.files import PLOTLY

VERSION = __plotlyjs_version__
ENTRY = PLOTLY.path / "charts.js"
BUNDLE = PLOTLY.path / "plotly-charts.min.js"
LICENCES = PLOTLY.path / "LICENSE"
BANNER = f"/* plotly.js {VERSION}, of its charts scatter, bar and heatmap; licences: LICENSE beside it */"
_PACKAGE = re.compile(r".*node_modules/((?:@[^/]+/)?[^/]+)/.*(?<!\.css)")


def bundle(folder: Path) -> None:
    """Write the bundle and the licences of all that is in it.

    ``folder`` holds ``node_modules`` with plotly.js of this version and esbuild.
    """
    packages = folder / "node_modules"
    facts = folder / "facts.json"
    subprocess.run(
        [
            packages / ".bin" / "esbuild",
            ENTRY,
            f"--outfile={BUNDLE}",
            f"--metafile={facts}",
            f"--banner:js={BANNER}",
            *("--bundle", "--minify", "--format=iife", "--target=es2022", "--legal-comments=none"),
            *("--define:global=globalThis", "--loader:.css=empty", "--log-level=warning"),
        ],
        env={**os.environ, "NODE_PATH": str(packages)},
        check=True,
    )
    (output,) = json.loads(facts.read_text("utf-8"))["outputs"].values()
    names = packages_in({path: each["bytesInOutput"] for path, each in output["inputs"].items()})
    LICENCES.write_text(
        f"\n\n{'-' * 80}\n\n".join(_licence(packages / name) for name in names) + "\n", "utf-8"
    )


def packages_in(inputs: dict[str, int]) -> list[str]:
    """Names of the packages that a bundle has code of; ``inputs`` has the bytes that are left of each file.

    >>> packages_in({"x/node_modules/@plotly/d3/d3.js": 9, "x/node_modules/a/a.js": 0, "charts.js": 7})
    ['@plotly/d3']
    """
    found = (_PACKAGE.fullmatch(path) for path, nbytes in inputs.items() if nbytes)
    return sorted({match[1] for match in found if match})


def _licence(package: Path) -> str:
    facts = json.loads((package / "package.json").read_text("utf-8"))
    texts = [
        file.read_text("utf-8").strip()
        for file in package.iterdir()
        if re.match("licen[cs]e", file.name.lower())
    ]
    return "\n\n".join([f"{facts['name']} {facts['version']}, {facts['license']}", *texts])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        bundle(Path(sys.argv[1]))
    else:
        print(VERSION)
