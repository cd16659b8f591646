"""The errors that Slack's client shows below the fields before it sends a form."""

import re
from typing import Any

from sandbox.slack.form import Field

Json = dict[str, Any]
EMAIL, LINK = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"), re.compile(r"https?://\S+")


def validation_errors(fields: list[Field], values: dict[tuple[str, str], Json]) -> dict[str, str]:
    """Sentences by block_id; empty when the form can be sent."""
    errors: dict[str, str] = {}
    for field in fields:
        if field.in_input and field.key in values:
            error = _error(field, values[field.key][field.state_key])
            if error:
                errors[field.key[0]] = error
    return errors


def _error(field: Field, value: Any) -> str | None:
    if value in (None, "", []):
        return None if field.optional else "Please complete this required field."
    if field.type == "plain_text_input" and len(value) < (field.element.get("min_length") or 0):
        return f"Please write at least {field.element['min_length']} characters."
    if field.type == "number_input":
        return _number_error(field.element, value)
    if field.type == "email_text_input" and not EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if field.type == "url_text_input" and not LINK.fullmatch(value):
        return "Please enter a valid URL."
    return None


def _number_error(element: Json, value: str) -> str | None:
    low, high = element.get("min_value"), element.get("max_value")
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if low is not None and float(value) < float(low):
        return f"Please enter a number of at least {low}."
    if high is not None and float(value) > float(high):
        return f"Please enter a number of at most {high}."
    return None
