"""Many effects at once: points by how sure they are, on a scale of logarithms."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.candidates.effect_charts import effect_charts
from vizmodel.profile import Profile, profile_table
from vizmodel.recommend import recommend

N = 400
_RNG = np.random.default_rng(2)
SIZES = _RNG.normal(0, 1, N)
CHANCES = np.clip(np.exp(-np.abs(SIZES) * _RNG.gamma(2, 2, N)), 1e-30, 0.999)


def genes(effect: str = "log2FoldChange", sure: str = "neg_log10_pvalue") -> Profile:
    """Genes with the size of each effect, and how likely it is by chance."""
    names = [f"ENSG{n:05d}" for n in range(N)]
    sorts = np.where(CHANCES < 0.01, np.where(SIZES > 0, "up", "down"), "ns")
    table = {"gene": names, "baseMean": _RNG.lognormal(5, 2, N), effect: SIZES, "pvalue": CHANCES}
    return profile_table(pa.table(table | {sure: -np.log10(CHANCES), "change": sorts}))


@pytest.mark.parametrize(
    ("effect", "sure"),
    [
        ("log2FoldChange", "neg_log10_pvalue"),
        ("logFC", "-log10(p)"),
        ("beta", "mlog10p"),
        ("estimate", "log10_padj"),
    ],
)
def test_effects_stand_by_how_sure_they_are(effect: str, sure: str) -> None:
    profile = genes(effect, sure)
    found = [design.fields for design, _ in effect_charts(profile)]
    assert found[0] == (effect, sure, "change")
    assert ("baseMean", effect, "change") in found
    assert any(set(found[0]) == set(one.design.fields) for one in recommend(profile, 4))


def test_of_chances_the_logarithms_are_drawn() -> None:
    profile = genes()
    assert profile.column("neg_log10_pvalue").usable
    assert not profile.column("pvalue").usable
    assert profile.column("pvalue").evidence == "told by its powers of ten in “neg_log10_pvalue”"


def test_a_few_effects_and_other_tables_have_no_such_points() -> None:
    few = pa.table({"beta": SIZES[:12], "log10_p": np.log10(CHANCES[:12])})
    others = pa.table({"age": range(N), "log_wage": SIZES})
    assert not [*effect_charts(profile_table(few)), *effect_charts(profile_table(others))]
