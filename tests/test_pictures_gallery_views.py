"""Place, time and money: the map of replicas, their replication, the cost; and the gallery view that draws them."""

from __future__ import annotations

import re
from itertools import combinations
from math import dist
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pictures import all_words
from test_pictures_drawing import HOSTILE, JSONS, inches, texts

from imagekit import Cloud, facts
from imagekit.pictures import Picture, cost, replication, world_map
from imagekit.pictures.atlas import HEIGHT, WIDTH, at
from imagekit.pictures.coastlines import LAND, outline
from imagekit.pictures.labels import short
from imagekit.pictures.look import MAX_WIDTH_INCHES
from imagekit.pictures.placing import Box, apart, around
from imagekit.pictures.world_map import _place, _sheet

JSON = dict[str, Any]

EUROPE = [
    "westeurope",
    "northeurope",
    "uksouth",
    "ukwest",
    "francecentral",
    "germanywestcentral",
    "swedencentral",
    "norwayeast",
    "italynorth",
    "switzerlandnorth",
    "polandcentral",
    "spaincentral",
]
AMERICA = [
    "eastus",
    "eastus2",
    "centralus",
    "westus",
    "westus2",
    "westus3",
    "southcentralus",
    "northcentralus",
    "westcentralus",
    "canadacentral",
    "canadaeast",
    "mexicocentral",
]


def place(name: str, replicas: int = 1, **more: Any) -> JSON:
    """A region with replicas, where facts know it to lie."""
    known = facts.region(name)
    at = {"latitude": known.latitude, "longitude": known.longitude} if known else {}
    return {"region": name, **at, "replicas": replicas, "state": "Completed", "storage": "Standard_LRS", **more}


def map_of(*places: JSON, title: str = "web 1.0.0") -> Picture:
    return world_map({"title": title, "places": list(places)})


def boxes(picture: Picture, kind: str) -> list[tuple[float, float]]:
    """The middles of the nodes of a kind."""
    found = re.findall(rf'^\s*{kind}\d+ .*?pos="([-\d.]+),([-\d.]+)"', picture.dot, re.MULTILINE)
    return [(float(x), float(y)) for x, y in found]


# --- the map ----------------------------------------------------------------------------------------------------------


def test_a_map_tells_replicas_home_storage_and_state() -> None:
    """Numbers stand in discs; the home is a house and a word; what is not as usual stands beside the name."""
    home = place("koreacentral", 3, home=True)
    picture = map_of(home, place("japaneast", 2, storage="Premium_LRS"), place("koreasouth", state="Replicating"))
    words = all_words(picture.dot)
    assert "koreacentral home" in words
    assert "japaneast Premium_LRS" in words
    assert "koreasouth Replicating" in words
    assert "home region" in words
    assert "being copied" in words
    assert picture.dot.count('shape="house"') == 2  # one on the map, one in the key
    assert "6 replicas in 3 regions; in 1 not yet." in picture.twin
    assert re.search(r"^japaneast +2 +Completed +Premium_LRS +36° N 140° E$", picture.twin, re.MULTILINE)


def test_the_home_region_comes_first_in_words() -> None:
    """The twin begins with the home region, then from A to Z."""
    picture = map_of(place("eastus"), place("westus", home=True), place("centralus"))
    assert re.findall(r"^(\w+us) ", picture.twin, re.MULTILINE) == ["westus", "centralus", "eastus"]


def test_a_region_nobody_can_place_is_told_below_the_map() -> None:
    """What has no coordinates is neither drawn somewhere nor kept quiet."""
    picture = map_of(place("eastus"), place("brazilus", 2))
    assert "Not on the map, as nobody told where it lies: brazilus ×2." in all_words(picture.dot)
    assert re.search(r"^brazilus +2 .*not known$", picture.twin, re.MULTILINE)
    assert len(boxes(picture, "place")) == 1


@pytest.mark.parametrize(
    "names",
    [EUROPE[:1], EUROPE, AMERICA, EUROPE + AMERICA, sorted(facts.region_names())],
    ids=["one", "twelve in Europe", "twelve in America", "both", "all"],
)
def test_no_disc_and_no_name_covers_another(names: list[str]) -> None:
    """However crowded, no name covers a disc or a name; of up to two dozen regions each has its name, of all most."""
    sheet = _sheet([_place(place(name, home=name == names[0])) for name in names])
    labels = [spot.box for spot in sheet.spots if spot]
    assert len(labels) >= (len(names) if len(names) <= 24 else len(sheet.places) * 0.85)
    assert not [pair for pair in combinations(labels, 2) if pair[0].meets(pair[1])]
    discs = [around(point, sheet.radius) for point in sheet.points]
    assert not [pair for pair in combinations(sheet.points, 2) if dist(*pair) < 2 * sheet.radius]
    assert not [(box, disc) for box in labels for disc in discs if box.meets(disc)]
    assert all(box.inside(Box(0, 0, WIDTH, HEIGHT)) for box in labels)


