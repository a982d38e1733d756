"""Charts: Vega-Lite specifications made with Altair from answers as they leave the services, and their drawings.

A module for each question, each with a pure function from the answer (`as_dict`) to a `Chart`. The browser draws the
specification; `drawing` draws it for print. Nothing here reads a store or knows who is asking.
"""
