"""A template's text judged without a cloud: what it is taken for, what is found in it, and where."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest

from imagekit import Cloud, Report, lint
from imagekit.tongues.holes import placeholder

TYPE = "Microsoft.VirtualMachineImages/imageTemplates"
ID = "/subscriptions/24890e81-5a3c-4f6b-9d0e-0123456789ab/resourceGroups/g/providers"
IDENTITY = {"type": "UserAssigned", "userAssignedIdentities": {f"{ID}/Microsoft.ManagedIdentity/x/i": {}}}
IDENTITY["userAssignedIdentities"] = {f"{ID}/Microsoft.ManagedIdentity/userAssignedIdentities/i": {}}
SOURCE = {
    "type": "PlatformImage",
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}
TARGET = {
    "type": "ManagedImage",
    "runOutputName": "web",
    "imageId": f"{ID}/Microsoft.Compute/images/web",
    "location": "eastus",
}
STEP = {"type": "Shell", "name": "install", "inline": ["sudo apt-get install -y nginx"]}


def resource(**properties: Any) -> dict[str, Any]:
    """Give a clean image template with these properties changed."""
    whole = {"source": SOURCE, "customize": [STEP], "distribute": [TARGET]} | properties
    head = {"type": TYPE, "apiVersion": "2024-02-01", "name": "baker", "location": "eastus", "identity": IDENTITY}
    return {**head, "properties": whole}


def template(*resources: Any, **sections: Any) -> dict[str, Any]:
    """Give a deployment template with these resources and sections."""
    return {"$schema": "https://x/2019-04-01/deploymentTemplate.json#", **sections, "resources": list(resources)}


def judged(value: Any, **options: Any) -> Report:
    """Give the report on a value written out line by line."""
    return lint(value if isinstance(value, str | bytes) else json.dumps(value, indent=1), **options)


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def places(report: Report, rule: str) -> list[tuple[str, int, int]]:
    return [(one.pointer, one.line, one.column) for one in report.findings if one.rule == rule]


# -- what a text is taken for -----------------------------------------------------------------------------------------

KINDS = [
    (resource(), "image template"),
    ({"location": "eastus", "properties": {"source": SOURCE, "distribute": [TARGET]}}, "image template"),
    (template(resource()), "deployment template"),
    ({"resources": [resource()]}, "deployment template"),
    ([resource()], "fragment: resources"),
    ({"parameters": {"size": {"value": 3}}}, "parameter file"),
    ({"$schema": "https://x/2019-04-01/deploymentParameters.json#", "parameters": {}}, "parameter file"),
    ('"source": {"type": "PlatformImage"},', "fragment: source"),
    ('"type": "x", "apiVersion": "2024-02-01"', "fragment: type, apiVersion"),
    ('"customize": [], "distribute": []', "fragment: customize, distribute"),
    ({"customize": []}, "fragment: customize"),
    ({"vmSize": "Standard_D2s_v5"}, "fragment: vmProfile"),
    ({"subnetId": "x"}, "fragment: vnetConfig"),
    ({"userAssignedIdentities": {}}, "fragment: identity"),
    (SOURCE, "fragment: source"),
    ({"type": "ManagedImage", "imageId": "x"}, "fragment: source"),
    (TARGET, "fragment: distribute target"),
    (STEP, "fragment: customizer"),
    ([STEP, STEP], "fragment: customize"),
    ([TARGET], "fragment: distribute"),
    (f"{json.dumps(STEP)},\n{json.dumps(STEP)}", "fragment: customize"),
    ({"onCustomizerError": "abort"}, "fragment: errorHandling"),
    ({"inVMValidations": []}, "fragment: validate"),
    ({"type": f"{TYPE}/triggers", "name": "x/y", "properties": {"kind": "SourceImage"}}, "trigger"),
    ('# Page\n\n```json\n{"vmSize": "Standard_D2s_v5"}\n```\n', "Markdown page: 1 piece of templates"),
    ({"type": f"{TYPE}/runOutputs", "name": "x", "properties": {}}, "something else"),
    ({"name": "web", "version": "1.0.0", "scripts": {"test": "x"}}, "something else"),
    (template({"type": "Microsoft.Compute/disks", "apiVersion": "x", "name": "x"}), "something else"),
    ({}, "something else"),
    ([1, 2], "something else"),
    ("5", "something else"),
    ("", "unreadable"),
    ("hello", "unreadable"),
    (f"param x string\nresource t '{TYPE}@2022-07-01' = {{\n}}", "unreadable"),
    ("[" * 200, "unreadable"),
    (b"\xff\xfe\xfd", "unreadable"),
]


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=lambda value: str(value)[:40])
def test_a_text_is_taken_for_what_it_is(text: Any, kind: str) -> None:
    """A report says what the text was taken for."""
    assert judged(text).kind == kind


def test_a_clean_template_has_no_findings() -> None:
    """A template that Azure would take is clean, by itself and in a deployment."""
    assert judged(resource()).findings == ()
    assert judged(template(resource())).findings == ()


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_decoded(coding: str) -> None:
    """Bytes in UTF-8, with or without its mark, and in UTF-16 with its mark give the same report."""
    text = json.dumps(resource(tags={}), ensure_ascii=False).replace("baker", "bäcker")
    assert rules(lint(text.encode(coding))) == rules(lint(text)) != []


def test_other_bytes_are_a_finding() -> None:
    """Bytes that are no text are refused in a word, not in a traceback."""
    report = lint(b"{}\xe4", name="a.json")
    assert (report.kind, rules(report), report.ok) == ("unreadable", ["text-can-be-decoded"], False)


# -- JSON -------------------------------------------------------------------------------------------------------------


def test_each_slip_is_a_finding() -> None:
    """Slips of the JSON are findings, and what stands behind them is judged all the same."""
    text = f'{{\n "type": "{TYPE}",\n "apiVersion": "2024-02-01"\n "properties": {{"source": {{}},}},\n}}'
    report = lint(text)
    slips = [(one.rule, one.line, one.column) for one in report.findings if one.rule.startswith("json-")]
    assert slips == [("json-missing-comma", 3, 28), ("json-trailing-comma", 4, 29), ("json-trailing-comma", 4, 31)]
    assert "template-has-an-identity" in rules(report)


def test_a_lost_brace_is_found_where_it_was_lost() -> None:
    """What belongs under properties shows which brace is missing; the rest is judged as it was meant."""
    profile = {"osDiskSizeGB": -5, "vmSize": "Standard_D2s_v5"}
    whole = json.dumps({"vmProfile": profile, **resource()["properties"]}, indent=1)
    lost = '{"properties": ' + whole.replace('"Standard_D2s_v5"\n }', '"Standard_D2s_v5"') + "}"
    report = lint(lost)
    assert [(one.rule, one.line) for one in report.findings if "json" in one.rule] == [("json-missing-bracket", 4)]
    assert [one.pointer for one in report.findings if "osDisk" in one.says] == ["/properties/vmProfile/osDiskSizeGB"]
    assert not [one for one in report.findings if one.pointer.startswith("/properties/source")]


def test_comments_are_fine() -> None:
    """Azure takes comments in a template."""
    text = json.dumps(resource(), indent=1)
    assert lint(text.replace('"location"', '// where\n/* and\nwhy */ "location"')).findings == ()


def test_slips_elsewhere_are_advice() -> None:
    """In JSON that has nothing to do with image templates slips are told, and nothing is refused."""
    report = lint('{"name": "web", "version": 1,}')
    assert (report.ok, rules(report)) == (True, ["json-trailing-comma"])


def test_a_comma_behind_a_whole_template_is_a_slip() -> None:
    """What follows a piece on a page is no slip of it; behind a whole template it is one."""
    assert rules(judged(json.dumps(resource()) + ",\n")) == ["json-after-the-end"]
    assert judged('{"vmSize": "Standard_D2s_v5"},\n').findings == ()


def test_places_are_those_of_the_pasted_text() -> None:
    """A piece without braces keeps its own lines and columns."""
    report = lint('"source": {\n  "type": "PlatfromImage"\n},\n')
    assert [(one.pointer, one.line, one.column) for one in report.findings] == [("/source/type", 2, 11)]


def test_too_long_a_text_is_refused_clearly() -> None:
    """A text longer than any template is not read."""
    report = lint("[" + " " * 10_000_000)
    assert (report.kind, rules(report)) == ("unreadable", ["json-too-long"])


# -- pieces -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["", "2019-05-01-preview", "2024-02-01"])
@pytest.mark.parametrize(
    "text",
    [
        '"location": "eastus",',
        '"identity": ' + json.dumps(IDENTITY),
        json.dumps({"source": SOURCE}),
        json.dumps(STEP),
        json.dumps([STEP]),
        json.dumps(TARGET),
        '"vmProfile": {"vmSize": "Standard_D2s_v5"}',
    ],
)
def test_nothing_is_missing_from_what_was_not_pasted(text: str, version: str) -> None:
    """Only what was pasted is judged."""
    assert judged(text, api_version=version).findings == ()


def test_a_whole_piece_must_be_whole() -> None:
    """In an object pasted with its braces what it needs is missed."""
    assert places(judged({**SOURCE, "sku": ""}), "platform-image-has-four-names")
    report = judged({key: value for key, value in TARGET.items() if key != "runOutputName"}, api_version="2024-02-01")
    assert places(report, "template-has-the-right-shape") == [("/runOutputName", 1, 1)]


def test_a_piece_knows_its_version() -> None:
    """A piece that names an api-version is judged by it; otherwise the caller's counts."""
    text = '"apiVersion": "2020-02-14", "properties": {"optimize": {}}'
    assert lint(text).version == "2020-02-14"
    assert lint(text).findings
    assert lint('"optimize": {}').findings == ()
    assert lint('"optimize": {}', api_version="2020-02-14").findings