def test_every_name_of_two_dozen_regions_is_on_the_map() -> None:
    """Twelve regions in Europe and twelve in America all have their names, and the foot says nothing is left out."""
    picture = map_of(*(place(name) for name in EUROPE + AMERICA))
    assert len(boxes(picture, "name")) == len(boxes(picture, "place")) == 24
    assert "No room" not in picture.dot


@given(points=st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=8))
@settings(max_examples=60)
def test_discs_are_pushed_apart_and_stay_where_they_have_room(points: list[tuple[float, float]]) -> None:
    """A few discs end at least nearly a diameter apart, even on one spot; the same each time."""
    moved = apart(points, 10)
    far = [dist(a, b) for a, b in combinations(moved, 2)]
    assert min(far, default=10) > 9.5
    assert apart(points, 10) == moved
    if len(points) == 1:
        assert moved == points


def test_regions_lie_on_land_or_near_it() -> None:
    """The outline made by hand and the coordinates of regions agree: each region lies within 3 degrees of some land."""
    shores = [point for piece in LAND.values() for point in outline(piece)]
    for name, known in facts.region_names().items():
        if known.latitude is not None and known.longitude is not None:
            here = (float(known.longitude), float(known.latitude))
            near = min(abs(here[0] - x) + abs(here[1] - y) for x, y in shores)
            assert near < 4 or any(_within(here, outline(piece)) for piece in LAND.values()), name


