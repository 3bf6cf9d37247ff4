"""How simulated players play: what moves them (REACTIONS), and what they then do (DOINGS).

They know the scenario, as no person does; their latencies and mistakes make them play like people.
"""

from collections.abc import Callable
from typing import Any

from simulator import events as ev
from simulator.acts import Act
from simulator.events import Event
from simulator.players.assembly import (
    accept,
    acknowledge,
    alert,
    bug,
    close,
    cover,
    hand_over,
    join,
    judge,
    look,
    on_acknowledged,
    on_alerted,
    on_bug,
    on_declared,
    on_joined,
    on_offered,
    on_reported,
    on_role,
    on_shift,
    on_vacant,
    reconsider,
    restate,
    step_in,
    take_role,
)
from simulator.players.communication import (
    answer,
    approve,
    choose,
    contact,
    draft,
    on_approved,
    on_customer,
    on_draft,
    on_inject,
    on_published,
    on_spoke,
    open_log,
    press_on,
    publish,
    update,
    workaround,
)
from simulator.players.papers import (
    attach,
    corrective,
    email,
    on_phase,
    on_post_mortem,
    on_situation,
    post_mortem,
    situation,
)
from simulator.players.persona import Minds, Turn
from simulator.players.repair import (
    delegate,
    done,
    on_delegated,
    on_finished,
    on_impact,
    on_started,
    report,
    resolve,
    step,
    work,
)
from simulator.state import DrillState

__all__ = ["DOINGS", "REACTIONS"]

Doing = Callable[[Turn], Act | None]
# Each reaction takes its own kind of event, which the table's key guarantees and the type system cannot say.
Reaction = Callable[[Minds, Any, DrillState], None]

REACTIONS: dict[type[Event], Reaction] = {
    ev.IncidentReported: on_reported,
    ev.ReportEscalated: on_reported,
    ev.SeverityDeclared: on_declared,
    ev.BugFiled: on_bug,
    ev.TeamAlerted: on_alerted,
    ev.ShiftBegan: on_shift,
    ev.Acknowledged: on_acknowledged,
    ev.Joined: on_joined,
    ev.RoleTaken: on_role,
    ev.RoleHandedOver: on_role,
    ev.RoleReleased: on_vacant,
    ev.MemberExcused: on_vacant,
    ev.HandoverOffered: on_offered,
    ev.EntryLogged: on_spoke,
    ev.UpdatePosted: on_spoke,
    ev.MessageDrafted: on_draft,
    ev.DraftApproved: on_approved,
    ev.MessagePublished: on_published,
    ev.InjectDelivered: on_inject,
    ev.CustomerWrote: on_customer,
    ev.TaskDelegated: on_delegated,
    ev.ActionStarted: on_started,
    ev.ActionFinished: on_finished,
    ev.ImpactChanged: on_impact,
    ev.PhaseBegan: on_phase,
    ev.SituationReportFiled: on_situation,
    ev.PostMortemFiled: on_post_mortem,
}
"""Which events move simulated players, and how."""

DOINGS: dict[str, Doing] = {
    doing.__name__: doing
    for doing in (
        judge,
        reconsider,
        alert,
        look,
        bug,
        close,
        acknowledge,
        join,
        restate,
        take_role,
        cover,
        step_in,
        hand_over,
        accept,
        open_log,
        update,
        workaround,
        draft,
        approve,
        publish,
        press_on,
        answer,
        choose,
        contact,
        delegate,
        work,
        step,
        report,
        done,
        resolve,
        situation,
        email,
        attach,
        post_mortem,
        corrective,
    )
}
"""What each kind of intention does when its time has come."""
