"""A JSON Web Signature as xAPI allows it: taken apart, and verified when it brings its certificate.

RFC 7515 in compact serialisation, with the RSA algorithms of xAPI-Data 2.6. Importing this module takes about
0.15 s, for joserfc and cryptography: import it where a signature is at hand.
"""

from __future__ import annotations

import base64
import re
import sys
from itertools import pairwise
from typing import Any, NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from lrs.errors import Detail, InvalidAttachment, MalformedJson
from lrs.wording import shown
from lrs.xapi import strict_json

ALGORITHMS = ("RS256", "RS384", "RS512")
MOST_HEADER_BYTES = 65_536
"""Of the header as it is sent, in base64url: a chain of ten large certificates fits in."""
MOST_CERTIFICATES = 10
MOST_KEY_BITS = 8192
_MOST_EXPONENT_BITS = 64
_MOST_SIGNATURE_BYTES = 4096

_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
# What cryptography raises for a certificate, name or key that it cannot read or does not know. It warns of what
# RFC 5280 does not allow (a country of three letters), which raises only in a process that asked for that.
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, Warning)


class _Registry(jws.JWSRegistry):
    """The limits of xAPI's signatures in place of joserfc's, which a chain of certificates exceeds."""

    max_header_length = MOST_HEADER_BYTES
    max_payload_length = sys.maxsize
    max_signature_length = _MOST_SIGNATURE_BYTES


def payload_of(content: bytes) -> bytes:
    """The payload of a JWS; of one with `x5c` in its header, after its signature was verified (RFC 7515, 5.2).

    A certificate is taken at its word: neither its dates nor who stands at the end of the chain are held
    against anything (xAPI-Data 2.6: "a way to catch mistakes in the signature, not … a security measure").
    Without `x5c` there is nothing to verify the signature by.

    Raises `InvalidAttachment` with one detail, without a path, for whatever is wrong.
    """
    header = _header(content)
    registry = _Registry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        token = jws.extract_compact(content, registry=registry)
        registry.check_header(token.headers())
    except JoseError as exc:
        _refuse(
            f"a JWS that cannot be read ({exc.description or exc.error})", "a JWS as in RFC 7515, section 7.1"
        )
    _check_form(token.segments["signature"])
    if "x5c" in header:
        _verify(token, _signer(header["x5c"]), registry)
    return token.payload


