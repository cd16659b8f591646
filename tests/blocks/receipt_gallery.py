"""Every receipt and notice as text, for a review.

`python -m tests.blocks.receipt_gallery` writes the file.

States and causes come from the code and the catalogues, so a new one is in the gallery without a
change here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from blocks import notice
from blocks.anomaly.receipt import AnomalyReceipt
from blocks.block_kit import Block
from blocks.issue.receipt import IssueReceipt
from blocks.place import why_direct
from blocks.receipt import draw, further, opener
from blocks.receipt_facts import ReceiptFacts
from blocks.receipt_view import Message, PhotoView, ReceiptView, Title
from blocks.words import LANGUAGES, Words, words
from storage.states import ALLOWED, State
from tests.blocks.forms import NOW

FILE = Path(__file__).with_name("receipts.txt")
FLAT, HOUSE = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
OTHER = "11111111-2222-4333-8444-555555555555"
ISSUE = {
    "propertyIds": [HOUSE], "classifiedIds": [FLAT], "issueKind": "data",
    "issueFacets": ["price"], "comment": "298 000 € on the portal, 289 000 € here.",
}  # fmt: skip
LISTINGS = {
    "listings": {
        FLAT: {
            "property_id": HOUSE, "type": "apartment", "area": 65.0, "rooms": 3, "price": 298000.0,
            "city": "Lyon 3e Arrondissement", "postcode": "69003", "transaction": "sale",
            "url": "https://www.seloger.com/annonces/123.htm",
        },
        OTHER: {"property_id": OTHER, "type": "house", "area": 120.5, "city": "Nantes"},
    }
}  # fmt: skip
NAMES = {
    "sites": {"20001": ["École Jean Jaurès", "Strasbourg"], "20002": ["Gymnase du Parc"]},
    "installations": {"20001/301": ["Ascenseurs"]},
    "reports": {"88001": ["2025-11-20", "Procès-verbal École Jean Jaurès"]},
}
KINDS: Mapping[str, tuple[str, ReceiptFacts]] = {
    "report_issue": ("Immoteur", IssueReceipt()),
    "anomaly": ("KARE", AnomalyReceipt()),
}


def finding(title: str, risk: int, **more: Any) -> dict[str, Any]:
    return {
        "title": title, "description": f"{title}: seen on the visit.", "risk": risk,
        "siteId": 20001, "technicalInstallationId": 301, **more,
    }  # fmt: skip


def findings(*several: Mapping[str, Any]) -> dict[str, Any]:
    return {"reportId": 88001, "anomalies": list(several)}


BLOCKED = finding(
    "Emergency exit blocked", 3, dueAt="2025-12-02T10:00:00.000Z",
    location={"floor": "2nd floor", "room": "204"},
)  # fmt: skip
SAMPLES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "report_issue": (ISSUE, LISTINGS),
    "anomaly": (findings(BLOCKED), NAMES),
}


def view(
    language: Words,
    kind: str,
    state: State,
    cause: Mapping[str, Any],
    *,
    payload: Mapping[str, Any] | None = None,
    labels: Mapping[str, Any] | None = None,
    **more: Any,
) -> ReceiptView:
    """A receipt of a sample report, or of another one."""
    api, facts = KINDS[kind]
    sample, names = SAMPLES[kind]
    payload = payload or sample
    labels = names if labels is None else labels
    values: dict[str, Any] = {
        "names_reporter": False,
        "remote_id": "18d8f0c2" if state == State.FILED else None,
        "answer": {},
        "summary": facts.summary(language, payload, labels),
        "title": facts.title(language, payload, labels) or Title(""),
        "next_step": facts.next_step(language, payload, NOW, api),
    }
    return ReceiptView(
        number=12, kind=kind, who="U1", api=api, state=state, cause=cause, created_at=NOW,
        changed_at=NOW + 60, restorable_until=NOW + 86_460, next_try=NOW + 300,
        allowed=ALLOWED[state], facts=facts,
        **values | more,
    )  # fmt: skip


def causes(state: State) -> Iterator[dict[str, Any]]:
    """Each cause that the catalogue has words for, with the facts that causes have."""
    keys = [key.split(".") for key in words("en").texts if key.startswith(f"receipt.{state}.")]
    for why in dict.fromkeys(parts[2] for parts in keys):
        yield {"why": why, "by": "U2"}
    if state == State.REFUSED:
        for key in words("en").texts:
            if key.startswith("receipt.advice."):
                yield {"why": "refused", "status": int(key.rpartition(".")[2])}
        yield {
            "why": "refused", "status": 422, "message": "Validation failed",
            "fields": {"issueKind": ["Cannot be reported"], "title": ["Too vague."]},
        }  # fmt: skip
        yield {"why": "unread", "unread": {"https://x.fr/1": "not_found"}, "others": True}
    if state == State.UNKNOWN:
        yield {"why": "cut", "looked": True}


def special(language: Words) -> Iterator[tuple[str, ReceiptView]]:
    """Reports of another shape, filed."""

    def filed(kind: str, **more: Any) -> ReceiptView:
        return view(language, kind, State.FILED, {"why": "answered"}, **more)

    targets = {"propertyIds": [HOUSE, OTHER], "classifiedIds": [FLAT]}
    merge = {"issueKind": "clustering", "clusteringAction": "merge", **targets}
    split = {**merge, "clusteringAction": "split", "propertyIds": [HOUSE]}
    several = [finding(f"Finding {number}", number % 4) for number in range(12)]
    yield "in the thread of a shortcut's message", filed("report_issue", names_reporter=True)
    long = [finding(f"Finding {number}", 0, description="x " * 600) for number in range(12)]
    twelve = {"nbInsertion": 12, "sent": 12}
    yield "a merge", filed("report_issue", payload=merge)
    yield "a split", filed("report_issue", payload=split)
    yield "ids alone", filed("report_issue", labels={})
    link = {**ISSUE, "propertyIds": [], "classifiedIds": [], "links": ["www.pap.fr/annonces/7"]}
    yield "a link that is not looked up yet", filed("report_issue", payload=link)
    yield "numbers alone", filed("anomaly", labels={})
    yield "12 findings", filed("anomaly", payload=findings(*several), answer=twelve)
    two_sites = findings(BLOCKED, finding("Lamp off", 1, siteId=20002))
    yield "two sites", filed("anomaly", payload=two_sites, answer={"nbInsertion": 1, "sent": 2})
    yield "12 long findings", filed("anomaly", payload=findings(*long), answer=twelve)
    yield (
        "photos that wait for a choice",
        filed(
            "anomaly",
            photos=[PhotoView("door.jpg", "waiting", "choose"), PhotoView("b.jpg", "sent")],
        ),
    )
    doubtful = [PhotoView("door.jpg", "unclear", "cut"), PhotoView("b.jpg", "unclear", "died")]
    yield "photos in doubt", filed("anomaly", photos=doubtful)
    decided = [
        PhotoView("door.jpg", "sent", "confirmed", "U2"),
        PhotoView("b.jpg", "refused", "not_wanted", "U2"),
    ]
    yield "photos that a person decided about", filed("anomaly", photos=decided)
    for origin in ({"channel": "C1"}, {"channel": "D1"}, {"channel": "G1", "place": "group"},
                   {"channel": "C1", "link": "https://x.slack.com/archives/C1/p1"}):  # fmt: skip
        direct = filed("report_issue")
        yield "sent directly", replace(direct, meant_for=why_direct(language, origin))


def notices(language: Words) -> Iterator[tuple[str, Message]]:
    """Every notice that the catalogue has words for."""
    url = "https://x.slack.com/archives/C1/p1"
    reports = [notice.Reported(number, url) for number in (12, 13, 14)]
    for what in ("refused", "unknown", "held", "late"):
        for n in (1, 3, 5):
            news = notice.BadNews(what, "U1", reports[:n], n, "KARE")
            yield f"{what}, {n} reports", notice.bad_news(language, news)
    over = notice.BadNews("held", "U1", (), 3, "KARE", over_at=NOW)
    yield "held, over", notice.bad_news(language, over)
    for why, source, setting in (
        ("token", "KARE", "KARE_EMAIL, KARE_PASSWORD"),
        ("late", "KARE", ""),
        ("channel", "C1", "not_in_channel"),
    ):
        for n, over_at in ((1, None), (3, None), (3, NOW + 600)):
            outage = notice.Outage(why, source, setting, n, NOW, over_at)
            title = f"to an admin: {why}, {n} reports{', over' if over_at else ''}"
            yield title, notice.outage(language, outage)
    grave = "Risk 3 · Emergency exit blocked · École Jean Jaurès"
    alert = notice.Alert(reports[0], grave, 3, "U1", "filed", ("U2", "S1"))
    yield "a grave report", notice.alert(language, alert)
    yield "a grave report, seen", notice.alert(language, replace(alert, seen_by="U2", seen_at=NOW))
    yield "a grave report that nobody saw", notice.reminder(language, alert)


def gallery() -> str:
    """All receipts and notices, in both languages."""
    parts = []
    for name in LANGUAGES:
        language = words(name)
        for kind in KINDS:
            for state in State:
                for cause in causes(state):
                    facts = ", ".join(f"{key} {value}" for key, value in cause.items())
                    title = f"{name} · {kind} · {state} · {facts}"
                    parts.append(_part(language, title, view(language, kind, state, cause)))
        parts += [
            _part(language, f"{name} · {title}", receipt) for title, receipt in special(language)
        ]
        parts += [
            f"===== {name} · notice · {title}\n{_shown(message)}\n"
            for title, message in notices(language)
        ]
    return "\n".join(parts)


def _part(language: Words, title: str, receipt: ReceiptView) -> str:
    first = opener(language, receipt)
    own, rest = draw(language, receipt), further(language, receipt)
    shown = [_shown(first), _shown(own), *(_shown(message) for message in rest)]
    return f"===== {title}\n" + "\n-----\n".join(shown) + "\n"


def _shown(message: Message) -> str:
    """A message as a reader sees it, without colours."""
    text = "\n".join(_block(block) for block in message.blocks)
    return re.sub(r"<!date\^[^|]*\|([^>]*)>", r"\1", text)


def _block(block: Block) -> str:
    match block["type"]:
        case "section":
            return str(block["text"]["text"])
        case "context":
            return "    ".join(element["text"] for element in block["elements"])
        case "actions":
            return " ".join(f"[{button['text']['text']}]" for button in block["elements"])
    return "\n".join(_rich(part) for part in block["elements"])


def _rich(part: Block) -> str:
    text = "".join(_leaf(leaf) for leaf in part["elements"])
    if part["type"] != "rich_text_quote":
        return text
    return "\n".join(f"> {line[:90]}" for line in text.split("\n"))


def _leaf(leaf: Block) -> str:
    match leaf["type"]:
        case "user":
            return f"<@{leaf['user_id']}>"
        case "date":
            return str(leaf["fallback"])
        case "link":
            return f"{leaf.get('text', '')}<{leaf['url']}>"
    return str(leaf["text"])


if __name__ == "__main__":
    FILE.write_text(gallery(), encoding="utf-8")
