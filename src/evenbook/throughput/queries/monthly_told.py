"""The monthly pack as plain values, the same for commands and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evenbook.decisions.queries import DecisionRow
from evenbook.throughput.queries.monthly import Pack
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.rules.monthly import PersonMonth, Stand


@dataclass(frozen=True)
class Told:
    """A pack as a document: days are days, what is not known is None, parts without data are empty."""

    pack: Pack

    @property
    def values(self) -> dict[str, Any]:
        """Its values by name."""
        return _values(self.pack)


def _values(pack: Pack) -> dict[str, Any]:
    run, said = pack.week.run, Said(pack)
    return {
        "month": pack.month.key,
        "subject_kind": pack.subject[0],
        "subject": pack.subject[1],
        "as_of": run.as_of,
        "before_on": pack.before_on,
        "baseline_on": pack.baseline_on,
        "policy_version": run.policy_version,
        "sentence": said.headline,
        "sections": [
            {"section": each.key, "section_name": each.title, "sentence": each.sentence}
            for each in said.sections
        ],
        "figures": [_stand(each) for each in (*pack.seven, *pack.chain, *pack.lagging)],
        "people": [_person(each) for each in pack.people],
        "decisions": [_decision(each) for each in pack.decided],
        "felt": [
            {"team": each.team, "week_on": each.week_on, "felt": each.felt, "load": each.load}
            for each in pack.felt
        ],
        "effects": [
            {"event": each.event, "event_name": each.title, "measure": each.measure, "said": each.said}
            for each in pack.effects
        ],
        "calibration": _weights(pack),
        "policy": [
            {
                "number": each.number,
                "adopted_on": each.adopted_at.date(),
                "by": each.author_name,
                "note": each.note,
                "changes": len(each.changes),
            }
            for each in pack.versions
        ],
        "asked": [{"what": each.what, "why": each.why} for each in pack.asked],
    }


def _stand(each: Stand) -> dict[str, Any]:
    return {
        "measure": each.measure,
        "measure_name": each.title,
        "now": each.now,
        "before": each.before,
        "change": each.change,
        "baseline": each.baseline,
        "n": each.count,
    }


def _person(each: PersonMonth) -> dict[str, Any]:
    return {
        "id": each.key,
        "id_name": each.name,
        "load": each.load.now,
        "load_before": each.load.before,
        "strategic": each.held,
        "ceiling": each.ceiling,
        "weeks_over": each.weeks_over,
        "chain": [_stand(link) for link in each.chain],
    }


def _decision(row: DecisionRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_name": row.title,
        "subject": row.subject_key,
        "subject_name": row.subject,
        "waits_from_on": row.waits_from_on,
        "state": row.state,
        "choice": row.choice,
        "note": row.note,
        "effect": row.effect,
    }


def _weights(pack: Pack) -> dict[str, Any] | None:
    row = pack.calibration
    if row is None:
        return None
    errors = row.proposal.errors
    return {
        "id": row.id,
        "as_of": row.as_of,
        "error_in_force": errors.in_force if errors else None,
        "error_learned": errors.fitted if errors else None,
        "changes": row.changed,
        "stands": Said(pack).stands,
    }
