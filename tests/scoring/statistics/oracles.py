"""What lifelines and statsmodels say, each asked in an environment of its own: they want other versions than we have.

Reads `{"seconds": [...], "how": [...], "until": n}` from standard input and prints both answers as JSON.
"""

import json
import sys

import numpy as np
from lifelines import KaplanMeierFitter  # type: ignore[import-not-found,unused-ignore]
from statsmodels.duration.survfunc import CumIncidenceRight  # type: ignore[import-not-found,unused-ignore]

asked = json.load(sys.stdin)
seconds, how = np.array(asked["seconds"]), np.array(asked["how"])
grid = np.arange(asked["until"] + 1)
fitter = KaplanMeierFitter().fit(seconds, how == 1)
incidence = CumIncidenceRight(seconds.astype(float), how)
steps = np.searchsorted(incidence.times, grid, side="right")
json.dump(
    {
        "kaplan_meier": (1 - fitter.survival_function_at_times(grid)).tolist(),
        "aalen_johansen": np.concatenate(([0.0], incidence.cinc[0]))[steps].tolist(),
    },
    sys.stdout,
)