def _within(point: tuple[float, float], piece: tuple[tuple[float, float], ...]) -> bool:
    """Whether a point lies in a polygon: a line to the right crosses its edge an odd number of times."""
    x, y = point
    crossings = 0
    for (ax, ay), (bx, by) in zip(piece, (*piece[1:], piece[0]), strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
            crossings += 1
    return crossings % 2 == 1


def test_north_is_up_and_east_is_right() -> None:
    """Sweden stands over Italy, Japan to the right of Korea, and all on the sheet."""
    assert at(61, 17)[1] > at(45, 9)[1]
    assert at(36, 140)[0] > at(38, 127)[0]
    for latitude, longitude in ((90, 180), (-90, -180), (0, 0)):
        x, y = at(latitude, longitude)
        assert 0 <= x <= WIDTH
        assert -0.001 <= y <= HEIGHT + 0.001


# --- replication ------------------------------------------------------------------------------------------------------


def copy(name: str, start: float | None, end: float | None, state: str, progress: int = 100) -> JSON:
    return {"name": name, "replicas": 1, "from": start, "to": end, "state": state, "progress": progress}


def test_replication_tells_what_is_done_by_now() -> None:
    """While it goes on the picture has the line that is now, what is done, and when all will be done."""
    rows = [copy("eastus", 0, 400, "Completed"), copy("westus", 400, 600, "Replicating", 50)]
    picture = replication({"title": "web", "regions": rows, "now": 500})
    assert "In 1 of 2 regions at 8:20; in all after 10:00." in picture.twin
    assert "now 8:20" in all_words(picture.dot)
    assert "Replicating" in all_words(picture.dot)
    assert re.search(r"^westus +1 +Replicating +50 % +6:40 +10:00$", picture.twin, re.MULTILINE)


def test_replication_that_is_over_has_no_now() -> None:
    """When all is done there is no line, and the sum says how long it took."""
    picture = replication({"title": "web", "regions": [copy("eastus", 0, 400, "Completed")]})
    assert "In 1 region after 6:40." in picture.twin
    assert "now" not in all_words(picture.dot)


def test_a_failed_copy_is_said_to_have_failed() -> None:
    """A failure is in the picture, in the sum and in the table."""
    picture = replication({"title": "web", "regions": [copy("eastus", 0, 400, "Failed", 40)]})
    assert "× Failed" in all_words(picture.dot)
    assert "In 0 of 1 region; failed in 1." in picture.twin


# --- cost -------------------------------------------------------------------------------------------------------------


def bill(*lines: JSON, months: int = 12) -> JSON:
    return {"title": "web", "currency": "USD", "dated": "2026-11-20", "months": months, "lines": list(lines)}


def test_cost_adds_up_over_the_months() -> None:
    """A line counts from its month on, and one that is paid once counts once."""
    early, late = {"says": "a", "per_month": 2, "from_month": 1}, {"says": "b", "per_month": 3, "from_month": 11}
    once = {"says": "c", "per_month": 10, "from_month": 2, "to_month": 2}
    picture = cost(bill(early, late, once))
    assert "40.00 USD in 12 months." in picture.twin
    assert "By the end of month 1: 2.00, 6: 22.00, 12: 40.00." in picture.twin
    assert re.search(r"^c +10.00 +2 +2 +10.00$", picture.twin, re.MULTILINE)


@pytest.mark.parametrize("whole", [bill(), bill({"says": "a", "per_month": 1, "from_month": 1}), {}])
def test_cost_always_says_that_prices_are_illustrative(whole: JSON) -> None:
    """The words stand in picture and twin with the day of the prices, whatever is drawn."""
    picture = cost(whole)
    said = f"Prices are illustrative, of {whole.get('dated', 'no known day')}."
    assert said in picture.twin
    assert said in all_words(picture.dot)


@pytest.mark.parametrize("months", [-3, 1, 7, 12, 36, 60, 500])
def test_any_number_of_months_fits_the_page(months: int) -> None:
    """From 1 to 60 months are drawn, never wider than a page; more or fewer count as the most or the least."""
    picture = cost(bill({"says": "x" * 80, "per_month": 1.5, "from_month": 1}, months=months))
    drawn = min(max(months, 1), 60)
    assert f"{drawn * 1.5:.2f} USD in {drawn} month" in picture.twin
    assert inches(picture.svg()) <= MAX_WIDTH_INCHES + 0.1


# --- all three --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_drawn_as_they_are(name: str) -> None:
    """Quotes, tags, braces, escapes and control characters break none of the three pictures."""
    shown = short(name).replace("\\", "\N{SET MINUS}")
    drawn = (
        map_of(place("eastus") | {"region": name, "storage": name, "state": name}, title=name),
        replication({"title": name, "regions": [{**copy(name, 0, 5, name)}], "now": 3}),
        cost({**bill({"says": name, "per_month": 1}), "title": name, "currency": name, "dated": name}),
    )
    for picture in drawn:
        assert shown in texts(picture.svg()) or len(name) > 60
        assert all(sign.isprintable() or sign == "\n" for sign in picture.twin)


@given(rows=JSONS, odd=JSONS)
@settings(max_examples=40)
def test_anything_can_be_drawn(rows: Any, odd: Any) -> None:
    """Whatever stands in the JSON, there is a picture and a twin."""
    row = dict.fromkeys(("region", "name", "says", "latitude", "longitude", "replicas", "from", "to", "per_month"), odd)
    row |= dict.fromkeys(("state", "storage", "home", "progress", "from_month", "to_month"), odd)
    for given_rows in (rows, [row]):
        whole = {"title": odd, "places": given_rows, "regions": given_rows, "lines": given_rows, "now": odd}
        for draw in (world_map, replication, cost):
            assert draw({**whole, "months": odd, "currency": odd, "dated": odd}).twin


def test_pictures_are_no_wider_than_a_page_and_are_rendered() -> None:
    """A map is as wide as a notebook's output, with its places where it says; its words keep their size."""
    svg = map_of(*(place(name) for name in EUROPE)).svg()
    assert 8.0 < inches(svg) <= MAX_WIDTH_INCHES
    assert "scale(1 1)" in svg
    assert all(name in texts(svg) for name in EUROPE)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)]
    assert min(sizes) * 96 / 72 >= 10


def test_same_places_same_dot() -> None:
    """The order in which regions come does not matter."""
    places = [place(name) for name in AMERICA]
    assert map_of(*places).dot == map_of(*reversed(places)).dot


# --- the gallery view -------------------------------------------------------------------------------------------------


def say(cloud: Cloud, version: str, regions: str, more: str = "") -> None:
    """Make a version of the definition web from the machine."""
    machine = "$(az vm show -g lab -n maker --query id -o tsv)"
    target = f"-g lab -r pics -i web -e {version} --target-regions {regions}"
    cloud.say(f"az sig image-version create {target} --virtual-machine {machine} {more}")


