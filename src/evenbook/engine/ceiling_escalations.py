"""Quality by volume when some weeks are escalations that nobody has told us of.

A week's quality is its person's own, less ``slope`` for every interaction past the ceiling, less a
loss if the week was an escalation. Escalations are the likelier, the more the volume exceeds what
is usual, for all and for this person (the logit is linear in both: exact for Poisson and for normal
volumes). So heavy weeks may be worse without any ceiling: the loss levels off where nearly all weeks
are escalations, and before that the weeks are of two kinds, while past a ceiling all go down together.

Fitted by EM, at once for all places of the ceiling and for none.

Sources:
    Dempster, Laird and Rubin, JRSS B 39 (1977), 1-38 (EM);
    Jacobs et al., Neural Computation 3 (1991), 79-87 (a mixture whose shares depend on the inputs).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenbook.engine.ceiling_rows import Rows
from evenbook.engine.given_arrays import Flags, Floats

SHARE_STARTS = np.array([[-2.0, 0.0, 2.0], [-2.0, 1.0, 0.0]])
"""EM climbs to the next top; it begins from both, and once more everywhere from the best that it found."""
HELD_AT = np.array([-2.0, 0.0, 0.0])
HELD_BY = 0.5
"""Precision by which the logit's weights are held, so that no escalations at all is an answer."""
LOSS_START, LOSS_SHARE = 1.5, 0.15
FARTHEST = 40.0
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Curves:
    """One curve a column: a place tried each, and last the one without a ceiling.

    Attributes:
        own: people by columns, quality below the ceiling.
        slope: lost an interaction past it, 0 or less.
        loss: of an escalation, 0 or more.
        scale: of the noise.
        share: columns by 3, weights of the logit of an escalation.
        likelihood: logarithm.
    """

    own: Floats
    slope: Floats
    loss: Floats
    scale: Floats
    share: Floats
    likelihood: Floats


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weighted sums that do not change while one fits: means within people, and around them."""

    weight: Floats
    people: Floats
    past: Floats
    quality: Floats
    past_past: Floats
    past_quality: Floats
    count: Floats


def near(curves: Curves, kept: Flags) -> Curves:
    """Return the curves at some of the places; the last column stays."""
    at = np.append(kept, True)
    return Curves(
        own=curves.own[:, at],
        slope=curves.slope[at],
        loss=curves.loss[at],
        scale=curves.scale[at],
        share=curves.share[at],
        likelihood=curves.likelihood[at],
    )


def without_escalations(rows: Rows, times: Floats) -> Curves:
    """Return the curves if no week is an escalation: weighted least squares.

    Args:
        rows: the weeks.
        times: per row, how often it counts.
    """
    sums = _sums(rows, times)
    slope = _alone(sums.past_quality, sums.past_past)
    own = sums.quality - slope * sums.past
    off = rows.quality[:, None] - own[rows.person] - slope * rows.past
    scale = np.sum(sums.weight * off**2, axis=0) / times.sum()
    columns = rows.past.shape[1]
    curves = Curves(own, slope, np.zeros(columns), scale, np.tile(HELD_AT, (columns, 1)), scale)
    return replace(curves, likelihood=_likelihood(rows, curves, times, escalated=None))


def with_escalations(rows: Rows, times: Floats, *, rounds: int) -> Curves:
    """Return the curves with escalations, the best of several beginnings, so many rounds of EM each."""
    plain = without_escalations(rows, times)
    loss = LOSS_START * np.sqrt(plain.scale * float(rows.noise.mean()))
    begun = replace(plain, loss=loss, own=plain.own + LOSS_SHARE * loss)
    columns = loss.size
    first, second = (
        climbed(rows, times, begun=replace(begun, share=np.tile(share, (columns, 1))), rounds=rounds)
        for share in SHARE_STARTS
    )
    best = _better(first, second)
    top = int(np.argmax(best.likelihood))
    spread = replace(
        begun,
        share=np.tile(best.share[top], (columns, 1)),
        loss=np.full(columns, best.loss[top]),
        own=plain.own + LOSS_SHARE * best.loss[top],
    )
    return _better(best, climbed(rows, times, begun=spread, rounds=rounds))


def climbed(rows: Rows, times: Floats, *, begun: Curves, rounds: int) -> Curves:
    """Return the curves with escalations, so many rounds of EM from ``begun`` on."""
    sums, curves = _sums(rows, times), begun
    for _ in range(rounds):
        curves = _round(rows, sums, curves, times)
    escalated = _sigmoid(rows.likely @ curves.share.T)
    return replace(curves, likelihood=_likelihood(rows, curves, times, escalated=escalated))


def _better(one: Curves, other: Curves) -> Curves:
    """Return column by column the curve that explains more."""
    first = one.likelihood >= other.likelihood
    return Curves(
        own=np.where(first, one.own, other.own),
        slope=np.where(first, one.slope, other.slope),
        loss=np.where(first, one.loss, other.loss),
        scale=np.where(first, one.scale, other.scale),
        share=np.where(first[:, None], one.share, other.share),
        likelihood=np.maximum(one.likelihood, other.likelihood),
    )


def _sums(rows: Rows, times: Floats) -> _Sums:
    weight = (times / rows.noise)[:, None]
    people = rows.by_person(weight)
    people = np.where(people > 0.0, people, 1.0)
    past = rows.by_person(weight * rows.past) / people
    quality = rows.by_person(weight * rows.quality[:, None]) / people
    around, off = rows.past - past[rows.person], rows.quality[:, None] - quality[rows.person]
    return _Sums(
        weight=weight,
        people=people,
        past=past,
        quality=quality,
        past_past=np.sum(weight * around**2, axis=0),
        past_quality=np.sum(weight * around * off, axis=0),
        count=times.sum(),
    )


def _round(rows: Rows, sums: _Sums, curves: Curves, times: Floats) -> Curves:
    logit = rows.likely @ curves.share.T
    off = rows.quality[:, None] - curves.own[rows.person] - curves.slope * rows.past
    noise = 2.0 * curves.scale * rows.noise[:, None]
    escalated = _sigmoid(logit + (off**2 - (off + curves.loss) ** 2) / noise)
    weighed = sums.weight * escalated
    mean = rows.by_person(weighed) / sums.people
    slope, loss = _slope_and_loss(rows, sums, weighed=weighed, mean=mean)
    own = sums.quality - slope * sums.past + loss * mean
    off = rows.quality[:, None] - own[rows.person] - slope * rows.past
    square = sums.weight * off**2 + weighed * (2.0 * loss * off + loss**2)
    share = _shares(rows, curves.share, times[:, None], escalated=escalated, before=_sigmoid(logit))
    return replace(
        curves, own=own, slope=slope, loss=loss, scale=square.sum(axis=0) / sums.count, share=share
    )


def _slope_and_loss(rows: Rows, sums: _Sums, *, weighed: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Return least squares of both, neither with the wrong sign."""
    kinds = weighed.sum(axis=0) - np.sum(sums.people * mean**2, axis=0)
    cross = np.sum(weighed * rows.past, axis=0) - np.sum(sums.people * mean * sums.past, axis=0)
    quality = np.sum(weighed * rows.quality[:, None], axis=0)
    quality = quality - np.sum(sums.people * mean * sums.quality, axis=0)
    whole = sums.past_past * kinds - cross**2
    solvable = whole > LEAST * np.maximum(sums.past_past * kinds, LEAST)
    whole = np.where(solvable, whole, 1.0)
    slope = np.where(solvable, (kinds * sums.past_quality - cross * quality) / whole, 0.0)
    loss = np.where(solvable, -(sums.past_past * quality - cross * sums.past_quality) / whole, np.inf)
    alone = -_alone(quality, kinds)
    loss = np.where((slope >= 0.0) | ~solvable, alone, loss)
    slope = np.where((slope >= 0.0) | ~solvable, 0.0, slope)
    slope = np.where(loss <= 0.0, _alone(sums.past_quality, sums.past_past), slope)
    return slope, np.maximum(loss, 0.0)