# -- placeholders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<region>", "<region>"),
        ("<path to script>", "<path to script>"),
        ("<name", "<name"),
        ("{name}", "{name}"),
        ("${name}", "${name}"),
        ("$(imageName)", "$(imageName)"),
        ("/subscriptions/<id>/x", "<id>"),
        ("echo ${HOME} > <file>", ""),
        ("a < b", ""),
        ("{0}", ""),
        ("<xml version='1'>", ""),
        ("</end>", ""),
        ("eastus", ""),
    ],
)
def test_placeholders_are_seen(text: str, found: str) -> None:
    """A placeholder is what a page writes for a value of your own; commands may hold such marks for real."""
    assert placeholder(text) == found


def test_placeholders_are_told_once_and_judged_as_unknown() -> None:
    """Values that nobody has filled in yet are one piece of advice, and no rule complains of them."""
    report = judged(
        {**resource(distribute=[{**TARGET, "imageId": "<image>", "location": "<where>"}]), "location": "<r>"}
    )
    assert rules(report) == ["placeholder-is-filled-in"]
    assert report.findings[0].says == "3 values are not filled in yet: <r>, <image>, <where>."
    assert report.ok


def test_a_placeholder_in_an_id_leaves_the_rest_to_be_judged() -> None:
    """The subscription is seldom filled in on a page; the rest of the id is judged all the same."""
    wrong = {**TARGET, "imageId": "/subscriptions/<subscription>/resourceGroups/g/providers/Microsoft.Compute/disks/d"}
    assert "managed-image-target-is-an-image" in rules(judged(resource(distribute=[wrong])))


