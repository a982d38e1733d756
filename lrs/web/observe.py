"""What operators see: request ids, one structured log line a request, and metrics.

No line holds a header, a query string or a body: those carry secrets and names of people. Who read whose record is in
the audit log of the store, see `lrs.services.audit`.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec
import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from lrs.config import Config
from lrs.xapi.timestamps import format_us

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


def line_of_requests(config: Config) -> Callable[..., None]:
    """What writes the line of one request, by its members: as structlog would, in the same form.

    JSON it writes itself: that takes a fifth of the time, and of this line there is one for each request.
    """
    if config.log_format != "json" or getattr(logging, config.log_level.upper()) > logging.INFO:
        return partial(structlog.get_logger().info, "request")
    encode, file = msgspec.json.Encoder(enc_hook=str).encode, sys.stderr.buffer

    def write(**members: Any) -> None:
        members |= {"event": "request", "level": "info", "timestamp": format_us(time.time_ns() // 1000)}
        # One call, which the file takes whole: lines of several threads stay apart.
        file.write(encode(members) + b"\n")
        file.flush()

    return write


class Observer:
    """Counts, times and logs requests, once each, however they were answered."""

    def __init__(self, write_line: Callable[..., None]) -> None:
        """`write_line`: writes what is told of one request, see `line_of_requests`."""
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "lrs_requests", "Requests answered.", ["method", "endpoint", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "lrs_request_seconds",
            "Seconds to answer a request.",
            ["method", "endpoint"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._write_line = write_line
        # Looking a metric up by its labels costs more than counting; there are as many as endpoints and statuses.
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def request_id(self, environ: Mapping[str, Any]) -> str:
        """The id that the client sent, if it can be taken; else a new one."""
        sent = environ.get("HTTP_X_REQUEST_ID")
        return sent if sent and _SANE_ID.match(sent) else os.urandom(8).hex()

    def answered(  # noqa: PLR0917 - what a log line is made of
        self,
        request_id: str,
        method: str,
        endpoint: str,
        path: str,
        status: int,
        elapsed_s: float,
        **more: Any,
    ) -> None:
        """Count and log one answer: to which endpoint of which rule (`path`), and after how many seconds."""
        labels = (method if method in _METHODS else "other", endpoint, status)
        metrics = self._known.get(labels)
        if metrics is None:
            metrics = (self._requests.labels(*labels), self._seconds.labels(*labels[:2]))
            self._known[labels] = metrics
        metrics[0].inc()
        metrics[1].observe(elapsed_s)
        self._write_line(
            request_id=request_id,
            method=labels[0],
            path=path,
            status=status,
            ms=round(elapsed_s * 1000, 2),
            **more,
        )


def init_app(app: Flask, config: Config, *, multiprocess: bool) -> Observer:
    """Observe every request that `app` answers, and serve `/metrics`.

    `multiprocess`: several workers add up through the directory in PROMETHEUS_MULTIPROC_DIR.
    """
    observer = Observer(line_of_requests(config))

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = observer.request_id(request.environ)

    @app.after_request
    def end(response: Response) -> Response:
        # Looked up once: each use of Flask's proxies costs, and this is on the path of every request.
        kept = vars(g._get_current_object())
        rule, now = request.url_rule, time.perf_counter()
        request_id, credential = kept.get("request_id", ""), kept.get("credential")
        response.headers[REQUEST_ID] = request_id
        observer.answered(
            request_id,
            request.environ["REQUEST_METHOD"],
            rule.endpoint if rule else "unknown",
            rule.rule if rule else "unknown",
            response.status_code,
            now - kept.get("began", now),
            key=credential.key_id if credential else None,
            error=kept.get("error_code"),
        )
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """Counters and timings in Prometheus' text format."""
        gathered = observer.registry
        if multiprocess:
            gathered = CollectorRegistry()
            MultiProcessCollector(gathered)  # type: ignore[no-untyped-call]
        return Response(generate_latest(gathered), mimetype="text/plain; version=0.0.4")

    return observer
