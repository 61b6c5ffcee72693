"""Addresses of the coverage matrix, of the weekly audit, of loops, and of people's weeks of closing."""

from __future__ import annotations

from django.urls import path

from evenbook.closures.web import (
    audit,
    batches,
    briefs,
    closing_weeks,
    cohorts,
    correcting,
    coverage,
    escalations,
    loops,
    touchpoints,
)

urlpatterns = [
    path("coverage", coverage.coverage, name="coverage"),
    path("coverage/audit", audit.weekly_audit, name="weekly-audit"),
    path("coverage/audit/pdf", audit.audit_pdf, name="audit-pdf"),
    path("coverage/audit/<int:number>", audit.decide, name="audit-decide"),
    path("closing/<path:key>", closing_weeks.closing_weeks, name="closing"),
    path("loops/<int:number>", loops.one, name="loop"),
    path("loops/<int:number>/draft", loops.draft, name="loop-draft"),
    path("loops/<int:number>/waive", loops.waive, name="loop-waive"),
    path("loops/<int:number>/acknowledge", briefs.acknowledge, name="brief-acknowledge"),
    path("loops/<int:number>/correct", correcting.correction, name="loop-correct"),
    path("loops/<int:number>/touchpoint.ics", touchpoints.touchpoint, name="loop-touchpoint"),
    path("loops/<int:number>/take", loops.take, name="loop-take"),
    path("reviews/stable", batches.stable, name="stable-reviews"),
    path("reviews/logs", batches.logs, name="review-logs"),
    path("reviews/logs/<int:number>", batches.log, name="review-log"),
    path("silent/<path:key>", cohorts.cohort, name="cohort"),
    path("escalations", escalations.escalations, name="escalations"),
    path("escalations/resolved", escalations.resolved, name="escalation-resolved"),
    path("follow-ups/<int:number>", loops.follow_up, name="follow-up"),
]
