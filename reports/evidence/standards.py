"""Which demands of standards the parts of the evidence support. None says that anything complies.

Sources: ISO/IEC 27001:2022, Annex A; AICPA Trust Services Criteria (2017, points of focus revised 2022); Regulation
(EU) 2022/2554 (DORA).
"""

from typing import NamedTuple

__all__ = ["STANDARDS", "Demand", "Standard"]


class Demand(NamedTuple):
    """A demand, and what here supports it."""

    number: str
    title: str
    by: str
    """The parts of the evidence."""


class Standard(NamedTuple):
    """A standard and those of its demands that drills can support."""

    name: str
    demands: tuple[Demand, ...]


STANDARDS = (
    Standard(
        "ISO/IEC 27001:2022, Annex A",
        (
            Demand(
                "5.24", "Incident management planning and preparation", "the protocol, its version, and who was there"
            ),
            Demand("5.25", "Assessment and decision on events", "severity and other timed decisions"),
            Demand("5.26", "Response to incidents", "timed decisions; obligations met, late and missed"),
            Demand("5.27", "Learning from incidents", "findings with owner, due date and retest"),
            Demand("5.28", "Collection of evidence", "the sealed logs, their chain, and how to check them"),
            Demand("5.29", "Information security during disruption", "what the exercise was about, and how it went"),
            Demand("5.30", "ICT readiness for business continuity", "drills held in the period, and what they tested"),
            Demand("6.3", "Awareness, education and training", "attendance and objectives"),
        ),
    ),
    Standard(
        "SOC 2, Trust Services Criteria",
        (
            Demand("CC7.3", "Evaluates security events", "severity and other timed decisions"),
            Demand("CC7.4", "Responds to identified incidents", "timed decisions; obligations met, late and missed"),
            Demand("CC7.5", "Recovers from identified incidents", "what ended the impact and when; findings"),
            Demand("A1.3", "Tests recovery plan procedures", "drills held in the period, and what they tested"),
        ),
    ),
    Standard(
        "Regulation (EU) 2022/2554 (DORA)",
        (
            Demand(
                "Art. 11(6)",
                "Testing of continuity, response and crisis communication plans",
                "drills held, and what they tested",
            ),
            Demand("Art. 13(6)", "Awareness programmes and training", "attendance and objectives"),
            Demand("Art. 14", "Communication", "messages to customers among the timed decisions"),
            Demand(
                "Art. 17",
                "ICT-related incident management process",
                "the protocol, roles, timed decisions and findings",
            ),
        ),
    ),
)
