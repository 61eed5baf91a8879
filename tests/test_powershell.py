"""PowerShell cmdlets: parameters, switches, splatting and jobs, as Az.Compute has them."""

from __future__ import annotations

from typing import Any

import pytest

from imagekit import Cloud, Unreadable, widgets
from imagekit.operations import Scope
from imagekit.tongues import powershell
from imagekit.world import Request

SCOPE = Scope("S")


def read(text: str) -> Request:
    return powershell.read(text, SCOPE)


@pytest.fixture
def cloud() -> Cloud:
    cloud = Cloud()
    cloud.say("New-AzResourceGroup -Name rg -Location eastus")
    return cloud


# --- parameters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "New-AzGallery -ResourceGroupName rg -Name G -Location eastus",
        "new-azgallery -resourcegroupname rg -NAME G -location eastus",
        "New-AzGallery -ResourceGroupName 'rg' -GalleryName \"G\" -Loc eastus",
        "New-AzGallery -Location:eastus -ResourceGroupName:rg -Name:G",
        "New-AzGallery `\n  -ResourceGroupName rg `\n  -Name G `\n  -Location eastus",
        "New-AzGallery -ResourceGroupName rg -Name G -Location eastus -Description $null",
        "$params = @{ResourceGroupName = 'rg'; Name = 'G'; Location = 'eastus'}; New-AzGallery @params",
        "$params = @{ResourceGroupName = 'rg'; Location = 'eastus'}; New-AzGallery -Name G @params",
        "$p = @{ResourceGroupName = 'rg'; Location = 'westus'; Name = 'G'}; New-AzGallery @p -Location eastus",
        "New-AzGallery -ResourceGroupName rg -Name G -Location eastus -Confirm:$false -ErrorAction Stop",
    ],
)
def test_one_cmdlet_in_many_spellings(text: str) -> None:
    """Case, quotes, beginnings of names, splatting and $null make no difference."""
    assert read(text) == read("New-AzGallery -ResourceGroupName rg -Name G -Location eastus")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("New-AzGalery -Name G", "Line 1, column 1: not spoken here: New-AzGalery. Did you mean New-AzGallery?"),
        ("Get-ChildItem", "not spoken here: Get-ChildItem."),
        ("New-AzGallery -Nam G -Locaton x", "New-AzGallery has no parameter -Locaton. Did you mean -Location?"),
        ("New-AzGallery -P x -Name G", "-P could be -PassThru, -Permission, -PublicNamePrefix"),
        ("$p = @{Naem = 'G'}; New-AzGallery @p", "New-AzGallery has no parameter -Naem. Did you mean -Name?"),
        ("New-AzGallery -Name G -GalleryName G -ResourceGroupName rg -Name H", "-Name"),
        ("New-AzGallery -Name G -Location eastus", "New-AzGallery needs -ResourceGroupName"),
        ("New-AzGallery -ResourceGroupName rg", "New-AzGallery needs -Name"),
        ("New-AzGallery -ResourceGroupName rg -Name @{a=1}", "one plain value is wanted here, not a table or a list"),
        ("New-AzGallery -ResourceGroupName rg -Name G -Tag x", "tags are a table such as"),
        (
            "New-AzGallery -ResourceGroupName rg -Name G -WhatIf",
            "-WhatIf is not modelled here: try it in cloud.branch()",
        ),
        ("Set-AzVM -ResourceGroupName rg -Name m", "Set-AzVM needs one of -Redeploy, -Reapply, -Generalized"),
        ("Start-AzVM -Id x", "'x' is not a resource id"),
        ("Wait-Job -Jbo $job", "Wait-Job has no parameter -Jbo. Did you mean -Job?"),
    ],
)
def test_wrong_words_are_unreadable(text: str, message: str) -> None:
    """What PowerShell would stop at is unreadable, with what is known and what comes nearest."""
    with pytest.raises(Unreadable) as raised:
        read(text)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    "text", ["New-AzResourceGroup rg eastus", "New-AzResourceGroup rg", "Get-AzVM -Name m rg", "Start-AzVM (1, 2)"]
)
def test_values_follow_their_parameters(text: str) -> None:
    """A value without a parameter is unreadable: which one it belongs to should be seen."""
    with pytest.raises(Unreadable) as raised:
        read(text)
    assert raised.value.line == 1