def test_a_placeholder_in_quotes_stays_a_text() -> None:
    """Where a list or a number belongs a placeholder in quotes is wrong, whatever is filled in."""
    text = '"customize": [{"type": "Shell", "name": "<name>", "inline": "<commands>"}]'
    assert places(lint(text), "template-has-the-right-shape") == [("/customize/0/inline", 1, 61)]
    assert lint('"buildTimeoutInMinutes": <minutes>').refused[0].rule == "json-placeholder"


# -- deployment templates ---------------------------------------------------------------------------------------------


def test_parameters_without_a_value_are_left_open() -> None:
    """What only a deployment can tell is never complained of."""
    hidden = "[parameters('it')]"
    open_one = {
        **resource(source=hidden, distribute=hidden, customize=hidden),
        "identity": hidden,
        "apiVersion": hidden,
    }
    assert judged(template(open_one, parameters={"it": {"type": "object"}})).findings == ()


def test_values_of_variables_are_found_where_they_are_written() -> None:
    """A finding in the value of a variable stands in the variable, wherever that is used."""
    variables = {"steps": [{"type": "Shel", "name": "a", "inline": ["ls"]}]}
    report = judged(template(resource(customize="[variables('steps')]"), variables=variables))
    (finding,) = report.findings
    assert finding.pointer == "/variables/steps/0/type"
    assert report.excerpt(finding)[0][finding.column - 1 :].startswith('"Shel"')


