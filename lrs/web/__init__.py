"""The HTTP surface. Only this package knows Flask and marshmallow.

`create_app` (in `app`) makes an application; `errors` alone decides which status an error becomes; `xapi/` holds a
module per xAPI resource, `api/` our own API.
"""

from lrs.web.app import create_app

__all__ = ["create_app"]
