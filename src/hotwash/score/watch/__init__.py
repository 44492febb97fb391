"""A watch measured: what was detectable, declared, closed and warned, by truth and by what could be known."""

from hotwash.score.watch.conditions import has_watch_seat as has_watch_seat
from hotwash.score.watch.measure import WatchScore as WatchScore
from hotwash.score.watch.measure import measure_watch as measure_watch
