"""The shape of suggestions."""

from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12


class SuggestedName(TypedDict):
    """A skill or an occupation; `matched` is another name of it, if that is what was typed."""

    id: str
    label: str
    matched: str | None


class SuggestedNames(TypedDict):
    """What somebody may mean, likeliest first."""

    items: list[SuggestedName]
