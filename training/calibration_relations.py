"""Which skills ESCO relates; no training reads these relations."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from training.research.tables import read_table

Links = Mapping[str, set[str]]


class Relations:
    """Tells whether ESCO relates two skills."""

    def __init__(self, related: Iterable[tuple[str, str]], broader: Links) -> None:
        self._related = {frozenset(pair) for pair in related}
        self._broader = broader
        self._all_broader: dict[str, set[str]] = {}

    @classmethod
    def read(cls, data: Path) -> "Relations":
        """Read the relations from the folder of the research sets."""
        broader: dict[str, set[str]] = {}
        for row in read_table(data / "esco/broaderRelationsSkillPillar_en.tsv.gz"):
            broader.setdefault(row["conceptUri"], set()).add(row["broaderUri"])
        related = read_table(data / "esco/skillSkillRelations_en.tsv.gz")
        return cls(((row["originalSkillUri"], row["relatedSkillUri"]) for row in related), broader)

    def relate(self, one: str, other: str) -> bool:
        """Tell whether two skills are linked, share a narrowest group, or one is broader."""
        return (
            frozenset((one, other)) in self._related
            or other in self.all_broader(one)
            or one in self.all_broader(other)
            or not self.narrowest(one).isdisjoint(self.narrowest(other))
        )

    def narrowest(self, uri: str) -> set[str]:
        """Return what is directly broader, but for what is broader than another of these.

        ESCO names for many a skill its group and the group of that group.
        """
        direct = self._broader.get(uri, set())
        return {
            each
            for each in direct
            if not any(each in self.all_broader(other) for other in direct - {each})
        }

    def all_broader(self, uri: str) -> set[str]:
        """Return all that is broader, up to the top."""
        if uri not in self._all_broader:
            waiting, found = [uri], set[str]()
            while waiting:
                new = self._broader.get(waiting.pop(), set()) - found
                found |= new
                waiting += new
            self._all_broader[uri] = found
        return self._all_broader[uri]
