"""Zoho CRM, Pipedrive, Freshsales, Gainsight and Intercom, from their documentation. Pure data."""

from __future__ import annotations

from evenbook.sources.rules.exports import exports

ZOHO = exports(
    "zoho",
    """
@ stamps
created_at Created_Time
modified_at Modified_Time

= accounts: Zoho CRM accounts
needs Account_Name
some 2 Created_Time, Modified_Time, Owner, Owner.id, Owner.name, Record Id, Tag, Created By, Account Owner.id
files accounts
account_id id, Record Id
account_name Account_Name
account_domain Website
industry Industry
parent_id Parent_Account.id
parent_name Parent_Account.name, Parent_Account
owner_id Owner.id, Account Owner.id
owner_name Owner.name, Account Owner, Owner
owner_mail Owner.email
@stamps

= opportunities: Zoho CRM deals
needs Deal_Name, Stage
some 2 Closing_Date, Account_Name, Account_Name.id, Created_Time, Modified_Time, Owner.id, Record Id
files deals
opportunity_id id, Record Id
name Deal_Name
account_id Account_Name.id
account_name Account_Name.name, Account_Name
stage Stage
kind Type
amount Amount
currency Currency
closed_at Closing_Date
probability Probability
person_id Owner.id, Deal Owner.id
person_name Owner.name, Deal Owner, Owner
@stamps

= contacts: Zoho CRM contacts
needs Last_Name
some 2 Created_Time, Modified_Time, Owner.id, Record Id, Account_Name.id, Contact Owner.id
files contacts
contact_id id, Record Id
first_name First_Name
last_name Last_Name
contact_mail Email
title Title
account_id Account_Name.id
account_name Account_Name.name, Account_Name
@stamps

= interactions: Zoho CRM events
needs Event_Title, Start_DateTime
always kind=meeting
files events, meetings
interaction_id id, Record Id
subject Event_Title
happened_at Start_DateTime
ends_at End_DateTime
account_id What_Id.id
account_name What_Id.name, What_Id, Related To
contact_id Who_Id.id
person_id Owner.id
person_name Owner.name, Owner
@stamps

= interactions: Zoho CRM calls
needs Call_Type, Call_Start_Time
always kind=call
files calls
interaction_id id, Record Id
subject Subject
happened_at Call_Start_Time
minutes Call_Duration
status Call_Result
direction Call_Type
account_id What_Id.id
account_name What_Id.name, What_Id, Related To
contact_id Who_Id.id
person_id Owner.id
person_name Owner.name, Owner
@stamps

= tickets: Zoho CRM cases
needs Case_Number, Case_Origin
files cases
ticket_id id, Record Id, Case_Number
subject Subject
status Status
priority Priority
kind Type, Case_Reason
account_id Account_Name.id
account_name Account_Name.name, Account_Name
opened_at Created_Time
modified_at Modified_Time
    """,
)

PIPEDRIVE = exports(
    "pipedrive",
    """
@ stamps
created_at add_time
modified_at update_time
is_deleted is_deleted

= accounts: Pipedrive organizations
needs id, name, add_time
some 1 people_count, open_deals_count, won_deals_count, last_activity_id, cc_email
objects organizations
files organizations
account_id id
account_name name
account_domain website
owner_id owner_id, owner_id.id, owner_id.value
owner_name owner_id.name
owner_mail owner_id.email
@stamps

= accounts: Pipedrive organization export
needs Organization - Name
some 1 Organization - ID, Organization - Owner, Organization - People, Organization - Update time
account_id Organization - ID
account_name Organization - Name
owner_name Organization - Owner
account_domain Organization - Website
created_at Organization - Organization created
modified_at Organization - Update time

= opportunities: Pipedrive deals
needs id, title, stage_id, status
objects deals
files deals
opportunity_id id
name title
account_id org_id, org_id.value
account_name org_id.name, org_name
person_id owner_id, user_id.id
person_name owner_name
stage status
amount value
currency currency
probability probability
expected_on expected_close_date
closed_at close_time, won_time, lost_time
@stamps

= opportunities: Pipedrive deal export
needs Deal - Title, Deal - Status
opportunity_id Deal - ID
name Deal - Title
account_name Deal - Organization
person_name Deal - Owner
stage Deal - Status
amount Deal - Value
currency Deal - Currency of Value
expected_on Deal - Expected close date
closed_at Deal - Deal closed on, Deal - Won time, Deal - Lost time
created_at Deal - Deal created
modified_at Deal - Update time

= interactions: Pipedrive activities
needs subject, due_date, done, org_id
objects activities
files activities
interaction_id id
kind type
subject subject
happened_at marked_as_done_time, due_date
minutes duration
account_id org_id, org_id.value
account_name org_name, org_id.name
contact_id person_id
person_id owner_id, user_id
@stamps
    """,
)

