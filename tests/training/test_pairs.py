"""Pairs: what each source says belongs together, and no row of development data among it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.builders.research import WELDER
from tests.builders.training_sets import (
    DUTIES,
    END,
    TEAM,
    TITLES,
    TOOLS,
    write_export,
    write_training_sets,
    write_written,
)
from training.development import is_held_out_group
from training.errors import MissingData, MissingExport, MissingPairs, NoPairs, UnusablePairs
from training.pairs import SCHEMA, SourceCount, build_pairs, read_pairs
from training.research import written
from training.research.pair import Pair, Source
from training.research.readers import READERS, Reader
from training.research.vocabulary import Vocabulary
from training.splits import held_out_titles, text_key
from training.tasks import development_tasks

Row = tuple[str, str, str, float]
Built = dict[Source, tuple[pl.DataFrame, SourceCount]]

WELDING, SENTENCE = (
    f"occupation:onet:{WELDER}",
    "You weld steel pipes and write Perl scripts in C daily",
)
ESCO_WELDER, ESCO_NURSE = "occupation:esco:welder", "occupation:esco:nurse"
PART = " ".join(f"{DUTIES} {TOOLS}".split())
LAST_PART = " ".join(f"{TEAM} {END}".split())
POSTING = " ".join(TEAM.replace("nine", "ten").split())
LAST_OF_POSTING = " ".join((TOOLS.replace("locks", "doors") * 2).split())
TRAINED_TITLES = [
    title for title in TITLES if text_key(title) not in held_out_titles([*TITLES, "Ghost"])
]

# Anchor, positive, group and weight; none where it is the model that weighs.
EXPECTED: dict[Source, list[tuple[str, str, str, float | None]]] = {
    Source.SKILL_ALT_LABEL: [("pipe welding", "weld pipes", "skill:esco:weld pipes", 1)],
    Source.SKILL_DESCRIPTION: [("A language for scripts.", "Perl", "skill:esco:Perl", 1)],
    Source.OCCUPATION_ALT_TITLE: [("Arc Welder", "Pipe Welders", WELDING, 1)],
    Source.OCCUPATION_TASK: [("Pipe Welders", "Weld pipes.", WELDING, 1)],
    Source.OCCUPATION_TECHNOLOGY: [("Pipe Welders", "ArcLog", WELDING, 1)],
    Source.CREDENTIAL_SKILL: [("Welding I", "weld pipes", "credential:school-1", 1)],
    Source.CREDENTIAL_DESCRIPTION: [("Welding I", "You learn to weld.", "credential:school-1", 1)],
    Source.ONET_DESCRIPTION: [
        ("Join pipes by heat.", "Pipe Welders", WELDING, 1),
        ("Join pipes by heat.", "Pipe Welders: join pipes", WELDING, 1),
    ],
    Source.ONET_ACTIVITY: [("Weld pipes.", "Join metal parts.", WELDING, 1)],
    Source.ONET_LEARNER: [
        (
            "Pipe Welders. Join pipes by heat.",
            "ArcLog; Weld pipes; Write reports; Grind seams",
            WELDING,
            1,
        )
    ],
    Source.ESCO_TITLE: [
        ("night nurse", "ward nurse", ESCO_NURSE, 1),
        ("tube welder", "pipe welder", ESCO_WELDER, 1),
    ],
    Source.ESCO_OCCUPATION_DESCRIPTION: [("Joins tubes in yards.", "pipe welder", ESCO_WELDER, 1)],
    Source.ESCO_OCCUPATION_SKILL: [("pipe welder", "weld pipes", ESCO_WELDER, 1)],
    Source.SKILLSKAPE: [("You join pipes.", "weld pipes", "skillskape:0", 1)],
    Source.SKILL_SPAN: [
        (SENTENCE, "weld steel pipes", "sentence:0", 1),
        (SENTENCE, "write Perl scripts", "sentence:0", 1),
        (SENTENCE, "Perl", "sentence:1", 1),
        ("You need a forklift license", "forklift license", "sentence:4", 1),
    ],
    Source.TECHWOLF: [
        ("Nurse, days", "nurse the sick", "vacancy:1", 0.45),
        ("Nurse, days", "Perl", "vacancy:1", 0.125),
    ],
    Source.LIKE_VACANCY: [
        (title, skill, f"like_vacancy:{number}", weight)
        for number, title in enumerate(sorted(TRAINED_TITLES))
        for skill, weight in (("nurse the sick", 1), ("Perl", None))
    ],
    Source.JOBBERT: [(title, "ward nurse", ESCO_NURSE, 1) for title in TRAINED_TITLES],
    Source.COURSERA: [
        ("Knots", "Rope", "credential:coursera-0000", 1),
        ("Knots", "Sailing", "credential:coursera-0000", 1),
    ],
    Source.COURSE_DESCRIPTION: [
        ("Knots", "Tie knots.", "course:0", 1),
        ("Knots", "You tie ten knots.", "course:0", 1),
        ("Tie knots.", "You tie ten knots.", "course:0", 1),
        ("knots in r", "tie knots in r", "course:R1", 1),
    ],
    Source.JOB_AD_PARTS: [
        ("Door Engineer", PART, "ad:0", 1),
        (PART, LAST_PART, "ad:0", 1),
        (POSTING, LAST_OF_POSTING, "ad:2", 1),
    ],
    Source.WRITTEN_STATEMENT: [
        ("Join tubes.", "weld pipes", "written:weld pipes", 1),
        ("Joined tubes.", "weld pipes", "written:weld pipes", 1),
        ("Join tubes.", "Joined tubes.", "written:weld pipes", 0.5),
    ],
    Source.WRITTEN_COURSE: [
        ("Knots", "Perl", "written:Perl", 1),
        ("Tubes I", "weld pipes", "written:weld pipes", 1),
    ],
    Source.WRITTEN_JOB: [("Tube Joiner", "weld pipes", "written:weld pipes", 1)],
    Source.WRITTEN_AD: [
        ("Guard", "Stood at gates.", "written_ad:0", 0.7),
        ("Cooks for fifty.", "Fed a crew.", "written_ad:1", 1),
        ("Cook", "Cooks for fifty.", "written_ad:1", 0.7),
        ("Cook", "Fed a crew.", "written_ad:1", 0.7),
        ("Big Pots", "Cooks for fifty.", "written_ad:1", 0.4),
    ],
    Source.WRITTEN_CREDENTIAL: [("Ropes for All", "Rope", "written_credential:1", 1)],
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_training_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[Source, Reader]:
    """Return all readers, those of the project's own writing on three rows of it."""
    folder = write_written(tmp_path_factory.mktemp("written"))
    ours = {
        Source.WRITTEN_STATEMENT: written.statements,
        Source.WRITTEN_COURSE: written.courses,
        Source.WRITTEN_JOB: written.jobs,
        Source.WRITTEN_AD: written.ads,
        Source.WRITTEN_CREDENTIAL: written.credentials,
    }
    return {**READERS, **{source: partial(each, folder=folder) for source, each in ours.items()}}