@pytest.fixture(scope="module")
def made() -> Cloud:
    """A gallery with version 1.0.0 in three regions, one of them zone-redundant, and 1.1.0 that latest passes over."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l westcentralus\naz sig create -g lab -r pics")
    cloud.say(
        "az sig image-definition create -g lab -r pics -i web --os-type Linux --os-state Specialized -p p -f o -s s "
        "--features SecurityType=Standard"
    )
    cloud.say(
        "az vm create -g lab -n maker --image Ubuntu2204 --security-type Standard --admin-username ada "
        "--generate-ssh-keys"
    )
    say(cloud, "1.0.0", "westcentralus southcentralus=1 eastus=1=standard_zrs", "--replica-count 2")
    say(cloud, "1.1.0", "westcentralus eastus", "--exclude-from-latest true")
    return cloud


def test_latest_passes_over_what_is_excluded_and_what_is_not_made(made: Cloud) -> None:
    """1.1.0 is excluded and 2.0.0 still being made, so 1.0.0 counts in all three regions."""
    cloud = made.branch()
    say(cloud, "2.0.0", "westcentralus eastus", "--no-wait")
    everywhere = dict.fromkeys(("eastus", "southcentralus", "westcentralus"), "1.0.0")
    assert cloud.gallery("pics").latest() == everywhere
    cloud.wait()
    assert cloud.gallery("PICS").latest("WEB") == {"eastus": "2.0.0", "southcentralus": "", "westcentralus": "2.0.0"}


def test_what_latest_gives_is_what_a_machine_gets(made: Cloud) -> None:
    """In each region a machine from the definition gets the version that is told, or is refused where none is."""
    cloud = made.branch()
    say(cloud, "2.0.0", "westcentralus eastus")
    definition = cloud.gallery("pics").id.child("images", "web")
    for place, version in cloud.gallery("pics").latest().items():
        other = cloud.branch()
        answers = other.say(f"az vm create -g lab -n t -l {place} --image {definition} --specialized")
        assert answers[0].ok is bool(version), place
        if version:
            machine = other.machine("t").document["properties"]["storageProfile"]["imageReference"]
            assert machine["exactVersion"] == version


def test_latest_waits_for_a_region_that_is_being_added(made: Cloud) -> None:
    """A region that is added later has no latest until its copy is there; picture and view agree on it."""
    cloud = made.branch()
    added = "--add publishingProfile.targetRegions name=koreacentral regionalReplicaCount=3"
    cloud.say(f"az sig image-version update -g lab -r pics -i web -e 1.0.0 {added} --no-wait")
    cloud.wait(minutes=1)
    assert cloud.gallery("pics").latest()["koreacentral"] == ""
    twin = cloud.gallery("pics").picture().twin
    assert "nothing yet (1.0.0 is still being copied) in koreacentral" in twin
    assert re.search(r"^1.0.0 +1 +3 \(30 %\) ", twin, re.MULTILINE)
    cloud.wait()
    assert cloud.gallery("pics").latest()["koreacentral"] == "1.0.0"
    assert "1.0.0 in koreacentral" in cloud.gallery("pics").picture().twin


def test_replication_shows_what_the_clock_really_does(made: Cloud) -> None:
    """Each region is there at the very second the picture says, and not one before."""
    cloud = made.branch()
    say(cloud, "2.0.0", "westcentralus eastus southcentralus", "--no-wait")
    told = cloud.gallery("pics").copies()["regions"]
    assert [row["name"] for row in told] == ["westcentralus", "eastus", "southcentralus"]
    for row in told:
        for second, there in ((row["to"] - 1, False), (row["to"] + 0.01, True)):
            later = cloud.branch().wait(seconds=second)
            states = {one["name"]: one["state"] for one in later.gallery("pics").copies()["regions"]}
            assert (states[row["name"]] == "Completed") is there


def test_replication_is_told_when_it_is_over_too(made: Cloud) -> None:
    """What was copied last is remembered with its times; there is no now any more."""
    whole = made.gallery("pics").copies("1.0.0")
    assert "now" not in whole
    assert [(row["name"], round(row["to"])) for row in whole["regions"]] == [
        ("westcentralus", 411),
        ("southcentralus", 606),
        ("eastus", 801),
    ]
    assert "In 3 regions after 13:21." in str(made.gallery("pics").replication("1.0.0"))


def test_the_map_of_a_version_knows_home_counts_and_storage(made: Cloud) -> None:
    """Without a version the newest is drawn; with one, that one."""
    twin = made.gallery("pics").map("1.0.0").twin
    assert "4 replicas in 3 regions." in twin
    assert re.search(r"^westcentralus +2 +home +Completed +Standard_LRS ", twin, re.MULTILINE)
    assert re.search(r"^eastus +1 +Completed +Standard_ZRS ", twin, re.MULTILINE)
    assert made.gallery("pics").map().twin.startswith("web 1.1.0")


def test_cost_counts_replicas_and_first_copies(made: Cloud) -> None:
    """Every replica is stored, only the first copy to each further region travels (FACTS GAL-013)."""
    lines = made.gallery("pics").bill(used_gb=10)["lines"]
    told = {line["says"]: (line["per_month"], line.get("to_month")) for line in lines}
    assert told["web 1.0.0: 3 × 10 GB, Standard_LRS"] == (1.5, None)
    assert told["web 1.0.0: 1 × 10 GB, Standard_ZRS"] == (0.5, None)
    assert told["web 1.0.0: first copy to 2 more regions, once"] == (0.4, 1)
    assert "30 GB" in str(made.gallery("pics").cost())
    assert "illustrative" in str(made.gallery("pics").cost(months=36))


def test_a_version_under_way_costs_what_it_will_be(made: Cloud) -> None:
    """While a version is made its size comes from what it is made from."""
    cloud = made.branch()
    say(cloud, "2.0.0", "westcentralus eastus", "--no-wait")
    assert "web 2.0.0: 2 × 30 GB, Standard_LRS" in str(cloud.gallery("pics").cost())


def test_sharing_tells_roles_groups_and_community(made: Cloud) -> None:
    """You, an identity with a role on the gallery or above, one whose role is too little, and nobody else."""
    cloud = made.branch()
    cloud.say("az identity create -g lab -n reader\naz identity create -g lab -n other")
    for name, role in (("reader", "Reader"), ("other", "Managed Identity Operator")):
        who = f"$(az identity show -g lab -n {name} --query principalId -o tsv)"
        cloud.say(
            f"az role assignment create --assignee-object-id {who} --assignee-principal-type ServicePrincipal "
            f"--role '{role}' --scope $(az group show -n lab --query id -o tsv)"
        )
    twin = str(cloud.gallery("pics").sharing())
    assert re.search(r"^reader +identity +role +all versions, as Reader on .+may read", twin, re.MULTILINE)
    assert "you" in twin
    assert "the role Managed Identity Operator reads no image versions" in twin


def test_sharing_tells_direct_sharing_and_an_open_gallery() -> None:
    """Subscriptions that a gallery is shared with may read it, and everybody a community gallery that is enabled."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    cloud.say("az sig create -g lab -r near --permissions groups")
    cloud.say("az sig share add -g lab -r near --subscription-ids 22222222-0000-0000-0000-000000000000")
    assert "By direct sharing: 22222222" in str(cloud.gallery("near").sharing())
    cloud.say(
        "az sig create -g lab -r wide --permissions community --publisher-uri https://example.org "
        "--publisher-email ada@example.org --eula https://example.org/eula --public-name-prefix ada"
    )
    assert "the community gallery is not enabled" in str(cloud.gallery("wide").sharing())
    cloud.say("az sig share enable-community -g lab -r wide")
    assert "By the community gallery: everybody" in str(cloud.gallery("wide").sharing())


