"""Marginal gain: what an item still adds beyond those before it."""

import numpy as np

from service.matching.marginal import covered_by, pick
from tests.builders.ranking import a_menu


def test_ten_items_do_not_teach_the_same_thing() -> None:
    taught = np.array([[0.9, 0.0], [0.9, 0.0], [0.0, 0.5]])
    menu = a_menu(taught, np.array([1.0, 1.0], dtype=np.float32))

    picks = pick(menu, first=(), limit=3)

    # 0.9 of the first half; 0.5 of the second; a tenth of 0.9 of what the first left open.
    assert [each.row for each in picks] == [0, 2, 1]
    assert [round(each.marginal_gain, 3) for each in picks] == [0.45, 0.25, 0.045]


def test_a_list_covers_what_its_items_cover_together() -> None:
    menu = a_menu(np.array([[0.5, 0.0], [0.5, 1.0]]), np.array([3.0, 1.0], dtype=np.float32))

    assert covered_by(menu, [0]) == 0.375
    assert covered_by(menu, [0, 1]) == 0.75 * 0.75 + 0.25
    assert covered_by(menu, []) == 0.0


def test_what_was_asked_for_comes_first_and_the_others_add_to_it() -> None:
    taught = np.array([[1.0, 0.0], [0.6, 0.4], [0.1, 0.0]])
    menu = a_menu(taught, np.array([1.0, 1.0], dtype=np.float32))

    picks = pick(menu, first=[2], limit=2)

    # Of the first skill a tenth is taught already: 0.9 of 1 is less than 0.9 of 0.6, and 0.4.
    assert [each.row for each in picks] == [2, 1]
    assert [round(each.marginal_gain, 3) for each in picks] == [0.05, 0.47]
