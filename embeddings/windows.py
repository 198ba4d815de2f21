"""How a long text is cut into runs of the model, so that nothing of it is lost."""

from collections.abc import Sequence


def windows(tokens: Sequence[int], *, size: int, overlap: int) -> list[Sequence[int]]:
    """Cut tokens into windows of ``size`` of which neighbors share ``overlap``.

    Every token is in at least one window. The last window may be shorter, but is always longer
    than the overlap. Tokens that fit are one window.
    """
    step = size - overlap
    starts = range(0, max(len(tokens) - overlap, 1), step)
    return [tokens[start : start + size] for start in starts]
