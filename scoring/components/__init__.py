"""The components of the score: a module each, and one for injects beside communication.

Each says how every duty that usually belongs to it is measured.

To add a duty, write its judge beside its like and name it in that module's `JUDGES`; to add a component, write a
module and add one line here.
"""

from scenarios.protocol import Duty
from scoring.components import communication, injects, judgement, learning, protocol, response_time, role_coverage
from scoring.obligations import Judge

__all__ = ["JUDGES"]

JUDGES: dict[Duty, Judge] = {
    **response_time.JUDGES,
    **role_coverage.JUDGES,
    **protocol.JUDGES,
    **communication.JUDGES,
    **injects.JUDGES,
    **judgement.JUDGES,
    **learning.JUDGES,
}
"""How each duty is measured."""
