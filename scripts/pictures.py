"""Pictures of the README, taken from the running system: a fresh demonstration city, served and walked through."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "pictures"
PROGRAM = pathlib.Path(sys.executable).with_name("zhengtong")
PASSWORD = "Zhengtong-2026"
CHROMIUM = os.environ.get("ZHENGTONG_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
DESK, WIDE, PHONE = (1440, 900), (1280, 900), (360, 740)


@contextlib.contextmanager
def served() -> Iterator[str]:
    """A city of its own on a free port; ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="zt-pictures-") as folder:
        environment = os.environ | {"ZHENGTONG_VAR": folder}
        with subprocess.Popen([PROGRAM, "demo", "--port", str(port)], env=environment, cwd=ROOT) as server:
            try:
                yield _awaited(f"http://127.0.0.1:{port}", server)
            finally:
                server.terminate()


def _awaited(address: str, server: "subprocess.Popen[bytes]") -> str:
    for _second in range(300):
        if server.poll() is not None:
            raise SystemExit("the demonstration ended before it served")
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return address
        time.sleep(1)
    raise SystemExit("the demonstration did not answer within five minutes")


def visitor(browser: Browser, address: str, size: tuple[int, int], name: str = "") -> Page:
    """A page of the wanted size, signed in as `name` where one is given."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", base_url=address, reduced_motion="reduce"
    )
    page = context.new_page()
    if name:
        page.goto("/account/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
    return page


def take(page: Page, name: str, *, whole: bool = False) -> None:
    """One picture, the fonts loaded."""
    page.evaluate("document.fonts.ready")
    page.screenshot(path=TARGET / f"{name}.png", full_page=whole)
    print(f"docs/pictures/{name}.png")


def main() -> None:
    """Take every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        anybody = visitor(browser, address, WIDE)
        anybody.goto("/")
        take(anybody, "home")
        anybody.goto("/search/?q=开饭馆")
        anybody.click("main a[href^='/services/']")
        take(anybody, "guide")
        phone = visitor(browser, address, PHONE)
        phone.goto(anybody.url)
        take(phone, "guide-phone")
        official = visitor(browser, address, DESK, "zhaomin")
        official.goto("/desk/")
        take(official, "inbox")
        official.click("main table a[href^='/desk/cases/']")
        take(official, "workspace")
        owner = visitor(browser, address, WIDE, "owner01")
        owner.goto("/account/act-as/")
        owner.check("main input[name=capacity] >> nth=-1")
        owner.click("main form.zt-form button")
        owner.goto("/my/cases/")
        owner.click("main a[href^='/cases/']")
        take(owner, "progress", whole=True)
        browser.close()


if __name__ == "__main__":
    main()
