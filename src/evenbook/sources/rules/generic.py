"""The tables that files can be, in words that people use for their columns. Pure data."""

from __future__ import annotations

from evenbook.sources.rules.fields import Table, fields

ACCOUNT = """
account_id id 2 {A}_?(id|ids|no|nr|num|number|key|code|ref|uuid|guid|ext_id|external_id|identifier|crm_id
    |sfdc_id)
    | (crm|salesforce|sfdc|hubspot)_?({A}_)?id | id_{A} | (external|ext)_{A}_id | {A}_external_?id
    | {A}_?id_18
account_name name 1.5 {A}(_name|_title|_full_name|_legal_name)? | name_of_{A} | (legal|logo)_name | logo
account_domain domain 1 ({A}_|web_|email_)?domain(_name)? | ({A}_)?web_?site(_url)? | homepage
"""
CHANGED = """
created_at past 0.3 (date_)?created(_?{AT})? | create_?(date|d_at) | (record_)?creation_(date|time)
    | added_(on|at)
    | insert(ed)?_(at|on|date) | (date_)?logged(_(at|on|date))? | recorded_(at|on) | entered_(at|on)
modified_at past 0.3 (last_)?(modified|updated|changed)(_?({AT}|stamp))? | update_?time | system_modstamp
    | last_update(_date)?
"""
MONEY = """
arr money 2 (current_|total_|contract_|net_|active_|account_|customer_|starting_)?arr(_(amount|value
    |total|current))?
    | (annual|annuali[sz]ed|yearly)_(recurring_revenue|contract_value|subscription_value|subscription
    |recurring)
    | (annual|annuali[sz]ed|yearly)_(spend|fee|run_rate) | acv | subscription_arr
mrr rate 2 (current_|total_|contract_|net_|account_)?mrr(_(amount|value|total|current))?
    | monthly_(recurring_)?(revenue|charges?|fee|spend|amount|value|price|subscription) | monthly_recurring
currency currency 0.3 ((deal|account|contract|arr|billing)_)?currency(_?(iso_?)?code)? | ccy
"""
OWNER = """
owner_mail mail 1 {CSM}_?(e_?mail|mail)(_address)? | e_?mail_of_{CSM}
owner_id id 1 {CSM}_?(user_)?(id|key|code|no|number) | hubspot_owner_id
owner_name name 1 {CSM}(_(full_)?name)? | name_of_{CSM}
"""
PERSON = """
person_mail mail 0.5 ({CSM}|agent|user|host|organi[sz]er|employee|person|author|created_by|held_by|member
    |rep)
    _?(e_?mail|mail)(_address)?
person_id id 0.5 ({CSM}|agent|user|host|organi[sz]er|employee|person|author|created_by|member|rep)_?(id
    |key|code)
person_name name 0.5 ({CSM}|agent|user|host|organi[sz]er|employee|person|author|by|created_by|held_by
    |conducted_by
    |logged_by|sales_agent|member|salesperson|sales_rep|written_by)(_(full_)?name)?
"""
CONTACT = """
contact_mail mail 0.5 (contact|requester|respondent|attendee|participant|end_user|reporter|submitter
    |raised_by
    |opened_by|customer_contact)_?(e_?mail|mail)(_address)?
contact_id id 0.5 (contact|requester|respondent|who|end_user|reporter)_?(id|key|no)
contact_name name 0.5 (contact|requester|respondent|customer_contact|end_user|reporter|raised_by|opened_by)
    (_(full_)?name)?
"""
TERMS = """
starts_on plan 1 started(_?{AT})?
    | ((contract|subscription|term|agreement|service|license|plan)_)?(start|starts|begin
    |effective)
    (_?{AT})? | start_?date | (contract|subscription)_(begin|signed|commencement)(_?{AT})?
    | (effective|commencement|activation)_(from|date) | signed_(on|at|date)
ends_on plan 1 ((contract|subscription|term|agreement|service|license|plan)_)?(end|ends|ended|expiry
    |expiration|expires)
    (_?{AT})? | end_?date | (valid|active)_(until|to) | (contract|subscription)_expir(y|ation|es)(_?{AT})?
renews_on plan 1.5 (next_|contract_|subscription_|upcoming_|account_)*renew(al|als|s)?(_?{AT})?
    | renewal_due(_date)?
    | renewal_?date | next_renewal | due_for_renewal
"""

TABLES: dict[str, Table] = {}


