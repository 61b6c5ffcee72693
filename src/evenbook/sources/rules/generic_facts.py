"""The fact tables that files can be: contracts, meetings, tickets, usage and the rest. Pure data."""

from __future__ import annotations

from evenbook.sources.rules.fields import Table, fields
from evenbook.sources.rules.generic import ACCOUNT, CHANGED, CONTACT, MONEY, PERSON, TERMS
from evenbook.sources.rules.generic import TABLES as BOOK
from evenbook.sources.rules.special import TABLES as SPECIAL

TABLES: dict[str, Table] = {}
AN_ACCOUNT = ("account_id", "account_name", "account_domain")


def _table(name: str, label: str, files: str, *blocks: str, **rest: object) -> None:
    TABLES[name] = Table(name, label, files, fields("".join(blocks)), **rest)  # type: ignore[arg-type]


_table(
    "contacts",
    "contacts",
    r"contacts?|stakeholders?|champions?|end_?users?",
    ACCOUNT,
    """
contact_id id 2 id | (contact|stakeholder|person|end_user)_?(id|key|no)
first_name name 1.5 (contact_)?first_?name | given_name | forename
last_name name 1.5 (contact_)?last_?name | surname | family_name
contact_name name 2 name | (contact|stakeholder|champion)(_(full_)?name)? | full_?name
contact_mail mail 1.5 (contact_|work_|primary_|stakeholder_)?(e_?mail|mail)(_address)?
title word 1.5 (job_|contact_)?title | position
role word 1 ((contact|stakeholder|persona|buying)_)?role | persona | stakeholder_type
is_champion boolean 2 (is_)?champion(_flag)?
left_at past 1 left(_?({AT}|company))? | (no_longer_at_company|departed|deactivated)(_?{AT})?
has_left boolean 0.5 (has_)?left_company | is_former
is_deleted boolean 0.2 (is_|_fivetran_)?(deleted|archived)
    """,
    CHANGED,
    needs=(("contact_name", "contact_mail", "first_name", "last_name", "contact_id"),),
)

_table(
    "contracts",
    "contracts and subscriptions",
    r"contracts?|subscriptions?|agreements?|licen[sc]es?|orders?|terms",
    """
contract_id id 3 (contract|subscription|agreement|order|license|sub)_?(id|no|number|key|code|ref
    |external_id)
    """,
    ACCOUNT,
    """
contract_id id 1 id
product word 1.5 product(_(name|line|family|sku|code))? | sku | plan(_(name|tier|type|level))?
    | edition | package
    | subscription_(plan|tier|type|name)
    """,
    TERMS,
    """
term_months integer 2 (contract_|subscription_)?(term|duration|length)(_(in_)?months)? | months
    | term_length
seats integer 1 (licensed_|paid_|purchased_|contracted_)?(seats|licen[sc]es|quantity|qty|users)(_(count
    |purchased))?
status word 1 ((contract|subscription|agreement)_)?(status|state)
is_lost boolean 1.5 (is_|has_)?churn(ed|_flag)? | (is_)?cancel(l?ed)(_flag)?
lost_at past 1.5 (churn(ed)?|cancel(l?ed|lation)?|lost|terminat(ed|ion))_?{AT} | date_(cancelled|churned)
renewed_at past 1 renewed(_?{AT})? | last_renewal(_?{AT})?
auto_renews boolean 2 (is_)?auto_?(matic)?_?renew(s|al|ing)?(_flag)?
is_trial boolean 1 (is_)?trial(_flag)?
is_deleted boolean 0.2 (is_|_fivetran_)?(deleted|archived)
    """,
    MONEY,
    """
total_value money 1 (total_)?(contract|deal|order)_(value|amount) | tcv | amount | value | total | price
    """,
    CHANGED,
    needs=(
        AN_ACCOUNT,
        ("starts_on", "ends_on", "renews_on", "contract_id"),
        ("arr", "mrr", "contract_id", "ends_on", "renews_on", "total_value"),
    ),
)

