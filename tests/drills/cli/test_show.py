"""`show`: the guide for facilitators alone, the table of injects in the field's form, and readable runbooks."""

import csv
import io
import re
from pathlib import Path

import pytest

from reports.msel import msel
from reports.render import html_of, runbook_markdown
from scenarios.load import load_protocol, load_runbook, load_scenario, names
from scenarios.runbook import Procedure, Runbook, Step
from tests.drills.command_line import call, refused
from tests.support.extent import sampled

NAMES = """
names: acme
company: Acme
platform: Kubernetes
teams: {support: Customer care}
runbooks: {deployment/roll-back: "https://wiki.acme.example/roll-back"}
"""


def plain(*args: str) -> str:
    return " ".join(call("show", *args).stdout.split())


def table(*args: str) -> list[dict[str, str]]:
    written = call("show", *args, "--msel", "--csv").stdout.removeprefix("\ufeff")
    return [row for row in csv.DictReader(io.StringIO(written)) if row["Number"] != "Note"]


@pytest.mark.parametrize("name", sampled(names("scenario"), 5))
def test_whoever_chooses_reads_what_it_teaches_and_only_the_facilitator_the_guide(name: str) -> None:
    scenario = load_scenario(name)
    for_all, for_one = plain(name), plain(name, "--facilitator")
    assert scenario.guide is not None
    for aim in scenario.teaches:
        assert " ".join(aim.split())[:40] in for_all
    questions = [" ".join(question.split())[:30] for question in scenario.guide.hot_wash]
    assert all(question in for_one for question in questions)
    assert not any(question in for_all for question in questions)
    if scenario.source is not None:
        assert scenario.source.link in for_one.replace(" ", "")
        assert scenario.source.link not in for_all.replace(" ", "")


def test_the_msel_as_csv_has_the_fields_columns_and_every_inject_in_order() -> None:
    scenario = load_scenario("login-outage")
    rows = table("login-outage")
    assert list(rows[0]) == [
        "Number", "Time", "Inject", "From", "To", "Method", "Message", "Expected action", "Within", "At the latest",
        "Who it takes out", "Objective", "Story time", "Skips", "Attached", "Also",
    ]  # fmt: skip
    assert rows[0]["Inject"] == "report"
    assert {row["Inject"] for row in rows[1:]} == {inject.id for inject in scenario.injects}
    first = rows[1]
    assert (first["Time"], first["To"], first["Expected action"]) == ("3m", "Communications", "publish")
    assert (first["Within"], first["At the latest"]) == ("3m", "8m")
    assert len(rows) == len(msel(scenario, load_protocol("officeluv")))


def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path) -> None:
    text = (
        call("new", "sums", "--out", "-")
        .stdout.replace("Is the shop closed?", "x")
        .replace("text: We cannot find a single article. x", "text: =SUM(A1:A9)")
    )
    file = tmp_path / "sums.yaml"
    file.write_text(text, encoding="utf-8")
    assert [row["Message"] for row in table(str(file)) if "SUM" in row["Message"]] == ["'=SUM(A1:A9)"]


def test_a_names_file_renames_the_company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.yaml").write_text(NAMES, encoding="utf-8")
    renamed = plain("login-outage", "--names", str(tmp_path / "own.yaml"))
    assert "Customer care" in renamed
    assert "Support desk" not in renamed
    monkeypatch.chdir(tmp_path)
    assert "Customer care" not in plain("login-outage")
    (tmp_path / "names.yaml").write_text(NAMES, encoding="utf-8")
    assert "Customer care" in plain("login-outage")


@pytest.mark.parametrize("name", names("runbook"))
def test_a_runbook_is_readable_on_screen_and_as_markdown(name: str) -> None:
    runbook = load_runbook(name)
    shown, written = plain(name), " ".join(html_of(runbook_markdown(runbook)).split())
    for procedure in runbook.procedures:
        assert procedure.title in shown
        assert f"{name}/{procedure.id}" in shown
        for step in procedure.steps:
            assert " ".join(step.do.split())[:50] in shown
    assert written.count("<h4>") == len(runbook.procedures)
    assert written.count("<ol>") == len(runbook.procedures), "the steps of a procedure are one list"
    assert call("show", name, "--markdown").stdout == runbook_markdown(runbook)


def test_a_procedure_links_to_the_companys_real_page(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(NAMES, encoding="utf-8")
    page = call("show", "deployment", "--markdown", "--names", str(tmp_path / "own.yaml")).stdout
    assert "<https://wiki.acme.example/roll-back>" in page
    assert "wiki.acme.example" not in call("show", "deployment", "--markdown").stdout


def test_what_an_author_writes_in_a_runbook_stays_text() -> None:
    step = Step(do="Run `rm -rf *` and see [x](javascript:alert(1)) <script>1</script>", link="javascript:alert(1)")
    procedure = Procedure(id="one", title="One", when="Always", steps=[step])
    written = runbook_markdown(Runbook(runbook="mine", title="# Mine", about="Mine", procedures=[procedure]))
    page = html_of(written)
    assert "<code>rm -rf *</code>" in page
    assert "<script" not in page
    assert "<a" not in page


def test_without_a_name_it_shows_what_there_is() -> None:
    said = call("show").stdout
    for kind in ("scenario", "runbook"):
        assert all(re.search(rf"(?m)^ *{name} ", said) for name in names(kind))
    assert load_scenario("login-outage").title in said
    assert (load_scenario("login-outage").solution or "")[:20] not in said


def test_a_file_of_that_name_in_this_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-outage.yaml").write_text("scenario: my-outage", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    way_out = "the file my-outage.yaml is here: write its name with the ending"
    assert refused("show", "my-outage") == f"'my-outage': there is no scenario by that name ({way_out})"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["login-outage", "--csv"], "drillroom show: --csv needs --msel: the table of injects"),
        (["login-outage", "--xlsx"], "drillroom show: --xlsx needs --msel: the table of injects"),
        (["deployment", "--msel"], "drillroom show: deployment is a runbook; --facilitator and --msel need a"),
        (["login-outage", "--markdown"], "drillroom show: login-outage is not a runbook; --markdown needs one"),
        (["login-otage"], "'login-otage': there is no scenario by that name (did you mean login-outage?)"),
        (["login-outage", "--names", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["--msel"], "drillroom show: name a scenario or a runbook; `drillroom show` lists them"),
    ],
)
def test_what_cannot_be_shown_gets_one_line(args: list[str], says: str) -> None:
    assert refused("show", *args).startswith(says)
