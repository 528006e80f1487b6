"""Files for browsers: the components' scripts, plotly.js, fonts. Each folder's address holds a digest of its files,
so that browsers keep them for a year and still get new ones at once."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from lib.ui.door.addresses import PREFIX, route

ASSETS = Path(__file__).resolve().parents[3] / "assets"
FOR_A_YEAR = "public, max-age=31536000, immutable"

# Windows takes the types from its registry, where a script may be plain text: browsers refuse that.
mimetypes.add_type("text/javascript", ".js")


@dataclass(frozen=True)
class Folder:
    """A folder that browsers may read, all of it."""

    name: str
    path: Path

    @cached_property
    def digest(self) -> str:
        """Of all names and contents in it, read at the first call."""
        files = sorted(file for file in self.path.rglob("*") if file.is_file())
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.relative_to(self.path).as_posix().encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()[:12]

    def address(self, file: str) -> str:
        """Where the browser finds a file of it, relative to the app's address.

        >>> COMPONENTS.address("hero/hero.js") == f"shapelab/components/{COMPONENTS.digest}/hero/hero.js"
        True
        """
        return f"{PREFIX}/{self.name}/{self.digest}/{file}"

    def mount(self) -> Mount:
        """Its route, for the app."""
        return Mount(route(f"{PREFIX}/{self.name}/{self.digest}"), app=_KeptFiles(directory=self.path))


COMPONENTS = Folder("components", ASSETS / "components")
PLOTLY = Folder("plotly", ASSETS / "plotly")
FONTS = Folder("fonts", ASSETS / "fonts")
FOLDERS = (COMPONENTS, PLOTLY, FONTS)


class _KeptFiles(StaticFiles):
    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = FOR_A_YEAR
        return response


def mounts() -> list[BaseRoute]:
    """Routes of all folders. What a tab from before an update asks for is not there, rather than some page."""
    gone = PlainTextResponse("not found", status_code=404, headers={"Cache-Control": "no-store"})
    return [*(folder.mount() for folder in FOLDERS), Mount(route(PREFIX), app=gone)]
