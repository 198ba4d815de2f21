"""What a credential is about is told once, when it comes in."""

from pathlib import Path

import numpy as np
import pytest

from service.domain.credential import Credential, Level, Provider
from service.domain.ids import CredentialId
from service.indexing.credentials import Credentials
from service.indexing.folders import ReadingFolder, WritingFolder
from service.indexing.topic_column import TopicColumn
from service.indexing.vocabulary import Vocabulary
from service.matching.ports import Vectors
from service.matching.topics import Topics
from service.models import GuardedEncoder
from tests.builders.skills import BRIDGE

DIM = 2
BOTH = np.arange(2)
A_COLLEGE = "A college"


def topics_of(encoder: GuardedEncoder) -> Topics:
    """Return topics of which the second is likely for what a certain college awards."""
    named = encoder.encode([A_COLLEGE])[0]
    return Topics(
        weights=np.array([[1.0, 0.0], [0.0, 0.25]], np.float32),
        offsets=np.array([0.0, 0.0], np.float32),
        providers=np.stack([np.zeros_like(named), named / 2], axis=1),
        provider_offsets=np.zeros(2, np.float32),
        levels=np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 0.25]], np.float32),
        model_hash="a hash",
    )


def index_of(encoder: GuardedEncoder) -> Credentials:
    return Credentials(DIM, Vocabulary(DIM, BRIDGE), TopicColumn(topics_of(encoder), encoder))


def made(name: str, *, provider: str = "\u200b", level: Level | None = None) -> Credential:
    return Credential(
        id=CredentialId(name), name=name, provider=Provider(name=provider), level=level
    )


def put(index: Credentials, *credentials: Credential, axis: int = 0) -> None:
    vectors: Vectors = np.eye(DIM, dtype=np.float32)[[axis] * len(credentials)]
    index.upsert(credentials, vectors, [()] * len(credentials))


def told(index: Credentials, *ids: str) -> list[list[float]]:
    found = index.topics_of([CredentialId(each) for each in ids], BOTH)
    return found.round(2).tolist()  # type: ignore[no-any-return]


def test_title_provider_and_level_tell_what_a_credential_is_about(encoder: GuardedEncoder) -> None:
    index = index_of(encoder)

    put(index, made("plain"), made("ours", provider=A_COLLEGE))
    put(index, made("advanced", level=Level.ADVANCED), axis=1)

    assert told(index, "plain", "ours", "advanced") == [[1.0, 0.0], [1.0, 0.5], [0.0, 0.5]]


def test_a_name_of_which_nothing_can_be_read_says_nothing(encoder: GuardedEncoder) -> None:
    index = index_of(encoder)

    put(index, made("plain", provider="\u200b\u200b"))

    assert told(index, "plain") == [[1.0, 0.0]]


def test_of_an_unknown_credential_no_topic_is_told(encoder: GuardedEncoder) -> None:
    index = index_of(encoder)
    put(index, made("plain"))

    assert told(index, "who", "plain") == [[0.0, 0.0], [1.0, 0.0]]


def test_a_credential_that_is_replaced_is_about_what_it_says_now(encoder: GuardedEncoder) -> None:
    index = index_of(encoder)
    put(index, made("plain"), made("other"))

    put(index, made("plain"), axis=1)

    assert told(index, "plain", "other") == [[0.0, 0.25], [1.0, 0.0]]


def test_only_the_topics_that_are_asked_for_are_told(encoder: GuardedEncoder) -> None:
    index = index_of(encoder)
    put(index, made("ours", provider=A_COLLEGE))

    assert index.topics_of([CredentialId("ours")], np.array([1])).round(2).tolist() == [[0.5]]


def test_without_topics_at_hand_none_is_told() -> None:
    index = Credentials(DIM, Vocabulary(DIM, BRIDGE))
    put(index, made("plain"))

    assert told(index, "plain") == [[0.0, 0.0]]


def test_a_snapshot_keeps_what_credentials_are_about(
    encoder: GuardedEncoder, tmp_path: Path
) -> None:
    before, after = index_of(encoder), index_of(encoder)
    put(before, made("gone"), made("plain"), made("ours", provider=A_COLLEGE))
    before.remove(CredentialId("gone"))

    before.save(WritingFolder(tmp_path / "saved"))
    after.load(ReadingFolder(tmp_path / "saved"))
    put(after, made("later", level=Level.ADVANCED), axis=1)

    assert told(after, "plain", "ours", "later") == [[1.0, 0.0], [1.0, 0.5], [0.0, 0.5]]


def test_topics_of_another_model_in_a_snapshot_are_refused(encoder: GuardedEncoder) -> None:
    column = TopicColumn(topics_of(encoder), encoder)

    with pytest.raises(ValueError, match="not those of this model"):
        column.take(np.zeros((1, 3), dtype=np.uint8))


def test_a_row_that_is_still_coming_in_is_about_nothing(encoder: GuardedEncoder) -> None:
    column = TopicColumn(topics_of(encoder), encoder)

    assert column.of(np.array([0, 7]), BOTH).tolist() == [[0.0, 0.0], [0.0, 0.0]]