_table(
    "renewals",
    "renewals",
    r"renewals?(_forecast)?",
    """
renewal_id id 2 renewal_?(id|no|key)
    """,
    ACCOUNT,
    """
contract_id id 1 (contract|subscription)_?(id|no|number|key)
    """,
    TERMS,
    """
outcome word 2 (renewal_)?(outcome|status|result|stage|forecast|decision)
renewed_at past 1.5 renewed(_?{AT})? | closed(_?{AT})? | (decision|close)_?{AT}
lost_at past 1 (lost|churned)_?{AT}
    """,
    MONEY,
    """
arr money 1 (renewal_|due_|atr_)?(amount|value|arr|atr) | amount_due | available_to_renew
product word 0.5 product(_name)?
    """,
    CHANGED,
    needs=(AN_ACCOUNT, ("renews_on",), ("outcome", "renewed_at", "renewal_id", "arr")),
)

_table(
    "movements",
    "revenue movements",
    r"(arr|mrr|revenue)_?(movements?|changes?|bridge|waterfall|events?|history|log)|movements?|expansions?",
    """
movement_id id 2 (movement|change|transaction|event|entry)_?(id|no|key)
    """,
    ACCOUNT,
    """
happened_at past 1.5 ((movement|change|effective|event|transaction|booking|posting)_)?{AT}
    | effective(_from|_on)?
    | month | period
kind word 2 ((movement|change|event|transaction|revenue|arr|mrr)_)?(type|kind|category|reason) | movement
change money 3 (arr|revenue|net)_(change|delta|movement|impact)(_amount)?
    | (change|delta|movement)_(in_)?(arr|amount)
    | (change|delta|amount|value|arr|impact)(_arr)?
change_mrr rate 3 mrr(_(change|delta|movement|impact))? | (change|delta|movement)_(in_)?mrr
contract_id id 0.5 (contract|subscription)_?(id|no|number|key)
currency currency 0.3 currency(_?(iso_?)?code)? | ccy
    """,
    needs=(AN_ACCOUNT, ("happened_at",), ("kind",), ("change", "change_mrr")),
)

_table(
    "opportunities",
    "opportunities",
    r"opportunit(y|ies|ys)|opps?|deals?|(sales_)?pipeline|quotes?",
    """
opportunity_id id 3 (opportunity|opp|deal|oppty)_?(id|no|number|key|external_id)
name text 1.5 (opportunity|opp|deal)_?(name|title) | opportunity | deal
    """,
    ACCOUNT,
    """
opportunity_id id 1 id | record_id
name text 0.5 name | title
    """,
    PERSON,
    """
stage word 2.5 ((deal|opportunity|sales|opp|pipeline)_)?stage(_name)? | (deal|opp|opportunity)_status
    | status
kind word 1 ((deal|opportunity|opp)_)?(type|kind|category)
product word 0.7 product(_(name|line|interest))?
amount money 1.5 ((deal|opportunity|opp|close|expected|total|sale|sales)_)?(amount|value|revenue|price
    |size) | arr | acv
currency currency 0.3 ((deal|opportunity)_)?currency(_?(iso_?)?code)? | ccy
probability share 1.5 (win_)?(probability|likelihood)(_percent)? | confidence | win_chance
expected_on plan 1 (expected|estimated|target|forecast(ed)?|anticipated|projected)_(close|closing)(_?{AT})?
closed_at plan 1.5 (actual_)?(clos(e|ed|ing))_?{AT}? | (won|lost|decision)_?{AT}? | date_closed
is_won boolean 1 (is_)?won | closed_won
is_closed boolean 1 (is_)?closed
opened_at past 1.5 (open|opened|engage|engaged|engagement|start|started|entered|qualified)_?{AT}
    | opened | pipeline_date
is_deleted boolean 0.2 (is_|_fivetran_)?(deleted|archived)
    """,
    CHANGED,
    needs=(
        ("opportunity_id", "name", "stage"),
        ("stage", "is_won", "probability"),
        ("stage", "amount", "closed_at"),
    ),
)

