"""The date and time pickers of a modal."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import htpy as h

from sandbox.page.field_view import FieldView
from sandbox.page.render_context import RenderContext


def date_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    return _inputs(context, view, {"date": view.drawn_value or ""})


def time_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    return _inputs(context, view, {"time": view.drawn_value or ""})


def date_time_picker(context: RenderContext, view: FieldView) -> h.Renderable:
    """A day and an hour in the person's time zone, whatever the browser's is."""
    zone = ZoneInfo(context.text.reader.zone)
    parts = {"date": "", "time": ""}
    if view.drawn_value:
        when = datetime.fromtimestamp(view.drawn_value, UTC).astimezone(zone)
        parts = {"date": f"{when:%Y-%m-%d}", "time": f"{when:%H:%M}"}
    return h.div(".moment")[_inputs(context, view, parts), h.small[zone.key]]


def _inputs(context: RenderContext, view: FieldView, parts: dict[str, str]) -> h.Renderable:
    """An input for each part. The date is sent to the bot once all parts are filled.

    static/page.js shows the value over the input in the person's language, because a browser shows
    it in its own.
    """
    pick = context.post("pick_date", "change", field=view.name)
    described = {name: value for name, value in view.described.items() if name != "id"}
    return h.span(".parts", id=view.id)[
        (
            h.span(".part")[
                h.input(pick, described, type=kind, name=view.name, value=value),
                h.span(".in-words", {"hx-morph-skip": "yes"}, aria_hidden="true"),
            ]
            for kind, value in parts.items()
        )
    ]