@pytest.fixture(scope="module")
def built(data: Path, exported: Path, readers: dict[Source, Reader]) -> Built:
    found = {}
    for source in Source:
        frame, (count,) = build_pairs(data, exported, [source], readers=readers)
        found[source] = frame, count
    return found


@pytest.fixture(scope="module")
def development_texts(data: Path) -> frozenset[str]:
    """Return the keys of what no pair may hold, as the evaluation reads it."""
    whole = {
        *("skill_house", "skill_tech", "skillskape_dev", "vacancy_skills"),
        *("credential_skills", "onet_task_occupation", "fedjobs_summary_duties"),
    }
    tasks = [task for task in development_tasks(data) if task.name in whole]
    duties = next(task for task in tasks if task.name == "fedjobs_summary_duties").targets
    texts = [*duties, *(query for task in tasks for query in task.queries)]
    assert len(tasks) == len(whole)
    return frozenset(map(text_key, texts))


@pytest.fixture(scope="module")
def development_answers(data: Path) -> frozenset[tuple[str, str]]:
    """Return each query of each task with each of its relevant targets."""
    return frozenset(
        (text_key(query), text_key(task.targets[number]))
        for task in development_tasks(data)
        for query, relevant in zip(task.queries, task.relevant, strict=True)
        for number in relevant
    )


def told(pairs: list[tuple[str, str]], _: Path, __: Vocabulary) -> Iterator[Pair]:
    """Read pairs that are given instead of a file."""
    for anchor, positive in pairs:
        yield Pair(anchor, positive, Source.ESCO_TITLE, "group")


def rows(frame: pl.DataFrame) -> Iterator[Row]:
    yield from frame.select("anchor", "positive", "group", "weight").iter_rows()


@pytest.mark.parametrize("source", Source)
def test_a_source_gives_the_pairs_that_its_rows_say(built: Built, source: Source) -> None:
    frame, count = built[source]

    found, expected = list(rows(frame)), EXPECTED[source]
    assert [row[:3] for row in found] == [row[:3] for row in expected]
    weighed = [(row[3], want[3]) for row, want in zip(found, expected, strict=True)]
    assert all(weight == pytest.approx(want) for weight, want in weighed if want is not None)
    assert all(0 < weight < 1 for weight, want in weighed if want is None)
    assert frame["source"].unique().to_list() == [source.value]
    assert count.pairs == len(expected)


