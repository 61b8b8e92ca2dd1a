"""Owns the words of yes and no, of what is between, and of how something ended."""

from __future__ import annotations

#: Answers, the one that says no first: two orders in one list would mislead.
ANSWERS: tuple[tuple[str, ...], ...] = (
    (
        *("no", "never", "maybe", "sometimes", "unsure", "undecided", "partial", "partially"),
        *("partly", "mostly", "yes"),
    ),
    ("nein", "vielleicht", "manchmal", "unsicher", "teilweise", "ja"),
    ("non", "peut-être", "parfois", "en partie", "oui"),
    ("no", "tal vez", "quizás", "a veces", "en parte", "sí", "si"),
    ("no", "forse", "in parte", "sì", "si"),
    ("não", "nao", "talvez", "às vezes", "em parte", "sim"),
    ("nee", "misschien", "deels", "ja"),
    ("nie", "może", "częściowo", "tak"),
    ("nej", "kanske", "delvis", "ja"),
    ("n", "y"),
    ("false", "true"),
    ("falsch", "wahr"),
    ("faux", "vrai"),
    ("falso", "verdadero", "vero"),
    ("f", "t"),
    ("absent", "present"),
    ("negative", "neutral", "positive"),
    ("negativ", "neutral", "positiv"),
    ("négatif", "neutre", "positif"),
    ("negativo", "neutro", "positivo"),
    ("neg", "pos"),
    ("off", "on"),
    ("inactive", "active"),
    ("fail", "failed", "failure", "unsuccessful", "partial", "with help", "pass", "passed",
     "success", "successful"),
    ("nicht bestanden", "durchgefallen", "bestanden"),
    ("lost", "loss", "lose", "defeat", "drawn", "draw", "tie", "tied", "won", "win", "victory"),
    ("niederlage", "unentschieden", "sieg"),
    ("verloren", "unentschieden", "gewonnen"),
    ("défaite", "nul", "victoire"),
    ("derrota", "empate", "victoria"),
    ("l", "d", "w"),
    ("died", "dead", "deceased", "alive", "survived", "living"),
    ("rejected", "refused", "denied", "declined", "approved", "accepted"),
    ("abgelehnt", "genehmigt"),
    ("refusé", "accepté"),
    ("incorrect", "correct"),
    ("wrong", "right"),
    ("unpaid", "paid"),
    ("control", "treatment"),
    ("control", "treated"),
    ("control", "treat"),
    ("ctrl", "treat"),
    ("untreated", "treated"),
    ("bad", "good"),
    ("decrease", "no change", "same", "increase"),
    ("decreased", "unchanged", "stayed the same", "stable", "increased"),
    ("less", "same", "more"),
)  # fmt: skip
#: A yes, in many languages.
_YES = frozenset(
    ["yes", "ja", "oui", "sí", "sì", "si", "sim", "tak", "da", "ano", "kyllä", "igen", "evet"]
)
_SIDES = tuple(
    frozenset(words.split(","))
    for words in (
        "0,no,n,false,f,nein,non,não,nao,nee,nie,nej,falsch,faux,falso,absent,negative,negativ,négatif"
        ",negativo,neg,off,inactive,fail,failed,failure,unsuccessful,nicht bestanden,durchgefallen"
        ",lost,loss,lose,defeat,l,niederlage,verloren,défaite,derrota,died,dead,deceased,rejected"
        ",refused,denied,declined,abgelehnt,refusé,incorrect,wrong,unpaid,bad,detractor,detractors",
        "1,y,true,t,wahr,vrai,vero,verdadero,present,positive,positiv"
        ",positif,positivo,pos,on,active,pass,passed,success,successful,bestanden,won,win,victory,w"
        ",sieg,gewonnen,victoire,victoria,survived,alive,living,approved,accepted,genehmigt,accepté"
        ",correct,right,paid,good,promoter,promoters",
        "maybe,sometimes,unsure,undecided,partial,partially,partly,vielleicht,teilweise,peut-être"
        ",en partie,tal vez,forse,talvez,misschien,może,neutral,neutre,neutro,with help,draw,drawn"
        ",tie,tied,d,nul,unentschieden,empate,passive,passives",
    )
)
#: Answers and ends: what is not so, or ended badly; what is so, or ended well; what is between.
SIDES = (_SIDES[0], _SIDES[1] | _YES, _SIDES[2])


def says_yes(label: object) -> bool:
    """Whether a label is a yes, in any language; what ended well is none.

    Examples
    --------
    >>> says_yes("Oui "), says_yes("passed")
    (True, False)
    """
    return str(label).strip().lower() in _YES
