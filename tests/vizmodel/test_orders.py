"""The order of labels: steps, ages, months and weekdays, numbers within names."""

from __future__ import annotations

import random
import time

import numpy as np
import pyarrow as pa
import pytest

from vizmodel.profile import profile_table
from vizmodel.profile.orders.labels import in_order, natural, order_of

IN_ORDER = [
    ("weekday", ["Mon", "Tues", "Weds", "Thurs", "Sun"]),
    ("month", ["Jan", "March", "Sept", "Dec."]),
    ("steps", ["Nov 2019", "Jan 2020", "Mar 2020"]),
    ("scale", ["elementary", "secondary", "high"]),
    ("scale", ["None", "Some", "Marked"]),
    ("scale", ["hs drop out", "hs", "some college", "college", "master"]),
    ("scale", ["< HS Grad", "HS Grad", "Some College", "Advanced Degree"]),
    ("scale", ["small_airport", "medium_airport", "large_airport"]),
    ("scale", ["Very low risk", "Low risk", "High risk"]),
    ("month", ["Jan", "Feb", "Dec", "Annual"]),
    ("scale", ["Strongly disagree", "Disagree", "Agree"]),
    ("scale", ["SI2", "VS1", "VVS1", "IF"]),
    ("steps", ["Q0", "Q1", "Q2", "Q10", "Q16"]),
    ("steps", ["pre", "2m", "4m", "6m", "8m"]),
    ("steps", ["Under 1", "1 to 4", "5 to 9", "10 to 14", "18 and over", "Not Known"]),
    ("steps", ["4 and under", "5 to 9", "10 to 14", "75 or over"]),
    ("steps", ["<10000", "10000 to 14999", "100000 to 149999", "200000+"]),
    ("steps", ["<1", "1-2", ">2"]),
    ("steps", ["15-24", "25-39", "40-"]),
    ("steps", ["Less than £50", "£50 - £99", "£100 - £149", "£500 or more"]),
    ("steps", ["less than 100,000", "between 100,000 and 200,000", "more than 1,000,000"]),
    ("steps", ["Less than 15 minutes", "15 to 29 minutes", "More than 60 minutes"]),
    ("steps", ["1 year", "2 years", "10 years"]),
    ("steps", ["Quintile 1 (least deprived)", "Quintile 2", "Quintile 5 (most deprived)"]),
    ("steps", ["2009/10", "2010/11", "2011/12"]),
    ("steps", ["2015", "2015/16", "2016"]),
    ("steps", ["2016", "2016 Q1", "2016 Q4", "2017 Q1"]),
    ("steps", ["Athens 1896", "Paris 1900", "London 1908"]),
    ("steps", ["12am", "9am", "12pm", "3pm"]),
    ("steps", ["1 never", "2 sometimes", "3 always"]),
    ("steps", ["week 2", "week 3", "week 11"]),
    ("weekday", ["Montag", "Mittwoch", "Samstag"]),
    ("weekday", ["Mo", "Di", "Mi", "Do", "Fr"]),
    ("weekday", ["lundi", "mardi", "dimanche"]),
    ("weekday", ["lunes", "miércoles", "sábado"]),
    ("month", ["Januar", "März", "Oktober"]),
    ("month", ["février", "août", "décembre"]),
    ("month", ["Enero", "Abril", "Diciembre"]),
    ("steps", ["Mai 2019", "Dezember 2019", "Januar 2020"]),
    ("steps", ["Spring 2019", "Fall 2019", "Spring 2020"]),
    ("scale", ["Extremely unlikely", "Somewhat unlikely", "Neither likely nor unlikely", "Likely"]),
    ("scale", ["Not at all important", "Not very important", "Important", "Extremely important"]),
    ("scale", ["Completely disagree", "Slightly disagree", "Mostly agree", "Completely agree"]),
    ("scale", ["Disagree strongly", "Disagree", "Neither", "Agree strongly"]),
    ("scale", ["Much worse", "Somewhat worse", "About the same", "Much better"]),
    ("scale", ["Very difficult", "Neither easy nor difficult", "Very easy"]),
    ("scale", ["stimme gar nicht zu", "stimme eher nicht zu", "teils/teils", "stimme voll zu"]),
    ("scale", ["sehr unzufrieden", "unzufrieden", "neutral", "zufrieden", "sehr zufrieden"]),
    ("scale", ["pas du tout d'accord", "plutôt d'accord", "tout à fait d'accord"]),
    ("scale", ["plutôt pas d'accord", "neutre", "plutôt d'accord", "tout à fait d'accord"]),
    (
        "scale",
        ["per niente d'accordo", "poco d'accordo", "abbastanza d'accordo", "del tutto d'accordo"],
    ),
    ("scale", ["discordo totalmente", "discordo", "neutro", "concordo", "concordo totalmente"]),
    ("scale", ["helemaal mee oneens", "mee oneens", "neutraal", "mee eens", "helemaal mee eens"]),
    ("scale", ["zeer ontevreden", "ontevreden", "neutraal", "tevreden", "zeer tevreden"]),
    ("scale", ["muy en desacuerdo", "en desacuerdo", "de acuerdo", "muy de acuerdo"]),
    ("scale", ["nie", "selten", "manchmal", "oft", "immer"]),
    ("scale", ["Never", "Once a month", "A few times a week", "Every day"]),
    ("scale", ["Poor", "Below average", "Average", "Above average", "Excellent"]),
    ("scale", ["DEBUG", "INFO", "WARN", "ERROR"]),
    ("scale", ["S", "M", "L", "XL", "2XL"]),
    ("steps", ["$0 to $9,999", "$10,000 to $24,999", "$150,000+", "Prefer not to answer"]),
    ("steps", ["Under $10K", "$10K-$25K", "$25K-$50K", "$100K+"]),
    ("steps", ["$25k-$50k", "$50k-$1M", ">$1M"]),
    ("steps", ["bis 1.000 €", "1.000 bis 2.000 €", "über 3.000 €"]),
    ("steps", ["unter 18", "18 bis 24", "25 bis 39", "65 und älter"]),
    ("steps", ["moins de 18 ans", "18 à 24 ans", "25 à 39 ans", "65 ans et plus"]),
    ("steps", ["menos de 18 años", "18 a 24 años", "65 años y más"]),
    ("steps", ["Y_LT15", "Y15-24", "Y25-54", "Y_GE65"]),
    ("steps", ["Less than 15 years", "From 15 to 24 years", "65 years or over"]),
    ("steps", ["1-10 employees", "11-50 employees", "10,001+ employees"]),
    ("steps", ["(-20, -10]", "(-10, 0]", "(0, 10]"]),
    ("steps", ["<30 min", "30-60 min", "1-2 h", ">2 h"]),
    ("steps", ["0-6 months", "6-12 months", "1-2 years", "2+ years"]),
    ("steps", ["512 MB", "1 GB", "16 GB"]),
    ("steps", ["control", "10 uM", "50 uM", "100 uM"]),
    ("steps", ["1st", "2nd", "3rd", "11th", "21st"]),
    ("steps", ["lowest", "2", "3", "4", "highest"]),
    ("steps", ["Rarely or never", "1 day per week", "2 days per week", "5+ days per week"]),
    ("steps", ["Less than £10,400", "£10,400 to less than £20,800", "£52,000 or more"]),
    ("steps", ["£5,000 to £10,000", "£10,000 to £20,000", "Over £20,000", "No income stated"]),
    ("steps", ["1 (Most deprived)", "2", "3", "Unable to categorise"]),
    ("numbered", ["E12000002", "E12000006", "E12000011"]),
    ("numbered", ["r1", "r2", "r10"]),
    ("numbered", ["Q01", "Q02", "Q03", "Q14"]),  # questions, no quarters
    ("numbered", ["Q1", "Q2", "Q5", "Q12"]),
    ("scale", ["Q1", "Q2", "Q4"]),
    ("scale", ["Well", "Mild", "Moderate", "Impaired"]),
    ("scale", ["Too Little", "About Right", "Too Much"]),
    ("scale", ["Early", "Mid-day", "Late"]),
    ("scale", ["poor", "average", "excellent"]),
    ("steps", ["Stage I", "Stage IIA", "Stage IIB", "Stage IV"]),
    ("named", ["I", "II", "III", "IV", "V", "IX"]),
    ("named", ["G", "I", "II", "III", "IV", "V", "VI", "IX"]),
    ("named", ["No", "Yes"]),
    ("named", ["N", "Y", "unknown"]),
    ("named", ["decrease", "no change", "increase"]),
    ("named", ["MM", "MN", "NN"]),
    ("named", ["SS", "Ss", "ss"]),
    ("scale", ["A+", "A", "A-", "B+", "B", "B-", "C", "F"]),
    ("scale", ["A", "B", "C", "D", "F"]),
    ("scale", ["AAA", "AA+", "AA", "A-", "BBB", "B"]),
    ("scale", ["Aaa", "Aa1", "A3", "Baa2"]),
    ("scale", ["A+++", "A++", "A+", "A", "B"]),
    ("named", ["A+", "A", "B-", "C", "W"]),
    ("scale", ["StronglyDisagree", "Disagree", "Agree", "StronglyAgree"]),
    ("scale", ["Strongly Oppose", "Oppose", "Favor", "Strongly Favor"]),
    ("scale", ["Much worse", "worse", "average", "better", "Much better"]),
    ("scale", ["Very Low", "Fairly Low", "Average", "Fairly High", "Very High"]),
    ("scale", ["not anxious at all", "a little anxious", "somewhat anxious", "very anxious"]),
    ("scale", ["Not disaggregated", "Partially disaggregated", "Fully disaggregated"]),
    ("scale", ["Low", "Medium", "High", "Very_High"]),
    ("scale", ["Non-Travel", "Travel_Rarely", "Travel_Frequently"]),
    ("scale", ["Never", "Rarely", "Occasionally", "Usually", "Always"]),
    ("scale", ["AsstProf", "AssocProf", "Prof"]),
    ("scale", ["Private", "Corporal", "Sergeant", "Captain", "Colonel"]),
    ("scale", ["PG", "PG-13", "R", "NC-17"]),
    ("scale", ["LT HIGH SCHOOL", "HIGH SCHOOL", "JUNIOR COLLEGE", "BACHELOR", "GRADUATE"]),
    ("scale", ["Below expectations", "Meets expectations", "Exceeds expectations"]),
    ("scale", ["low", "moderate", "high", "very high"]),
    ("named", ["did not ride", "never", "rarely", "sometimes", "always"]),
    ("named", ["None", "Bronze", "Silver", "Gold"]),
    ("steps", ["<=20", "20-40", ">40"]),
    ("steps", ["lt $1000", "$1000 to 2999", "$3000 to 9999", "$10000 or more"]),
    ("steps", ["T1", "T2a", "T2b", "T3"]),
    ("steps", ["Stage 0", "Stage I", "Stage II", "Stage III"]),
    ("numbered", ["1a", "1b", "2a", "3"]),
    ("named", ["3", "4", "5", "6", "8", "rotary"]),
    ("named", ["Q1", "Q2", "Q3", "Q4", "FY"]),
    ("steps", ["Q1 2020", "Q2 2020", "Q1 2021"]),
    ("steps", ["Kindergarten", "1st grade", "2nd grade", "3rd grade"]),
    ("steps", ["do not watch", "<1", "1", "2", "5+"]),
    ("steps", ["No income", "Band 1", "Band 2", "Band 8"]),
    ("steps", ["Entry level", "Level 1", "Level 2", "Level 4 or higher"]),
    ("steps", ["One child", "Two children", "Three or more children"]),
    ("steps", ["Lowest ten percent", "Second", "Third", "Fourth", "Highest ten percent"]),
    ("steps", ["0_none", "2_moderate", "3_severe"]),
    # Numbers that are written unevenly, and in other units.
    ("steps", ["100+", "1,000+", "10,000+", "1000,000,000+"]),
    ("steps", ["bis 500 €", "500 bis 1.000 €", "1.000 bis 2.500 €", "über 2.500 €"]),
    ("steps", ["10K", "900K", "2.5M", "Varies"]),
    ("steps", ["100B", "1KB", "4KB", "1 MiB"]),
    ("steps", ["lt15k", "15t24k", "25t39k", "50k+"]),
    ("steps", ["U20", "20-29", "30-39", "40+"]),
    ("steps", ["zero", "one", "two_or_more"]),
    ("steps", ["Studio", "1BR", "2BR", "3BR"]),
    ("steps", ["Monthly", "12 months", "24 months"]),
    ("scale", ["Low (0-3)", "Medium (4-6)", "High (7-10)"]),
    ("scale", ["bottom 25%", "mid 50%", "top 25%"]),
    ("scale", ["$", "$$", "$$$$"]),
    ("named", ["P1 - Critical", "P2 - High", "P3 - Medium", "P4 - Low"]),
    ("named", ["T1 find tariff", "T2 change address", "T3 submit reading"]),
    # Classes of people.
    ("named", ["M20-24", "M25-29", "W20-24", "W25-29", "W35-39"]),
    ("named", ["FSEN", "F40", "F50", "MSEN", "M40"]),
    ("named", ["Men 18-34", "Men 35+", "Women 18-34", "Women 35+"]),
    # How often, and when.
    ("scale", ["monthly or less", "2-3x month", "weekly+"]),
    ("scale", ["<1/month", "1-4/month", ">1/week"]),
    ("scale", ["nie", "seltener", "monatlich", "wöchentlich", "täglich"]),
    ("scale", ["never", "rarely", "monthly", "weekly", "several times a week", "daily"]),
    ("steps", ["F21", "S22", "F22", "S23"]),
    ("steps", ["SS21", "WS21", "SS22"]),
    ("steps", ["jan thru mar", "apr thru jun", "jul thru sep"]),
    ("weekday", ["lunedì", "mercoledì", "sabato"]),
    ("weekday", ["poniedziałek", "środa", "niedziela"]),
    # States of a process.
    ("named", ["Open", "In progress", "Overdue", "Disputed", "Paid", "Closed"]),
    ("named", ["Draft", "Submitted", "Approved", "Rejected"]),
    ("named", ["Offen", "In Bearbeitung", "Erledigt"]),
    ("named", ["Brouillon", "Soumis", "Approuvé", "Rejeté"]),
    ("named", ["Lead", "Qualified", "Proposal", "Closed Won", "Closed Lost"]),
    ("named", ["to_do", "in_progress", "done"]),
    ("named", ["fail", "with help", "success"]),
    ("named", ["Lost", "Drawn", "Won"]),
    ("named", ["nein", "vielleicht", "ja"]),
    ("named", ["No gender mismatch", "Gender mismatch"]),
    ("named", ["No TCD", "TCD", "Unknown"]),
    ("named", ["Non-white", "White"]),
    ("scale", ["Primarios", "Secundarios", "Universitarios"]),
    # Scales of other languages.
    ("scale", ["lieve", "moderato", "grave"]),
    ("scale", ["léger", "modéré", "sévère"]),
    ("scale", ["nooit", "zelden", "soms", "vaak", "altijd"]),
    ("scale", ["niski", "średni", "wysoki"]),
    ("scale", ["baixo", "médio", "alto"]),
    ("scale", ["Hauptschule", "Realschule", "Gymnasium", "Universität"]),
    ("scale", ["insufficiente", "sufficiente", "buono", "ottimo"]),
    ("scale", ["A+", "A", "A-"]),
    ("scale", ["trivial", "minor", "major", "critical", "blocker"]),
    ("scale", ["Pas du tout", "Plutôt non", "Plutôt oui", "Tout à fait"]),
    ("scale", ["Non, pas du tout", "Non, plutôt pas", "Oui, plutôt", "Oui, tout à fait"]),
    ("scale", ["Definitely not", "Probably not", "Probably yes", "Definitely yes"]),
    ("scale", ["Nein", "Eher nein", "Eher ja", "Ja"]),
    ("scale", ["No", "Yes, to some extent", "Yes, definitely"]),
    ("scale", ["much too weak", "too weak", "just right", "too strong", "much too strong"]),
]


