"""What the service says of a run in `lastRunStatus.message`, in its own words.

Read off recorded answers of 2022-07-01, image-builder-troubleshoot.md (2023-11-10) and threads of users; where nobody
has shown a message, it is made alike and says so here.
"""

from __future__ import annotations

from imagekit.world import JSON

CANCELING = "Canceling image build"  # recorded: test_image_builder_cancel
CANCELED = "Image build was canceled"  # assumed
NEVER = "0001-01-01T00:00:00Z"
_HELP = "For more troubleshooting steps go to https://aka.ms/azvmimagebuilderts."
_SEARCH = "Use this operationId to search packer logs."
CUT = (
    "Future#WaitForCompletion: context has been cancelled: StatusCode=200 -- Original Error: context deadline exceeded"
)


def packer(failed: str, operation: str, log: str) -> str:
    """The message of a build whose machine or steps failed; it does not say which, the log does.

    >>> packer("It failed.", "1234", "https://…/customization.log")[-62:]
    'OperationId: 1234. Use this operationId to search packer logs.'
    """
    return f"{failed} {_HELP} Image Build log location: {log}. OperationId: {operation}. {_SEARCH}"


def validation(step: str, log: str) -> str:
    """The message of a run whose image did not stand the test (nobody has shown one: assumed)."""
    return f"Failed in validating image: validator '{step}' failed. Image Build log location: {log}. {_HELP}"


def distribution(faults: list[JSON], total: int) -> str:
    """The message of a run of which some targets, or all, were not reached.

    >>> distribution([{"place": 1, "message": "no such gallery"}], 2)
    'Failed in distributing 1 images out of total 2: {[Error 0] [Distribute 1] no such gallery}'
    """
    told = " ".join(f"[Error {n}] [Distribute {one['place']}] {one['message']}" for n, one in enumerate(faults))
    return f"Failed in distributing {len(faults)} images out of total {total}: {{{told}}}"


def publishing(definition: str, location: str, why: str) -> str:
    """The message of one gallery target that was not reached."""
    return f"Error publishing MDI to Azure Compute Gallery:{definition}, Location:{location}. Error: {why}"
