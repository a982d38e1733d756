"""What operators see: request ids, one structured log line a request, and metrics.

No line of a request holds a header, a query string or a body: those carry secrets and names of people. Only the
record of readers, `record_read`, names whose record was read: that is what it is for.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from typing import Any

import msgspec
import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lrs.config import Config

REQUEST_ID = "X-Request-ID"
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z", re.ASCII)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def set_up_logging(config: Config) -> None:
    """Send log lines of this process to standard error in the form that is set."""
    level = getattr(logging, config.log_level.upper())
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    if config.log_format == "json":
        encode = msgspec.json.Encoder(enc_hook=str).encode
        last: Any = structlog.processors.JSONRenderer(serializer=lambda event, **_: encode(event))
        factory: Any = structlog.BytesLoggerFactory(sys.stderr.buffer)
    else:
        last, factory = structlog.dev.ConsoleRenderer(colors=False), structlog.PrintLoggerFactory(sys.stderr)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )


def audit_log() -> Any:
    """The logger of who read what of whom: its lines are written whatever `log_level` says."""
    settings = structlog.get_config()
    return structlog.wrap_logger(
        settings["logger_factory"](), processors=settings["processors"], wrapper_class=structlog.BoundLogger
    )


def init_app(app: Flask, *, multiprocess: bool) -> None:
    """Count, time and log every request of `app`, and serve `/metrics`.

    `multiprocess`: several workers add up through the directory in PROMETHEUS_MULTIPROC_DIR.
    """
    registry = CollectorRegistry()
    requests = Counter(
        "lrs_requests", "Requests answered.", ["method", "endpoint", "status"], registry=registry
    )
    seconds = Histogram(
        "lrs_request_seconds",
        "Seconds to answer a request.",
        ["method", "endpoint"],
        buckets=_SECONDS,
        registry=registry,
    )
    log = structlog.get_logger()
    # Looking a metric up by its labels costs more than counting; there are as many as endpoints and statuses.
    known_metrics: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    @app.before_request
    def begin() -> None:
        sent = request.environ.get("HTTP_X_REQUEST_ID")
        g.began = time.perf_counter()
        g.request_id = sent if sent and _SANE_ID.match(sent) else os.urandom(8).hex()

    @app.after_request
    def end(response: Response) -> Response:
        # Looked up once: each use of Flask's proxies costs, and this is on the path of every request.
        kept = vars(g._get_current_object())
        rule, method, status = request.url_rule, request.environ["REQUEST_METHOD"], response.status_code
        now = time.perf_counter()
        elapsed = now - kept.get("began", now)
        labels = (method if method in _METHODS else "other", rule.endpoint if rule else "unknown", status)
        metrics = known_metrics.get(labels)
        if metrics is None:
            metrics = known_metrics[labels] = (requests.labels(*labels), seconds.labels(*labels[:2]))
        metrics[0].inc()
        metrics[1].observe(elapsed)
        request_id = kept.get("request_id", "")
        response.headers[REQUEST_ID] = request_id
        credential = kept.get("credential")
        log.info(
            "request",
            request_id=request_id,
            method=labels[0],
            path=rule.rule if rule else "unknown",
            status=status,
            ms=round(elapsed * 1000, 2),
            key=credential.key_id if credential else None,
            error=kept.get("error_code"),
        )
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """Counters and timings in Prometheus' text format."""
        gathered = registry
        if multiprocess:
            gathered = CollectorRegistry()
            MultiProcessCollector(gathered)  # type: ignore[no-untyped-call]
        return Response(generate_latest(gathered), mimetype="text/plain; version=0.0.4")
