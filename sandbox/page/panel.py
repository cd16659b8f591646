"""The panel beside the conversation: requests and answers, changed rows, faults to switch on."""

import json
from functools import lru_cache
from typing import Any

import htpy as h
from markupsafe import Markup

from sandbox.page.app_state import AppState
from sandbox.page.browser_tab import PANELS
from sandbox.page.render_context import RenderContext
from sandbox.page.row_watcher import RowChange
from sandbox.page.traffic_log import Exchange

TITLES = {"requests": "Requests", "rows": "Rows", "faults": "Trouble"}
PARTY_NAMES = {"slack": "Slack", "immoteur": "Immoteur", "kare": "KARE", "bot": "constat"}
MOST_LINES = 120
"""The number of lines shown, which is less than the number of lines kept."""


def draw(state: AppState, context: RenderContext) -> h.Renderable:
    location = context.tab.location
    if location.panel is None:
        return h.section("#panel", hidden=True)
    content = {"requests": _requests, "rows": _rows, "faults": _faults}[location.panel]
    return h.section("#panel", aria_label=context.translate("Behind the scenes"))[
        h.header[
            (
                h.a(
                    context.link_to(location.but(panel=name)),
                    aria_current="page" if name == location.panel else None,
                )[context.translate(TITLES[name])]
                for name in PANELS
            ),
            h.a(
                ".close",
                context.link_to(location.but(panel=None)),
                aria_label=context.translate("Close"),
            )["×"],
        ],
        h.div(".inside")[content(state, context)],
    ]


def _requests(state: AppState, context: RenderContext) -> h.Node:
    newest = list(state.traffic.exchanges)[: -MOST_LINES - 1 : -1]
    lines = [
        _exchange(
            exchange.number,
            f"{PARTY_NAMES[exchange.caller]} → {PARTY_NAMES[exchange.called]}",
            exchange.title,
            *_result(exchange),
        )
        for exchange in newest
    ]
    return lines or h.p(".aside")[context.translate("Nothing was sent yet.")]


def _result(exchange: Exchange) -> tuple[str | None, str, str]:
    """The status, the CSS classes and the duration of an exchange."""
    failed = exchange.status is not None and not exchange.succeeded
    duration = "" if exchange.milliseconds is None else f"{exchange.milliseconds:.0f} ms"
    return exchange.status, "exchange failed" if failed else "exchange", duration


@lru_cache(maxsize=1000)
def _exchange(
    number: int, parties: str, title: str, status: str | None, classes: str, duration: str
) -> Markup:
    """A line. Its JSON, which may be long, is loaded when the line is opened."""
    name = f"{number}-{status or 'open'}"
    line = h.details(
        {"hx-trigger": "toggle once", "hx-target": f"#json-{name}"},
        class_=classes,
        id=f"exchange-{name}",
        hx_get=f"/json/{number}",
    )[
        h.summary[
            h.span(".from")[parties],
            h.b[title],
            h.span(".status")[status or "…"],
            h.small[duration],
        ],
        h.div(".json", {"hx-morph-skip": "yes"}, id=f"json-{name}"),
    ]
    return Markup(line)  # noqa: S704 - drawn by htpy, which escapes


def draw_json(exchange: Exchange) -> h.Renderable:
    return h.fragment[
        h.h4["Request"],
        h.pre[_pretty(exchange.request)],
        h.h4["Answer"],
        h.pre["none yet" if exchange.status is None else _pretty(exchange.answer)],
    ]


def _pretty(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=1, ensure_ascii=False)


def _rows(state: AppState, context: RenderContext) -> h.Node:
    newest = list(state.rows.changes)[: -MOST_LINES - 1 : -1]
    lines = [_row_change(context, change) for change in newest]
    return lines or h.p(".aside")[context.translate("No row has changed yet.")]


def _row_change(context: RenderContext, change: RowChange) -> h.Renderable:
    columns = [
        h.tr[h.th[name], h.td[str(value) if value is not None else h.i["null"]]]
        for name, value in change.columns.items()
    ]
    return h.details(".change", id=f"change-{change.number}")[
        h.summary[
            h.b[f"{change.table} {change.key}"],
            h.span(".status")[change.kind],
            h.small[", ".join(change.columns) if change.kind == "changed" else ""],
            h.time[context.text.reader.date(int(change.at), "{time_secs}")],
        ],
        h.table[columns],
    ]


def _faults(state: AppState, context: RenderContext) -> h.Node:
    current = state.switches.current
    return [
        h.p(".aside")[context.translate("A fault lasts until you switch it off.")],
        (
            h.label(".switch")[
                h.span[PARTY_NAMES[party]],
                h.select(
                    context.post("fault", party=party),
                    name="kind",
                    id=f"switch-{party}-{current[party]}",
                )[
                    (
                        h.option(value=kind, selected=kind == current[party])[
                            context.translate(label)
                        ]
                        for kind, label in kinds.items()
                    )
                ],
            ]
            for party, kinds in state.switches.kinds.items()
        ),
    ]