def _table(name: str, label: str, files: str, *blocks: str, **rest: object) -> None:
    TABLES[name] = Table(name, label, files, fields("".join(blocks)), **rest)  # type: ignore[arg-type]


_table(
    "accounts",
    "accounts",
    r"accounts?|customers?|clients?|companies|company|organi[sz]ations?|tenants?|book",
    """
parent_id id 2 (parent|ultimate_parent|hq)(_{A})?_(id|key|no)
parent_name name 2 (parent|ultimate_parent|hq)(_({A}|name))*(_name)? | subsidiary_of | part_of_group
merged_into_id id 0.3 master_record_id | merged_into(_id)?
    """,
    ACCOUNT,
    """
account_id id 1 id | record_id | external_id
account_name name 0.7 name | legal_entity
owner_other name 0.5 {ROLES}_({CSM}|owner|manager|lead|csm|specialist)(_name)?
    """,
    OWNER,
    """
pool_name name 1 (cs_|csm_)?(pool|queue|pod)(_name)?
tier word 2 ((customer|account|service|success|support|cs)_)?tier | touch(_model|_level)? | coverage_model
segment word 2 ((customer|account|market|company|business)_)?segment(ation)? | size_segment | company_size
stage word 2 ((customer|account)_)?(lifecycle|life_cycle|journey)_?(stage|phase|status)? | stage
    | phase | cs_stage
region word 1 region | geo | geography | territory | market | theat(er|re) | sales_region
    | (regional_)?office
industry word 1 industry | vertical | sector | industry_(name|vertical|segment)
products word 1 products?(_(owned|count|purchased|bought|name|line|list))? | num(ber)?_of_products
    | product_count
complexity integer 1 complexity(_(level|score|rating))? | technical_complexity
regulated boolean 1 (is_)?regulated(_industry)?
strategic boolean 1 (is_)?(strategic|key)(_(account|flag|customer))?
seats integer 1 (licensed_|paid_|purchased_|contracted_|total_)?(seats|licen[sc]es)(_(count|purchased
    |sold|total))?
    | (num(ber)?_of|no_of)_(seats|licen[sc]es)
integrations integer 0.5 (num(ber)?_of_|active_)?integrations?(_count)?
use_cases integer 0.5 (num(ber)?_of_)?use_cases?(_count)?
plan word 1 (current_)?plan(_(name|type|tier|level))? | subscription_(plan|tier|type|level) | edition
    | package
status word 1 ((customer|account|subscription)_)?(status|state) | lifecycle_status | customer_type
churned_at past 1 churn(ed)?_?{AT} | (cancel(l?ed|lation)?|lost|deactivated|offboarded)_?{AT} | date_churned
is_churned boolean 1 (is_|has_)?churn(ed|_flag)? | churn(_(label|value|status))?
    | (is_)?cancel(l?ed)(_flag)?
is_active boolean 0.7 (is_)?active(_(customer|flag))? | is_customer
is_deleted boolean 0.2 (is_|_fivetran_)?(deleted|archived)
started_at past 1.5 (customer|client|account)_?(since|start|started|created)(_?{AT})? | sign_?up_?{AT}?
    | since | became_(a_)?customer(_?{AT})?
    | (onboard(ed|ing)|go_live|live|activation|activated|joined|join|kick_?off)_?({AT}|start_date)?
    | first_(contract|purchase|paid)_?{AT}? | acquisition_date | date_joined
health score 1.5 ((customer|account|cs|overall|current|total)_)?health(_?(score|index|rating|status
    |colou?r|grade|rag))?
    | rag(_status)? | csat_health
risk score 1 ((churn|account|customer|renewal)_)?risk(_(score|level|rating))?
    | churn_(probability|likelihood|score)
nps score 1 (latest_|last_|current_)?nps(_(score|latest|rating))? | net_promoter(_score)?
csat score 1 (latest_|last_|avg_|average_)?(csat|satisfaction)(_(score|rating))?
sentiment score 0.7 (csm_)?sentiment(_(score|rating))? | csm_pulse | pulse
    """,
    TERMS,
    MONEY,
    """
company_revenue money 0.5 (annual_|yearly_|company_|total_)?(revenue|turnover|sales)
    """,
    CHANGED,
    needs=(("account_id", "account_name", "account_domain"),),
    is_unique_by_account=True,
    is_identity=True,
)

