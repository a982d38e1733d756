"""JSON Schemas and our xAPI Profile, as data. Installed as `lrs_schemas`; read by `lrs.schemas` alone."""
