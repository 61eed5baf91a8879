"""What the service writes into an image template, and what stands below one: what runs put out, and triggers."""

from __future__ import annotations

from typing import Literal

from imagekit.documents.template_fields import FIRST, NAMES, Piece, known, spans

STATES = spans("Creating", "Succeeded", "Failed", "Deleting", Updating="2019-05-01-preview", Canceled="2022-07-01")
_RUN = spans("Running", "Succeeded", "PartiallySucceeded", "Failed", Canceling="2020-02-14", Canceled="2020-02-14")
_STAGES = spans("Queued", "Building", "Customizing", "Distributing", Validating="2022-02-14", Optimizing="2022-07-01")
_ERRORS = spans(
    "BadSourceType",
    "BadPIRSource",
    "BadCustomizerType",
    "ServerError",
    "Other",
    until={"BadISOSource": "2019-05-01-preview", "NoCustomizerShellScript": FIRST},
    BadManagedImageSource="2019-02-01-preview",
    UnsupportedCustomizerType="2019-02-01-preview",
    NoCustomizerScript="2019-02-01-preview",
    BadDistributeType="2019-02-01-preview",
    BadSharedImageDistribute="2019-02-01-preview",
    BadSharedImageVersionSource="2019-05-01-preview",
    BadValidatorType="2022-02-14",
    UnsupportedValidatorType="2022-02-14",
    NoValidatorScript="2022-02-14",
    BadStagingResourceGroup="2022-02-14",
)
# The first preview wrote its states in lower case (FACTS 14.1).
RUNSTATES = _RUN | {FIRST: ("ready", "running", "succeeded", "partiallySucceeded", "failed")}
RUN_SUBSTATES = _STAGES | {FIRST: ("queued", "building", "customizing", "distributing")}


class ProvisioningError(Piece):
    """Why a template was not taken (FACTS TPL-056)."""

    provisioning_error_code: str | None = known(words=_ERRORS)
    message: str | None = known()


class LastRunStatus(Piece):
    """How far the last run came (FACTS TPL-055)."""

    start_time: str | None = known()
    end_time: str | None = known()
    run_state: str | None = known(words=RUNSTATES)
    run_sub_state: str | None = known(words=RUN_SUBSTATES)
    message: str | None = known()


class SystemData(Piece):
    """Who made a resource, who changed it, and when."""

    created_by: str | None = known("2021-10-01")
    created_by_type: Literal["User", "Application", "ManagedIdentity", "Key"] | None = known("2021-10-01")
    created_at: str | None = known("2021-10-01")
    last_modified_by: str | None = known("2021-10-01")
    last_modified_by_type: Literal["User", "Application", "ManagedIdentity", "Key"] | None = known("2021-10-01")
    last_modified_at: str | None = known("2021-10-01")


class RunOutputProperties(Piece):
    """What a run put out to one target (FACTS TPL-033)."""

    artifact_id: str | None = known("2022-02-14")
    artifact_uri: str | None = known("2022-02-14")
    provisioning_state: str | None = known("2022-02-14", read_only=True, words=STATES)


class RunOutput(Piece):
    """What the last run put out to one target; only the service writes it."""

    id: str | None = known("2022-02-14", read_only=True)
    name: str | None = known("2022-02-14", pattern=NAMES)
    type: str | None = known("2022-02-14")
    api_version: str | None = known("2022-02-14")
    properties: RunOutputProperties | None = known("2022-02-14", read_only=True)
    system_data: SystemData | None = known("2022-02-14", read_only=True)


class TriggerStatus(Piece):
    """What a trigger saw last."""

    code: str | None = known("2022-07-01", read_only=True)
    message: str | None = known("2022-07-01", read_only=True)
    time: str | None = known("2022-07-01", read_only=True)


class TriggerProperties(Piece):
    """What sets a run off: a new version of the source (FACTS TPL-052)."""

    kind: Literal["SourceImage"] = known("2022-07-01", required=True)
    status: TriggerStatus | None = known("2022-07-01", read_only=True)
    provisioning_state: str | None = known("2022-07-01", read_only=True, words=STATES)


class Trigger(Piece):
    """What runs a template again when its source has a new version."""

    id: str | None = known("2022-07-01", read_only=True)
    name: str | None = known("2022-07-01", pattern=NAMES)
    type: str | None = known("2022-07-01")
    api_version: str | None = known("2022-07-01")
    properties: TriggerProperties = known("2022-07-01", required=True)
    system_data: SystemData | None = known("2022-07-01", read_only=True)
