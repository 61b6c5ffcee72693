"""Salesforce: API names, report labels, data trees, and the snake case of warehouse loaders. Pure data.

Ids of 15 and of 18 characters name the same record; ``values.same_id`` makes them one.
"""

from __future__ import annotations

from evenbook.sources.rules.exports import exports, not_used

EXPORTS = exports(
    "salesforce",
    """
@ stamps
created_at CreatedDate, Created Date
modified_at LastModifiedDate, SystemModstamp, Last Modified Date
is_deleted IsDeleted, Deleted

= accounts: Salesforce accounts
needs Id, Name
some 2 SystemModstamp, IsDeleted, OwnerId, LastModifiedDate, RecordTypeId, _fivetran_active, CreatedDate
some 2 MasterRecordId, PhotoUrl, BillingCountry, ParentId, AccountSource, AnnualRevenue, NumberOfEmployees
objects Account
files account, accounts, sf_account, salesforce_account, salesforce_accounts
account_id Id, AccountId, Account ID, 18 Digit Account ID, Account ID 18
account_name Name, AccountName
account_domain Website
parent_id ParentId
parent_name Parent Account
merged_into_id MasterRecordId
owner_id OwnerId
owner_name Account Owner, Owner.Name
owner_mail Owner.Email, Account Owner Email
industry Industry
@stamps

= opportunities: Salesforce opportunities
needs Id, StageName
some 1 SystemModstamp, IsDeleted, OwnerId, LastModifiedDate, CloseDate, ForecastCategory, AccountId, IsWon
objects Opportunity
files opportunity, opportunities, sf_opportunity, salesforce_opportunity
opportunity_id Id, OpportunityId, Opportunity ID
name Name, Opportunity Name
account_id AccountId
account_name Account Name, Account.Name
stage StageName, Stage
kind Type, OpportunityType
amount Amount
currency CurrencyIsoCode, Opportunity Currency
probability Probability, Probability (%)
closed_at CloseDate
is_won IsWon, Won
is_closed IsClosed, Closed
person_id OwnerId
person_name Opportunity Owner, Owner.Name
@stamps

= contacts: Salesforce contacts
needs Id, LastName
some 2 SystemModstamp, IsDeleted, OwnerId, LastModifiedDate, AccountId, MailingCity, ReportsToId, LeadSource
objects Contact
files contact, contacts, sf_contact, salesforce_contact
contact_id Id, ContactId, Contact ID
account_id AccountId
account_name Account Name, Account.Name
first_name FirstName
last_name LastName
contact_name Name, Contact Name, Full Name
contact_mail Email
title Title
has_left no_longer_at_company_c
@stamps

= contracts: Salesforce contracts
needs Id, AccountId, StartDate
some 1 ContractTerm, ContractNumber, EndDate, SystemModstamp
objects Contract
contract_id Id, ContractId, Contract ID
account_id AccountId
account_name Account Name
starts_on StartDate, Contract Start Date
ends_on EndDate, Contract End Date
term_months ContractTerm, Contract Term (months)
status Status
@stamps

= interactions: Salesforce tasks
needs Id, ActivityDate, Status
some 1 WhoId, WhatId, TaskSubtype, IsHighPriority, OwnerId
objects Task
files task, tasks, sf_task
interaction_id Id, ActivityId, Activity ID
account_id AccountId
account_name Company / Account
contact_id WhoId
person_id OwnerId
person_name Assigned
subject Subject
kind TaskSubtype, CallType
happened_at CompletedDateTime, ActivityDate, Date, Due Date
status Status
minutes CallDurationInSeconds
@stamps

= interactions: Salesforce events
needs Id, StartDateTime
some 1 WhoId, WhatId, DurationInMinutes, OwnerId, EventSubtype
objects Event
files event, events, sf_event
interaction_id Id, ActivityId
account_id AccountId
contact_id WhoId
person_id OwnerId
subject Subject
kind Type, EventSubtype
happened_at StartDateTime, ActivityDateTime, ActivityDate
ends_at EndDateTime
minutes DurationInMinutes
@stamps

= tickets: Salesforce cases
needs Id, CaseNumber
objects Case
files case, cases, sf_case
ticket_id Id, CaseId, Case ID, CaseNumber, Case Number
account_id AccountId
account_name Account Name
contact_id ContactId
contact_name Contact Name
subject Subject
priority Priority
kind Type, Reason
status Status
opened_at CreatedDate, Date/Time Opened, Opened Date, Date Opened
solved_at ClosedDate, Date/Time Closed, Closed Date
is_escalated IsEscalated, Escalated
modified_at LastModifiedDate, SystemModstamp
is_deleted IsDeleted

= people: Salesforce users
needs Id, Username
some 1 ProfileId, UserRoleId, IsActive, Alias
objects User
files user, users, sf_user
person_id Id, UserId
person_name Name, Full Name
first_name FirstName
last_name LastName
person_mail Email
role Title
is_active IsActive, Active
region Country
time_zone TimeZoneSidKey

= accounts: Salesforce account report
needs Account Name, Account Owner
some 1 Account ID, Type, Rating, Last Activity, Last Modified Date, Billing State/Province, Billing City
some 1 Parent Account, Billing Country, Annual Revenue, Website
like Salesforce accounts

= opportunities: Salesforce opportunity report
needs Opportunity Name, Stage
some 2 Account Name, Close Date, Opportunity Owner, Fiscal Period, Age
like Salesforce opportunities

= contacts: Salesforce contact report
needs Account Name, First Name, Last Name
some 1 Contact ID, Contact Owner, Mailing Street, Account Owner, Mailing City
like Salesforce contacts

= tickets: Salesforce case report
needs Case Number, Account Name
some 1 Case Owner, Date/Time Opened, Opened Date, Age, Case ID, Status, Subject
like Salesforce cases

= interactions: Salesforce activity report
needs Subject, Assigned, Company / Account
some 1 Date, Task, Priority, Activity ID
like Salesforce tasks

= attributes: Salesforce account history
needs _fivetran_start, _fivetran_end, Id, Name
some 1 MasterRecordId, OwnerId
files account_history, sf_account_history
account_id Id
at _fivetran_start
industry Industry
owner_id OwnerId
is_deleted IsDeleted
    """,
)

NOT_USED = not_used(
    """
opportunities carry their own dates, and their history repeats them: opportunity_history
contacts are versioned as they are loaded: contact_history
leads are no customers yet: lead
amounts are taken from the opportunities: opportunity_line_item
revenue is taken from contracts: order
products are named by contracts: product_2
roles are taken from the users: user_role
    """
)
