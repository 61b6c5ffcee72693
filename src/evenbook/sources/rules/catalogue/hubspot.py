"""HubSpot: property names, labels of its CSV exports, and the tables of warehouse loaders. Pure data.

Loaders put what belongs together into tables of their own (``engagement_company``): such a table
becomes links, which the records that they speak of are loaded with.
"""

from __future__ import annotations

from evenbook.sources.rules.exports import exports, not_used

EXPORTS = exports(
    "hubspot",
    """
@ stamps
created_at createdate, hs_createdate, Create Date
modified_at hs_lastmodifieddate, lastmodifieddate, Last Modified Date
is_deleted is_deleted, _fivetran_deleted, archived

@ activity
interaction_id engagement_id, hs_object_id, id, Record ID
account_id associatedcompanyid, Associated Company IDs
person_id hubspot_owner_id
created_at hs_createdate
modified_at hs_lastmodifieddate
is_deleted _fivetran_deleted, archived

= accounts: HubSpot companies
needs name
some 2 hs_object_id, hubspot_owner_id, hs_lastmodifieddate, lifecyclestage, hs_lead_status, createdate
some 2 _fivetran_synced, hs_parent_company_id, notes_last_contacted, num_associated_contacts
objects companies
files company, companies, hubspot_company, hubspot_companies
account_id hs_object_id, id, Record ID, Company ID
account_name name, Company name
account_domain domain, Company Domain Name, website, Website URL
parent_id hs_parent_company_id, Parent Company ID
owner_id hubspot_owner_id
owner_name Company owner
industry industry
@stamps

= accounts: HubSpot company export
needs Record ID, Company name
like HubSpot companies

= opportunities: HubSpot deals
needs dealname
some 1 dealstage, deal_pipeline_stage_id, deal_id, hs_object_id, hs_lastmodifieddate, hubspot_owner_id
objects deals
files deal, deals
opportunity_id hs_object_id, deal_id, id, Record ID, Deal ID
name dealname, Deal Name
account_id associatedcompanyid, Associated Company IDs
account_name Associated Company, Associated Company (Primary)
stage dealstage, deal_pipeline_stage_id, Deal Stage
kind dealtype, Deal Type
amount amount
currency deal_currency_code, Currency
probability hs_deal_stage_probability, Deal probability
closed_at closedate, Close Date
is_won hs_is_closed_won, Is Closed Won
is_closed hs_is_closed, Is Closed
person_id hubspot_owner_id, owner_id
person_name Deal owner
@stamps

= opportunities: HubSpot deal export
needs Record ID, Deal Name, Deal Stage
like HubSpot deals

= contacts: HubSpot contacts
needs firstname, lastname
some 2 hs_object_id, hs_lastmodifieddate, lastmodifieddate, lifecyclestage, hubspot_owner_id, createdate
some 2 _fivetran_synced, hs_merged_object_ids, associatedcompanyid
objects contacts
files contact, contacts
contact_id hs_object_id, id, vid, Record ID, Contact ID
first_name firstname
last_name lastname
contact_mail email
title jobtitle, Job Title
role hs_buying_role, Buying Role
account_id associatedcompanyid, Associated Company IDs
account_name company, Associated Company, Company name
@stamps

= contacts: HubSpot contact export
needs Record ID, First Name, Last Name
like HubSpot contacts

= tickets: HubSpot tickets
needs subject, hs_pipeline_stage
objects tickets
files ticket, tickets
ticket_id hs_object_id, id, hs_ticket_id, Ticket ID, Record ID
subject subject, Ticket name
account_id associatedcompanyid, Associated Company IDs
account_name Associated Company
priority hs_ticket_priority, Priority
kind hs_ticket_category, Category
status hs_pipeline_stage, Ticket status
opened_at createdate, Create date
solved_at closed_date, Close date
modified_at hs_lastmodifieddate
is_deleted is_deleted, _fivetran_deleted, archived

= tickets: HubSpot ticket export
needs Ticket ID, Ticket name
like HubSpot tickets

= interactions: HubSpot meetings
needs hs_meeting_start_time
always kind=meeting
objects meetings
happened_at hs_meeting_start_time, start_time, hs_timestamp, Meeting start time
ends_at hs_meeting_end_time, end_time, Meeting end time
status hs_meeting_outcome, meeting_outcome, Meeting outcome
subject hs_meeting_title, title, Meeting name
@activity

= interactions: HubSpot meeting table
needs engagement_id, start_time, end_time, meeting_outcome
always kind=meeting
files engagement_meeting
like HubSpot meetings

= interactions: HubSpot calls
needs hs_timestamp, hs_call_duration
always kind=call
objects calls
happened_at hs_timestamp
minutes hs_call_duration
status hs_call_status, hs_call_disposition
subject hs_call_title
direction hs_call_direction
@activity

= interactions: HubSpot call table
needs engagement_id, hs_timestamp
always kind=call
files engagement_call
like HubSpot calls

= interactions: HubSpot emails
needs hs_timestamp, hs_email_subject
always kind=mail
objects emails
files engagement_email
happened_at hs_timestamp
subject hs_email_subject
direction hs_email_direction
@activity

= interactions: HubSpot notes
needs hs_timestamp, hs_note_body
always kind=note
objects notes
files engagement_note
happened_at hs_timestamp
subject hs_body_preview, hs_note_body
@activity

= interactions: HubSpot tasks
needs hs_timestamp, hs_task_type
always kind=admin
objects tasks
files engagement_task
happened_at hs_timestamp
subject hs_task_subject
status hs_task_status
@activity

= interactions: HubSpot communications
needs engagement_id, hs_timestamp
always kind=mail
files engagement_communication
happened_at hs_timestamp
subject hs_communication_body
@activity

= people: HubSpot owners
needs owner_id, email, first_name
some 2 portal_id, active_user_id, _fivetran_synced, type
files owner, owners
person_id owner_id, id
person_mail email
first_name first_name
last_name last_name
is_deleted archived

= links: HubSpot links of engagements to companies
needs company_id, engagement_id
always kind=engagement
account_id company_id
linked_id engagement_id

= links: HubSpot links of tickets to companies
needs company_id, ticket_id
some 1 _fivetran_synced, category, type_id
always kind=ticket
files ticket_company
account_id company_id
linked_id ticket_id

= links: HubSpot links of deals to companies
needs company_id, deal_id
some 1 _fivetran_synced, category, type_id
always kind=deal
files deal_company
account_id company_id
linked_id deal_id

= links: HubSpot links of contacts to companies
needs company_id, contact_id
some 1 _fivetran_synced, category, type_id
always kind=contact
files contact_company
account_id company_id
linked_id contact_id

@ stage
stage_id stage_id, id
label label
is_closed is_closed
is_won closed_won
ticket_state ticket_state

= stages: HubSpot deal stages
needs stage_id, label, closed_won
always kind=deal
files deal_pipeline_stage
@stage

= stages: HubSpot ticket stages
needs stage_id, label, ticket_state
always kind=ticket
files ticket_pipeline_stage
@stage
    """,
)

NOT_USED = not_used(
    """
the records carry what is needed of their history: company_property_history contact_property_history
    deal_property_history ticket_property_history deal_stage
bulk mail and forms say nothing of an account's coverage: contact_form_submission contact_list
    contact_list_member email_campaign email_event email_event_bounce email_event_click
    email_event_deferred email_event_delivered email_event_dropped email_event_forward
    email_event_open email_event_print email_event_sent email_event_spam_report
    email_event_status_change form
records are tied to companies by tables of links of their own: engagement_contact engagement_deal
    engagement deal_contact ticket_contact ticket_deal ticket_engagement
it describes how HubSpot is set up, not customers: deal_pipeline ticket_pipeline property
    property_option role team team_user owner_team users
records that were merged come as one already: contact_merge_audit merged_deal
    """
)