def test_values_are_found_at_the_expression() -> None:
    """A finding in any other value made by an expression stands at the expression, and so does its pointer."""
    steps = {"type": "array", "defaultValue": [{"type": "Shel", "name": "a", "inline": ["ls"]}]}
    report = judged(template(resource(customize="[parameters('steps')]"), parameters={"steps": steps}))
    (finding,) = report.findings
    assert finding.pointer == "/resources/0/properties/customize"
    assert "[parameters('steps')]" in report.excerpt(finding)[0]


@pytest.mark.parametrize(
    ("given", "ok"), [({}, True), ({"minutes": 80}, True), ({"minutes": 2000}, False), ({"MINUTES": 2000}, False)]
)
def test_given_values_count(given: dict[str, Any], ok: bool) -> None:
    """Parameters may be given, in any case; what they make is judged."""
    whole = template(resource(buildTimeoutInMinutes="[parameters('minutes')]"), parameters={"minutes": {"type": "int"}})
    assert judged(whole, parameters=given).ok is ok


EXPRESSIONS = [
    ("[concat('a', ]", "expression-can-be-read"),
    ("[conkat('a', 'b')]", "function-is-known"),
    ("[parameters('plaze')]", "parameter-is-defined"),
    ("[variables('plaze')]", "variable-is-defined"),
    ("[if(parameters('yes'), 'eastus', conkat('a'))]", "function-is-known"),
    ("[substring('abc', 7)]", "expression-has-a-value"),
    ("[variables('round')]", "expression-has-a-value"),
]


@pytest.mark.parametrize(("text", "rule"), EXPRESSIONS)
def test_expressions_azure_would_not_understand(text: str, rule: str) -> None:
    """What cannot be read or evaluated is refused, with its line and column, once."""
    variables = {"round": "[variables('trip')]", "trip": "[variables('round')]"}
    parameters = {"place": {"type": "string"}, "yes": {"type": "bool"}}
    whole = template({**resource(), "location": text}, parameters=parameters, variables=variables)
    report = judged(whole)
    found = [one for one in report.findings if one.rule == rule]
    assert found
    assert found == list(report.findings)
    line, length = report.excerpt(found[0])
    assert found[0].column <= len(line)
    assert length


def test_a_misspelt_name_is_pointed_at() -> None:
    """The column is that of the misspelt word inside the expression, and the nearest name is told."""
    whole = template(
        {**resource(), "location": "[toLower(parameters('plaze'))]"}, parameters={"place": {"type": "string"}}
    )
    (finding,) = judged(whole).findings
    line, _ = judged(whole).excerpt(finding)
    assert line[finding.column - 1 :].startswith("plaze")
    assert finding.fix == "Did you mean place?"


def test_functions_of_ones_own_are_known() -> None:
    """A template may define functions; they are left open."""
    functions = [{"namespace": "own", "members": {"place": {"output": {"type": "string", "value": "eastus"}}}}]
    assert judged(template({**resource(), "location": "[own.place()]"}, functions=functions)).findings == ()
    assert rules(judged(template({**resource(), "location": "[own.plaze()]"}, functions=functions)))


