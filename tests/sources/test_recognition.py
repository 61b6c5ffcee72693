"""Which table a file is: tools by headers that only they have, others word by word."""

from __future__ import annotations

import pytest

from evenbook.sources.profile import Profiler
from evenbook.sources.reading import Batch
from evenbook.sources.rules.catalogue import others
from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.headers import header
from evenbook.sources.rules.mapping import MappingFault, layout_of, mapping_of
from evenbook.sources.rules.recognition import CATALOGUE, Look, Recognized, recognize, stem_of
from river import ROOT

# From the tools' documentation: no file of these tools that we did not write is at hand.
DOCUMENTED = {
    "Zoho CRM accounts": "Record Id,Account Name,Account Owner.id,Account Owner,Website,Industry,Created Time,Modified Time",
    "Zoho CRM deals": "id,Deal_Name,Account_Name.id,Account_Name.name,Stage,Amount,Closing_Date,Owner.id,Created_Time,Modified_Time",
    "Zoho CRM contacts": "id,First_Name,Last_Name,Email,Account_Name.id,Owner.id,Created_Time,Modified_Time",
    "Zoho CRM events": "id,Event_Title,Start_DateTime,End_DateTime,What_Id.id,Owner.id",
    "Zoho CRM calls": "id,Subject,Call_Type,Call_Start_Time,Call_Duration,Call_Result,What_Id.id",
    "Zoho CRM cases": "id,Case_Number,Subject,Status,Priority,Case_Origin,Account_Name.id,Created_Time",
    "Pipedrive organizations": "id,name,owner_id,people_count,open_deals_count,add_time,update_time",
    "Pipedrive organization export": "Organization - ID,Organization - Name,Organization - Owner",
    "Pipedrive deals": "id,title,org_id,owner_id,stage_id,status,value,currency,add_time,won_time,expected_close_date",
    "Pipedrive deal export": "Deal - ID,Deal - Title,Deal - Organization,Deal - Value,Deal - Status,Deal - Deal created",
    "Pipedrive activities": "id,type,subject,due_date,duration,done,org_id,person_id,owner_id",
    "Freshsales accounts": "id,name,owner_id,website,parent_sales_account_id,open_deals_amount,territory_id,updated_at",
    "Freshsales deals": "id,name,amount,sales_account_id,deal_stage_id,deal_pipeline_id,expected_close,owner_id",
    "Freshsales contacts": "id,first_name,last_name,email,job_title,sales_account_id,updated_at",
    "Freshsales appointments": "id,title,from_date,end_date,targetable_id,owner_id",
    "Gainsight companies": "GSID,Name,ARR,Renewal Date,CSM__gr.Name,CSM__gr.Email,Lifecycle Stage,Status,Modified Date",
    "Gainsight timeline": "GSID,Company Name,Activity Date,Activity Type,Subject,Duration In Mins,Author",
    "Gainsight people": "GSID,Company,Email,First Name,Last Name,Title",
    "Intercom companies": "company_id,name,monthly_spend,plan.name,website,created_at",
    "Intercom conversations": "id,state,priority,created_at,updated_at,source.subject,conversation_rating.rating",
    "Salesforce account report": "Account Name,Account Owner,Account ID,Type,Last Activity,Billing State/Province",
    "Salesforce opportunity report": "Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner",
    "Salesforce case report": "Case Number,Account Name,Case Owner,Date/Time Opened,Subject,Status,Priority",
    "Salesforce contact report": "First Name,Last Name,Account Name,Title,Email,Contact Owner",
    "Salesforce activity report": "Subject,Date,Assigned,Company / Account,Task,Priority",
    "Salesforce contracts": "Id,AccountId,ContractNumber,StartDate,EndDate,ContractTerm,Status",
    "HubSpot company export": "Record ID,Company name,Company Domain Name,Company owner,Create Date,Industry",
    "HubSpot deal export": "Record ID,Deal Name,Deal Stage,Close Date,Amount,Deal owner,Associated Company",
    "HubSpot contact export": "Record ID,First Name,Last Name,Email,Job Title,Associated Company",
    "HubSpot links of contacts to companies": "contact_id,company_id,type_id,category",
    "HubSpot ticket export": "Ticket ID,Ticket name,Ticket status,Create date,Priority,Associated Company",
    "HubSpot meetings": "hs_object_id,hs_meeting_title,hs_meeting_start_time,hs_meeting_end_time,hs_meeting_outcome",
    "HubSpot calls": "hs_object_id,hs_timestamp,hs_call_title,hs_call_duration,hs_call_status,hubspot_owner_id",
    "Zendesk ticket export": "Id,Requester,Requester email,Organization,Subject,Status,Priority,Created at,Solved at",
}
GENERIC = {
    "accounts": ["account_id,account_name,csm,arr,tier,segment,renewal_date,contract_start,health_score",
                 "Company,Owner,Annual Recurring Revenue,Lifecycle Stage,Industry,Renewal,Website",
                 "customer_id,customer_name,csm_email,mrr,plan,region,signup_date", "id,name,csm_email,arr_usd,tier"],
    "people": ["name,email,role,team,start_date,capacity_hours", "csm_id,csm_name,csm_email,region,fte",
               "sales_agent,manager,regional_office", "full_name,work_email,title,manager,hire_date,weekly_hours"],
    "contacts": ["contact_id,account_id,first_name,last_name,email,title,is_champion", "name,email,company,job_title"],
    "contracts": ["contract_id,account_id,start_date,end_date,arr,product", "subscription_id,account_id,mrr_amount,start_date",
                  "account_id,plan,mrr,started_on,cancelled_on,seats,auto_renew"],
    "renewals": ["account_id,renewal_date,outcome,arr", "renewal_id,account_name,renewal_date,status,amount"],
    "movements": ["account_id,date,type,arr_change", "customer,month,movement_type,mrr_change"],
    "opportunities": ["opportunity_id,account_id,stage,amount,close_date,type", "deal_id,company,deal_stage,value,probability"],
    "interactions": ["meeting_id,account_id,csm_email,meeting_date,duration_minutes,attendees,type",
                     "account_id,date,type,duration_min,csm", "account,call_date,minutes,outcome",
                     "customer,activity_date,activity_type,owner,subject"],
    "time_entries": ["entry_id,account_id,user_email,date,hours,notes", "Date,Client,User,Task,Hours,Billable",
                     "customer,employee,spent_date,minutes_spent", "account_id,csm_email,worked_on,duration_minutes,description"],
    "tickets": ["ticket_id,account_id,opened_at,closed_at,priority,escalated",
                "case_number,company,created,resolved,severity,csat", "id,customer_id,subject,status,created_at,solved_at"],
    "usage": ["account_id,week,active_users,logins", "account_id,week_start,metric,value", "date,customer_id,dau,sessions",
              "account_id,user_id,event,timestamp", "account_id,user_email,login_date",
              "usage_id,subscription_id,usage_date,feature_name,usage_count"],
    "scores": ["account_id,date,health_score", "account_id,response_date,nps_score,comment",
               "customer_id,submitted_at,csat,respondent_email"],
    "churns": ["account_id,churn_date,reason", "churn_event_id,account_id,churn_date,reason_code,feedback_text"],
    "owners": ["account_id,csm,from,to", "account_id,owner_email,start_date,end_date"],
    "attributes": ["account_id,tier,effective_date", "account_id,attribute,new_value,changed_at"],
    "leave": ["csm,start,end,type,cover", "email,first_day,last_day,reason"],
    "pools": ["pool,csm", "queue_name,member,since"],
    "artifacts": ["account_id,artifact_type,written_on,author,summary"],
}  # fmt: skip
NUMBERS = ("arr", "mrr", "amount", "value", "users", "logins", "dau", "sessions", "count", "minutes", "duration", "score",
           "csat", "nps", "tier", "hours", "seats", "fte", "probability")  # fmt: skip