@pytest.mark.parametrize("source", Source)
def test_no_pair_is_of_a_development_row(
    built: Built,
    source: Source,
    development_texts: frozenset[str],
    development_answers: frozenset[tuple[str, str]],
) -> None:
    frame, count = built[source]

    keys = [(text_key(first), text_key(second)) for first, second, *_ in rows(frame)]
    # Titles are likened to no development row in the first place.
    assert count.held_out > 0 or source is Source.LIKE_VACANCY
    assert not development_texts.intersection(text for pair in keys for text in pair)
    assert not development_answers.intersection([*keys, *(pair[::-1] for pair in keys)])
    assert not any(map(is_held_out_group, frame["group"]))


def test_the_pairs_of_many_sources_are_those_of_each(
    built: Built, data: Path, exported: Path, readers: dict[Source, Reader]
) -> None:
    frame, counts = build_pairs(data, exported, Source, readers=readers)

    assert_frame_equal(frame, pl.concat([each for each, _ in built.values()]))
    assert counts == [count for _, count in built.values()]
    assert dict(frame.schema) == dict(SCHEMA)


def test_a_pair_that_is_said_twice_counts_once_and_long_texts_are_cut(
    data: Path, exported: Path, readers: dict[Source, Reader]
) -> None:
    long = "pipe " * 400
    pairs = [(long, "weld"), ("a  b", "c"), ("a b", "c"), ("", "c"), ("same", "SAME ")]
    reader = partial(told, pairs)

    frame, (count,) = build_pairs(
        data, exported, [Source.ESCO_TITLE], readers={**readers, Source.ESCO_TITLE: reader}
    )

    assert [row[:2] for row in rows(frame)] == [(long[:1_200], "weld"), ("a b", "c")]
    assert (count.pairs, count.held_out) == (2, 0)


def test_a_missing_research_set_is_named(tmp_path: Path, exported: Path) -> None:
    with pytest.raises(MissingData, match=r"titles\.csv\.gz.*--data"):
        build_pairs(tmp_path, exported, [Source.ESCO_TITLE])


@pytest.mark.parametrize("missing", ["texts.parquet", "pairs.parquet"])
def test_a_store_that_has_written_nothing_is_told_how_to(
    tmp_path: Path, data: Path, missing: str
) -> None:
    write_export(tmp_path)
    (tmp_path / missing).unlink()

    with pytest.raises(MissingExport, match=rf"{missing}.*onramp --data STORE export-pairs"):
        build_pairs(data, tmp_path, [Source.SKILL_ALT_LABEL])


def test_sources_without_a_pair_are_nothing_to_train_on(
    tmp_path: Path, data: Path, exported: Path
) -> None:
    write_export(tmp_path)
    pl.read_parquet(exported / "pairs.parquet").clear().write_parquet(tmp_path / "pairs.parquet")

    with pytest.raises(NoPairs, match="no pair comes from skill_alt_label, occupation_task"):
        build_pairs(data, tmp_path, [Source.SKILL_ALT_LABEL, Source.OCCUPATION_TASK])


def test_pairs_are_read_as_they_were_written(tmp_path: Path, built: Built) -> None:
    frame, _ = built[Source.TECHWOLF]
    frame.write_parquet(tmp_path / "pairs.parquet")

    assert_frame_equal(read_pairs(tmp_path / "pairs.parquet"), frame)


def test_what_are_no_pairs_is_refused(tmp_path: Path, built: Built) -> None:
    path, (frame, _) = tmp_path / "pairs.parquet", built[Source.TECHWOLF]

    with pytest.raises(MissingPairs, match="python -m training pairs"):
        read_pairs(path)
    path.write_text("anchor,positive", encoding="utf-8")
    with pytest.raises(UnusablePairs, match="it is no Parquet file"):
        read_pairs(path)
    frame.drop("group").write_parquet(path)
    with pytest.raises(UnusablePairs, match="its columns must be anchor, positive"):
        read_pairs(path)
    frame.with_columns(source=pl.lit("gossip")).write_parquet(path)
    with pytest.raises(UnusablePairs, match="unknown sources gossip"):
        read_pairs(path)
    frame.clear().write_parquet(path)
    with pytest.raises(UnusablePairs, match="it is empty"):
        read_pairs(path)
