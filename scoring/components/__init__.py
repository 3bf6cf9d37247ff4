"""The components of the score: one module each, which says how each duty that usually belongs to it is measured.

To add a duty, write its measure beside its like and name it in that module's `MEASURES`; to add a component, write a
module and add one line here.
"""

from scenarios.protocol import Duty
from scoring.components import communication, judgement, learning, protocol, response_time, role_coverage
from scoring.obligations import Measure

__all__ = ["MEASURES"]

MEASURES: dict[Duty, Measure] = {
    **response_time.MEASURES,
    **role_coverage.MEASURES,
    **protocol.MEASURES,
    **communication.MEASURES,
    **judgement.MEASURES,
    **learning.MEASURES,
}
"""How each duty is measured."""
