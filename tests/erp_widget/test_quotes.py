"""Names as long as questions have quotes in titles and sentences, and none on axes."""

from __future__ import annotations

import numpy as np
import pandas as pd

import erp_widget as erp

WORK, HOURS = "I am satisfied with my work", "How many hours do you work in a week?"
ANSWERS = ["Disagree", "Neutral", "Agree"]


def _asked() -> pd.DataFrame:
    drawn = np.random.default_rng(1)
    hours = pd.Series(drawn.normal(38, 5, 300).round(1))
    hours[::9] = np.nan
    return pd.DataFrame(
        {
            WORK: drawn.choice(ANSWERS, 300, p=[0.2, 0.3, 0.5]),
            HOURS: hours,
            f"{WORK} hours": drawn.choice(["yes", "no"], 300),
            "net pay": drawn.lognormal(7, 0.4, 300).round(),
            "sex": drawn.choice(["f", "m"], 300),
        }
    )


def test_long_names_have_quotes_wherever_a_sentence_holds_them() -> None:
    charts = list(erp.recommend(_asked()))
    said = [text for c in charts for text in (c.title, c.reason, c.description, c.note or "")]
    held = [text for text in said if WORK in text or HOURS in text]
    assert len(held) > 10
    for text in held:
        for name in (WORK, HOURS):
            times = text.count(f"“{name}”") + text.count(f"“{name} hours”")
            assert times == text.count(name), text
    assert not any("““" in text or "”” " in text for text in said)
    assert any(text.startswith(f"The commonest “{WORK}” is Agree") for text in said)
    assert f"Distribution of “{HOURS}”" in said
    assert not any("“net pay”" in text for text in said)


def test_axes_have_names_without_quotes() -> None:
    chart = next(c for c in erp.recommend(_asked()) if c.title == f"Distribution of “{HOURS}”")
    assert chart.drawn["encoding"]["x"]["title"] == HOURS
