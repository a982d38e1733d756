"""The dashboard as people use it: a real browser, a real server, somebody signed in in each role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lrs.plugin.host import PluginHost
from lrs.stores.users import Role
from tests.browser.people import OFFICER, Academy, Visit, academy, visit
from tests.conftest import NewStore
from tests.services.academy import ROSTER

WIDTHS = ((1280, 900), (390, 844))
PEOPLE = {"Cohort", "Gaps", "Going stale", "Not progressing"}
COMPARISONS = {"VR and field", "Raters", "Unit surveys"}
NAVIGATION: dict[Role, set[str]] = {
    Role.OFFICER: {"My record", "Contests", "Statements", "Roster", "Audit log"},
    Role.TRAINING_OFFICER: PEOPLE
    | COMPARISONS
    | {"Contests", "Statements", "Data quality", "Check a statement", "Roster"},
    Role.SUPERVISOR: PEOPLE
    | COMPARISONS
    | {"Group gaps", "Contests", "Statements", "Data quality", "Check a statement", "Roster"},
    Role.AUDITOR: PEOPLE
    | COMPARISONS
    | {"Group gaps", "Contests", "Data quality", "Check a statement", "Roster", "Plugins", "Audit log"},
    Role.ADMINISTRATOR: {
        "Data quality",
        "Check a statement",
        "Users",
        "Keys",
        "Roster",
        "Plugins",
        "Audit log",
    },
}
"""Where the navigation leads each role."""
CLOSED: dict[Role, tuple[str, ...]] = {
    Role.OFFICER: (
        "/cohort",
        "/gaps",
        "/raters",
        "/quality",
        "/users",
        "/keys",
        "/plugins",
        "/officer/R-001",
    ),
    Role.TRAINING_OFFICER: ("/users", "/keys", "/audit", "/plugins", "/impact"),
    Role.SUPERVISOR: ("/users", "/keys", "/audit", "/plugins"),
    Role.AUDITOR: ("/users", "/keys", "/statements"),
    Role.ADMINISTRATOR: ("/cohort", "/gaps", "/statements", "/contests", "/officer/R-006"),
}
"""Some pages that each role may not see."""

Enter = Callable[..., Visit]


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, new_store: NewStore, plugins: PluginHost
) -> Iterator[Academy]:
    with new_store() as url, academy(tmp_path_factory.mktemp("dashboard"), url, plugins) as served:
        yield served


@pytest.fixture
def enter(browser: Browser, demo: Academy) -> Iterator[Enter]:
    """Opens a window of the size that is asked for, in which a role is signed in."""
    open_now = []

    def enter_as(role: Role | None, *, width: int = 1280, height: int = 900) -> Visit:
        window = visit(browser, demo, width=width, height=height)
        one = window.__enter__()
        open_now.append(window)
        if role is not None:
            one.sign_in(role.value)
        return one

    yield enter_as
    for window in open_now:
        window.__exit__(None, None, None)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("width", "height"), WIDTHS, ids=["wide", "narrow"])
@pytest.mark.parametrize("role", list(Role))
def test_each_page_that_a_role_may_see_is_whole_for_everybody(
    enter: Enter, role: Role, width: int, height: int
) -> None:
    """It answers, draws what it has, fits the window, and no script, policy or barrier is in the way."""
    somebody = enter(role, width=width, height=height)
    labels = somebody.page.locator("nav.side a").all_inner_texts()
    if width > 1000:  # where it is narrow the pages are behind a tap
        assert {label.strip() for label in labels} == NAVIGATION[role]
    pages = somebody.pages()
    if role in (Role.TRAINING_OFFICER, Role.SUPERVISOR):
        pages += [f"/officer/{OFFICER}", f"/why/communication/{OFFICER}"]
    for path in pages:
        answer = somebody.go(path)
        assert answer.status == 200, path
        assert somebody.page.locator("h1").count() == 1, path
        assert somebody.page.locator("figure[data-chart=failed]").count() == 0, path
        assert somebody.sideways() == 0, path
        assert somebody.barriers() == [], path
    assert somebody.trouble == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_see_is_refused_on_a_page_that_says_so(enter: Enter, role: Role) -> None:
    somebody = enter(role)
    for path in CLOSED[role]:
        assert somebody.go(path).status in (403, 404 if role is Role.AUDITOR else 403), path
        expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Not for you to see")


def test_a_wrong_password_is_told_and_a_right_one_leads_on(enter: Enter, demo: Academy) -> None:
    somebody = enter(None)
    somebody.page.goto(f"{demo.url}/gaps?phase=2")
    expect(somebody.page).to_have_url(re.compile("/dashboard/sign-in"))
    somebody.page.get_by_label("Name").fill("supervisor")
    somebody.page.get_by_label("Password").fill("not the password")
    somebody.page.get_by_role("button", name="Sign in").click()
    expect(somebody.page.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
    somebody.page.get_by_label("Password").fill("four words that will do")
    somebody.page.get_by_role("button", name="Sign in").click()
    expect(somebody.page).to_have_url(f"{demo.url}/gaps?phase=2")
    somebody.page.get_by_role("button", name="Sign out").click()
    somebody.page.goto(f"{demo.url}/gaps")
    expect(somebody.page).to_have_url(re.compile("/dashboard/sign-in"))


def test_an_officer_contests_an_item_and_their_trainer_grants_it(enter: Enter, demo: Academy) -> None:
    officer = enter(Role.OFFICER)
    officer.page.get_by_role("link", name="Contest or reply").first.click()
    officer.page.get_by_label("What is wrong with it").fill("It was another recruit's shift.")
    officer.page.get_by_role("button", name="Contest it").click()
    expect(officer.page.get_by_role("status")).to_be_visible()

    trainer = enter(Role.TRAINING_OFFICER)
    trainer.go("/contests")
    trainer.page.locator("main table a").first.click()
    expect(trainer.page.locator("main")).to_contain_text("It was another recruit's shift.")
    trainer.page.get_by_label("nothing stands in its place").check()
    trainer.page.get_by_role("textbox", name="Reasons").fill("The shift log agrees.")
    trainer.page.get_by_role("button", name="Decide").click()
    expect(trainer.page.locator("main")).to_contain_text("Granted")

    officer.go("/contests")
    expect(officer.page.locator("main")).to_contain_text("granted")


def test_a_trainer_pastes_a_statement_and_is_told_at_once(enter: Enter) -> None:
    trainer = enter(Role.TRAINING_OFFICER)
    trainer.go("/quality")
    field = trainer.page.get_by_label("One statement, as JSON")
    field.fill('{"actor": {"mbox": "R-001"}}')
    result = trainer.page.locator("#check-result")
    expect(result).to_contain_text("Not valid")
    expect(result).to_contain_text("/actor/mbox")
    assert trainer.trouble == []


def test_an_administrator_takes_a_roster_in(enter: Enter, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(ROSTER)
    administrator = enter(Role.ADMINISTRATOR)
    administrator.go("/roster")
    administrator.page.locator("input[type=file]").set_input_files(file)
    administrator.page.get_by_label("Home page of accounts").fill("https://academy.example")
    administrator.page.get_by_role("button", name="Show what would be done").click()
    administrator.page.get_by_role("button", name="Do it").click()
    expect(administrator.page.locator("main")).to_contain_text("Recruit 9")


def test_a_profile_is_printed(enter: Enter, demo: Academy) -> None:
    supervisor = enter(Role.SUPERVISOR)
    supervisor.go(f"/officer/{OFFICER}")
    with supervisor.page.expect_download() as download:
        supervisor.page.get_by_role("link", name="Print (PDF)").click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.engines("sqlite")
def test_the_pages_are_reached_by_keyboard_alone(enter: Enter, demo: Academy) -> None:
    somebody = enter(Role.SUPERVISOR, width=390, height=844)
    somebody.go("/cohort")
    keyboard = somebody.page.keyboard
    keyboard.press("Tab")
    expect(somebody.page.locator(":focus")).to_have_text("Skip to the content")
    somebody.page.get_by_label("Show the pages").focus()
    keyboard.press("Space")
    expect(somebody.page.get_by_role("link", name="Gaps", exact=True)).to_be_visible()
    somebody.page.get_by_role("link", name="Gaps", exact=True).focus()
    keyboard.press("Enter")
    expect(somebody.page).to_have_url(f"{demo.url}/gaps")
