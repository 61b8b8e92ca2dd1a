"""Owns the order of states that things go through, such as orders, tickets, applications."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: From the first state to the last, those that end well before those that do not. One list holds
#: the states of many processes: those of one are a few of them.
STATES: tuple[tuple[str, ...], ...] = (
    (
        *(
            "prospect",
            "sourced",
            "idea",
            "backlog",
            "planned",
            "lead",
            "draft",
            "to do",
            "todo",
            "not started",
        ),
        *("created", "requested", "registered", "received", "new", "applied", "submitted", "sent"),
        *(
            "issued",
            "reported",
            "open",
            "opened",
            "reopened",
            "triaged",
            "acknowledged",
            "assigned",
        ),
        *("accepted for review", "qualified", "screening", "screened", "cv screen", "phone screen"),
        *("under review", "in review", "review", "reviewed", "assessment", "phone interview"),
        *("first interview", "second interview", "interview", "tech interview"),
        *(
            "technical interview",
            "onsite",
            "on site",
            "final interview",
            "proposal",
            "offer",
            "negotiation",
            "pending",
            "waiting",
        ),
        *("awaiting", "pending approval", "awaiting approval", "pending payment"),
        *("awaiting payment", "queued", "blocked", "on hold", "started", "active", "in progress"),
        *(
            "in process",
            "in work",
            "doing",
            "running",
            "processing",
            "ongoing",
            "under investigation",
        ),
        *("under offer", "sold stc", "in testing", "testing", "verified", "confirmed", "approved"),
        *("accepted", "scheduled", "released", "published", "ready", "packed", "shipped"),
        *("dispatched", "in transit", "out for delivery", "delivered", "invoiced", "due"),
        *("partially paid", "partly paid", "part paid", "overdue", "late", "disputed", "escalated"),
        *("in recovery", "settled", "paid", "fully paid", "repaid", "fixed", "solved", "resolved"),
        *("hired", "sold", "won", "closed won", "complete", "completed", "done", "finished"),
        *("closed", "archived", "expired", "withdrawn", "withdrew", "returned", "refunded"),
        *("written off", "charged off", "default", "defaulted", "denied", "declined", "rejected"),
        *("closed lost", "lost", "timed out", "cancelled", "canceled", "abandoned", "aborted"),
        *("killed", "terminated", "failed", "crashed", "error"),
    ),
    (
        *("entwurf", "geplant", "angelegt", "eingegangen", "neu", "eingereicht", "gesendet"),
        *("versendet", "offen", "geöffnet", "zugewiesen", "in prüfung", "geprüft", "wartend"),
        *("ausstehend", "begonnen", "in arbeit", "in bearbeitung", "laufend", "bestätigt"),
        *("genehmigt", "freigegeben", "angenommen", "versandt", "geliefert", "teilbezahlt"),
        *("überfällig", "gemahnt", "strittig", "bezahlt", "gelöst", "erledigt", "fertig"),
        *("abgeschlossen", "geschlossen", "zurückgezogen", "retourniert", "erstattet", "abgelehnt"),
        *("storniert", "abgebrochen", "fehlgeschlagen"),
    ),
    (
        *(
            "brouillon",
            "prévu",
            "créé",
            "reçu",
            "nouveau",
            "soumis",
            "envoyé",
            "ouvert",
            "attribué",
        ),
        *("en attente", "en cours", "en revue", "confirmé", "validé", "approuvé", "accepté"),
        *("expédié", "livré", "facturé", "en retard", "contesté", "payé", "résolu", "terminé"),
        *("clos", "clôturé", "fermé", "retourné", "remboursé", "refusé", "rejeté", "annulé"),
    ),
    (
        *("borrador", "planificado", "creado", "recibido", "nuevo", "presentado", "enviado"),
        *("abierto", "asignado", "pendiente", "en espera", "en curso", "en proceso", "en revisión"),
        *("confirmado", "aprobado", "aceptado", "entregado", "facturado", "vencido", "pagado"),
        *("resuelto", "terminado", "completado", "cerrado", "devuelto", "rechazado", "cancelado"),
    ),
    (
        *("bozza", "nuovo", "inviato", "aperto", "in attesa", "in corso", "in lavorazione"),
        *("confermato", "approvato", "spedito", "consegnato", "scaduto", "pagato", "risolto"),
        *("completato", "chiuso", "reso", "rimborsato", "respinto", "rifiutato", "annullato"),
    ),
    (
        *("concept", "nieuw", "ingediend", "verzonden", "open", "in behandeling", "bevestigd"),
        *("goedgekeurd", "geleverd", "verlopen", "betaald", "opgelost", "afgerond", "gesloten"),
        *("afgewezen", "geannuleerd"),
    ),
    (
        *("szkic", "nowy", "nowe", "wysłane", "otwarte", "oczekujące", "w toku", "w trakcie"),
        *("zatwierdzone", "dostarczone", "zaległe", "opłacone", "rozwiązane", "zakończone"),
        *("zamknięte", "zwrócone", "odrzucone", "anulowane"),
    ),
)
_PLACES = tuple({state: at for at, state in enumerate(states)} for states in STATES)
#: Fewest states that tell a process, and how many times as many as the labels that are none.
MIN_STATES, TIMES_STATES = 3, 3


def process_order(lowered: Mapping[str, str]) -> list[str] | None:
    """Return labels that are states of a process from the first to the last, others behind them.

    Parameters
    ----------
    lowered
        Label -> the same in small letters.

    Returns
    -------
    list or None
        None where hardly any is such a state.

    Examples
    --------
    >>> labels = ["Rejected", "In_Progress", "Draft", "Approved"]
    >>> process_order({label: label.lower() for label in labels})
    ['Draft', 'In_Progress', 'Approved', 'Rejected']
    >>> process_order({"Open": "open", "Masters": "masters", "Final": "final"}) is None
    True
    """
    spelled = {label: _spelled(text) for label, text in lowered.items()}
    for places in _PLACES:
        known = {label: places[text] for label, text in spelled.items() if text in places}
        others = sorted(label for label in spelled if label not in known)
        if len(known) >= max(MIN_STATES, TIMES_STATES * len(others)):
            return [*sorted(known, key=lambda label: known[label]), *others]
    return None


def _spelled(text: str) -> str:
    """Return a state without its number and its signs: 3_in-progress."""
    return " ".join(re.sub(r"^\d+\s*[.:)_ -]+|[\W_]+", " ", text).split())
