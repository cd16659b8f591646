"""The other side of the glass: requests and answers, rows that changed, trouble to switch on."""

import json
from functools import lru_cache
from typing import Any

import htpy as h
from markupsafe import Markup

from sandbox.page.desk import Desk
from sandbox.page.glass import Exchange
from sandbox.page.ledger import Change
from sandbox.page.pen import Pen
from sandbox.page.tab import PANELS

TITLES = {"wire": "Requests", "rows": "Rows", "trouble": "Trouble"}
NAMES = {"slack": "Slack", "immoteur": "Immoteur", "kare": "KARE", "bot": "constat"}
MOST = 120
"""Lines shown; more are kept."""


def draw(desk: Desk, pen: Pen) -> h.Renderable:
    here = pen.tab.place
    if here.panel is None:
        return h.section("#panel", hidden=True)
    inside = {"wire": _wire, "rows": _rows, "trouble": _trouble}[here.panel]
    return h.section("#panel", aria_label="The other side of the glass")[
        h.header[
            (
                h.a(
                    pen.goes(here.but(panel=one)),
                    aria_current="page" if one == here.panel else None,
                )[TITLES[one]]
                for one in PANELS
            ),
            h.a(".close", pen.goes(here.but(panel=None)), aria_label="Close")["×"],
        ],
        h.div(".inside")[inside(desk, pen)],
    ]


def _wire(desk: Desk, _pen: Pen) -> h.Node:
    newest = list(desk.glass.exchanges)[: -MOST - 1 : -1]
    drawn = [
        _exchange(one.number, f"{NAMES[one.caller]} → {NAMES[one.called]}", one.what, *_ended(one))
        for one in newest
    ]
    return drawn or h.p(".aside")["Nothing was sent yet."]


def _ended(one: Exchange) -> tuple[str | None, str, str]:
    """How it ended, how that is drawn, and how long it took."""
    classes = "exchange" if one.status is None or one.went_well else "exchange failed"
    took = "" if one.milliseconds is None else f"{one.milliseconds:.0f} ms"
    return one.status, classes, took


@lru_cache(maxsize=1000)
def _exchange(
    number: int,
    between: str,
    what: str,
    status: str | None,
    classes: str,
    took: str,
) -> Markup:
    """Its JSON is asked for when it is opened: there can be much of it."""
    name = f"{number}-{status or 'open'}"
    line = h.details(
        {"hx-trigger": "toggle once", "hx-target": f"#json-{name}"},
        class_=classes,
        id=f"exchange-{name}",
        hx_get=f"/json/{number}",
    )[
        h.summary[
            h.span(".from")[between],
            h.b[what],
            h.span(".status")[status or "…"],
            h.small[took],
        ],
        h.div(".json", {"hx-morph-skip": "yes"}, id=f"json-{name}"),
    ]
    return Markup(line)  # noqa: S704 - drawn by htpy, which escapes


def draw_json(one: Exchange) -> h.Renderable:
    return h.fragment[
        h.h4["Request"],
        h.pre[pretty(one.sent)],
        h.h4["Answer"],
        h.pre["none yet" if one.status is None else pretty(one.answer)],
    ]


def pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=1, ensure_ascii=False)


def _rows(desk: Desk, pen: Pen) -> h.Node:
    newest = list(desk.ledger.changes)[: -MOST - 1 : -1]
    return [_change(pen, one) for one in newest] or h.p(".aside")["No row has changed yet."]


def _change(pen: Pen, one: Change) -> h.Renderable:
    columns = [
        h.tr[h.th[name], h.td[str(value) if value is not None else h.i["null"]]]
        for name, value in one.columns.items()
    ]
    return h.details(".change", id=f"change-{one.number}")[
        h.summary[
            h.b[f"{one.table} {one.key}"],
            h.span(".status")[one.what],
            h.small[", ".join(one.columns) if one.what == "changed" else ""],
            h.time[pen.writer.reader.date(int(one.at), "{time_secs}")],
        ],
        h.table[columns],
    ]


def _trouble(desk: Desk, pen: Pen) -> h.Node:
    now = desk.switches.now
    return [
        h.p(".aside")["What you switch on lasts until you switch it off."],
        (
            h.label(".switch")[
                h.span[NAMES[party]],
                h.select(
                    pen.acts("trouble", party=party),
                    name="kind",
                    id=f"switch-{party}-{now[party]}",
                )[
                    (
                        h.option(value=kind, selected=kind == now[party])[words]
                        for kind, words in kinds.items()
                    )
                ],
            ]
            for party, kinds in desk.switches.offered.items()
        ),
    ]
