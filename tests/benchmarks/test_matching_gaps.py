"""The gap protocol judges lists by the tags that no system sees."""

import pytest

from benchmarks.matching.catalog import Tagged
from benchmarks.matching.gap_cases import GapCase, gap_cases
from benchmarks.matching.gap_metrics import cover, ndcg, redundancy, score_lists
from service.domain.credential import Credential, Provider
from service.domain.ids import CredentialId

TARGET, HELD, OTHER_HELD, HALF_OF_GAP, SIXTH_OF_GAP, NOTHING = range(6)


def tagged(name: str, tags: str) -> Tagged:
    seen = Credential(
        id=CredentialId(name.replace(" ", "-")), name=name, provider=Provider(name="A college")
    )
    return Tagged(seen, frozenset(tags), 0.0)


CATALOG = [
    tagged("a target", "abcdefgh"),
    tagged("b holds one", "axyz"),
    tagged("c holds another", "bxyz"),
    tagged("d half", "cdexyz"),
    tagged("e sixth", "h"),
    tagged("f nothing", "uvw"),
]


def case_of_the_two_held() -> GapCase:
    return next(case for case in gap_cases(CATALOG, pairs=99) if case.held == (HELD, OTHER_HELD))


def test_the_gap_is_what_the_target_teaches_and_the_held_ones_do_not() -> None:
    gains = case_of_the_two_held().gains

    assert gains[HALF_OF_GAP] == pytest.approx(3 / 6)
    assert gains[SIXTH_OF_GAP] == pytest.approx(1 / 6)
    assert gains[NOTHING] == 0


def test_neither_the_target_nor_what_is_held_can_be_recommended() -> None:
    case = case_of_the_two_held()

    assert not case.allowed[[TARGET, HELD, OTHER_HELD]].any()
    assert not case.gains[[TARGET, HELD, OTHER_HELD]].any()


def test_held_credentials_share_two_tags_up_to_half_of_the_targets() -> None:
    for case in gap_cases(CATALOG, pairs=99):
        wanted = CATALOG[case.target].tags
        one, two = (CATALOG[row].tags for row in case.held)
        assert 2 <= len(wanted & (one | two)) <= len(wanted) / 2


def test_only_credentials_with_eight_tags_are_targets() -> None:
    assert {case.target for case in gap_cases(CATALOG)} == {TARGET}


def test_the_same_catalog_gives_the_same_cases() -> None:
    first, second = gap_cases(CATALOG), gap_cases(CATALOG)

    assert [(each.target, each.held) for each in first] == [
        (each.target, each.held) for each in second
    ]


def test_the_best_order_has_an_ndcg_of_one_and_a_worse_one_less() -> None:
    gains = case_of_the_two_held().gains

    assert ndcg(gains, [HALF_OF_GAP, SIXTH_OF_GAP]) == pytest.approx(1)
    assert ndcg(gains, [NOTHING, SIXTH_OF_GAP, HALF_OF_GAP]) < 1
    assert ndcg(gains, []) == 0


def test_the_first_three_cover_together_what_any_of_them_covers() -> None:
    case = case_of_the_two_held()

    assert cover(case, [HALF_OF_GAP, SIXTH_OF_GAP, NOTHING]) == pytest.approx(4 / 6)
    assert cover(case, []) == 0


def test_places_that_cover_nothing_and_empty_places_are_redundant() -> None:
    gains = case_of_the_two_held().gains

    assert redundancy(gains, [HALF_OF_GAP, NOTHING]) == pytest.approx(0.9)
    assert redundancy(gains, []) == 1


def test_lists_are_scored_case_by_case() -> None:
    case = case_of_the_two_held()

    scores = score_lists([case, case], [[HALF_OF_GAP, SIXTH_OF_GAP], []])

    assert scores.ndcg10.tolist() == pytest.approx([1, 0])
    assert scores.cover3.tolist() == pytest.approx([4 / 6, 0])
    assert scores.redundancy10.tolist() == pytest.approx([0.8, 1])
