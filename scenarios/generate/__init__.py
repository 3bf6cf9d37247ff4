"""Random incidents: plausible, playable, different for each seed and the same for the same seed, to the byte.

What makes them is imported by the first that is made: most programs that import this make none.
"""

from hashlib import blake2b
from typing import TYPE_CHECKING, get_args

from scenarios.generate.draws import Dice, Difficulty
from scenarios.names import Names
from scenarios.placeholders import fill
from scenarios.rename import renamed
from scenarios.scenario import Scenario

if TYPE_CHECKING:
    from scenarios.generate.build import Made

__all__ = ["DIFFICULTIES", "MOST_SEED", "NAME", "SEVERITIES", "Difficulty", "random_scenario", "random_text"]

NAME = "random"
"""The name of a random incident wherever a scenario is named; the seed comes from the drill."""
SEVERITIES = (0, 1, 2, 3)
"""The severities for which incidents can be made, by the protocol `officeluv`; 0 is a false alarm."""
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
MOST_SEED = 2**63 - 1

_OFTEN = (1, 1, 1, 1, 1, 1, 2, 2, 3, 0)
"""How often each severity comes if none was asked for."""
_HARD: tuple[Difficulty, ...] = ("easy", "medium", "medium", "hard")


def random_scenario(
    seed: int, severity: int | None = None, difficulty: Difficulty | None = None, names: Names | None = None
) -> Scenario:
    """The incident of a seed: always the same one for the same seed and options.

    `severity` is one of SEVERITIES; what is not asked for is drawn. With `names` it is told in that company's names;
    without, the places for names stay, as in any scenario of the library.
    """
    scenario = _scenario(_made(seed, severity, difficulty))
    return scenario if names is None else renamed(scenario, names.values())


def random_text(
    seed: int, severity: int | None = None, difficulty: Difficulty | None = None, names: Names | None = None
) -> str:
    """The same incident as a scenario file, with comments for its facilitator."""
    from scenarios.generate.stock import standard_names
    from scenarios.generate.write import written

    made = _made(seed, severity, difficulty)
    scenario = _scenario(made)
    note = fill(made[1], (names or standard_names()).values())  # comments are not filled later
    return written(scenario if names is None else renamed(scenario, names.values()), note)


def _scenario(made: "Made") -> Scenario:
    return Scenario.model_validate(made[0])


def _made(seed: int, severity: int | None, difficulty: Difficulty | None) -> "Made":
    if not 0 <= seed <= MOST_SEED:
        raise ValueError(f"a seed is a whole number from 0 to {MOST_SEED}")
    if severity is not None and severity not in SEVERITIES:
        raise ValueError(f"a severity is one of {', '.join(map(str, SEVERITIES))}")
    if difficulty is not None and difficulty not in DIFFICULTIES:
        raise ValueError(f"a difficulty is one of {', '.join(DIFFICULTIES)}")
    wishes = f"severity {severity} difficulty {difficulty}"
    dice = Dice(seed, wishes)
    before = [_level(one, severity) for one in dice.earlier()]
    level = _level(dice, severity)
    hard = difficulty if difficulty is not None else dice.dealt("difficulty", _HARD)
    name = f"{NAME}-{seed}"
    if severity is not None or difficulty is not None:
        # Players see the name, and it must not tell them what was asked for.
        name += f"-{blake2b(f'{seed} {wishes}'.encode(), digest_size=2).hexdigest()}"
    from scenarios.generate.build import built
    from scenarios.generate.minor import quiet

    make = built if level in (1, 2) else quiet
    return make(name, dice, level, hard, before)


def _level(dice: Dice, wanted: int | None) -> int:
    return wanted if wanted is not None else dice.dealt("severity", _OFTEN)
