"""The agency's own sign-on: OpenID Connect 1.0, authorisation code flow with PKCE (RFC 7636).

Whom the issuer vouches for is known here by issuer and subject, which an administrator has given to a user: nobody
becomes a user by signing on.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lrs.errors import ConfigError, LrsError, SignOnUnavailable, Unauthenticated

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

_DISCOVERY = "/.well-known/openid-configuration"
_TIMEOUT_S = 10
_LEEWAY_S = 60
"""By how much the clocks of issuer and server may differ."""
_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "RS384", "RS512", "PS384", "PS512"]
"""With a key pair each: an ID token that is signed with the shared secret, or not at all, is refused."""
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Pending:
    """What has to come back from the issuer, kept by the browser that was sent there."""

    state: str
    nonce: str
    verifier: str


class SignOn:
    """Sends people to the issuer, and finds out whom it vouches for."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, *, redirect_uri: str) -> None:
        """`issuer` empty: there is none. `redirect_uri`: to where the issuer sends people back."""
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._lock = Lock()
        self._known: Mapping[str, Any] | None = None

    def begin(self) -> tuple[str, Pending]:
        """Where to send somebody, and what is to be kept until they come back.

        Raises `ConfigError` without an issuer, `SignOnUnavailable`.
        """
        pending = Pending(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        url, _ = self._client().create_authorization_url(
            self._about()["authorization_endpoint"],
            state=pending.state,
            nonce=pending.nonce,
            code_verifier=pending.verifier,
        )
        return str(url), pending

    def finish(self, pending: Pending, answer: Mapping[str, str]) -> tuple[str, str]:
        """(issuer, subject) of whom the issuer vouches for.

        `answer`: the parameters that they came back with. Raises `Unauthenticated` when it vouches for nobody, or is
        not the issuer; `SignOnUnavailable`.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise Unauthenticated("This sign-on was begun elsewhere, or too long ago. Begin it anew.")
        if "code" not in answer:
            said = answer.get("error_description") or answer.get("error") or "nothing"
            raise Unauthenticated(f"Your sign-on did not let you in; it said: {said[:200]}.")
        token = self._token(answer["code"], pending)
        claims = self._claims(token, pending.nonce)
        return self._issuer, str(claims["sub"])

    def _token(self, code: str, pending: Pending) -> str:
        from authlib.common.errors import AuthlibBaseError

        try:
            answer = self._client().fetch_token(
                self._about()["token_endpoint"],
                code=code,
                code_verifier=pending.verifier,
                grant_type="authorization_code",
                timeout=_TIMEOUT_S,
            )
            return str(answer["id_token"])
        except AuthlibBaseError as exc:
            raise Unauthenticated("Your sign-on did not confirm who you are. Begin it anew.") from exc
        except (KeyError, ValueError, OSError) as exc:
            raise self._unavailable(exc) from exc

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token that is what it says (OpenID Connect Core 3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(self._get(self._about()["jwks_uri"]))  # type: ignore[arg-type]
            found = jwt.decode(token, keys, algorithms=_ALGORITHMS)
            registry = jwt.JWTClaimsRegistry(
                leeway=_LEEWAY_S,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._client_id},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            registry.validate(found.claims)
            if found.claims.get("azp", self._client_id) != self._client_id:
                raise ValueError("it was issued for another client")
        except (JoseError, ValueError) as exc:
            raise Unauthenticated("What your sign-on says of you cannot be verified.") from exc
        return found.claims

    def _about(self) -> Mapping[str, Any]:
        """What the issuer says of itself (OpenID Connect Discovery 1.0), asked once."""
        with self._lock:
            if self._known is None:
                if not self._issuer:
                    raise ConfigError("There is no sign-on of the agency's: set oidc_issuer.")
                about = self._get(self._issuer.rstrip("/") + _DISCOVERY)
                if about.get("issuer") != self._issuer or any(name not in about for name in _NEEDED):
                    raise SignOnUnavailable(
                        f"{self._issuer} does not describe itself as that issuer; check the setting oidc_issuer."
                    )
                for name in _NEEDED:
                    _check_safe(str(about[name]))
                self._known = about
            return self._known

    def _get(self, url: str) -> dict[str, Any]:
        import requests

        _check_safe(url)
        try:
            answer = requests.get(
                url, timeout=_TIMEOUT_S, headers={"Accept": "application/json"}, allow_redirects=False
            )
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as exc:
            raise self._unavailable(exc) from exc
        if not isinstance(found, dict):
            raise self._unavailable(TypeError("no JSON object"))
        return found

    def _client(self) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self._client_id,
            self._client_secret or None,
            scope="openid",
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _unavailable(self, cause: Exception) -> LrsError:
        return SignOnUnavailable(
            f"The sign-on at {self._issuer} cannot be asked now ({type(cause).__name__}). "
            "Try again, or sign in by password."
        )


def _check_safe(url: str) -> None:
    """Raise `SignOnUnavailable` for what goes over the network without TLS."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise SignOnUnavailable(f"{url[:200]} is not https: who listens on the way could be anybody.")