def _header(content: bytes) -> dict[str, Any]:
    """The header, found to be strict JSON and to ask for nothing that xAPI does not allow."""
    if not _COMPACT.fullmatch(content):
        _refuse(
            _opening(content), "a JWS in compact serialisation, HEADER.PAYLOAD.SIGNATURE, each in base64url"
        )
    encoded = content.partition(b".")[0]
    if len(encoded) > MOST_HEADER_BYTES:
        _refuse(f"a JWS header of {len(encoded)} bytes", f"at most {MOST_HEADER_BYTES} bytes")
    try:
        header = strict_json.parse(base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
    except MalformedJson as exc:
        _refuse(f"a JWS header that is not strict JSON: {exc.details[0].found}", exc.details[0].expected)
    except ValueError:
        _refuse("a JWS header that is not base64url", "base64url without padding (RFC 7515, section 2)")
    if not isinstance(header, dict):
        _refuse(f"a JWS header {shown(header)}", "a JSON object (RFC 7515, section 4)")
    if header.get("alg") not in ALGORITHMS:
        found = f"alg {shown(header['alg'])}" if "alg" in header else "no alg"
        _refuse(f"{found} in the JWS header", f"alg {_one_of(ALGORITHMS)} (xAPI-Data 2.6)")
    if "crit" in header:
        _refuse(
            f"crit {shown(header['crit'])} in the JWS header",
            "no crit: xAPI has no critical extension of JWS",
        )
    return header


def _check_form(signature: bytes) -> None:
    """Raises `InvalidAttachment` for what cannot be a signature by any key."""
    if not signature:
        _refuse("a JWS without a signature", f"a signature by {_one_of(ALGORITHMS)} (xAPI-Data 2.6)")
    if len(signature) % 4 == 1:
        _refuse("a JWS signature that is not base64url", "base64url without padding (RFC 7515, section 2)")


def _opening(content: bytes) -> str:
    if content.lstrip()[:1] == b"{":
        return "JSON"
    return f"{len(content)} bytes that begin {shown(content[:40].decode('latin-1'))}"


def _verify(token: jws.CompactSignature, key: RSAPublicKey, registry: _Registry) -> None:
    # The constructor instead of `import_key`, which warns of the short keys that xAPI does not forbid.
    if not jws.validate_compact(token, RSAKey(key, key), registry=registry):
        _refuse(
            "a signature that is not by the key of the first certificate in x5c, or not over this payload",
            "a signature that this key verifies (xAPI-Data 2.6; RFC 7515, section 5.2)",
        )


def _signer(x5c: object) -> RSAPublicKey:
    """The signer's key: that of the first certificate, found to be certified by each that follows."""
    if not isinstance(x5c, list) or not 1 <= len(x5c) <= MOST_CERTIFICATES:
        found = f"{len(x5c)} certificates" if isinstance(x5c, list) else shown(x5c)
        _refuse(f"x5c with {found}", f"a list of 1 to {MOST_CERTIFICATES} certificates (RFC 7515, 4.1.6)")
    chain = [_certificate(text, f"x5c/{index}") for index, text in enumerate(x5c)]
    key = _key(chain[0], "x5c/0")
    if not isinstance(key, RSAPublicKey):
        _refuse("x5c/0 with a key that is not RSA", f"the RSA key of a signature by {_one_of(ALGORITHMS)}")
    for index, (certificate, issuer) in enumerate(pairwise(chain)):
        _check_issued(certificate, f"x5c/{index}", issuer, f"x5c/{index + 1}")
    return key


def _certificate(text: object, place: str) -> x509.Certificate:
    expected = "a certificate: DER in base64, not base64url (RFC 7515, 4.1.6)"
    if not isinstance(text, str):
        _refuse(f"{place} {shown(text)}", expected)
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except _UNREADABLE as exc:
        _refuse(f"{place} {shown(text[:40])} … ({_reason(exc)})", expected)


def _key(certificate: x509.Certificate, place: str) -> object:
    """The certificate's public key, found to be one that can be used without long work."""
    try:
        key = certificate.public_key()
    except _UNREADABLE as exc:
        _refuse(f"{place} with a key that cannot be read ({_reason(exc)})", "a certificate with a public key")
    if isinstance(key, RSAPublicKey):
        # An exponent as long as its modulus makes a check a hundred times as long (10 ms for 3072 bits).
        exponent = key.public_numbers().e.bit_length()
        if key.key_size > MOST_KEY_BITS or exponent > _MOST_EXPONENT_BITS:
            _refuse(
                f"{place} with an RSA key of {key.key_size} bits and an exponent of {exponent} bits",
                f"at most {MOST_KEY_BITS} bits and {_MOST_EXPONENT_BITS} bits",
            )
    return key


def _check_issued(certificate: x509.Certificate, place: str, issuer: x509.Certificate, above: str) -> None:
    """Hold a certificate to the one that follows: its issuer by name, and by a signature over it."""
    expected = f"{above} to be the certificate that certifies {place} (RFC 7515, 4.1.6)"
    try:
        named, follows = certificate.issuer, issuer.subject
        if named != follows:
            names = (
                f"{shown(named.rfc4514_string())} but {above} is that of {shown(follows.rfc4514_string())}"
            )
            _refuse(f"{place} issued by {names}", expected)
        _check_signature(certificate, issuer, _key(issuer, above))
    except InvalidSignature:
        _refuse(f"{place} with a signature that is not by the key of {above}", expected)
    except _UNREADABLE as exc:
        _refuse(f"{place} and {above}, which cannot be held against each other ({_reason(exc)})", expected)


def _check_signature(certificate: x509.Certificate, issuer: x509.Certificate, key: object) -> None:
    """Raises `InvalidSignature`, or one of `_UNREADABLE`, unless the issuer's key signed the certificate."""
    if isinstance(key, RSAPublicKey) and isinstance(certificate.signature_hash_algorithm, SHA1):
        # cryptography takes no SHA-1 from an issuer any more, the example of the specification is made so.
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), SHA1())  # noqa: S303
    else:
        certificate.verify_directly_issued_by(issuer)


def _one_of(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _reason(exc: Exception) -> str:
    return str(exc)[:80] or type(exc).__name__


def _refuse(found: str, expected: str) -> NoReturn:
    # What joserfc and cryptography raised says the same in other words: it is no cause to keep.
    raise InvalidAttachment(
        f"A signature is not well formed: {found}; expected {expected}.", [Detail("", found, expected)]
    ) from None