def _alone(product: Floats, square: Floats) -> Floats:
    """Return the least-squares coefficient of a single column, 0 or less."""
    found = np.divide(product, square, out=np.zeros_like(product), where=square > LEAST)
    return np.minimum(found, 0.0)


def _shares(rows: Rows, share: Floats, times: Floats, *, escalated: Floats, before: Floats) -> Floats:
    """Return the logit's weights one step of Newton on."""
    slope = (times * (escalated - before)).T @ rows.likely - HELD_BY * (share - HELD_AT)
    sure = times * before * (1.0 - before)
    products = (rows.likely[:, :, None] * rows.likely[:, None, :]).reshape(rows.person.size, -1)
    curve = (sure.T @ products).reshape(-1, 3, 3) + HELD_BY * np.eye(3)
    step = np.linalg.solve(curve, slope[:, :, None])[:, :, 0]
    moved: Floats = share + np.clip(step, -1.0, 1.0)
    return moved


def _likelihood(rows: Rows, curves: Curves, times: Floats, *, escalated: Floats | None) -> Floats:
    noise = np.maximum(curves.scale, LEAST) * rows.noise[:, None]
    off = rows.quality[:, None] - curves.own[rows.person] - curves.slope * rows.past
    usual = -(off**2) / (2.0 * noise)
    if escalated is not None:
        other = -((off + curves.loss) ** 2) / (2.0 * noise)
        most = np.maximum(usual, other)
        usual = most + np.log((1.0 - escalated) * np.exp(usual - most) + escalated * np.exp(other - most))
    found: Floats = times @ (usual - np.log(noise) / 2.0)
    return found


def _sigmoid(logit: Floats) -> Floats:
    chance: Floats = 1.0 / (1.0 + np.exp(-np.clip(logit, -FARTHEST, FARTHEST)))
    return chance
