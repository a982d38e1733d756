"""xAPI 1.0.3 and 2.0 as pure functions and frozen values: no web, no store, no clock.

Everything above may import it; it imports `lrs.schemas` and `lrs.errors` only.
"""
