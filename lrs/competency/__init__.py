"""Competency evidence and what follows from it: rubrics, encounters, the model, profiles, explanations.

Pure: no clock, no store, no web. Everything here is a function of its arguments, so that a profile asked for
again, for the same instant, comes out byte for byte the same.
"""
