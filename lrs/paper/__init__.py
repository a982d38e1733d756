"""Paper: an officer's profile and a cohort report as PDF and as CSV, dated, with versions and the audit trail.

Pure functions from answers as they leave the services to bytes. The `.typ` files beside them say how it looks.
"""
