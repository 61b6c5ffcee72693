"""Zendesk: API records, its ticket export, and the tables of warehouse loaders. Pure data."""

from __future__ import annotations

from evenbook.sources.rules.exports import exports, not_used

EXPORTS = exports(
    "zendesk",
    """
= tickets: Zendesk tickets
needs id, requester_id, status, created_at, organization_id, submitter_id
some 2 url, _fivetran_synced, via.channel, via_channel, raw_subject, brand_id, ticket_form_id
objects tickets
files ticket, tickets
ticket_id id
account_id organization_id
contact_id requester_id
subject subject
priority priority
kind type
status status
opened_at created_at
modified_at updated_at
satisfaction satisfaction_rating.score

= tickets: Zendesk ticket search
needs id, req_name, status, created_at
ticket_id id
account_name organization_name, Organization
contact_id req_id
contact_mail req_email, Requester email
contact_name req_name, Requester
subject subject
priority priority
kind ticket_type
status status
opened_at created_at
modified_at updated_at
solved_at solved_at
satisfaction satisfaction_score

= tickets: Zendesk ticket export
needs Id, Requester, Requester email, Status, Created at
like Zendesk ticket search

= accounts: Zendesk organizations
needs id, name, shared_tickets
objects organizations
files organization, organizations
account_id id
account_name name
account_domain domain_names, domain_names.0
created_at created_at
modified_at updated_at

= helpdesk_users: Zendesk users
needs id, name, email, role, organization_id
some 2 ticket_restriction, verified, suspended, locale_id, shared_agent, time_zone
objects users
files user, users
user_id id
name name
mail email
role role
account_id organization_id
is_active active
created_at created_at
modified_at updated_at

= ratings: Zendesk satisfaction ratings
needs id, ticket_id, score, requester_id
objects satisfaction_ratings
files satisfaction_rating, satisfaction_ratings
ticket_id ticket_id
satisfaction score
satisfaction_at updated_at, created_at

= ratings: Zendesk ticket metrics
needs ticket_id, solved_at, reopens
objects ticket_metrics
files ticket_metric, ticket_metrics
ticket_id ticket_id
solved_at solved_at

= domains: Zendesk organization domains
needs organization_id, domain_name
files domain_name
account_id organization_id
account_domain domain_name
    """,
)

NOT_USED = not_used(
    """
it describes how Zendesk is set up, not customers: brand group macro organization_field ticket_field
    ticket_form trigger user_field view audit_log daylight_time schedule schedule_holiday time_zone
    sla_policy_metric_history ticket_form_history automation target ticket_schedule ticket_sla_policy
the tickets carry what is needed of it: audit ticket_audit ticket_comment ticket_field_history ticket_tag
    ticket_chat ticket_chat_event organization_tag user_tag
forum posts are not tied to customers: forum topic topic_comment category topic_vote
requests are the same tickets as their end users see them, and the tickets are loaded: request
    """
)
