"""Links are unfurled once; reports are found by what a link leads to."""

from storage import events, reports, unfurls, users
from storage.engine import Database
from storage.reports import Change, NewReport
from storage.states import State

T0 = 1_800_000_000.0
LINK, OTHER = "https://pap.fr/1", "https://pap.fr/2"


def add(db: Database, key: str, *targets: str, kind: str = "report_issue") -> int:
    new = NewReport(key, kind, "immoteur", "U1", origin={}, payload={}, targets=targets)
    number, _ = reports.add(db, new, now=T0)
    return number


def test_a_link_of_a_message_is_taken_once(db: Database) -> None:
    assert unfurls.claim(db, "C1", "1.0", [LINK], now=T0) == [LINK]
    assert unfurls.claim(db, "C1", "1.0", [LINK, OTHER], now=T0) == [OTHER]


def test_the_same_link_in_another_message_is_another_link(db: Database) -> None:
    taken = [
        unfurls.claim(db, channel, ts, [LINK], now=T0)
        for channel, ts in (("C1", "1.0"), ("C1", "2.0"), ("C2", "1.0"))
    ]
    assert taken == [[LINK]] * 3


def test_old_hashes_are_forgotten(db: Database) -> None:
    unfurls.claim(db, "C1", "1.0", [LINK], now=T0)
    unfurls.prune(db, before=T0)
    assert unfurls.claim(db, "C1", "1.0", [LINK], now=T0) == []
    unfurls.prune(db, before=T0 + 1)
    assert unfurls.claim(db, "C1", "1.0", [LINK], now=T0) == [LINK]


def test_an_event_of_links_is_recognized_and_never_due(db: Database) -> None:
    came = [events.remember(db, "Ev1", "link_shared", now=T0) for _ in range(2)]
    assert came == [True, False]
    assert events.next_due(db) is None


def test_the_newest_report_about_any_of_the_targets_is_found(db: Database) -> None:
    add(db, "a", "home")
    add(db, "b", "other home")
    newest = add(db, "c", "listing")
    add(db, "d", "home", kind="anomaly")
    found = unfurls.latest_report(db, "report_issue", ["home", "listing"])
    assert found is not None
    assert found.report.number == newest
    assert unfurls.latest_report(db, "report_issue", ["unknown"]) is None


def test_a_discarded_report_is_not_found(db: Database) -> None:
    number = add(db, "a", "home")
    change = Change(State.DISCARDED, {"why": "discarded"}, who="U1", next_try=T0)
    assert reports.decide(db, number, [State.WAITING], change, now=T0)
    assert unfurls.latest_report(db, "report_issue", ["home"]) is None


def test_a_chosen_language_outlives_what_slack_says_later(db: Database) -> None:
    users.choose_language(db, "U1", "fr")
    users.remember(db, "U1", "en-US", now=T0, name="bob")
    assert users.chosen_languages(db) == {"U1": "fr"}
    assert users.everyone(db) == {"U1": "en-US"}
    users.choose_language(db, "U1", None)
    assert users.chosen_languages(db) == {}
    assert users.names(db) == {"U1": "bob"}
