"""Signing in by the agency's own sign-on, against a real issuer on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.wiring import Rapport
from lrs.web import create_app
from tests.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, issuer

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def agency() -> Iterator[Issuer]:
    with issuer() as one:
        yield one


@pytest.fixture
def rapport(config: Config, plugins: PluginHost, agency: Issuer) -> Iterator[Rapport]:
    settings = replace(
        config, oidc_issuer=agency.url, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET
    )
    services = Rapport.open(settings, plugins=plugins)
    services.store.initialise()
    services.users.create("sam", "supervisor", units=["U-1"], sign_on=(agency.url, "badge-17"))
    yield services
    services.store.close()


@pytest.fixture
def browser(rapport: Rapport) -> FlaskClient:
    return create_app(rapport.config, rapport).test_client()


HTTPS = {"base_url": "https://lrs.example"}


def there(browser: FlaskClient, **query: str) -> str:
    """Begin, and come back from the issuer: the address it sends the browser to."""
    begun = browser.get("/dashboard/sign-on", query_string=query, **HTTPS)
    assert begun.status_code == 303
    back = httpx.get(begun.location)
    assert back.status_code == 302
    parts = urlsplit(back.headers["Location"])
    assert (parts.scheme, parts.netloc) == ("https", "lrs.example")
    return f"{parts.path}?{parts.query}"


def test_who_the_issuer_vouches_for_is_signed_in_and_led_where_they_wanted(browser: FlaskClient) -> None:
    answer = browser.get(there(browser, next="/dashboard/gaps?unit=U-1"), **HTTPS)
    assert (answer.status_code, answer.location) == (303, "/dashboard/gaps?unit=U-1")
    assert browser.get("/dashboard/cohort", **HTTPS).status_code == 200


def test_it_is_in_the_audit_log(browser: FlaskClient, rapport: Rapport) -> None:
    browser.get(there(browser), **HTTPS)
    head = rapport.store.audit_head()
    assert head is not None
    assert (head.happening.action, head.happening.detail["by"]) == ("sign in", "sign-on")


def test_somebody_whom_no_user_is_stays_out(browser: FlaskClient, agency: Issuer) -> None:
    agency.subject = "badge-18"
    answer = browser.get(there(browser), **HTTPS)
    assert answer.status_code == 401
    assert "an administrator has to make you a user" in answer.text
    assert browser.get("/dashboard/cohort", **HTTPS).status_code == 303


def test_a_disabled_user_stays_out(browser: FlaskClient, rapport: Rapport) -> None:
    rapport.users.disable("sam")
    assert browser.get(there(browser), **HTTPS).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://another.example"},
        {"aud": "another-client"},
        {"nonce": "of another sign-on"},
        {"exp": 1},
        {"sub": None},
        {"azp": "another-client", "aud": [CLIENT_ID, "another-client"]},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_an_id_token_that_is_not_what_it_should_be_is_refused(
    browser: FlaskClient, agency: Issuer, claims: dict[str, object]
) -> None:
    agency.claims = claims
    assert browser.get(there(browser), **HTTPS).status_code == 401


def test_an_id_token_that_is_signed_with_the_shared_secret_is_refused(
    browser: FlaskClient, agency: Issuer
) -> None:
    agency.algorithm = "HS256"
    assert browser.get(there(browser), **HTTPS).status_code == 401


def test_what_another_key_has_signed_is_refused(browser: FlaskClient, agency: Issuer) -> None:
    agency.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
    assert browser.get(there(browser), **HTTPS).status_code == 401


def test_a_state_of_another_browser_is_refused(browser: FlaskClient, rapport: Rapport) -> None:
    target = there(browser)
    other = create_app(rapport.config, rapport).test_client()
    assert other.get(target, **HTTPS).status_code == 401
    other.get("/dashboard/sign-on", **HTTPS)
    assert other.get(target, **HTTPS).status_code == 401


def test_a_code_is_good_once(browser: FlaskClient) -> None:
    target = there(browser)
    kept = browser.get_cookie("rapport-sign-on", domain="lrs.example", path="/dashboard/signed-on")
    assert kept is not None
    assert browser.get(target, **HTTPS).status_code == 303
    browser.set_cookie("rapport-sign-on", kept.value, domain="lrs.example", path="/dashboard/signed-on")
    assert browser.get(target, **HTTPS).status_code == 401


def test_what_the_issuer_says_against_it_is_told(browser: FlaskClient) -> None:
    begun = browser.get("/dashboard/sign-on", **HTTPS)
    state = urlsplit(begun.location).query.partition("state=")[2].partition("&")[0]
    answer = browser.get(
        "/dashboard/signed-on",
        query_string={"state": state, "error": "access_denied", "error_description": "<b>No</b>"},
        **HTTPS,
    )
    assert answer.status_code == 401
    assert "&lt;b&gt;No&lt;/b&gt;" in answer.text


def test_an_issuer_that_does_not_answer_is_503(config: Config, plugins: PluginHost) -> None:
    settings = replace(config, oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT_ID)
    services = Rapport.open(settings, plugins=plugins)
    services.store.initialise()
    client = create_app(settings, services).test_client()
    assert client.get("/dashboard/sign-on", **HTTPS).status_code == 503
    assert "agency" in client.get("/dashboard/sign-in", **HTTPS).text
    services.store.close()


def test_an_issuer_that_would_take_secrets_without_tls_is_not_asked(
    browser: FlaskClient, agency: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {**agency.about(), "token_endpoint": "http://id.example/token"}
    monkeypatch.setattr(agency, "about", lambda: told)
    answer = browser.get("/dashboard/sign-on", **HTTPS)
    assert answer.status_code == 503
    assert "http://id.example/token is not https" in answer.text


def test_without_an_issuer_there_is_no_such_way(http: FlaskClient, rapport: Rapport) -> None:
    settings = replace(rapport.config, oidc_issuer="")
    client = create_app(settings, replace(rapport, config=settings)).test_client()
    assert client.get("/dashboard/sign-on", **HTTPS).status_code == 404
    assert "sign-on" not in client.get("/dashboard/sign-in", **HTTPS).text
