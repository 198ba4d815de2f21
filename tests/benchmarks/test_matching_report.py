"""The figures of matching go into eval.json beside the model's, and into the tables of a page."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.matching.attacks import Attack
from benchmarks.matching.calibrating import Reliability, Row
from benchmarks.matching.figures import (
    Measured,
    PeopleFigures,
    ahead_of,
    figure,
    gap_figures,
    stuffing_figures,
    write_figures,
)
from benchmarks.matching.gap_metrics import GapScores
from benchmarks.matching.report import PLACES, check_page, write_report
from benchmarks.matching.stuffing import Stuffing
from service.matching.score_calibration import IDENTITY, ScoreKind
from training.errors import PageWithoutPlace

TARGETS = [0, 0, 1]
KEYS = {
    "gap_ndcg10",
    "gap_ndcg10_nearest_base",
    "gap_cover3",
    "gap_cover3_nearest_base",
    "gap_redundancy10",
    "gap_redundancy10_nearest_base",
    "occupation_ndcg10",
    "stuffing_top10",
    "stuffing_cost",
}


def scores_of(value: float) -> GapScores:
    return GapScores(np.full(3, value), np.full(3, value), np.full(3, 1 - value))


def measured() -> Measured:
    stuffing = Stuffing(
        attackers={attack: np.array([0.1, 0.0]) for attack in Attack},
        whole_text={attack: np.array([0.5, 0.7]) for attack in Attack},
        honest=np.array([0.6, 0.3]),
        undefended=np.array([0.5, 0.5]),
    )
    own = PeopleFigures(figure(np.array([0.9, 0.7])), figure(np.array([0.6, 0.8])))
    found = Reliability((Row(10, 0.65, 0.7),), 0.05)
    return Measured(
        gap={
            "onramp": gap_figures(scores_of(0.5), TARGETS),
            "nearest_base": gap_figures(scores_of(0.4), TARGETS),
        },
        gap_cases=3,
        gap_targets=2,
        ahead=ahead_of(scores_of(0.5), scores_of(0.4), TARGETS),
        unanswered=0,
        people={"onramp": own},
        people_jobs=2,
        people_learners=8,
        **stuffing_figures(stuffing),
        ads=2,
        profiles=5,
        calibration=dict.fromkeys(ScoreKind, found),
    )


def page_with_places(folder: Path) -> Path:
    page = folder / "matching.md"
    page.write_text("".join(f"{place.start}\nold\n{place.end}\n" for place in PLACES), "utf-8")
    return page


def test_the_promised_figures_stand_under_matching(tmp_path: Path) -> None:
    out = tmp_path / "eval.json"
    out.write_text(json.dumps({"tasks": {"kept": 1}}), "utf-8")

    write_figures(measured(), out)

    document = json.loads(out.read_text("utf-8"))
    assert document["tasks"] == {"kept": 1}
    assert set(document["matching"]) == KEYS
    assert document["matching"]["gap_ndcg10"] == pytest.approx(0.5)
    assert document["matching"]["gap_redundancy10_nearest_base"] == pytest.approx(0.6)
    assert document["matching"]["occupation_ndcg10"] == pytest.approx(0.8)
    assert document["matching"]["stuffing_top10"] == pytest.approx(0.05)
    assert document["matching"]["stuffing_cost"] == pytest.approx(0.1)
    assert document["matching_details"]["whole_text"]["title once"]["value"] == pytest.approx(0.6)


def test_every_table_gets_its_place_on_the_page(tmp_path: Path) -> None:
    page = page_with_places(tmp_path)

    write_report(measured(), dict.fromkeys(ScoreKind, IDENTITY), page)

    text = page.read_text("utf-8")
    assert "old" not in text
    assert "| **Onramp** | .500 [.500, .500] | .500 [.500, .500] | .500 [.500, .500] |" in text
    assert "| title once | 5.0 % [0.0, 10.0] | 60.0 % [50.0, 70.0] |" in text
    assert "| score of a match | 10 | 20 | 30 | 50 | 70 |" in text
    assert "| 60 to 70 | 10 | 0.65 | 0.70 |" in text


def test_a_page_without_a_place_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    page = tmp_path / "matching.md"
    page.write_text("# Matching\n", "utf-8")

    with pytest.raises(PageWithoutPlace):
        check_page(page)