def test_loops_are_written_out() -> None:
    """Copies over properties are judged item by item; with an unknown count once."""
    each = {"runOutputName": "[concat('o', copyIndex())]", "imageId": f"[concat('{TARGET['imageId']}', copyIndex())]"}
    loop: dict[str, Any] = {"name": "distribute", "count": 2, "input": {**TARGET, **each}}
    whole = resource()
    del whole["properties"]["distribute"]
    whole["properties"]["copy"] = [loop]
    assert judged(template(whole)).findings == ()
    loop["input"]["location"] = "atlantis"
    report = judged(template(whole))
    assert len(report.refused) == 1
    assert {one.pointer for one in report.refused} == {"/resources/0/properties/copy/0/input/location"}
    loop["count"] = "[parameters('n')]"
    assert not judged(template(whole, parameters={"n": {"type": "int"}})).ok


def test_resource_loops_and_conditions() -> None:
    """A loop over a resource is judged in each turn, a finding told once; what is switched off is not judged."""
    bad = {**resource(), "location": "atlantis"}
    report = judged(template({**bad, "copy": {"name": "all", "count": 3}, "name": "[concat('b', copyIndex())]"}))
    assert rules(report).count("builder-works-in-the-region") == 1
    assert judged(template({**bad, "condition": False})).findings == ()
    assert not judged(template({**bad, "condition": "[parameters('x')]"}, parameters={"x": {"type": "bool"}})).ok


@pytest.mark.parametrize("scope", ["inner", "outer"])
def test_nested_templates_are_judged(scope: str) -> None:
    """A nested template is evaluated in its own scope or in its parent's, and judged at its place."""
    inner = template({**resource(), "location": "[parameters('place')]"}, parameters={"place": {"type": "string"}})
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "inner",
        "properties": {
            "expressionEvaluationOptions": {"scope": scope},
            "parameters": {"place": {"value": "atlantis"}},
            "template": inner,
        },
    }
    report = judged(template(nested, parameters={"place": {"type": "string", "defaultValue": "atlantis"}}))
    assert places(report, "builder-works-in-the-region")[0][0] == (
        "/resources/0/properties/template/resources/0/location"
    )


@pytest.mark.parametrize("name", ["Microsoft.VirtualMachineImages", f"{TYPE[:-1]}"])
def test_a_type_cut_short_is_found(name: str) -> None:
    """The type of nine of 29 published templates lacks its second half; what stands in them is judged all the same."""
    report = judged(template({**resource(), "type": name, "location": "atlantis"}))
    assert [one.rule for one in report.refused] == ["resource-type-is-whole", "builder-works-in-the-region"]


def test_a_resource_needs_its_parts() -> None:
    """In a deployment a resource has a type, an apiVersion and a name."""
    whole = resource()
    del whole["name"], whole["apiVersion"]
    assert "resource-is-whole" in rules(judged(template(whole)))
    assert judged(whole).ok


def test_parameter_values_fit_their_definition() -> None:
    """A default or given value that is not allowed is refused, and so is one for a parameter that is not there."""
    parameters = {"place": {"type": "string", "defaultValue": "here", "allowedValues": ["there"]}}
    whole = template({**resource(), "location": "[parameters('place')]"}, parameters=parameters)
    assert rules(judged(whole)) == ["parameter-value-fits"]
    assert rules(judged(template(resource()), parameters={"plaze": 1})) == ["parameter-value-fits"]


def test_a_resource_cut_out_of_a_template_keeps_its_expressions() -> None:
    """In a single resource expressions are left open; a test in a shell is no expression."""
    cut = resource(customize=[{**STEP, "inline": ["[ -f /tmp/x ]", "[parameters('command')]"]}])
    assert judged({**cut, "location": "[parameters('place')]"}).findings == ()
    assert rules(judged({**cut, "location": "[parametrs('place')]"})) == ["function-is-known"]


# -- with a cloud -----------------------------------------------------------------------------------------------------