@pytest.mark.parametrize(("kind", "labels"), IN_ORDER, ids=[str(case[1][:2]) for case in IN_ORDER])
def test_labels_that_are_steps_have_their_order(kind: str, labels: list[str]) -> None:
    mixed = random.Random(3).sample(labels, len(labels))
    found = order_of(tuple(mixed))
    assert found is not None
    assert found == (kind, tuple(labels))
    assert in_order(mixed) == labels


@pytest.mark.parametrize(
    "labels",
    [
        ["Rome", "Oslo"],
        ["store 3", "store 10", "store 1"],
        ["2211 Medical practitioners", "2212 Psychologists", "2215 Dentists"],
        ["7-Zip", "Firefox", "GIMP"],
        ["4wd", "fwd", "rwd"],
        ["Marketing", "Mayor", "Junior"],
        ["1-2 Family Dwelling", "3+ Family Apartment Building", "Commercial"],
        ["unknown", "other"],
        ["heinz28", "heinz32", "hunts32"],
        ["Type 1", "History of type 3", "Type 2"],
        ["employed", "unemployed", "retired"],
        ["Very Large Array", "Green Bank", "Arecibo"],
        ["FR", "SA", "DO"],
        ["a1", "a2", "a3"],
        ["insured", "uninsured"],
        ["yes, by bus", "yes, by car", "no"],
        ["I", "V", "X"],
        ["M", "F"],
        ["AB", "BC", "CA"],
        ["A+", "A-", "AB+", "B+", "O-"],
        ["A", "B", "C", "D"],
        ["public", "private", "general"],
        ["Compact", "Large", "Small", "Sporty", "Van", "Truck"],
        ["-1.2", "-1.9", "2.3", "Y"],
        ["19/01/2020", "19/02/2020", "19/01/2021", "Note"],
        ["F01", "F02", "M01", "M02"],
        ["Open", "Masters", "US Open"],
        ["A61 North", "A1 South", "A3 East"],
        ["new", "used", "refurbished"],
        ["2 days", "Two towns", "2 cities"],
        ["S01 Market Sq", "S02 Station", "S03 Mill Ln"],
    ],
    ids=str,
)
def test_names_have_no_order_of_their_own(labels: list[str]) -> None:
    found = order_of(tuple(labels))
    assert found is None or found[0] in ("numbered", "named")