def test_all_cmdlets_are_looked_up_before_the_first_is_run(cloud: Cloud) -> None:
    """A slip in the last line keeps the first from being run."""
    before = cloud.world
    for slip in ("New-AzGalery -Name G", "New-AzGallery -Nmae G", "$x = (Get-AzVMM -Name m).Id"):
        with pytest.raises(Unreadable):
            cloud.say(f"New-AzGallery -ResourceGroupName rg -Name G -Location eastus\n{slip}", "powershell")
    assert cloud.world is before


# --- rows with one cmdlet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Get-AzVM", "list vms"),
        ("Get-AzVM -ResourceGroupName rg", "list vms"),
        ("Get-AzVM -ResourceGroupName rg -Name m", "show vm"),
        ("Get-AzVM -ResourceGroupName rg -Name m -Status", "show vm instance view"),
        ("Get-AzVM -ResourceGroupName rg -Name m -Status:$false", "show vm"),
        ("Stop-AzVM -ResourceGroupName rg -Name m -Force", "deallocate vm"),
        ("Stop-AzVM -ResourceGroupName rg -Name m -StayProvisioned -Force", "power off vm"),
        ("Update-AzGallery -ResourceGroupName rg -Name G -Description x", "update gallery"),
        ("Update-AzGallery -ResourceGroupName rg -Name G -Share -Subscription x", "share gallery: add"),
        ("Update-AzGallery -ResourceGroupName rg -Name G -Share -RemoveSubscription x", "share gallery: remove"),
        ("Update-AzGallery -ResourceGroupName rg -Name G -Share -Reset", "share gallery: reset"),
        ("Update-AzGallery -ResourceGroupName rg -Name G -Share -Community", "share gallery: enable-community"),
        (
            "Get-AzGalleryImageVersion -ResourceGroupName rg -GalleryName G -GalleryImageDefinitionName d",
            "list image versions",
        ),
    ],
)
def test_switches_and_names_choose_the_row(text: str, name: str) -> None:
    """One cmdlet may stand for several operations; its switches and names tell which."""
    assert read(text).name == name


# --- values that are tables (FACTS VER-044) ---------------------------------------------------------------------------

VERSION = (
    "New-AzGalleryImageVersion -ResourceGroupName rg -GalleryName G -GalleryImageDefinitionName d "
    "-Name 1.0.0 -Location eastus "
)


def profile(words: str) -> dict[str, Any]:
    body = read(VERSION + words).body
    assert body is not None
    return body["properties"]


def test_target_regions_are_tables() -> None:
    """-TargetRegion takes tables, alone or several, with keys in any case."""
    one = profile("-TargetRegion @{name='eastus';REPLICACOUNT=2;StorageAccountType='Standard_ZRS'} -SourceImageId /a/b")
    assert one["publishingProfile"]["targetRegions"] == [
        {"name": "eastus", "regionalReplicaCount": 2, "storageAccountType": "Standard_ZRS"}
    ]
    two = profile("-TargetRegion @(@{Name='eastus'}, @{Name='westus'}) -SourceImageId /a/b")
    assert [region["name"] for region in two["publishingProfile"]["targetRegions"]] == ["eastus", "westus"]


def test_disks_are_tables() -> None:
    """-OSDiskImage and -DataDiskImage take @{Source = @{Id = …}; Lun; SizeInGB; HostCaching}."""
    storage = profile(
        "-OSDiskImage @{Source=@{Id='/a/os'};HostCaching='ReadWrite'} "
        "-DataDiskImage @{Source=@{Id='/a/data'};Lun=1;SizeInGB=8}"
    )["storageProfile"]
    assert storage["osDiskImage"] == {"source": {"id": "/a/os"}, "hostCaching": "ReadWrite"}
    assert storage["dataDiskImages"] == [{"source": {"id": "/a/data"}, "lun": 1, "sizeInGB": 8}]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-TargetRegion eastus", "a target region is a table @{Name = …; ReplicaCount = …}, not 'eastus'"),
        (
            "-TargetRegion @{Nmae='eastus'}",
            "a target region has no 'Nmae'; it knows Name, ReplicaCount, StorageAccountType",
        ),
        ("-OSDiskImage @{Sorce=@{Id='x'}}", "a disk of an image has no 'Sorce'"),
        ("-OSDiskImage @{Source=@{ID='x';Url='y'}}", "the source of a disk has no 'Url'"),
        ("-DataDiskImage 5", "a disk of an image is a table"),
        ("-SourceImageId @{a=1}", "this object has no id"),
        ("-ReplicaCount two", "'two' is not a whole number"),
    ],
)
def test_tables_of_another_form(words: str, message: str) -> None:
    """A key or a value that does not belong there is unreadable."""
    with pytest.raises(Unreadable) as raised:
        profile(words)
    assert message in str(raised.value)


