"""The browser of the end-to-end tests: found, or installed where none is. Run as a module by `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The pop-ups of the address bar are pages of their own, made for each new profile though nobody will see them:
# half of what opening a tab costs.
UNSEEN_FEATURES = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
# What Playwright switches off; Chromium heeds the last list only, so that ours has to repeat it.
PLAYWRIGHTS_FEATURES = (
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
    "msEdgeUpdateLaunchServicesPreferredVersion",
    "msForceBrowserSignIn",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join((*PLAYWRIGHTS_FEATURES, *UNSEEN_FEATURES))}",
)


def playwrights_own() -> str | None:
    """The browser that `playwright install chromium` put on this machine, if it did."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find_browser() -> str | None:
    """Path of a Chromium: the environment's choice, the system's, else Playwright's own."""
    chosen = os.environ.get("SHAPELAB_BROWSER")
    candidates = [chosen] if chosen else [shutil.which(name) for name in NAMES]
    return next((path for path in candidates if path and Path(path).exists()), None) or playwrights_own()


def install_browser() -> None:
    """Debian as root: the distribution's package. Anywhere else: Playwright's own download."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        packages = ["chromium", "fonts-noto-cjk"]
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    """Make sure that there is a browser."""
    if find_browser() is None:
        print("No Chromium found: installing one for the end-to-end tests.")
        install_browser()
    path = find_browser()
    print(f"Browser: {path}" if path else "No browser could be installed.")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
