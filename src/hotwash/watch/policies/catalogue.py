"""Policies of a watch seat by their names."""

from __future__ import annotations

from collections.abc import Callable

from hotwash.errors import CommandError, RuleError
from hotwash.model.watch_scenario import WatchScenario
from hotwash.model.words import WATCH_POLICIES
from hotwash.watch.policies import rules
from hotwash.watch.policies.alarmist import Alarmist
from hotwash.watch.policies.cautious import Cautious
from hotwash.watch.policies.hasty import Hasty
from hotwash.watch.policies.policy import WatchPolicy
from hotwash.watch.policies.random_watch import RandomWatch
from hotwash.watch.policies.rule_book import RuleBook
from hotwash.watch.seat import WatchCommand, WatchView


class Nobody:
    """Looks on and decides nothing: what a scenario is like by itself."""

    def reset(self, seed: int) -> None:
        """Begin anew; the seed changes nothing."""

    def act(self, view: WatchView) -> WatchCommand:
        """Return no decision."""
        return WatchCommand()


def watch_policy(
    name: str, scenario: WatchScenario, *, rule_text: str | None = None, rule_name: str = "rules"
) -> WatchPolicy:
    """Return a policy of a watch seat by its name.

    rule_text   the user's rule file, for rule-book; left out, the one that the scenario carries and names
    raises      CommandError for a name that is none of WATCH_POLICIES; RuleError where the rule book has no rules,
                with how to write them, or has rules that cannot be followed
    """
    if name == "rule-book":
        return RuleBook(_rules(scenario, rule_text, rule_name))
    plain: dict[str, Callable[[], WatchPolicy]] = {
        "cautious": Cautious, "hasty": Hasty, "alarmist": Alarmist, "random": RandomWatch, "none": Nobody,
    }  # fmt: skip
    if name not in plain:
        raise CommandError("policy", place=name, why=f"there is no such policy; there are {', '.join(WATCH_POLICIES)}")
    return plain[name]()


def _rules(scenario: WatchScenario, text: str | None, name: str) -> rules.Rules:
    if text is None and scenario.watch.rules is not None:
        name = scenario.watch.rules
        text = scenario.rules.get(name)
    if text is None:
        raise RuleError(scenario.name, why=f"a rule book follows a rule file, and there is none. {rules.HOW}")
    return rules.parse(text, name=name)