_table(
    "interactions",
    "interactions",
    r"interactions?|meetings?|calls?|activit(y|ies)|touch_?points?|engagements?|calendar|tasks?|emails?|qbrs?",
    """
interaction_id id 2.5 (interaction|meeting|call|activity|touchpoint|engagement|event|task|email)_?(id|no
    |key|uid)
    """,
    ACCOUNT,
    CONTACT,
    """
attendees mails 2 (external_|customer_|all_)?(attendees|participants|invitees|guests)(_(e_?mails?|list
    |names))?
    | attendee_e_?mails
attendee_count integer 1.5 (num(ber)?_of_)?(attendees|participants)_?(count)? | (attendee|participant)_count
    """,
    PERSON,
    """
interaction_id id 1 id
happened_at booked 2.5 ((interaction|meeting|call|activity|touchpoint|engagement|event|occurred|held
    |scheduled|happened)_?)
    ({AT}|start|start_time|start_date|starts_at) | occurred | {AT} | start(_?(time|date|datetime|at))?
    | starts_at
    | activity_date | call_start(_time)? | day | date_time
time text 0.3 (start_|meeting_|event_)?time(_of_day)?
ends_at booked 1 ((meeting|event|call)_)?end(_?(time|date|datetime|at))? | ends_at
minutes minutes 2.5 ((meeting|call|event|interaction|activity)_)?(duration|length)(_(in_)?\\w+)?
    | minutes | mins
    | duration_?\\w* | time_spent(_\\w+)? | talk_time
kind word 1.5 ((interaction|meeting|call|activity|touchpoint|engagement|event|task)_)?(type|kind|category
    |subtype)
    | channel | medium
status word 1 ((meeting|call|event|activity|interaction)_)?(status|outcome|result|disposition|state)
subject text 1 subject | title | (meeting|event|call)_(title|name|subject) | topic | summary | name
customer_present boolean 1.5 (is_)?(customer|client)_(present|attended|joined|facing) | attended | external
is_internal boolean 1 (is_)?internal(_only)?
action_items integer 1.5 (num(ber)?_of_)?(action_items|follow_ups?|next_steps|todos)(_count)?
sentiment score 1.5 ((call|meeting|customer)_)?sentiment(_score)?
quality score 1 ((call|meeting)_)?(quality|score|rating)(_score)? | call_score
carries_answer boolean 0.7 (carries|has)_(answer|decision|commitment)
direction word 0.5 direction | inbound_outbound
is_deleted boolean 0.2 (is_|_fivetran_)?deleted
    """,
    CHANGED,
    needs=(
        ("happened_at",),
        ("kind", "minutes", "subject", "attendees", "interaction_id", "status", "sentiment"),
    ),
)

_table(
    "time_entries",
    "time entries",
    r"time_?(entr(y|ies)|sheets?|logs?|tracking|reports?|records?)|work_?logs?|logged_(time|hours)|hours",
    """
time_entry_id id 2.5 (time_?(entry|log|sheet|record)|entry|work_?log)_?(id|no|key)
    """,
    ACCOUNT,
    PERSON,
    """
time_entry_id id 1 id
worked_on past 2 ((worked|work|spent|logged|entry|time|timesheet|booking)_?){AT} | worked | spent_date
    | day | {AT} | start(ed)?(_?(time|date|at|on))?
minutes minutes 3 ((logged|worked|spent|booked|billable|billed|total|rounded|decimal|tracked)_)+(hours?|hrs|h
    |minutes|mins|time|duration)(_decimal)?
    | (hours?|hrs|minutes|mins|time|duration)_(logged|worked|spent|booked|tracked|decimal)\\w*
    | hours | hrs | duration_?\\w* | minutes
note text 0.5 notes? | description | comments? | task(_name)? | memo
is_deleted boolean 0.2 (is_|_fivetran_)?deleted
    """,
    CHANGED,
    needs=(AN_ACCOUNT, ("person_mail", "person_id", "person_name"), ("worked_on",), ("minutes",)),
)

