"""Exercises as environments for agents: Gymnasium, its vectors of many worlds, PettingZoo where two seats act.

`import hotwash.gym` registers `hotwash/Pilot-v0` and `hotwash/Watch-v0`, so that gymnasium.make and
gymnasium.make_vec know them.
"""

from __future__ import annotations

try:
    import gymnasium
    import pettingzoo  # type: ignore[import-untyped] # noqa: F401 - what `parallel` needs
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError(
        "hotwash.gym needs Gymnasium and PettingZoo, which come with an extra: pip install 'hotwash[gym]'",
        name=_missing.name,
    ) from None

from hotwash.gym.fields import ACTION, OBSERVATION
from hotwash.gym.parallel_env import PilotParallelEnv
from hotwash.gym.pilot_env import PilotEnv
from hotwash.gym.vector_env import PilotVecEnv
from hotwash.gym.watch_env import WatchEnv

NAME, WATCH_NAME = "hotwash/Pilot-v0", "hotwash/Watch-v0"

__all__ = [
    "ACTION", "NAME", "OBSERVATION", "WATCH_NAME", "PilotEnv", "PilotParallelEnv", "PilotVecEnv", "WatchEnv",
]  # fmt: skip

if NAME not in gymnasium.registry:
    gymnasium.register(
        NAME, entry_point="hotwash.gym.pilot_env:PilotEnv", vector_entry_point="hotwash.gym.vector_env:PilotVecEnv"
    )
if WATCH_NAME not in gymnasium.registry:
    gymnasium.register(WATCH_NAME, entry_point="hotwash.gym.watch_env:WatchEnv")
