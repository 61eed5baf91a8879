"""The rows that stand beside the table: other words for what rows of the table ask."""

from __future__ import annotations

from imagekit.operations import anything, machine_disks, machine_sizes
from imagekit.operations.core import Operation

ROWS: tuple[Operation, ...] = (*anything.ROWS, *machine_disks.ROWS, *machine_sizes.BESIDE)
