"""What the model may know of a table: one profile per column, and statistics of pairs."""

from vizmodel.profile.casts import Cast, apply_casts, infer_casts
from vizmodel.profile.columns import ColumnProfile
from vizmodel.profile.profiling import profile_table
from vizmodel.profile.table import PAIR_STATISTICS, Profile
from vizmodel.profile.told import TypeOverrideError, told_casts

__all__ = [
    "PAIR_STATISTICS",
    "Cast",
    "ColumnProfile",
    "Profile",
    "TypeOverrideError",
    "apply_casts",
    "infer_casts",
    "profile_table",
    "told_casts",
]
