"""A replay in words."""

from rich.console import Console

from service.cli.output import listed, plain
from service.domain.decision import ChangedRecord, DecisionKind, Replay, Verdict

_VERDICTS = {
    Verdict.SAME: "The same answer, to the bit",
    Verdict.DIFFERENT: "Another answer",
    Verdict.IMPOSSIBLE: "It cannot be computed again",
}


def show_replay(out: Console, found: Replay) -> None:
    """Print whether an answer came out the same, and all that has changed since."""
    moved = found.index_version
    since = f"the store has moved from {moved.before} to {moved.after}" if moved else ""
    still = f", though {since}" if found.verdict is Verdict.SAME and since else ""
    out.print(
        f"{found.decision}, {found.kind.value} of {found.at.isoformat(timespec='seconds')}",
        style="bold",
    )
    out.print(f"{_VERDICTS[found.verdict]}{still}.")
    if found.reason:
        out.print(plain(found.reason))
    if found.differs_in:
        out.print(f"It differs in: {listed(found.differs_in)}.")
    for version in found.versions:
        out.print(f"Changed: {version.name}, {plain(version.before)} → {plain(version.after)}.")
    for record in found.records:
        out.print(f"Changed: {record_words(record)}.")
    if since and not still:
        out.print(f"{since.capitalize()}.")
    if found.others:
        out.print(f"{found.others:,} further records have changed, which it does not name.")
    if _is_unexplained(found):
        out.print(
            "Nothing that the log knows of has changed; the program itself has, or the day on "
            "which the answer was given began while it was computed."
        )
        if found.kind is DecisionKind.PATHWAY:
            out.print("Or its seconds, which did not do for a proof, let more or less be sought.")


def record_words(changed: ChangedRecord) -> str:
    """Return what became of a record: ``credential c-9, revision 3 → 5``."""
    name = f"{changed.kind.value} {changed.id}"
    if changed.after is None:
        return f"{name}, deleted"
    if not changed.before:
        is_new = changed.before == 0
        return f"{name}, {'new' if is_new else f'now revision {changed.after}'}"
    return f"{name}, revision {changed.before} → {changed.after}"


def _is_unexplained(found: Replay) -> bool:
    different = found.verdict is Verdict.DIFFERENT
    return different and not (found.versions or found.records or found.others)
