"""A runbook on screen: its procedures, when to use each, and its numbered steps."""

from drills.cli.terminal import columns, show, styled
from scenarios.runbook import Procedure, Runbook

__all__ = ["show_runbook"]


def show_runbook(runbook: Runbook) -> None:
    """Print a runbook."""
    show(styled(runbook.title, "bold"), styled(runbook.runbook, "dim"), "", styled(runbook.about))
    for procedure in runbook.procedures:
        _show_procedure(runbook, procedure)


def _show_procedure(runbook: Runbook, procedure: Procedure) -> None:
    show("", styled(procedure.title, "bold"), styled(f"{runbook.runbook}/{procedure.id}", "dim"))
    if procedure.link is not None:
        show(styled(procedure.link, "cyan"))
    show(styled(procedure.when), "")
    table = columns("", "", right=(0,))
    for number, step in enumerate(procedure.steps, 1):
        said = styled(step.do)
        for lead, text in (("You should see: ", step.expect), ("If not: ", step.otherwise), ("More: ", step.link)):
            if text is not None:
                said.append(f"\n{lead}", style="dim").append_text(styled(text))
        table.add_row(styled(str(number), "bold"), said)
    show(table)