def test_features_are_tables() -> None:
    """-Feature takes @{Name; Value}; for Gen2 PowerShell adds a security type unless one is named, or Standard."""
    create = (
        "New-AzGalleryImageDefinition -ResourceGroupName rg -GalleryName G -Name d -Location eastus -OsType Linux "
        "-Publisher p "
        "-Offer f -Sku s -HyperVGeneration V2"
    )
    added = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
    assert (read(create).body or {})["properties"]["features"] == added
    plain = f"{create} -Feature @{{Name='SecurityType';Value='Standard'}}"
    assert "features" not in (read(plain).body or {})["properties"]
    body = read(f"{create} -Feature @{{Name='SecurityType';Value='TrustedLaunch'}}").body or {}
    assert body["properties"]["features"] == [{"name": "SecurityType", "value": "TrustedLaunch"}]
    with pytest.raises(Unreadable, match="a feature is a table"):
        read(f"{create} -Feature SecurityType")


def test_numbers_stay_text_where_text_is_wanted() -> None:
    """`-Name 1.0` and `-Sku 007` keep their spelling."""
    request = read(VERSION.replace("1.0.0", "1.0") + "-SourceImageId /a/b")
    assert request.id.name == "1.0"


NEW_DISK = (
    "New-AzDisk -ResourceGroupName rg -DiskName data "
    "-Disk (New-AzDiskConfig -Location eastus -DiskSizeGB 4 -CreateOption Empty)"
)

# --- variables and jobs -----------------------------------------------------------------------------------------------


def test_objects_are_passed_on(cloud: Cloud) -> None:
    """What a cmdlet gives back has properties, and can stand where an id is wanted."""
    cloud.say(
        "$config = New-AzDiskConfig -Location eastus -DiskSizeGB 4 -SkuName Premium_LRS -CreateOption Empty\n"
        "$disk = New-AzDisk -ResourceGroupName rg -DiskName data -Disk $config"
    )
    (answer,) = cloud.say(
        "New-AzSnapshot -ResourceGroupName $disk.ResourceGroupName -SnapshotName s "
        "-Snapshot (New-AzSnapshotConfig -Location eastus -CreateOption Copy -SourceUri $disk.Id)"
    )
    assert answer.request.body["properties"]["creationData"]["sourceUri"].endswith("/disks/data")


def test_what_is_kept_is_not_printed(cloud: Cloud) -> None:
    """What a variable, another cmdlet or Out-Null takes is not shown; what is picked out of it is, alone."""
    cloud.say(NEW_DISK)
    get = "Get-AzDisk -ResourceGroupName rg -DiskName data"
    assert '"diskSizeGB"' in str(cloud.say(get))
    for text in (f"$disk = {get}", f"{get} | Out-Null"):
        assert str(cloud.say(text)) == "✓ shows the disk data"
    assert str(cloud.say(f"({get}).Name")) == "✓ shows the disk data\ndata"
    assert str(cloud.say(f"{get} | Select-Object -ExpandProperty DiskSizeGB")) == "✓ shows the disk data\n4"
    assert str(cloud.say("$disk.Name")) == "data"