def test_what_is_not_there_is_named_with_what_is(made: Cloud) -> None:
    """A wrong name says what was asked and what is near; an ambiguous one says what there is."""
    with pytest.raises(KeyError, match="there is no gallery 'pcs'; did you mean 'pics'"):
        made.gallery("pcs")
    view = made.gallery("pics")
    with pytest.raises(KeyError, match=r"no image version '1\.0\.1'; did you mean"):
        view.map("1.0.1")
    with pytest.raises(KeyError, match="no image definition 'wbe'; did you mean 'web'"):
        view.latest("wbe")
    cloud = made.branch()
    cloud.say(
        "az sig image-definition create -g lab -r pics -i desk --os-type Linux --os-state Specialized -p p -f o -s d"
    )
    with pytest.raises(KeyError, match=r"which image definition\? .* pics has desk, web"):
        cloud.gallery("pics").latest()
    with pytest.raises(KeyError, match="image definition desk has no versions yet"):
        cloud.gallery("pics").replication(definition="desk")
    assert cloud.gallery("pics").map("1.0.0").twin.startswith("web 1.0.0")


def test_a_view_shows_itself_as_the_matrix(made: Cloud) -> None:
    """In a terminal the twin, in a notebook the picture as well."""
    view = made.gallery("pics")
    assert repr(view) == view.picture().twin
    assert view._repr_mimebundle_()["text/plain"] == repr(view)
