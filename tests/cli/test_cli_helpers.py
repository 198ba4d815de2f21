"""Helpers: other processes answer too, in the order of the questions, or it is said why not."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from service.cli.bulk import in_order
from service.cli.errors import CannotAnswer
from service.cli.helpers import Helping, by_helpers
from service.settings import Settings
from service.wiring import Services

Answered = tuple[int, int]


def by_whom(number: int) -> Answered:
    return number, os.getpid()


def which_process(_services: Services) -> Callable[[int], Answered]:
    return by_whom


@pytest.mark.slow
def test_a_helper_joins_in_and_all_answers_stay_in_order(tmp_path: Path) -> None:
    helping = Helping(settings=Settings(data=tmp_path), make=which_process, count=1)
    seen: set[int] = set()

    def until_there_are_two() -> Iterator[int]:
        for number in count():
            if len(seen) == 2:
                return
            yield number

    numbers = []
    for number, process in by_helpers(by_whom, until_there_are_two(), helping, in_order):
        numbers.append(number)
        seen.add(process)

    assert os.getpid() in seen
    assert numbers == list(range(len(numbers)))


def test_a_helper_that_cannot_begin_is_told_and_not_passed_over(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, model=tmp_path / "nowhere")
    helping = Helping(settings=settings, make=which_process, count=1)

    with pytest.raises(CannotAnswer, match=r"could not begin: .*nowhere"):
        for _ in by_helpers(by_whom, count(), helping, in_order):
            pass
