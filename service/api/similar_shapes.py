"""Similar items in and out, as JSON."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.answers import RecordKey, SimilarAnswer, SimilarQuestion, Strategy
from service.api.conditions import STRICT, fault
from service.api.questions import Limit, StoredRef
from service.api.shape_types import Versions
from service.domain.record import Kind

MAX_EXAMPLES = 100
SIMILARITY = {
    Strategy.AVERAGE_VECTOR: (
        "The cosine, -1 to 1, with 2 times the mean of the positive examples minus the mean of "
        "the negative ones. It is no score."
    ),
    Strategy.BEST_SCORE: (
        "The cosine, -1 to 1, with the nearest positive example; items no nearer to one than to "
        "a negative example come last. It is no score."
    ),
}
_DIGITS = 4


def _findable(kind: Kind) -> Kind:
    if kind is Kind.LEARNER:
        raise fault(
            "learners are not found by their likeness; `/v1/matches/candidates` ranks them."
        )
    return kind


class ExampleRef(StoredRef):
    """A record of the store that serves as an example."""

    kind: Kind = Field(description="The kind of the record.")

    def key(self) -> RecordKey:
        """Return what names the record."""
        return RecordKey(self.kind, self.id)


Examples = Annotated[tuple[ExampleRef, ...], Field(max_length=MAX_EXAMPLES)]


class SimilarBody(BaseModel):
    """What is like these, and unlike those?"""

    model_config = STRICT

    positive: Examples = Field(description="What it should be like; at least one.")
    negative: Examples = Field(default=(), description="What it should not be like.")
    kind: Annotated[Kind, AfterValidator(_findable)] = Field(
        description="What is wanted: credential, job, occupation or skill; never a learner."
    )
    strategy: Strategy = Field(
        default=Strategy.AVERAGE_VECTOR, description="How several examples become one order."
    )
    limit: Limit = 10

    def question(self) -> SimilarQuestion:
        """Return the question.

        Raises:
            InvalidQuestion: if there is no positive example, or one is negative too.
        """
        return SimilarQuestion(
            positive=tuple(each.key() for each in self.positive),
            negative=tuple(each.key() for each in self.negative),
            kind=self.kind,
            strategy=self.strategy,
            limit=self.limit,
        )


class SimilarItem(TypedDict):
    """A record like the examples; `shared` are skills that a positive example has too."""

    kind: str
    id: str
    name: str
    similarity: float
    shared: list[str]


class SimilarItems(Versions):
    """Records like the examples, most alike first; `labels` names their skills."""

    items: list[SimilarItem]
    labels: dict[str, str]
    similarity_meaning: str


def similar_json(answer: SimilarAnswer, strategy: Strategy) -> dict[str, Any]:
    """Return the answer as the JSON object that ``SimilarItems`` describes."""
    found: SimilarItems = {
        "model_version": answer.versions.model_version,
        "index_version": answer.versions.index_version,
        "taxonomy_versions": dict(answer.versions.taxonomy_versions),
        "items": [
            {
                "kind": item.kind,
                "id": item.id,
                "name": item.name,
                "similarity": round(item.similarity, _DIGITS),
                "shared": list(item.shared),
            }
            for item in answer.items
        ],
        "labels": {str(skill): label for skill, label in answer.labels.items()},
        "similarity_meaning": SIMILARITY[strategy],
    }
    return {**found}
