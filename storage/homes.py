"""App Homes that were opened: the choices of each, and its published version.

A home is outdated while `published` is behind `version`. Triggers raise `version` whenever a
receipt or a draft of the person changes. A claim has an owner and a lease.
"""

from dataclasses import dataclass, field

from storage import events
from storage.canonical_json import read_object, to_json
from storage.engine import Database, Row
from storage.events import Event
from storage.leases import is_overtaken
from storage.transitions import Json, fetch_one


@dataclass(frozen=True)
class Home:
    """One person's Home."""

    user: str
    team: str
    channel: str
    """The direct messages between the person and the bot."""
    sees_all: bool
    """Whether it shows other people's reports that need somebody."""
    shown: Json = field(default_factory=dict)
    """The page and the filter that the person chose."""
    notice: Json | None = None
    """The sentence of the next drawing about a press that did nothing."""
    version: int = 1
    failures: int = 0
    """Failed tries to publish since the last success."""
    owner: str | None = None
    """The process that claimed it."""


@dataclass(frozen=True)
class Opened:
    """What became of an event that says that a person opened their Home."""

    is_new: bool
    """False when the event is stored already; then nothing was done."""
    home: Home | None = None
    """The outdated home, claimed; None while another worker publishes an older version of it, or is
    to claim it.
    """


def open_by_event(
    db: Database, home: Home, event: Event, owner: str | None, *, now: float, lease: float
) -> Opened:
    """An event says that a person opened their Home: the home is outdated, and claimed at once. The
    event counts as worked on, because the outdated home is the work. Call it in a transaction.

    :param owner: of the claim; None to leave the home to the worker of another process
    :param lease: as of `claim`
    """
    if not events.remember(db, event.id, event.type, now=now):
        return Opened(is_new=False)
    open_home(db, home, now=now)
    if owner is None:
        return Opened(is_new=True)
    values = {"user": home.user, "owner": owner, "now": now, "lease": lease}
    row = fetch_one(db, _CLAIM_OF_USER, values)
    return Opened(is_new=True, home=_home(row) if row else None)


def open_home(db: Database, home: Home, *, now: float) -> None:
    """A person opened their Home: it is published as soon as possible, on its first page, and
    without the words that were searched.
    """
    db.execute(
        "insert into homes (user, team, channel, sees_all, opened_at, next_try)"
        " values (:user, :team, :channel, :sees_all, :now, :now) on conflict (user) do update"
        " set team = :team, channel = :channel, sees_all = :sees_all, opened_at = :now,"
        " next_try = :now, failures = 0, version = homes.version + 1,"
        " shown = json_remove(json_remove(homes.shown, '$.page'), '$.words')",
        {
            "user": home.user,
            "team": home.team,
            "channel": home.channel,
            "sees_all": home.sees_all,
            "now": now,
        },
    )


def choose(db: Database, user: str, chosen: Json, *, now: float) -> None:
    """Show another page, or the reports of another filter.

    :param chosen: replaces the earlier choices of the same names
    """
    db.execute(
        "update homes set shown = json_patch(shown, ?), version = version + 1, next_try = ?"
        " where user = ?",
        [to_json(chosen), now, user],
    )


def notify(db: Database, user: str, notice: Json, *, now: float) -> None:
    """Have the next drawing say something. It is drawn as soon as possible."""
    row = fetch_one(db, "select version from homes where user = ?", [user])
    if row is None:
        return
    # The notice has the first version that shows it, for `mark_published`.
    shown_from = int(row["version"]) + 1
    db.execute(
        "update homes set notice = ?, version = ?, next_try = ? where user = ?",
        [to_json({**notice, "version": shown_from}), shown_from, now, user],
    )


CLAIM = (
    "update homes set owner = :owner, lease = :now + :lease where user ="
    " (select user from homes where published < version and next_try <= :now"
    " and (lease is null or lease < :now or lease > :now + 2 * :lease)"
    " order by next_try limit 1) returning *"
)
_CLAIM_OF_USER = (
    "update homes set owner = :owner, lease = :now + :lease where user = :user"
    " and (lease is null or lease < :now or lease > :now + 2 * :lease) returning *"
)


def claim(db: Database, owner: str, *, now: float, lease: float) -> Home | None:
    """Take the outdated home that is due longest. No other process can take it.

    :param lease: seconds after which another process may take it, as of `events.claim`
    """
    row = fetch_one(db, CLAIM, {"owner": owner, "now": now, "lease": lease})
    return _home(row) if row else None


def next_due(db: Database) -> float | None:
    """When the next outdated home that nobody publishes is due, UNIX seconds; None when none is."""
    due = db.execute(
        "select min(max(next_try, coalesce(lease, 0))) from homes where published < version"
    ).fetchone()[0]
    return None if due is None else float(due)


def mark_published(db: Database, home: Home, *, next_from: float) -> None:
    """Slack shows this version of the home, with the notice that it has. It is due to be published
    once more if its claim was overtaken.

    :param next_from: UNIX seconds before which no change alone publishes it again. A change that
        the person asked for does not wait.
    """
    db.execute(
        f"update homes set version = version + iif({is_overtaken('published')}, 1, 0),"  # noqa: S608
        " published = max(published, :version), failures = 0, lease = null,"
        " sees_all = :sees_all,"
        " notice = case when json_valid(notice)"
        " and cast(json_extract(notice, '$.version') as integer) > :version then notice end,"
        " next_try = iif(version = :version, :next, next_try) where user = :user",
        {
            "user": home.user,
            "version": home.version,
            "owner": home.owner,
            "sees_all": home.sees_all,
            "next": next_from,
        },
    )


def postpone(db: Database, home: Home, *, until: float, failed: bool = True) -> None:
    """Publish a home later. One that is outdated again since a failed try began does not wait.

    :param until: UNIX seconds
    :param failed: whether the try counts as a failure; a rate limit does not
    """
    db.execute(
        "update homes set lease = null, failures = failures + ?,"
        " next_try = iif(? and version <> ?, next_try, ?) where user = ? and owner = ?",
        [int(failed), failed, home.version, until, home.user, home.owner],
    )


def free_claims(db: Database, owner: str, *, now: float, lease: float) -> None:
    """Outdated homes are due now. Those that the owner works on stay claimed; all other claims end,
    because nothing is harmed when a home is published twice.

    :param lease: seconds, as of `claim`
    """
    db.execute(
        "update homes set next_try = min(next_try, :now),"
        " lease = iif(owner = :owner and lease is not null, :now + :lease, null)"
        " where published < version",
        {"owner": owner, "now": now, "lease": lease},
    )


def get(db: Database, user: str) -> Home | None:
    row = fetch_one(db, "select * from homes where user = ?", [user])
    return _home(row) if row else None


def forget(db: Database, home: Home) -> None:
    """Publish a person's Home no more, until they open it again. One that is outdated again by now
    is published once more.
    """
    db.execute("delete from homes where user = ? and version = ?", [home.user, home.version])
    db.execute(
        "update homes set lease = null where user = ? and owner = ?", [home.user, home.owner]
    )


def prune(db: Database, *, before: float) -> None:
    """Forget homes that were last opened before then, UNIX seconds."""
    db.execute("delete from homes where opened_at < ?", [before])


def _home(row: Row) -> Home:
    return Home(
        user=row["user"],
        team=row["team"],
        channel=row["channel"],
        sees_all=bool(row["sees_all"]),
        shown=read_object(row["shown"]) or {},
        notice=read_object(row["notice"]) if row["notice"] else None,
        version=row["version"],
        failures=row["failures"],
        owner=row["owner"],
    )
