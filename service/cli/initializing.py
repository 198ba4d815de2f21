"""Making a store, and deriving everything in it anew."""

from service.cli.output import Column, console, table, write_json
from service.cli.progress import meter
from service.cli.snapshotting import write_if_old
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.wiring import Services


def initialize(services: Services, *, rederived: int | None, in_place: bool, as_json: bool) -> None:
    """Derive everything anew if that is wanted; say what the store holds.

    Args:
        services: the store.
        rederived: how many records were derived anew by another model; none if none were to be.
        in_place: whether to link all records anew, by the same model.
        as_json: whether to print JSON.
    """
    derived = _rederive(services) if in_place else rederived
    write_if_old(services)
    meta = services.answers.meta(DEFAULT_TENANT)
    if as_json:
        write_json(
            {
                "data": str(services.settings.data),
                "counts": {kind.value: count for kind, count in meta.counts.items()},
                "model_version": meta.versions.model_version,
                "taxonomy_versions": meta.versions.taxonomy_versions,
                "rederived": derived or 0,
            }
        )
        return
    out = console()
    if derived is not None:
        out.print(f"{derived:,} records were encoded and linked again.")
    taxonomies = ", ".join(
        f"{name} {version}" for name, version in sorted(meta.versions.taxonomy_versions.items())
    )
    out.print(f"The store in {services.settings.data} is ready ({taxonomies}).", soft_wrap=True)
    rows = [(kind.value, f"{meta.counts.get(kind, 0):,}") for kind in Kind]
    out.print(table((Column("kind"), Column("records", is_number=True)), rows))


def _rederive(services: Services) -> int:
    tenants = services.access.tenancy.all()
    total = sum(sum(services.records.counts(each).values()) for each in tenants)
    with meter("encoding and linking", total=total) as progress:
        return sum(services.intake.rederive(each, on_group=progress.advance) for each in tenants)
