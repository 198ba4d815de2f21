"""Credit as tables: what counts by which rule, what was cut, and one record of it all."""

from datetime import date

from rich.console import Console

from service.cli.output import Column, plain, table
from service.domain.credit_answer import CreditEvaluation, CreditItem, LearnerRecord
from service.domain.quantities import CreditValue


def show_evaluation(out: Console, found: CreditEvaluation) -> None:
    """Print what counts, the caps that cut, and what is left."""
    name = found.program.name or f"the {found.program.degree}"
    out.print(plain(f"Toward {name} at {found.institution}, in {found.units}:"))
    columns = (
        Column("brought", share=3),
        Column("date"),
        Column("grants", is_number=True),
        Column("counts", is_number=True),
        Column("why", share=5),
    )
    out.print(table(columns, (_item_row(item) for item in found.items)))
    out.print(
        f"{found.counted:g} of {found.required:g} count: {found.transferred:g} from elsewhere, "
        f"{found.own:g} of its own. {found.left:g} are left."
    )
    for cap in found.binding:
        out.print(plain(f"Cut by {cap.rule}: {cap.says}; {cap.cut:g} do not count."))
    if found.residency is not None:
        out.print(plain(_residency(found)))
    for caveat in found.caveats:
        out.print(f"Note: {plain(caveat)}")


def show_record(out: Console, record: LearnerRecord) -> None:
    """Print courses, credentials and experience, and the totals for each unit."""
    if record.courses:
        columns = (Column("course", share=4), Column("grade"), Column("date"), Column("credit"))
        rows = (
            (each.name, each.grade or "", _day(each.date), _said(each.credits))
            for each in record.courses
        )
        out.print(table(columns, rows))
    if record.credentials:
        columns = (
            Column("credential", share=4),
            Column("issued"),
            Column("credit"),
            Column("note", share=3),
        )
        held = (
            (each.name, _day(each.held.issued), _all_said(each.credit), each.caveat)
            for each in record.credentials
        )
        out.print(table(columns, held))
    if record.experience:
        work = ((each.title, _day(each.start), _day(each.end)) for each in record.experience)
        out.print(table((Column("work", share=4), Column("from"), Column("to")), work))
    _show_totals(out, record)


def _show_totals(out: Console, record: LearnerRecord) -> None:
    headings = ("courses", "credentials", "total", "not counted")
    columns = (Column("unit"), *(Column(each, is_number=True) for each in headings))
    rows = (
        (
            str(each.units),
            f"{each.courses:g}",
            f"{each.credentials:g}",
            f"{each.total:g}",
            f"{each.not_counted:g}",
        )
        for each in record.totals
    )
    out.print(table(columns, rows) if record.totals else "No credit is stated.")


def _item_row(item: CreditItem) -> tuple[str, str, str, str, str]:
    cut = f"; cut by {', '.join(item.cut_by)}" if item.cut_by else ""
    rule = item.award.rule
    named = "" if rule is None or rule in item.award.reason else f" ({rule})"
    return (
        item.name,
        _day(item.date),
        f"{item.award.value:g}",
        f"{item.counted:g}",
        f"{item.award.reason}{named}{cut}",
    )


def _residency(found: CreditEvaluation) -> str:
    standing = found.residency
    if standing is None:
        return ""
    last = standing.in_last
    also = f", {last.credits:g} of the last {last.of:g}" if last else ""
    return (
        f"Residency ({standing.rule}): {standing.required:g} there{also}; "
        f"{standing.earned:g} are earned, {standing.remaining:g} remain."
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _said(value: CreditValue | None) -> str:
    return f"{value.value:g} {value.units}" if value else ""


def _all_said(values: tuple[CreditValue, ...]) -> str:
    return ", ".join(_said(value) for value in values)