def test_with_a_cloud_the_world_is_asked() -> None:
    """What a template refers to is looked up where there is a world."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    image = f"/subscriptions/{cloud.subscription}/resourceGroups/lab/providers/Microsoft.Compute/images/no"
    whole = resource(source={"type": "ManagedImage", "imageId": image})
    assert judged(whole).ok
    assert not judged(whole, cloud=cloud).ok


def test_the_group_counts_where_it_is_named() -> None:
    """Which resource group a template goes to is only known from a request; of others none is missed."""
    body = {key: value for key, value in resource().items() if key not in ("type", "apiVersion", "name")}
    text = f"PUT https://management.azure.com{ID}/{TYPE}/baker?api-version=2024-02-01\n\n{json.dumps(body)}"
    assert "group-exists" in rules(lint(text, cloud=Cloud()))
    assert "group-exists" not in rules(judged(resource(), cloud=Cloud()))


def test_nobody_said_which_group() -> None:
    """A template whose group nobody named stands in none of those there are, and what it makes of it is left open."""
    cloud = Cloud()
    cloud.say("az group create -n kitchen -l eastus")
    cloud.say("az group create -n studio -l eastus")
    cloud.say("az identity create -g studio -n baker")
    home = f"/subscriptions/{cloud.subscription}/resourceGroups"
    own = f"{home}/studio/providers/Microsoft.ManagedIdentity/userAssignedIdentities/baker"
    whole = {**resource(), "identity": {"type": "UserAssigned", "userAssignedIdentities": {own: {}}}}

    def staged(name: str) -> Report:
        there = {**whole["properties"], "stagingResourceGroup": f"{home}/{name}"}
        return judged({**whole, "properties": there}, cloud=cloud)

    assert "staging-group-is-empty" not in rules(staged("kitchen"))
    assert "staging-group-is-empty" in rules(staged("studio"))
    name = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'baker')]"
    made = {**whole, "identity": {"type": "UserAssigned", "userAssignedIdentities": {name: {}}}}
    assert "identity-exists" not in rules(judged(template(made), cloud=cloud))


def test_a_trigger_stands_with_its_template() -> None:
    """A trigger is looked up where its template is; where that is nowhere, its text is judged."""
    trigger = {"type": f"{TYPE}/triggers", "apiVersion": "2024-02-01", "name": "baker/newest"}
    assert judged({**trigger, "properties": {"kind": "SourceImage"}}, cloud=Cloud()).ok
    assert not judged({**trigger, "properties": {"kind": "Clock"}}, cloud=Cloud()).ok


# -- what Azure shows -------------------------------------------------------------------------------------------------


def shown(**more: Any) -> dict[str, Any]:
    """Give a clean template as Azure shows it, with what only the service writes."""
    whole = {key: value for key, value in resource(**more).items() if key != "apiVersion"}
    (identity,) = IDENTITY["userAssignedIdentities"]
    who = {identity: {"clientId": "24890e81-5a3c-4f6b-9d0e-0123456789ab", "principalId": "24890e81"}}
    run = {"runState": "Succeeded", "runSubState": "", "startTime": "2024-05-21T10:00:00Z"}
    wrote = {"provisioningState": "Succeeded", "lastRunStatus": run, "exactStagingResourceGroup": f"{ID}/x"}
    source = {**SOURCE, "exactVersion": "22.04.202404010", "planInfo": None}
    around = {"id": f"{ID}/{TYPE}/baker", "resourceGroup": "g", "systemData": {"createdBy": "ada"}, "tags": None}
    properties = {**whole["properties"], "source": source, **wrote, "optimize": None}
    return {**whole, **around, "identity": {"type": "UserAssigned", "userAssignedIdentities": who}} | {
        "properties": properties
    }


def flat(value: dict[str, Any]) -> dict[str, Any]:
    """Give what az image builder show prints of it: the properties beside the location."""
    return {key: inner for key, inner in value.items() if key != "properties"} | value["properties"]


@pytest.mark.parametrize(
    "form",
    [shown(), flat(shown()), [shown(), flat(shown())], {**shown(), "apiVersion": "2024-02-01"}],
    ids=["REST", "az", "list", "portal"],
)
def test_an_answer_of_azure_is_judged_kindly(form: Any) -> None:
    """What az image builder show prints may be pasted back: what the service wrote into it is nobody's fault."""
    report = judged(form)
    assert (report.kind, report.findings) == ("image template, as Azure shows it", ())