def test_many_labels_are_put_in_order_in_a_moment() -> None:
    labels = [f"week {week}" for week in random.Random(3).sample(range(20_000), 20_000)]
    begun = time.process_time()
    assert in_order(labels) == sorted(labels, key=natural)
    assert time.process_time() - begun < 5


def test_what_is_no_text_has_no_order_in_words() -> None:
    assert in_order([1, "a"]) is None
    assert in_order([]) is None
    assert sorted(["x 10", "x 9", "<3", "3 to 5"], key=natural) == ["<3", "3 to 5", "x 9", "x 10"]


@pytest.mark.parametrize(
    "labels",
    [
        ["Screening", "Baseline", "Week 2", "Week 12", "Early termination"],
        ["pre", "post", "follow_up"],
        ["Baseline", "Day 7", "Week 2", "Month 3", "End of study"],
        ["baseline", "midline", "endline"],
        ["Intake", "T1", "T2", "6 month follow-up", "12 month follow-up"],
        ["Placebo", "Drug 10 mg", "Drug 20 mg"],
        ["Vehicle", "0.5 mg/kg", "1 mg/kg", "10 mg/kg"],
    ],
)
def test_occasions_and_doses_are_in_order(labels: list[str]) -> None:
    assert in_order(labels[::-1]) == labels


def test_two_drugs_are_no_steps_of_one() -> None:
    assert in_order(["Placebo", "Aspirin 5 mg", "Ibuprofen 10 mg"]) is None
    assert in_order(["final", "draft", "deleted"]) is None


@pytest.mark.parametrize(
    "labels",
    [
        ("Applied", "Phone Screen", "Tech interview", "Onsite", "Offer", "Hired", "Rejected"),
        ("Poor", "Fair", "Average", "Good", "Excellent"),
    ],
)
def test_stages_of_hiring_and_five_marks_are_in_order(labels: tuple[str, ...]) -> None:
    drawn = np.random.default_rng(6).choice(labels, 300)
    assert profile_table(pa.table({"level": drawn})).column("level").listed == labels