def cell(name: str, row: int) -> str:
    words = header(name).plain
    if any(word in words for word in ("date", "week", "_at", "_on", "time", "month", "start", "end", "from", "created",
                                      "resolved", "since", "renewal")):  # fmt: skip
        return f"2025-{row % 12 + 1:02}-15"
    return str(row + 1) if any(word in words for word in NUMBERS) else f"{words} {row}"


def seen(name: str, headers: str, *, repeats: bool = True) -> Recognized:
    names = headers.split(",")
    rows = [[cell(each, row) for each in names] for row in range(20)]
    profiler = Profiler(names)
    profiler.see(Batch(range(2, 22), rows))
    told = {each: repeats for each in names}
    return recognize(Look(name, names, "", profiler.result(), told))


@pytest.mark.parametrize(("label", "headers"), DOCUMENTED.items())
def test_exports_of_tools_are_told_by_their_headers_from_documentation(label: str, headers: str):
    found = seen("export.csv", headers)

    assert (found.verdict, found.mapping.label) == ("known", label)
    assert found.mapping.is_vendor


def test_every_export_was_tried_on_a_file_of_others_or_is_marked_as_from_documentation():
    pages = ROOT / "docs" / "reference"
    tried = (pages / "imported-sets.md").read_text(encoding="utf-8")
    marked = (pages / "imports.md").read_text(encoding="utf-8")
    for export in CATALOGUE:
        line = next(each for each in marked.splitlines() if each.startswith(f"| {export.label} |"))
        is_tried = f"| {export.label} |" in tried
        assert is_tried is not (export.label in DOCUMENTED), export.label
        assert line.endswith("| a file of others |" if is_tried else "| *from documentation* |"), line


