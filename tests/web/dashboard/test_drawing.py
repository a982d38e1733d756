"""The script that draws charts is there before somebody who signs in looks at one."""

from __future__ import annotations

import threading

from lrs.charts import drawing
from lrs.web.dashboard.drawing import THREAD
from tests.web.dashboard.conftest import Browser, SignedIn


def begun() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == THREAD]


def test_who_comes_to_sign_in_lets_the_script_be_made_and_waits_for_nothing(nobody: Browser) -> None:
    drawing.javascript.cache_clear()
    assert nobody.get("/dashboard/sign-in").status_code == 200
    [thread] = begun()
    nobody.get("/dashboard/sign-in")
    assert begun() in ([thread], [])
    thread.join()
    assert drawing.javascript.cache_info().currsize == 1
    nobody.get("/dashboard/sign-in")
    assert begun() == []


def test_the_script_is_asked_for_once_and_then_whether_it_is_another(
    nobody: Browser, signed_in: SignedIn
) -> None:
    first = signed_in("supervisor").get("/dashboard/vega.js")
    assert first.status_code == 200
    assert first.data == drawing.javascript()
    again = nobody.get("/dashboard/vega.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