_table(
    "tickets",
    "tickets",
    r"(support|supports)?_?(tickets?|cases?|issues?|incidents?|requests?)|support",
    """
ticket_id id 3 (ticket|case|issue|incident|request|conversation)_?(id|no|number|key|ref)
    """,
    ACCOUNT,
    CONTACT,
    """
ticket_id id 1 id | number | key
subject text 1 subject | title | summary | (ticket|case|issue)_(title|subject|name)
priority word 2 ((ticket|case|issue)_)?(priority|severity|urgency|sev)
kind word 1 ((ticket|case|issue)_)?(type|kind|category|reason)
status word 1.5 ((ticket|case|issue)_)?(status|state)
opened_at past 2 (ticket_|case_)?(opened|open|created|submitted|reported|raised|received|logged)(_?{AT})?
    | (date_|time_)(opened|created|submitted|raised) | open_?date | create_?date | {AT}
escalated_at past 3 escalat(ed|ion)_?{AT} | date_escalated | escalated_on
is_escalated boolean 3 (is_)?escalat(ed|ion)(_flag)? | was_escalated
solved_at past 2 (ticket_|case_)?(solved|closed|resolved|resolution|close|completed)(_?{AT})? | close_?date
    | (date_|time_)(closed|resolved|solved) | full_resolution_{AT}
satisfaction score 2 (ticket_)?(satisfaction|csat)(_?(score|rating))? | customer_satisfaction | rating
satisfaction_at past 1 (satisfaction|csat|rating|rated|survey)_?{AT}
is_deleted boolean 0.2 (is_|_fivetran_)?deleted
    """,
    CHANGED,
    needs=(
        ("ticket_id", "opened_at"),
        ("opened_at",),
        ("priority", "status", "solved_at", "subject", "ticket_id"),
    ),
)

_table(
    "usage",
    "usage",
    r"((product|feature|platform|app|weekly|daily)_)?(usage|utili[sz]ation|adoption|telemetry|logins?|sessions?)"
    r"\w*|events?",
    """
contract_id id 1.5 (contract|subscription|license|sub)_?(id|no|number|key)
    """,
    ACCOUNT,
    """
event_id id 1 (usage|event|record|row|session|log)_?(id|key|uuid)
user_id id 1.5 (user|visitor|member|end_user|contact|distinct|actor|seat|profile)_?(id|key|uuid|e_?mail
    |external_id)
    | user | e_?mail | contact_external_id
week week 3 week(_?(start|starting|of|commencing|ending|end|beginning|number|no|{AT}))*(_date)?
    | iso_week | wk
    | (start|end)_of_week | year_week | (reporting_)?week | period_(start|week)
month week 1 month(_?(start|of|{AT}))? | year_month | period
day past 2 ((usage|event|activity|login|session|log|metric|snapshot|occurred|report(ing)?)_?)?{AT}
    | event_timestamp
    | timestamp_utc | received_at | occurred | event_date
measure_name word 2.5 (metric|measure|kpi)(_?(name|key|type))? | usage_(metric|type)
value number 1.5 (metric_|measure_|usage_)?value | quantity | total_value
event word 1 event(_?(name|type|action))? | action | activity_type | feature(_(name|key))?
    """,
    needs=((*AN_ACCOUNT, "contract_id"), ("week", "day", "month")),
    rests="measure",
)

