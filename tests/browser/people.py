"""People of a small demo academy, who sign in to the dashboard of a real server in a real browser."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from lrs.config import Config
from lrs.demo.people import person
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport
from lrs.stores.users import Role
from lrs.xapi.actors import agent_key
from tests.services.whole_academy import fill
from tests.serving import Server, serving

PASSWORD = "four words that will do"
OFFICER = agent_key(person("R-006", "")) or ""
"""Improves from week to week; there is evidence of every tier."""
SCALE = 0.1
"""Of the demo academy: six recruits."""


@dataclass(frozen=True)
class Academy:
    """A server over a filled store, with somebody in each role."""

    server: Server
    trainer: str
    """Agent key of the training officer of `OFFICER`."""

    @property
    def url(self) -> str:
        """Where the dashboard is."""
        return f"{self.server.url}/dashboard"


@contextlib.contextmanager
def academy(folder: Path, store_url: str, plugins: PluginHost) -> Iterator[Academy]:
    """One that is served until the end."""
    rapport = Rapport.open(Config(store=store_url, log_level="error"), plugins=plugins)
    rapport.store.initialise()
    fill(rapport.store, scale=SCALE)
    trainer = next(one.trainer for one in rapport.store.members() if one.officer == OFFICER)
    for role, agent, units in (
        (Role.OFFICER, OFFICER, ()),
        (Role.TRAINING_OFFICER, trainer, ()),
        (Role.SUPERVISOR, "", ("*",)),
        (Role.AUDITOR, "", ()),
        (Role.ADMINISTRATOR, "", ()),
    ):
        rapport.users.create(
            role.value, role.value, agent=agent, units=units, password=PASSWORD, must_change=False
        )
    rapport.store.close()
    with serving(folder, store_url, LRS_SIGN_IN_TRIES="0") as server:
        yield Academy(server, trainer)


@dataclass
class Visit:
    """Somebody's browser window, and what went wrong in it."""

    page: Page
    academy: Academy
    trouble: list[str] = field(default_factory=list)
    """Errors and warnings of the console: a breach of the content security policy is one."""

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Fill the form in and send it."""
        self.page.goto(f"{self.academy.url}/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def go(self, path: str) -> Response:
        """To a page of the dashboard, until everything on it is loaded and drawn."""
        answer = self.page.goto(f"{self.academy.url}{path}")
        assert answer is not None
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure[data-chart]:has(script)')]"
            ".every(figure => ['drawn', 'failed'].includes(figure.dataset.chart))"
        )
        return answer

    def pages(self) -> list[str]:
        """Paths of the pages that the navigation leads to."""
        links = self.page.locator("nav.side a").evaluate_all("links => links.map(link => link.href)")
        return [link.removeprefix(self.academy.url) for link in links]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return int(wide)

    def barriers(self) -> list[str]:
        """What axe-core finds that a keyboard or a screen reader cannot get past: serious, or worse."""
        found: list[dict[str, Any]] = self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
        )
        return [
            f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]


@contextlib.contextmanager
def visit(browser: Browser, academy: Academy, *, width: int = 1280, height: int = 900) -> Iterator[Visit]:
    """A window of its own, with no cookies yet."""
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        # Past the content security policy, as a script of the test's and no page's.
        context.add_init_script(axe)
        yield Visit(context.new_page(), academy)
