"""Files in, lines out: what every reader relies on."""

import gzip
from pathlib import Path

import pytest

from service.domain.credential import Credential, Provider
from service.domain.ids import CredentialId
from service.errors import UnreadableFile
from service.standards.reading import (
    MAX_LINE,
    NOT_UTF_8,
    TOO_LONG,
    Place,
    read_lines,
    refuse_repeats,
)
from tests.builders.parsed import a_file, faults, records


def a_credential(id: str, name: str) -> Credential:
    return Credential(id=CredentialId(id), name=name, provider=Provider(name="Lakeside"))


def test_lines_come_with_their_numbers_and_blank_ones_are_passed_over(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", "one\r\n\n  \ntwo\n")

    lines = [(line.place.line, line.text) for line in read_lines(path)]

    assert lines == [(1, "one"), (4, "two")]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_byte_order_mark_and_gzip_make_no_difference(tmp_path: Path, name: str) -> None:
    path = a_file(tmp_path, name, b"\xef\xbb\xbfgr\xc3\xbcn\n")

    assert [line.text for line in read_lines(path)] == ["grün"]


def test_gzip_is_known_by_its_content_whatever_the_name(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", gzip.compress(b"one\n"))

    assert [line.text for line in read_lines(path)] == ["one"]


def test_bytes_that_are_not_utf_8_are_a_fault_of_their_line_alone(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", b"one\n\xff\xfe\nthree\n")

    lines = [(line.place.line, line.text, line.reason) for line in read_lines(path)]

    assert lines == [(1, "one", None), (2, "", NOT_UTF_8), (3, "three", None)]


def test_a_line_that_is_too_long_does_not_hide_the_next(tmp_path: Path) -> None:
    path = a_file(tmp_path, "a.jsonl", f"{'x' * MAX_LINE}\n{'x' * (MAX_LINE * 3)}\nthree\n")

    lines = [(line.place.line, len(line.text), line.reason) for line in read_lines(path)]

    assert lines == [(1, MAX_LINE, None), (2, 0, TOO_LONG), (3, 5, None)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "the file is empty."),
        ("a.jsonl.gz", b"", "the file is empty."),
        ("a.jsonl", b"\n \n", "there is nothing in it but blank lines."),
        ("a.jsonl", "one".encode("utf-16"), "is UTF-16 text; save it as UTF-8."),
        (
            "a.csv",
            b"PK\x03\x04rest",
            "is a zip archive or a spreadsheet; unpack it, or export it as CSV.",
        ),
    ],
)
def test_a_file_of_another_sort_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = a_file(tmp_path, name, content)

    with pytest.raises(UnreadableFile) as caught:
        list(read_lines(path))

    assert (caught.value.file, caught.value.reason) == (str(path), reason)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="there is no such file"):
        list(read_lines(tmp_path / "none.jsonl"))
    with pytest.raises(UnreadableFile, match="is a folder; name the files in it"):
        list(read_lines(tmp_path))


def test_a_gzip_file_that_was_cut_off_is_refused_after_its_good_lines(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"line {number}\n" for number in range(20_000)).encode())
    path = a_file(tmp_path, "a.jsonl", whole[: len(whole) // 2])
    lines = read_lines(path)

    assert next(lines).text == "line 0"
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        list(lines)


def test_a_file_that_is_named_gz_and_is_not_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_text("one\n")

    with pytest.raises(UnreadableFile, match=r"is named \.gz, but is not gzip"):
        list(read_lines(path))


def test_the_same_id_with_other_content_is_a_fault_that_names_the_first() -> None:
    parsed = [
        Place("a.jsonl", 1).found(a_credential("c1", "Welding")),
        Place("a.jsonl", 2).found(a_credential("c1", "Welding")),
        Place("b.jsonl", 7).found(a_credential("c1", "Baking")),
    ]

    read = list(refuse_repeats(parsed))

    assert [item.line for item in read if item.record] == [1, 2]
    assert faults(read) == [(7, "id", "'c1' stands already with other content: a.jsonl, line 1.")]
    assert len(records(read)) == 2
