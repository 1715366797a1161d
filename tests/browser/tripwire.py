"""Notices whatever runs in a page that should not: dialogs, a planted function, broken policy."""

from typing import Any, Final

from playwright.sync_api import Browser, Page
from visiting import arrive

POLICY: Final = "content-security-policy"
WATCHING: Final = f"{POLICY}-report-only"
REDIRECTS: Final = range(300, 400)
_PAGES: Final = {"resourceType": "Document", "requestStage": "Response"}
_CLICK: Final = """address => {
  const link = document.createElement("a");
  link.href = address;
  document.getElementById("main").append(link);
  link.click();
}"""
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
        self.page: Page = self._context.new_page()
        self._answers = self._context.new_cdp_session(self.page)
        self._answers.on("Fetch.requestPaused", self._only_watch)
        self._answers.send("Fetch.enable", {"patterns": [_PAGES]})
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.page.on("pageerror", lambda error: self._notice(f"error: {error}"))

    def _notice(self, what: str) -> None:
        self._tripped.append(what)

    def _only_watch(self, paused: dict[str, Any]) -> None:
        """Give the page its own answer with another policy; merely changed headers do not count."""
        asked = {"requestId": paused["requestId"]}
        if paused["responseStatusCode"] in REDIRECTS:
            self._answers.send("Fetch.continueResponse", asked)
            return
        body = self._answers.send("Fetch.getResponseBody", asked)
        assert body["base64Encoded"]
        headers = [(header["name"], header["value"]) for header in paused["responseHeaders"]]
        answer = {
            "responseCode": paused["responseStatusCode"],
            "responseHeaders": [
                {"name": WATCHING if name.lower() == POLICY else name, "value": value}
                for name, value in headers
            ],
            "body": body["body"],
        }
        self._answers.send("Fetch.fulfillRequest", asked | answer)

    def follow(self, address: str) -> None:
        """Click a link to an address, which a module may take; wait until its page is there."""
        self.page.evaluate(_CLICK, address)
        arrive(self.page)

    def close(self) -> None:
        """Close the page for good."""
        self._context.close()

    def tripped(self) -> list[str]:
        """What was noticed since this was asked last."""
        noticed = self._tripped.copy()
        self._tripped.clear()
        return noticed
