"""The runbooks that ship can be followed by somebody who is tired and being watched."""

import pytest

from scenarios.runbook import Procedure, Runbook
from tests.scenarios.shipped import names, take

PROCEDURES = {
    "certificate-renewal": "renew install verify",
    "credential-leak": "contain rotate assess notify",
    "database-restore": "stop-the-loss restore-from-backup fail-over bring-back",
    "deployment": "deploy verify roll-back configure",
    "provider-outage": "confirm switch-over degrade come-back",
    "traffic-under-attack": "recognise shed-load block stand-down",
}


def every_procedure() -> list[tuple[str, Procedure]]:
    return [
        (f"{name}/{procedure.id}", procedure)
        for name in PROCEDURES
        for procedure in take("runbooks", name, Runbook).procedures
    ]


def test_scenarios_find_the_procedures_that_they_refer_to() -> None:
    shipped = {name: take("runbooks", name, Runbook) for name in names("runbooks")}
    assert {name: " ".join(one.id for one in runbook.procedures) for name, runbook in shipped.items()} == PROCEDURES


@pytest.mark.parametrize(("name", "procedure"), every_procedure(), ids=[name for name, _ in every_procedure()])
def test_each_procedure_says_what_one_should_see_and_what_to_do_if_not(name: str, procedure: Procedure) -> None:
    steps = procedure.steps
    assert 5 <= len(steps) <= 9, name
    assert sum(step.expect is not None for step in steps) >= len(steps) - 1
    assert any(step.otherwise for step in steps)
    assert len(procedure.when.split()) >= 20
    assert all(step.do.rstrip().endswith((".", "`.", ")")) for step in steps)


@pytest.mark.parametrize("name", [name for name in PROCEDURES if name != "deployment"])
def test_each_procedure_says_when_it_is_the_wrong_one(name: str) -> None:
    for procedure in take("runbooks", name, Runbook).procedures:
        assert "Not " in procedure.when, procedure.id


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_link_leads_to_a_page_that_many_know(name: str) -> None:
    places = {
        "cheatsheetseries.owasp.org",
        "csrc.nist.gov",
        "docs.github.com",
        "eff-certbot.readthedocs.io",
        "gdpr-info.eu",
        "letsencrypt.org",
        "martinfowler.com",
        "nginx.org",
        "sre.google",
        "www.cisa.gov",
        "www.postgresql.org",
    }
    steps = [step for procedure in take("runbooks", name, Runbook).procedures for step in procedure.steps]
    assert {step.link.split("/")[2] for step in steps if step.link is not None} <= places
    assert all(step.link.startswith("https://") for step in steps if step.link is not None)


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_runbook_names_no_company(name: str) -> None:
    """Runbooks have no placeholders: what stands in them is what every team reads."""
    assert "officeluv" not in take("runbooks", name, Runbook).model_dump_json().casefold()


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_procedure_that_is_referred_to_is_there(name: str) -> None:
    """Steps send people on to other procedures by `name` or `runbook/name`."""
    here = set(PROCEDURES[name].split())
    everywhere = {f"{book}/{procedure}" for book, found in PROCEDURES.items() for procedure in found.split()}
    for procedure in take("runbooks", name, Runbook).procedures:
        for step in procedure.steps:
            text = " ".join(part for part in (step.do, step.expect, step.otherwise) if part)
            referred = [word for word in text.split("`")[1::2] if "/" in word and word.split("/")[0] in PROCEDURES]
            assert set(referred) <= everywhere
            if "procedure `" in text:
                word = text.split("procedure `")[1].split("`")[0]
                assert word in here | everywhere
