"""Words of the command line that were renamed: the old ones keep working for one version, with a note."""

from __future__ import annotations

from collections.abc import Sequence

# Command, old word, new word.
RENAMED = (
    (("attempt",), "--beside", "--jobs"),
    (("objective",), "name", "plan"),
    (("validate",), "--field", "--real-event"),
)


def with_current_words(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the arguments in today's words, and a note for each word that was renamed.

    An old command is only looked for right after its group, an old option anywhere behind its command.
    """
    words, notes = list(arguments), []
    for command, old, new in RENAMED:
        if tuple(words[: len(command)]) != command:
            continue
        places = range(len(command), len(words)) if old.startswith("--") else range(len(command), len(command) + 1)
        for at in places:
            if at < len(words) and words[at].partition("=")[0] == old:
                words[at] = new + words[at][len(old) :]
                group = "" if old.startswith("--") else f"{' '.join(command)} "
                notes.append(f"{group}{old} is now {group}{new}; the old word works until the next version.")
    return words, notes
