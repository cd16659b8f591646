"""Two machines that send the reports of one database, as a state machine that hypothesis drives.

It calls the storage's own functions, as the workers in `bot.delivery` call them.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storage import delivery_queue, reports, unknown_reports
from storage.engine import Database
from storage.reports import Change
from storage.states import Action, State, states_allowing
from tests.storage.machines import (
    APART,
    DECIDED,
    DECISIONS,
    NEW,
    OPEN,
    OUTCOMES,
    T0,
    Claimed,
    Expected,
    Look,
    Machine,
)

_names = count(1)
_machine = st.sampled_from([0, 1])


class TwoOwners(RuleBasedStateMachine):
    """Each run has an API of its own in the database, because a new database takes long.

    A rule has several kinds of steps, because hypothesis leaves out some rules in each run.
    """

    def __init__(self, db: Database, lease: float) -> None:
        super().__init__()
        self.db, self.lease, self.now = db, lease, T0
        self.api = f"api{next(_names)}"
        self.machines = [Machine("fast", APART / 2), Machine("slow", -APART / 2)]
        self.expected: dict[int, Expected] = {}
        # One transaction for a run. Each step is one in the bot, but a commit waits for the disk.
        db.execute("begin immediate")

    def teardown(self) -> None:
        self.db.execute("commit")

    @initialize()
    def begin_with_a_report(self) -> None:
        self.add()

    @precondition(lambda self: not self._in_state(*OPEN))
    @rule()
    def add(self) -> None:
        new = replace(NEW, key=f"{self.api}-{len(self.expected)}", api=self.api)
        number, _ = reports.add(self.db, new, now=self.now)
        self.expected[number] = Expected()

    @precondition(lambda self: self._in_state(State.SENDING))
    @rule(which=_machine, seconds=st.sampled_from([1.0, 3.0, 6.0, 14.0, 25.0, 45.0]))
    def stand_still(self, which: int, seconds: float) -> None:
        """A machine does nothing for a time, and the other one goes on."""
        self.now += seconds
        self._fail_stalled(self.machines[1 - which])

    @precondition(lambda self: self._send_steps("wait"))
    @rule(data=st.data(), outcome=st.sampled_from(sorted(OUTCOMES)))
    def send(self, data: st.DataObject, outcome: str) -> None:
        """Claim a report, begin to send one that was claimed, or store how a send ended."""
        data.draw(st.sampled_from(self._send_steps(outcome)))()

    def _send_steps(self, outcome: str) -> list[Callable[[], None]]:
        is_open = self._in_state(State.WAITING, State.SENDING)
        steps: list[Callable[[], None]] = []
        steps += [partial(self._claim, machine) for machine in self.machines if is_open]
        for machine, claimed in self._claims():
            if claimed.end is None:
                steps += [partial(self._begin, machine, claimed, outcome)] * 2
            else:
                steps += [partial(self._finish, machine, claimed, claimed.end)] * 2
        return steps

    def _claims(self) -> list[tuple[Machine, Claimed]]:
        return [(machine, claimed) for machine in self.machines for claimed in machine.claims]

    def _claim(self, machine: Machine) -> None:
        claim = delivery_queue.claim(
            self.db, self.api, machine.owner, now=self._clock(machine), lease=self.lease
        )
        if (report := claim.report) is not None:
            claimed = Claimed(report.number, report.attempts, machine.owner, self.now, self.now)
            machine.claims.append(claimed)
            expected = self.expected[report.number]
            expected.state, expected.claim = State.SENDING, claimed

    def _begin(self, machine: Machine, claimed: Claimed, outcome: str) -> None:
        if not self._may_begin(claimed):
            self._finish(machine, claimed, Change(State.WAITING, {"why": "released"}))
            return
        expected = self.expected[claimed.number]
        assert expected.may_send, f"report {claimed.number} was sent twice"
        expected.may_send = False
        claimed.end, has_arrived = OUTCOMES[outcome]
        expected.has_arrived |= has_arrived

    def _may_begin(self, claimed: Claimed) -> bool:
        """Whether the worker begins to send, as `bot.background.Worker` decides it."""
        return self.now - claimed.at <= self.lease / 2

    def _finish(self, machine: Machine, claimed: Claimed, change: Change) -> None:
        machine.claims.remove(claimed)
        now, attempt = self._clock(machine), claimed.attempt
        is_stored = delivery_queue.finish(
            self.db, claimed.number, machine.owner, attempt, _due(change, now), [], now=now
        )
        expected = self.expected[claimed.number]
        assert is_stored == (expected.claim is claimed), "a late outcome must not be stored"
        if is_stored:
            expected.state, expected.claim = change.state, None
            expected.may_send |= change.state == State.WAITING

    @precondition(lambda self: self._in_state(State.SENDING))
    @rule(which=_machine, data=st.data())
    def keep(self, which: int, data: st.DataObject) -> None:
        """Renew the leases, end those that are over, or start anew."""
        steps = [self._renew, self._fail_stalled, self._die]
        data.draw(st.sampled_from(steps))(self.machines[which])

    def _renew(self, machine: Machine) -> None:
        numbers = {claimed.number for claimed in machine.claims}
        now = self._clock(machine)
        delivery_queue.renew(self.db, machine.owner, numbers, now=now, lease=self.lease)
        for claimed in machine.claims:
            claimed.renewed_at = self.now

    def _fail_stalled(self, machine: Machine) -> None:
        now, longest = self._clock(machine), 2 * self.lease
        stalled = delivery_queue.fail_stalled(
            self.db, self.api, now=now, longest=longest, is_dead=machine.is_dead
        )
        for number in self._in_state(State.SENDING):
            expected = self.expected[number]
            assert expected.claim is not None
            silence = self.now - expected.claim.renewed_at
            must = machine.is_dead(expected.claim.owner) or silence > self.lease + APART
            may = must or silence >= self.lease - APART
            assert must <= (number in stalled) <= may, f"the lease of {number} ends at a wrong time"
        for number in stalled:
            self.expected[number].state = State.UNKNOWN

    def _die(self, machine: Machine) -> None:
        machine.starts += 1
        machine.claims.clear()
        machine.looks.clear()

    @precondition(lambda self: self._in_state(*DECIDED))
    @rule(which=_machine, data=st.data(), action=st.sampled_from(sorted(DECISIONS)))
    def settle(self, which: int, data: st.DataObject, action: Action) -> None:
        """A person decides, or the reconciler looks for a report, or stores what it found."""
        machine = self.machines[which]
        steps: list[Callable[[], object]] = []
        for number in self._in_state(*DECIDED):
            steps += [partial(self._decide_as_person, machine, number, action)] * 2
        steps += [partial(self._look, machine, number) for number in self._in_state(State.UNKNOWN)]
        steps += [partial(self._store, machine, look) for look in machine.looks]
        data.draw(st.sampled_from(steps))()

    def _look(self, machine: Machine, number: int) -> None:
        since = self._clock(machine) - 3600
        unknown = {
            report.number: report
            for report in unknown_reports.unknown_since(self.db, self.api, since=since)
        }
        assert sorted(unknown) == self._in_state(State.UNKNOWN)
        machine.looks.append(Look(unknown[number], self.expected[number].has_arrived))

    def _store(self, machine: Machine, look: Look) -> None:
        """A report that was not found stays unknown: it may arrive yet."""
        machine.looks.remove(look)
        change = Change(State.UNKNOWN, {**look.report.cause, "looked": True})
        if look.is_found:
            change = Change(State.FILED, {"why": "found"}, remote_id="1", answer={})
        now, number, attempt = self._clock(machine), look.report.number, look.report.attempts
        expected, stored = self.expected[number], reports.get(self.db, number)
        assert stored is not None
        is_meant = expected.state is State.UNKNOWN and stored.attempts == attempt
        assert is_meant == unknown_reports.settle(self.db, number, attempt, change, now=now)
        if is_meant and look.is_found:
            expected.state, expected.claim = State.FILED, None

    def _decide_as_person(self, machine: Machine, number: int, action: Action) -> None:
        change, expected = DECISIONS[action], self.expected[number]
        if self._decide(machine, number, states_allowing(action), change):
            expected.may_send |= change.state == State.WAITING
            expected.has_arrived |= change.state == State.FILED

    def _decide(self, machine: Machine, number: int, of: frozenset[State], change: Change) -> bool:
        now, expected = self._clock(machine), self.expected[number]
        is_stored = reports.decide(self.db, number, of, _due(change, now), now=now)
        assert is_stored == (expected.state in of)
        if is_stored:
            expected.state = change.state
            expected.claim = expected.claim if change.state == State.UNKNOWN else None
        return is_stored

    def _in_state(self, *states: State) -> list[int]:
        return [number for number, report in self.expected.items() if report.state in states]

    def _clock(self, machine: Machine) -> float:
        return self.now + machine.offset

    @invariant()
    def every_report_is_in_its_state(self) -> None:
        first = min(self.expected, default=0)
        rows = self.db.execute("select number, state from reports where number >= ?", [first])
        states = {row["number"]: State(row["state"]) for row in rows}
        assert states == {number: report.state for number, report in self.expected.items()}

    @invariant()
    def a_state_is_true(self) -> None:
        for number, report in self.expected.items():
            assert report.may_send or report.state != State.WAITING, f"{number} may have arrived"
            assert report.has_arrived or report.state != State.FILED, f"{number} has not arrived"

    @invariant()
    def one_owner_may_begin_to_send_a_report(self) -> None:
        for _, claimed in self._claims():
            if claimed.end is None and self._may_begin(claimed):
                row = self.db.execute(
                    "select state, owner, attempts from reports where number = ?", [claimed.number]
                ).fetchone()
                claim = (State.SENDING, claimed.owner, claimed.attempt)
                assert tuple(row) == claim, f"report {claimed.number} is not its owner's"


def _due(change: Change, now: float) -> Change:
    """A report that waits is due now."""
    return replace(change, next_try=now if change.state == State.WAITING else None)
