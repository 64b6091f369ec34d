"""Makes an invented office: its people, and families that had visits of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from backend import escalations, identity, intake
from backend.access import Office
from backend.identity import Actor
from shared.clocks import day_of
from shared.facts import (
    ActionDone,
    Adult,
    Answer,
    Child,
    ClosureRequest,
    Event,
    Household,
    HouseholdRecorded,
    NoAccess,
    PlanStarted,
    Visit,
)

PASSWORD = "a long invented phrase 7"
PEOPLE = {
    "hv-amara": ("Amara Osei", "practitioner", "health_visiting", "east", ""),
    "hv-wyn": ("Wyn Parry", "practitioner", "health_visiting", "west", ""),
    "tm-ruth": ("Ruth Calder", "team_manager", "social_care", "east", ""),
    "sm-dev": ("Dev Anand", "service_manager", "social_care", None, "children"),
    "tm-new": ("Nia New", "team_manager", "social_care", "new", ""),
    "hs-mary": ("Mary Head", "head_of_service", "social_care", None, ""),
}
LONG_NAME = ("Featherstonehaugh-Wolfeschlegelsteinhausenbergerdorff " * 3).strip()
NOTE = "<b>No cot</b> & no basket, “since Tuesday”"


@dataclass(frozen=True)
class World:
    """The office's families by what happened to them, and what a test opens first."""

    refused: str
    sleeping: str
    quiet: str
    elsewhere: str
    escalation: str
    elsewhere_escalation: str
    visit: str
    finished: str


def people(office: Office, now: datetime) -> None:
    """Three teams, one of them new, and somebody of each role."""
    with office.db.writing() as session:
        identity.add_team(session, id="east", name="Northborough East", service="children")
        identity.add_team(session, id="west", name="Northborough West", service="other")
        identity.add_team(session, id="new", name="A new team", service="children")
        for user, (name, role, agency, team, service) in PEOPLE.items():
            identity.add_user(
                session,
                id=user,
                name=name,
                role=role,
                agency=agency,
                password=PASSWORD,
                now=now,
                team=team,
                service=service,
            )
        session.commit()


@dataclass
class Maker:
    """Makes families through the same door as phones do."""

    office: Office
    now: datetime

    def world(self) -> World:
        """Every family of the invented office."""
        refused = self.family("h-refused", "Hartley family", "ada", days=95)
        self.plan(refused, "ada")
        visit = self.visit(refused, "ada", hours=3, door="refused")
        sleeping = self.family("h-sleeping", LONG_NAME, "bea", days=40)
        finished = self.visit(
            sleeping,
            "bea",
            hours=30,
            more=(
                Answer(item="SLP-02", value="fixed", about="bea", note=NOTE),
                Answer(item="SLP-05", value="wet", about="bea", basis="told_by_parent"),
            ),
        )
        quiet = self.family("h-quiet", "Doyle family", "cal", days=200)
        self.visit(quiet, "cal", hours=50)
        closing = self.family("h-closing", "Nowak family", "fay", days=300)
        self.visit(
            closing, "fay", hours=60, more=(Answer(item="SLP-05", value="wet", about="fay"),)
        )
        self.asks_to_close(closing)
        elsewhere = self.family("h-west", "Elsewhere family", "dot", days=20, by="hv-wyn")
        self.visit(elsewhere, "dot", hours=1, door="hide", by="hv-wyn")
        self.unreadable()
        return World(
            refused=refused,
            sleeping=sleeping,
            quiet=quiet,
            elsewhere=elsewhere,
            escalation=self.raised(refused, "R03"),
            elsewhere_escalation=self.raised(elsewhere, "R04"),
            visit=visit,
            finished=finished,
        )

    def family(self, id: str, name: str, child: str, *, days: int, by: str = "hv-amara") -> str:
        """A family with one child of that age."""
        born = day_of(self.now - timedelta(days=days))
        household = Household(
            id=id,
            name=name,
            address="14 Invented Row",
            phone="01632 960014",
            children=(Child(id=child, name=child.capitalize(), born=born),),
            adults=(Adult(id="mother", name="Kelly", relation="mother"),),
        )
        self.record(id, HouseholdRecorded(**self.stamp(by, days=60), household=household))
        return id

    def plan(self, household: str, child: str) -> None:
        """A child protection plan with a no-access condition."""
        self.record(
            household,
            PlanStarted(
                **self.stamp("hv-amara", days=5),
                plan="p1",
                kind="child_protection",
                children=(child,),
                see_every=10,
                no_access=NoAccess(),
                words="If nobody can see the baby, call the police.",
            ),
        )

    def calls_the_police(self, household: str, visit: str) -> None:
        """The call that the no-access rule requires, logged with its reference and outcome."""
        event = ActionDone(
            **self.stamp("hv-amara"),
            action="call_police",
            rule="R03",
            on=visit,
            reference="P-20471",
            outcome="On their way",
        )
        self.record(household, event)

    def done(self, household: str, rule: str, on: str, action: str) -> None:
        """An action that a rule requires, recorded as done."""
        self.record(
            household, ActionDone(**self.stamp("hv-amara"), action=action, rule=rule, on=on)
        )

    def asks_to_close(self, household: str) -> str:
        """A request to close the case; returns the escalation that it raises."""
        event = ClosureRequest(**self.stamp("hv-amara"), kind="close")
        self.record(household, event)
        return self.raised(household, "R17")

    def visit(
        self,
        household: str,
        child: str,
        *,
        hours: int,
        door: str = "in",
        more: tuple[Answer, ...] = (),
        by: str = "hv-amara",
    ) -> str:
        """A visit so many hours ago: let in and the child seen, or not let in."""
        seen = (Answer(item="ACC-03", value="handled", about=child),) if door == "in" else ()
        answers = (Answer(item="ACC-01", value=door), *seen, *more)
        event = Visit(**self.stamp(by, hours=hours), answers=answers)
        self.record(household, event)
        return event.id

    def unreadable(self) -> None:
        """Something that came in and nobody can read."""
        actor = self.actor("hv-amara")
        sent = intake.read(identity.new_id(self.now), b'{"v":1,"type":"visit","answers"', self.now)
        with self.office.db.writing() as session:
            intake.accept(session, [sent], actor=actor, book=self.office.book, now=self.now)
            session.commit()

    def stamp(self, by: str, *, days: int = 0, hours: int = 0) -> dict[str, object]:
        """What every event says."""
        at = self.now - timedelta(days=days, hours=hours)
        agency = PEOPLE[by][2]
        id = identity.new_id(at)
        return {"id": id, "at": at, "received_at": at, "by": by, "agency": agency}

    def record(self, household: str, event: Event) -> None:
        """Takes an event in, as its author's phone would send it."""
        actor = self.actor(event.by)
        with self.office.db.writing() as session:
            receipt = intake.record(
                session, actor, household, event, book=self.office.book, now=self.now
            )
            assert receipt.state == "stored", receipt
            session.commit()

    def actor(self, user: str) -> Actor:
        """Somebody of the office, as one who signed in."""
        name, role, agency, team, service = PEOPLE[user]
        return Actor(id=user, name=name, role=role, agency=agency, team=team, service=service)

    def raised(self, household: str, rule: str) -> str:
        """The id of a family's escalation of a rule."""
        with self.office.db.reading() as session:
            listed = escalations.of_household(session, self.actor("hs-mary"), household)
        return next(each.id for each in listed if each.rule == rule)