_table(
    "scores",
    "scores and surveys",
    r"(customer_?)?health(_?scores?)?(_history)?|scores?|nps|csat|surveys?|sentiment|feedback|pulse",
    """
score_id id 1 (score|survey|response|nps|csat|feedback)_?(id|key)
    """,
    ACCOUNT,
    CONTACT,
    """
happened_at past 2 ((score|scored|survey|response|responded|submitted|answered|measured|snapshot|recorded
    |calculated|as_of
    |health|week|nps|csat)_?)?{AT} | as_of | week(_(start|of|ending))? | month | period | responded
    | snapshot
kind word 1 ((score|survey|metric)_)?(type|kind|name|category) | survey
health score 2.5 ((customer|account|cs|overall)_)?health(_?(score|index|rating|status|colou?r|grade
    |rag))? | rag(_status)?
risk score 2 ((churn|account|customer|renewal)_)?risk(_(score|level|rating))?
    | churn_(probability|likelihood|score)
nps score 2.5 nps(_(score|rating|value|response))? | net_promoter(_score)?
csat score 2.5 (csat|satisfaction)(_(score|rating|value))?
sentiment score 1.5 (csm_)?sentiment(_(score|rating))? | pulse(_score)?
value score 1.5 score(_value)? | value | rating | color | colour | grade | response_score | result
comment text 0.7 (survey_|nps_|csat_)?(comment|comments|feedback|verbatim|reason|answer_text)
    """,
    CHANGED,
    needs=(AN_ACCOUNT, ("happened_at",), ("health", "risk", "nps", "csat", "sentiment", "value")),
)

_table(
    "churns",
    "churn events",
    r"churn(s|ed|_events?|_log|_list)?|cancel(l?ations?|led)|lost_customers",
    """
churn_id id 2 (churn|cancel(lation)?|event)_?(event_)?(id|no|key)
    """,
    ACCOUNT,
    """
churned_at past 3 (churn(ed)?|cancel(l?ed|lation)?|lost|terminat(ed|ion)|effective|event|end)_?{AT}
    | {AT} | date_churned
notice_at past 1 (notice|notified|notification)(_?{AT})?
reason word 2 ((churn|cancel(lation)?|loss|lost)_)?(reason|cause|category)(_(code|category|primary))? | why
is_reactivation boolean 0.5 (is_)?reactivat(ion|ed)
    """,
    needs=(AN_ACCOUNT, ("churned_at",)),
)

_table(
    "attributes",
    "history of attributes",
    r"(account|company|attribute|tier|segment|stage|lifecycle)_?(property_)?(history|changes|log)",
    ACCOUNT,
    """
name word 3 (attribute|field|property)(_?name)?
value text 2 (new_)?value | to_value
at past 2 (changed|change|effective|valid|updated|from|since)_?({AT}|from)? | {AT} | valid_from
tier word 1 tier
segment word 1 segment
stage word 1 (lifecycle_)?stage
region word 1 region
status word 1 status
industry word 1 industry
owner_id id 1 owner_id
is_deleted boolean 0.2 (is_|_fivetran_)?deleted
    """,
    needs=(AN_ACCOUNT, ("at",), ("name", "tier", "segment", "stage", "region", "status", "owner_id")),
)

_table(
    "artifacts",
    "artifacts",
    r"artifacts?|artefacts?|closures?|notes?|briefs?|check_?ins?|documents?",
    """
artifact_id id 2.5 (artifact|artefact|note|document|brief|record|closure)_?(id|key|no)
    """,
    ACCOUNT,
    PERSON,
    """
artifact_id id 1 id
kind word 2 ((artifact|artefact|document|note|record|closure)_)?(type|kind|category) | artifact | artefact
written_at past 2 (written|authored|completed|published|submitted|closed|created|artifact|note)_?({AT})?
    | {AT}
summary text 1.5 summary | body | text | content | note | notes | description
    """,
    CHANGED,
    needs=(AN_ACCOUNT, ("written_at",), ("kind",)),
)


def all_tables() -> dict[str, Table]:
    """Return every kind of table by name."""
    return {**BOOK, **TABLES, **SPECIAL}
