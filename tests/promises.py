"""Reports in the state after the acknowledgement of a form: stored, and not yet sent."""

from sandbox.catalogue import Catalogue
from sandbox.patience import PATIENCE
from sandbox.slack.seed import ANNONCES, BOB, SECURITE
from storage import reports
from storage.reports import NewReport
from tests.world import ID, World

KINDS = {"immoteur": "report_issue", "kare": "anomaly"}
CHANNELS = {"immoteur": ANNONCES, "kare": SECURITE}


def promised(
    words: str = "word",
    api: str = "immoteur",
    *,
    key: str = "",
    anomalies: int = 1,
    channel: str = "",
    thread_ts: str | None = None,
    report_id: int = Catalogue.sample_report,
) -> NewReport:
    issue = {"propertyIds": [ID], "issueKind": "other", "comment": words}
    anomaly = {
        "title": words,
        "description": "Pallets.",
        "risk": 0,
        "siteId": Catalogue.sample_site,
        "technicalInstallationId": Catalogue.sample_installation,
    }
    several = {"reportId": report_id, "anomalies": [anomaly] * anomalies}
    place = channel or CHANNELS[api]
    return NewReport(
        key=key or f"{api} {words}",
        kind=KINDS[api],
        api=api,
        who=BOB,
        origin={"team": "T0CONSTAT1", "channel": place},
        payload=issue if api == "immoteur" else several,
        targets=[ID] if api == "immoteur" else [words],
        thread_channel=place,
        thread_ts=thread_ts,
    )


async def promise(bot: World, *new: NewReport) -> list[int]:
    """Store reports, and hand them over to the worker, as a form does; their numbers."""
    services, numbers = bot.runtime.services, []
    for report in new:
        number, _ = await services.store.write_urgent(
            reports.add, report, now=services.clock.time()
        )
        numbers.append(number)
        services.news_of(report.api, None)
    return numbers


def states(bot: World) -> dict[int, str]:
    return {row["number"]: row["state"] for row in bot.rows("select number, state from reports")}


async def all_become(bot: World, state: str, count: int, seconds: float = PATIENCE) -> None:
    """Wait until so many reports are in a state, and their receipts show it."""
    posted = "select count(*) as n from reports join receipts using (number) where state = ?"
    posted += " and posted = version"
    await bot.until(lambda: bot.rows(posted, state)[0]["n"] == count, seconds)
