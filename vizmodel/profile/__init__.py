"""What the model may know of a table: one profile per column, and statistics of pairs."""

from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.layouts.crossed import Crossed
from vizmodel.profile.profiling import profile_table
from vizmodel.profile.reading.casts import Cast, apply_casts, infer_casts
from vizmodel.profile.reading.elapsed import Elapsed, find_elapsed
from vizmodel.profile.reading.told import TypeOverrideError, told_casts
from vizmodel.profile.table import PAIR_STATISTICS, Profile

__all__ = [
    "PAIR_STATISTICS",
    "Cast",
    "ColumnProfile",
    "Crossed",
    "Elapsed",
    "Profile",
    "TypeOverrideError",
    "apply_casts",
    "find_elapsed",
    "infer_casts",
    "profile_table",
    "told_casts",
]