@pytest.mark.parametrize(
    ("table", "headers"), [(table, each) for table, all_ in GENERIC.items() for each in all_]
)
def test_plain_tables_are_told_without_the_help_of_their_name(table: str, headers: str):
    found = seen("data.csv", headers, repeats=table != "accounts")

    assert found.mapping.table == table, (found.mapping.columns, found.rivals)


@pytest.mark.parametrize("headers", ["dish,flavor,spice", "lat,lon,altitude", "a,b,c"])
def test_what_no_table_fits_is_said_to_be_unknown(headers: str):
    assert seen("recipes.csv", headers).verdict == "unknown"


def test_a_tool_s_table_that_is_not_used_says_why():
    found = seen("email_event_open_data.csv", "id,_fivetran_synced,duration,browser,location")

    assert (
        found.verdict == "unused" and found.why == "bulk mail and forms say nothing of an account's coverage"
    )


def test_a_file_of_plain_headers_is_never_taken_for_a_tool_s():
    found = seen("accounts.csv", "account_id,account_name,owner,industry,website", repeats=False)

    assert (found.mapping.source, found.mapping.is_vendor) == ("generic", False)


def test_every_export_of_the_catalogue_fills_only_fields_that_its_table_has():
    wrong = {
        export.label: set(export.columns) - {each.name for each in all_tables()[export.table].fields}
        for export in CATALOGUE
    }

    assert {label: names for label, names in wrong.items() if names} == {}
    assert all(export.needs for export in CATALOGUE) and others.EXPORTS


@pytest.mark.parametrize(("said", "plain", "currency", "minutes"), [
    ("AccountName", "account_name", "", None), ("ARR (USD)", "arr", "USD", None), ("mrr_eur", "mrr", "EUR", None),
    ("ARR__c", "arr", "", None), ("property_hs_object_id", "hs_object_id", "", None), ("ARR ($)", "arr", "USD", None),
    ("Call Duration (minutes)", "call_duration", "", 1.0), ("duration_secs", "duration_secs", "", 1 / 60),
    ("SystemModstamp", "system_modstamp", "", None), ("Hours", "hours", "", 60.0), ("hours_spent", "hours_spent", "", 60.0),
    ("Duration (h)", "duration", "", 60.0), ("min", "min", "", None), ("Second name", "second_name", "", None),
    ("minutes to hours x", "minutes_to_hours_x", "", None),
])  # fmt: skip
def test_headers_are_taken_apart(said: str, plain: str, currency: str, minutes: float | None):
    found = header(said)

    assert (found.plain, found.currency, found.minutes) == (plain, currency, minutes)


@pytest.mark.parametrize(("file", "stem"), [
    ("exports/accounts_export_2025.csv", "accounts"), ("ACCOUNTS (1).xlsx", "accounts"), ("book.xlsx#Meetings", "meetings"),
    ("calls.csv", "calls"), ("engagement_call_data.csv", "engagement_call"),
])  # fmt: skip
def test_a_file_s_name_is_told_without_its_trimmings(file: str, stem: str):
    assert stem_of(file) == stem


def test_a_layout_is_the_set_of_its_headers():
    assert layout_of(["a", "b"]) == layout_of(["b", "a"]) != layout_of(["a", "c"])


@pytest.mark.parametrize(("document", "said"), [
    ({"table": "nonsense", "columns": {}}, "no table 'nonsense'"),
    ({"table": "accounts", "columns": {"a": "shoe_size"}}, "no field 'shoe_size'"),
    ({"table": "accounts", "columns": {"a": "account_id", "b": "account_id"}}, "both mapped to account_id"),
    ({"table": "accounts", "columns": ["a"]}, "lists headers"),
])  # fmt: skip
def test_a_mapping_that_cannot_be_says_so_in_a_sentence(document, said: str):
    with pytest.raises(MappingFault, match=said):
        mapping_of(document, ["a", "b"], where="mapping.yaml")