FRESHSALES = exports(
    "freshsales",
    """
@ stamps
created_at created_at
modified_at updated_at
is_deleted is_deleted

= accounts: Freshsales accounts
needs id, name
some 2 parent_sales_account_id, open_deals_amount, business_type_id, industry_type_id, territory_id
some 2 last_contacted, won_deals_amount
objects sales_accounts
files sales_accounts
account_id id
account_name name
account_domain website
parent_id parent_sales_account_id
owner_id owner_id
@stamps

= opportunities: Freshsales deals
needs id, name, deal_stage_id
some 2 sales_account_id, deal_pipeline_id, expected_close, closed_date, rotten_days
objects deals
files deals
opportunity_id id
name name
account_id sales_account_id
stage deal_stage.name, deal_stage_id
kind deal_type.name, deal_type_id
amount amount
probability probability
expected_on expected_close
closed_at closed_date
person_id owner_id
@stamps

= contacts: Freshsales contacts
needs first_name, last_name, sales_account_id
objects contacts
contact_id id
first_name first_name
last_name last_name
contact_mail email
title job_title
account_id sales_account_id
@stamps

= interactions: Freshsales appointments
needs title, from_date, end_date, targetable_id
always kind=meeting
objects appointments
interaction_id id
subject title
happened_at from_date
ends_at end_date
person_id owner_id
account_id targetable_id
@stamps
    """,
)

GAINSIGHT = exports(
    "gainsight",
    """
= accounts: Gainsight companies
needs GSID, Name
files company, companies
account_id GSID, Company ID
account_name Name, Company Name
arr ARR
mrr MRR
renews_on Renewal Date
stage Lifecycle Stage, Stage
status Status
health Current Score, Overall Score, Health Score
owner_id CSM
owner_name CSM__gr.Name, CSM Name
owner_mail CSM__gr.Email, CSM Email
industry Industry
parent_id ParentCompany
started_at Original Contract Date
seats Users, Licenses
tier Tier
segment Segment
region Region
created_at Created Date
modified_at Modified Date

= interactions: Gainsight timeline
needs GSID, Activity Date
files timeline, activity_timeline
interaction_id GSID
account_name Company Name
account_id GsCompanyId, Company ID
happened_at Activity Date
kind Activity Type, Type Name
subject Subject
minutes Duration In Mins
person_name Author
attendees External Attendees
created_at Created Date

= contacts: Gainsight people
needs GSID, Company, Email
files person, company_person
contact_id GSID
first_name First Name
last_name Last Name
contact_name Name
contact_mail Email
title Title
account_id Company
account_name Company__gr.Name, Company Name
role Role
    """,
)

INTERCOM = exports(
    "intercom",
    """
= accounts: Intercom companies
needs company_id, name, monthly_spend
objects companies
account_id company_id
account_name name
account_domain website
plan plan.name, plan
industry industry
created_at created_at
modified_at updated_at

= tickets: Intercom conversations
needs id, state, source.subject
objects conversations
ticket_id id
subject source.subject, title
status state
priority priority
opened_at created_at
modified_at updated_at
solved_at statistics.last_close_at
satisfaction conversation_rating.rating
contact_mail source.author.email
account_id company.company_id, company_id
    """,
)

EXPORTS = (*ZOHO, *PIPEDRIVE, *FRESHSALES, *GAINSIGHT, *INTERCOM)