_table(
    "people",
    "people of the team",
    r"people|csms?|team|teams|users?|employees?|staff|agents?|reps?|owners?|sales_teams?|members?|capacity|roster",
    """
person_mail mail 2 (work_|user_|csm_|employee_|owner_|agent_)?(e_?mail|mail)(_address)?
person_id id 2 id | (user|csm|employee|owner|agent|person|staff|member|rep|sales_agent)_?(id|key|no
    |number|code)
first_name name 1 first_?name | given_name | forename
last_name name 1 last_?name | surname | family_name
person_name name 2 name | full_?name | (user|csm|employee|owner|agent|person|staff|member|rep
    |display)(_name)?
    | sales_agent | customer_success_manager | account_manager
role word 1 role | job_?title | title | position | function | user_role | csm_type | level | seniority
role_since plan 1 (in_)?(role|position|job|title)_(since|from|changed|changes|change|start|starts|started
    |effective)(_?({AT}|date|from))?
    | in_(role|position)_since
team word 1.5 team(_name)? | group | department | squad | pod | business_unit
manager_name name 1 (manager|leader|lead|reports_to|team_lead|supervisor|boss)(_(name|e_?mail))?
started_on past 1.5 (hire|hired|start|started|joined|join|employment_start|onboard(ed)?)_?({AT}|date)?
    | tenure_start
left_on plan 1 (left|leave|termination|terminated|end|exit|departure|last_day)_?({AT}|date|working_day)?
working_share share 2 fte | working_share | (work|working|employment)_(share|percent(age)?|pct|time)
    | part_time_share
    | capacity_(percent|pct|share)
monthly_hours number 2 (monthly|month)_(capacity_)?hours
    | (capacity|available|customer_facing)_hours(_(per|a)?_?month)?
    | hours_(per_)?month | capacity
region word 1 region | geo | territory | location | country | (regional_)?office | theat(er|re)
time_zone word 1 time_?zone(_sid_key)? | tz
languages text 1 languages?(_spoken)?
industries text 1 industries | industry | specialisations? | specializations? | verticals?
is_active boolean 0.5 (is_)?active | enabled
is_deleted boolean 0.2 (is_|_fivetran_)?deleted
    """,
    CHANGED,
    needs=(("person_name", "person_mail", "first_name"),),
    is_identity=True,
)

_table(
    "pools",
    "pools and their members",
    r"pools?|queues?|pods?",
    """
pool_name name 3 (cs_)?(pool|queue|pod)(_name)?
lead_name name 1 (pool_|queue_)?(lead|leader|manager)(_(name|e_?mail))?
    """,
    PERSON,
    """
since_on past 1 since | from | start(_?{AT})? | joined(_?{AT})?
until_on plan 1 until | to | end(_?{AT})? | left(_?{AT})?
    """,
    needs=(("pool_name",), ("person_name", "person_mail", "person_id", "lead_name")),
)

_table(
    "leave",
    "absences",
    r"leaves?|pto|absences?|vacations?|holidays?|time_?off|ooo",
    PERSON,
    """
person_mail mail 0.5 e_?mail
person_name name 0.5 name
first_on plan 2 (first|start|from|leave_start|begin|absent_from)(_?({AT}|day))? | starts?
last_on plan 2 (last|end|to|until|leave_end|through|absent_until)(_?({AT}|day))? | ends?
kind word 1 ((leave|absence|pto)_)?(type|kind|reason) | leave
cover_name name 1 cover(ed)?(_by|_person|_csm)?(_(name|e_?mail))? | backup(_csm)? | delegate
    """,
    needs=(("person_name", "person_mail", "person_id"), ("first_on",), ("last_on",)),
)

_table(
    "owners",
    "history of owners",
    r"owner(s|ship)?(_history)?|assignments?(_history)?|account_owner_history|owner_changes",
    ACCOUNT,
    OWNER,
    """
pool_name name 1 (pool|queue|pod)(_name)?
role word 1 (owner_)?(role|type|function)
since_at past 2.5 since | ((valid|owner|owned|assigned|assignment|effective|active|start)_?)(since|from
    |{AT}|start|start_date)
    | from(_date)? | start_?date | (changed|change)_?{AT}
until_at plan 2 until | ((valid|owner|owned|assigned|assignment|effective|active|end)_?)(until|to|end
    |end_date|through)
    | to(_date)? | end_?date
    """,
    needs=(
        ("account_id", "account_name", "account_domain"),
        ("owner_name", "owner_mail", "owner_id", "pool_name"),
        ("since_at",),
    ),
)
