"""Notices whatever runs in a page that should not: dialogs, a planted function, broken policy."""

import re
from typing import Final

from playwright.sync_api import Browser, Page, Route

POLICY: Final = "content-security-policy"
_PAGES: Final = re.compile(r"^https?://[^/]+/(?!static/|favicon)")
_SCRIPT: Final = """(() => {
  for (const name of ["planted", "alert", "confirm", "prompt", "print"])
    Object.defineProperty(window, name, { value: () => tripped(`${name} ran in ${location}`) });
  document.addEventListener("securitypolicyviolation", event => tripped(
    `policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample} in ${location}`));
})()"""


class Tripwire:
    """A page in which everything planted is noticed.

    The portal's policy watches and does not stop anything: what would break it is noticed, and
    nothing but the escaping of the page keeps planted markup from running.
    """

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context()
        self._tripped: list[str] = []
        self._context.expose_function("tripped", self._notice)
        self._context.add_init_script(_SCRIPT)
        self._context.route(_PAGES, _only_watched)
        self.page: Page = self._context.new_page()
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.page.on("pageerror", lambda error: self._notice(f"error: {error}"))

    def _notice(self, what: str) -> None:
        self._tripped.append(what)

    def close(self) -> None:
        """Close the page for good."""
        self._context.close()

    def tripped(self) -> list[str]:
        """What was noticed since this was asked last."""
        noticed = self._tripped.copy()
        self._tripped.clear()
        return noticed


def _only_watched(route: Route) -> None:
    answer = route.fetch(max_redirects=0)
    headers = dict(answer.headers)
    headers[f"{POLICY}-report-only"] = headers.pop(POLICY)
    route.fulfill(response=answer, headers=headers)
