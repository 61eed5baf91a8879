"""What one may ask of the cloud: a table, one row an operation, with its spelling in az, PowerShell and ARM."""

from __future__ import annotations

from functools import cache

from imagekit.ids import Id
from imagekit.operations import (
    account,
    assignments,
    caches,
    config_objects,
    definitions,
    disk_access,
    disk_updates,
    disks,
    galleries,
    identities,
    image_templates,
    images,
    lab_accounts,
    lab_plans,
    labs,
    machine_sizes,
    machines,
    resources,
    roles,
    template_draft_rows,
    template_identities,
    template_objects,
    triggers,
    versions,
)
from imagekit.operations.core import Example, Field, Form, Operation, Scope, dig
from imagekit.world import JSON

OPERATIONS: tuple[Operation, ...] = (
    *resources.ROWS,
    *assignments.ROWS,
    *roles.ROWS,
    *machines.ROWS,
    *disks.ROWS,
    *disk_updates.ROWS,
    *disk_access.ROWS,
    *config_objects.ROWS,
    *images.ROWS,
    *galleries.ROWS,
    *definitions.ROWS,
    *versions.ROWS,
    *identities.ROWS,
    *image_templates.ROWS,
    *template_identities.ROWS,
    *template_draft_rows.ROWS,
    *template_objects.ROWS,
    *triggers.ROWS,
    *caches.ROWS,
    *lab_plans.ROWS,
    *labs.ROWS,
    *lab_accounts.ROWS,
    *account.ROWS,
    *machine_sizes.ROWS,
)


def find(
    method: str, target: Id, action: str = "", query: str = "", exists: bool = False, body: JSON | None = None
) -> Operation | None:
    """The row for an ARM call, or None for what the house does not know and keeps as it is.

    A PUT is a row that creates or one that changes, depending on whether the resource `exists`, even one whose own
    clients send a PATCH; the share actions are told apart by what their `body` says.

    >>> from imagekit.ids import group_id
    >>> find("PUT", group_id("S", "lab")).name
    'create resource group'
    """
    rows = _by_call().get((method, target.type.lower(), action.lower(), target.is_collection), ())
    fits = [row for row in rows if not (row.on == "old" and not exists) and not (row.on == "new" and exists)]
    if "instanceView" in query:
        fits = [row for row in fits if row.name.endswith("instance view")] or fits
    if plain := [row for row in fits if row.unless and dig(body, row.unless) is None]:
        return plain[0]
    if body and len(fits) > 1:
        fits = [row for row in fits if _always(row, body)] or fits
    return fits[0] if fits else (rows[0] if rows else None)


def _always(row: Operation, body: JSON) -> bool:
    """Whether a body says what every client of this row says."""
    return all(dig(body, field.path) == field.always for field in row.fields if field.always is not None)


@cache
def _by_call() -> dict[tuple[str, str, str, bool], tuple[Operation, ...]]:
    table: dict[tuple[str, str, str, bool], tuple[Operation, ...]] = {}
    for row in OPERATIONS:
        if row.reply and not row.partly:
            continue
        for method in {row.method, "PUT" if row.on == "old" else row.method}:
            key = (method, row.type.lower(), row.action.lower(), row.of == "all")
            table[key] = (*table.get(key, ()), row)
    return table


def named(name: str) -> Operation:
    """The row of this name.

    >>> named("create image version").az
    'sig image-version create'
    """
    return _by_name()[name]


@cache
def _by_name() -> dict[str, Operation]:
    return {row.name: row for row in OPERATIONS}


__all__ = ["OPERATIONS", "Example", "Field", "Form", "Operation", "Scope", "find", "named"]