PASSWORD = "Practice-Only-1"
SECRETS = [
    f"ConvertTo-SecureString -String '{PASSWORD}' -AsPlainText -Force",
    f"ConvertTo-SecureString '{PASSWORD}' -AsPlainText -Force",
    f"ConvertTo-SecureString -AsPlainText -Force '{PASSWORD}'",
    f"convertto-securestring -AsPlainText -String '{PASSWORD}'",
]
CREDENTIALS = [
    "New-Object System.Management.Automation.PSCredential('ada', $s)",
    "New-Object System.Management.Automation.PSCredential ('ada', $s)",
    "New-Object -TypeName PSCredential -ArgumentList 'ada', $s",
    "New-Object PSCredential -ArgumentList ('ada', $s)",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_secrets_and_credentials_are_handed_over(cloud: Cloud, secret: str, credential: str) -> None:
    """A SecureString stands where a password is wanted, a PSCredential where a machine's administrator is."""
    said = cloud.say(f'$s = {secret}; $who = {credential}; $s; $who; "$s"', "powershell")
    assert str(said).split("\n") == [
        "System.Security.SecureString",
        "UserName : ada",
        "Password : System.Security.SecureString",
        "System.Security.SecureString",
    ]
    machine = "New-AzVM -ResourceGroupName rg -Name m -Image Ubuntu2204 -Credential $who"
    (answer,) = cloud.say(machine)
    profile = answer.request.body["properties"]["osProfile"]
    assert (profile["adminUsername"], profile["adminPassword"]) == ("ada", PASSWORD)
    for step in range(len(cloud.history) + 1):
        assert PASSWORD not in str(widgets.history(cloud, step))


def test_a_lab_takes_a_secret(cloud: Cloud) -> None:
    """What Az.LabServices wants as a SecureString is taken as one."""
    (answer,) = cloud.say(
        f"$s = {SECRETS[0]}\nNew-AzLabServicesLab -ResourceGroupName rg -Name spring -Location eastus "
        "-AdminUserUsername ada -AdminUserPassword $s"
    )
    user = answer.request.body["properties"]["virtualMachineProfile"]["adminUser"]
    assert user == {"username": "ada", "password": PASSWORD}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ConvertTo-SecureString 'a'", "-AsPlainText"),
        ("ConvertTo-SecureString -AsPlainText -Force", "-String"),
        ("New-Object PSCredential('ada')", "two things"),
        ("New-Object PSCredential('ada', $nobody)", "two things"),
        ("New-Object System.Net.WebClient", "PSCredential here, and nothing else"),
        ("New-Object PSCredential 'ada' $s", r"\$s stands without a parameter name"),
    ],
)
def test_what_makes_no_secret_is_unreadable(cloud: Cloud, text: str, message: str) -> None:
    """What is missing is named, and so is all else New-Object could make."""
    with pytest.raises(Unreadable, match=message):
        cloud.say(text, "powershell")


def test_jobs_end_when_they_are_waited_for(cloud: Cloud) -> None:
    """-AsJob leaves the work under way; $job.State tells how far it is."""
    cloud.say(f"$job = {NEW_DISK} -AsJob")
    assert len(cloud.world.pending) == 1
    assert "Running" in repr(cloud.say("$job.State"))
    assert "Completed" in repr(cloud.say("Wait-Job -Job $job | Out-Null; $job.State"))
    assert len(cloud.world.pending) == 0


def test_a_switch_may_be_off(cloud: Cloud) -> None:
    """-AsJob:$false waits like no -AsJob."""
    (answer,) = cloud.say(f"{NEW_DISK} -AsJob:$false")
    assert (answer.job, answer.ok) == (None, True)


def test_the_subscription_is_known_without_login() -> None:
    """Connect-AzAccount and Set-AzContext are taken kindly; Get-AzSubscription answers with the one there is."""
    cloud = Cloud()
    cloud.say("Connect-AzAccount; Set-AzContext -Subscription Practice | Out-Null")
    cloud.say("$one = (Get-AzSubscription).Id; $two = (Get-AzContext).Subscription.Id", "powershell")
    assert (cloud.variables["one"], cloud.variables["two"]) == (cloud.subscription, cloud.subscription)
    with pytest.raises(Unreadable, match="no subscription needs to be chosen here"):
        cloud.say("Set-AzContext -Subscription Production")


def test_platform_images_are_listed_with_their_versions() -> None:
    """Get-AzVMImage answers with every version that is known."""
    cloud = Cloud()
    cloud.say("$images = Get-AzVMImage -Location eastus -PublisherName Canonical -Offer 0001-com-ubuntu-server-jammy")
    versions = {image["version"] for image in cloud.variables["images"]}
    assert len(versions) > 1
    assert "latest" not in versions


def test_every_cmdlet_of_the_table_is_spoken() -> None:
    """Cmdlets are found whatever their case, those with switches of their own first."""
    for name, rows in powershell.cmdlets().items():
        assert name == rows[0].powershell.lower()
        assert [len(row.when) for row in rows] == sorted((len(row.when) for row in rows), reverse=True)
