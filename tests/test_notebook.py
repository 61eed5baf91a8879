"""The cells %%az, %%powershell, %%rest and %%arm in a real IPython shell."""

import json

import pytest
from IPython.core.interactiveshell import InteractiveShell

from imagekit import Answers, Cloud, Unreadable

TEMPLATE = {
    "parameters": {"name": {"type": "string"}},
    "resources": [
        {
            "type": "Microsoft.Compute/galleries",
            "apiVersion": "2023-07-03",
            "name": "[parameters('name')]",
            "location": "[resourceGroup().location]",
        }
    ],
}


@pytest.fixture
def shell():
    """A shell with the extension loaded, a cloud, and a resource group in it."""
    InteractiveShell.clear_instance()
    made = InteractiveShell.instance()
    made.history_manager.enabled = False
    group = "%%az\naz group create -n lab -l eastus"
    for cell in ("%load_ext imagekit", "from imagekit import Cloud\ncloud = Cloud()", group):
        made.run_cell(cell, silent=True).raise_error()
    yield made
    InteractiveShell.clear_instance()


def result(shell, cell):
    """What a cell gives back."""
    ran = shell.run_cell(cell)
    ran.raise_error()
    return ran.result


def test_an_az_cell_talks_to_the_cloud(shell):
    """A cell of az commands changes the variable `cloud` and gives the answers."""
    answers = result(shell, "%%az\naz sig create -g lab -r Pictures")
    assert isinstance(answers, Answers)
    assert shell.user_ns["cloud"].get(answers[0].request.id)["name"] == "Pictures"


def test_a_cell_may_name_another_cloud(shell):
    """The word behind the cell's name chooses the cloud."""
    shell.run_cell("other = Cloud()")
    result(shell, "%%az other\naz group create -n elsewhere -l eastus")
    assert len(shell.user_ns["other"].documents()) == 1
    assert len(shell.user_ns["cloud"].documents()) == 1


def test_variables_go_both_ways(shell):
    """The notebook's text and numbers are $variables in a cell, and what a cell assigns is a variable after it."""
    shell.run_cell("place = 'westeurope'")
    result(shell, "%%az\naz sig create -g lab -r Pictures -l $place")
    result(shell, "%%az\nID=$(az sig show -g lab -r Pictures --query id -o tsv)")
    assert shell.user_ns["ID"].endswith("/galleries/Pictures")
    result(shell, "%%powershell\n$gallery = Get-AzGallery -ResourceGroupName lab -Name Pictures")
    assert shell.user_ns["gallery"]["location"] == "westeurope"


def test_rest_and_arm_cells(shell):
    """A REST request and a template with parameters work in cells of their own."""
    url = "https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/lab?api-version=2024-11-01"
    assert result(shell, f"%%rest\nGET {url}")[0].status == 200
    answers = result(shell, f"%%arm -g lab -p name=Shelf\n{json.dumps(TEMPLATE)}")
    assert answers[0].ok
    assert "shelf" in "".join(shell.user_ns["cloud"].documents()).lower()


def test_words_not_understood_are_told_in_one_line(shell, capsys):
    """Unreadable text shows one calm line instead of a traceback, and changes nothing."""
    before = shell.user_ns["cloud"].world
    ran = shell.run_cell("%%az\naz sig creat -g lab")
    shown = capsys.readouterr().out
    assert isinstance(ran.error_in_exec, Unreadable)
    assert "Did you mean az sig create? Nothing of this cell was carried out." in shown
    assert "Traceback" not in shown
    assert shell.user_ns["cloud"].world is before


@pytest.mark.parametrize(
    ("line", "says"), [("%%az clud", "did you mean|Did you mean"), ("%%az cloud --loud", "takes a cloud's name")]
)
def test_a_slip_in_the_line_of_a_cell(shell, capsys, line, says):
    """A cloud that is not there, or an option no cell has, is told kindly."""
    shell.run_cell(f"{line}\naz group list")
    shown = capsys.readouterr().out
    assert any(word in shown for word in says.split("|"))


def test_answers_show_text_and_picture(shell):
    """In a notebook the answers carry a page with the picture and its words, and the plain text."""
    bundle = result(shell, "%%az\naz sig create -g lab -r Pictures")._repr_mimebundle_()
    assert bundle["text/plain"] == "✓ creates the gallery Pictures"
    assert "<svg" in bundle["text/html"]
    assert "aria-label" in bundle["text/html"]


def test_a_cloud_shows_itself_as_the_whole_subscription():
    """A cloud at the end of a cell is drawn, with its text twin."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    bundle = cloud._repr_mimebundle_()
    assert "lab" in bundle["text/plain"]
    assert bundle["image/svg+xml"].count("<svg") == 1


def test_a_cell_leaves_other_variables_alone(shell):
    """What a cell did not assign is still what the notebook made of it."""
    shell.run_cell("x = 'a'")
    shell.run_cell("%%az\naz group create -n lab -l eastus")
    shell.run_cell("x = [1]")
    shell.run_cell("%%az\naz group show -n lab")
    assert shell.user_ns["x"] == [1]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("from imagekit import explain\nexplain('steps-end-wel')", "did you mean 'steps-end-well'?"),
        ("cloud.template('recipe')", "there is no image template 'recipe'"),
        ("cloud.undo(9)", "there are 1 steps to undo, not 9"),
        ("cloud.say({})", "a cloud is told things in text"),
        ("from imagekit.practice import predict\npredict('Why?', ['a', 'b'], 'c')", "'c' is none of the answers"),
    ],
)
def test_what_python_cells_get_wrong_is_told_in_one_line(shell, capsys, cell, says):
    """A name this package does not know, or a value it does not take, shows one calm line in a Python cell, too."""
    ran = shell.run_cell(cell)
    shown = capsys.readouterr().out
    assert ran.error_in_exec is not None
    assert says in shown
    assert len(shown.splitlines()) == 1
    assert "Nothing of this cell" not in shown


def test_a_cell_is_carried_out_as_a_whole_or_not_at_all(shell, capsys):
    """What stands before the words that are not understood has not happened either, and the message says so."""
    shell.run_cell("%%az\naz sig create -g lab -r Pictures\nrename='a b'\n$rename")
    shown = capsys.readouterr().out
    assert "Line 3: '$rename' begins a line: a line begins with az. Nothing of this cell was carried out." in shown
    assert [one["name"] for one in shell.user_ns["cloud"].documents().values()] == ["lab"]


@pytest.mark.parametrize("cell", ["{}['recipe']", "int('x')", "len([]) / 0"])
def test_slips_in_python_keep_their_traceback(shell, capsys, cell):
    """What Python itself refuses is shown as Python shows it."""
    shell.run_cell(cell)
    assert "Traceback" in capsys.readouterr().out
