"""One tenant in memory: its view of the store, and what reads records by it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from service.indexing.known_goals import KnownGoals
from service.indexing.models import Model
from service.indexing.view import View
from service.matching.deriving import Deriver
from service.matching.evidence import EvidenceJudge
from service.matching.linking import SkillLinker
from service.matching.ports import Records


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Tenant:
    """One tenant's view, and what links, derives, reads goals and weighs evidence by it.

    Attributes:
        records: the store, with the vectors and links that the view is of.
        model: what made these vectors, and encodes questions to them.
        derivation: the number of theirs.
    """

    records: Records
    model: Model
    derivation: int
    view: View
    judge: EvidenceJudge
    linker: SkillLinker
    deriver: Deriver
    goals: KnownGoals

    def warm(self, today: date, *, until: Callable[[], bool]) -> None:
        """Work out beforehand what the first questions of a day would have to wait for.

        Args:
            today: the day that evidence is weighed as of.
            until: tells whether to end before all of it is done.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        self.view.skills.fill_graph(until=until)
        self.view.learners.read_rest(until=until)
        self.view.learners.weigh(today, until=until)
