"""The errors that the stand-ins can be told to answer, and what a caller sees."""

import json

NONCONFORMITY = "/anomalies/v2/rs/reports/1/nonconformity"
IMMOTEUR_ERRORS = [
    (400, b'{"message": "Error 400"}', None),
    (401, b'{"message": "Error 401"}', None),
    (403, b"", None),
    (404, b"", None),
    (
        409,
        json.dumps(
            {
                "message": "Data access is not configured",
                "configurationUrl": "https://immoteur.com/dashboard/settings/data-access",
            }
        ).encode(),
        None,
    ),
    (422, b'{"errors": {"propertyIds.0": ["Cannot be reported"]}}', None),
    (429, b'{"message": "Error 429"}', "30"),
    (500, b"<!doctype html><title>500</title><h1>Something went wrong</h1>", None),
    (502, b"<!doctype html><title>502</title><h1>Something went wrong</h1>", None),
    (503, b"<!doctype html><title>503</title><h1>Something went wrong</h1>", "30"),
    (504, b"<!doctype html><title>504</title><h1>Something went wrong</h1>", None),
]
KARE_ERRORS = [
    (400, b'{"message": "Bad Request"}', None),
    (401, b'{"message": "Unauthorized"}', None),
    (403, b'{"message": "Forbidden"}', None),
    (404, b'{"message": "Not Found"}', None),
    (409, b'{"message": "Bad Request"}', None),
    (422, b'{"message": "Bad Request"}', None),
    (429, b'{"message": "Too Many Requests"}', "30"),
    (500, b'{"message": "Internal server error"}', None),
    (502, b'{"message": "Internal server error"}', None),
    (503, b'{"message": "Service Unavailable"}', "30"),
    (504, b'{"message": "Endpoint request timed out"}', None),
]