def test_what_was_sent_is_judged_where_it_stands() -> None:
    """In an answer what a person chose is judged, at the line it has in what was pasted."""
    wrong = shown(customize=[{**STEP, "inline": "ls"}])
    assert [one.pointer for one in judged(wrong).refused] == ["/properties/customize/0/inline"]
    assert [one.pointer for one in judged(flat(wrong)).refused] == ["/customize/0/inline"]
    assert [one.pointer for one in judged([wrong, flat(wrong)]).refused] == [
        "/0/properties/customize/0/inline",
        "/1/customize/0/inline",
    ]


def test_an_answer_of_the_practice_cloud_is_judged_in_its_group() -> None:
    """What the practice cloud shows of a template it took is judged in its own group, by what a person chose."""
    cloud = Cloud()
    cloud.say("az group create -n studio -l eastus")
    cloud.say("az identity create -g studio -n baker")
    created = cloud.say(
        "az image builder create -g studio -n web -l eastus --identity baker "
        "--image-source Canonical:ubuntu-24_04-lts:server:latest --scripts https://example.com/a.sh "
        "--managed-image-destinations web=eastus"
    )
    assert created
    (answer,) = cloud.say("az image builder show -g studio -n web")
    report = judged(answer.body, cloud=cloud)
    assert report.kind == "image template, as Azure shows it"
    assert rules(report) == ["identity-has-the-rights", "fetched-file-has-a-checksum"]


def test_a_rest_request_is_judged_with_its_address() -> None:
    """The request that creates a template tells api-version and name; its lines are those of the whole text."""
    body = {key: value for key, value in resource().items() if key not in ("type", "apiVersion", "name")}
    text = f"PUT https://management.azure.com{ID}/{TYPE}/ba!ker?api-version=2024-02-01\n\n{json.dumps(body)}"
    report = lint(text)
    assert (report.kind, report.version) == ("image template", "2024-02-01")
    assert [(one.rule, one.line) for one in report.findings] == [("template-name", 1)]


def test_a_name_said_twice_is_advice() -> None:
    """Azure reads a member that stands twice, and takes the last one; nothing is refused for it."""
    text = json.dumps(resource()).replace('"location"', '"tags": {}, "tags": {}, "location"', 1)
    report = judged(text)
    assert (rules(report), report.ok, report.findings[0].error) == (["json-duplicate"], True, {})


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"tags": {"course": "images"}}, []),
        ({"identity": IDENTITY}, []),
        ({"identity": {"type": "None"}}, []),
        ({"properties": {"vmProfile": {"vmSize": "Standard_D2s_v5"}}}, []),
        ({"properties": {"distribute": [TARGET]}}, []),
        ({"properties": {"vmProfile": {"vmSzie": "Standard_D2s_v5"}}}, ["/properties/vmProfile/vmSzie"]),
        ({"properties": {"distribute": [{**TARGET, "location": "eastuss"}]}}, ["/properties/distribute/0/location"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_of_a_change_only_what_it_names_is_judged(body: dict[str, Any], refused: list[str]) -> None:
    """A PATCH leaves all else as it is, so nothing is missing; what it names is right or wrong as ever."""
    report = judged(f"PATCH https://management.azure.com{ID}/{TYPE}/baker?api-version=2024-02-01\n\n{json.dumps(body)}")
    assert (report.kind, [one.pointer for one in report.refused]) == ("change of an image template", refused)
    assert report.version == "2024-02-01"


def test_a_dictionary_is_judged_as_the_json_it_makes() -> None:
    """Whoever holds a template as a dictionary hands it over as it is; what JSON has no words for is shown as text."""
    page = {
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
        "apiVersion": "2024-02-01",
        "name": PurePosixPath("t"),
    }
    told = lint(page)
    assert told.kind == "image template"
    written = lint(json.dumps({**page, "name": "t"}))
    assert [finding.rule for finding in told.refused] == [finding.rule for finding in written.refused]
    assert lint({}).ok
