"""A watch measured: what was detectable, declared, closed and warned, by truth and by what could be known."""

from hotwash.score.watch.measure import WatchMeasured as WatchMeasured
from hotwash.score.watch.measure import measure_watch as measure_watch
from hotwash.score.watch.terms import has_watch_seat as has_watch_seat
