"""What the words in a cell stand for: kinds, outcomes, priorities, stages, tiers. Pure.

A word that none of the lists knows stays as it is said where that does no harm, and is asked
about where a rule would read it wrongly (a tier, a stage).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Rules = tuple[tuple[str, str], ...]

INTERACTION: Rules = (
    ("business_review", r"\b[qemba]\.?b\.?rs?\b|business review|(quarterly|annual|executive|monthly) review"),
    ("onboarding", r"onboard|kick.?off|implementation|training|go.?live|enablement"),
    ("escalation", r"escalat"),
    ("strategic", r"strateg|success plan|roadmap|executive sponsor|exec(utive)? (call|meeting|sync)"),
    ("internal", r"\binternal\b|stand.?up|pipeline review|handover|hand.?off"),
    ("bulk", r"bulk|blast|newsletter|campaign|mass e?.?mail|broadcast|auto(mated)? e?.?mail|sequence"),
    ("reply", r"\breply\b|replied|inbound e?.?mail|incoming|response from|email received"),
    ("mail", r"e.?mail|\bmail\b|outbound|message|slack|chat|linkedin|sms|whats.?app|communication"),
    ("note", r"\bnotes?\b|comment|memo"),
    ("admin", r"admin|data entry|to.?do|\btask\b|paperwork|research|report writing"),
    ("call", r"\bcalls?\b|phone|dial|voice|zoom phone"),
    ("meeting", r"meet|demo|check.?in|sync|video|zoom|teams|on.?site|visit|session|webinar|review|event|1:1"
                r"|one.on.one|appointment|workshop|conversation|touch.?base|lunch|cadence|calendar"),
)  # fmt: skip
REFINED = ("business_review", "onboarding", "escalation", "strategic", "internal")
MEETING_STATUS: Rules = (
    ("no_show", r"no.?show|missed|not attended|did not attend|no answer|left (voice|message)|voicemail|busy"),
    ("cancelled", r"cancel|declin|reschedul|postpone|rejected|aborted|deferred"),
    ("booked", r"schedul|booked|planned|upcoming|pending|not started|in progress|tentative|confirm|open|new"),
    ("completed", r"complet|held|done|attended|connect|closed|occurred|happened|finish|took place|success"),
)  # fmt: skip
PRIORITY: Rules = (
    ("urgent", r"urgent|critical|block|highest|emergency|\b(p|sev|s|severity|priority)?[ -]?[01]\b|outage"),
    ("high", r"high|major|\b(p|sev|s|severity|priority)?[ -]?2\b"),
    ("low", r"low|minor|trivial|\b(p|sev|s|severity|priority)?[ -]?[45]\b"),
    ("normal", r"normal|medium|moderate|standard|default|\b(p|sev|s|severity|priority)?[ -]?3\b"),
)
TICKET_STATUS: Rules = (
    ("deleted", r"deleted|spam|trash"),
    ("open", r"unsolved|unresolved|re.?open"),
    ("solved", r"solved|closed|resolved|done|complete|fixed|answered|won.?t"),
)
SALE: Rules = (
    ("lost", r"\blost\b|closed.?lost|disqualif|abandon|dead\b|rejected|no decision"),
    ("won", r"\bwon\b|closed.?won|signed|booked|closed and paid"),
)
SALE_KIND: Rules = (
    ("renewal", r"renew"),
    ("expansion", r"expan|up.?sell|cross|add.?on|existing|upgrade|growth|amend"),
    ("new", r"\bnew\b|new.?(business|logo|customer)|initial"),
)
MOVEMENT: Rules = (
    ("churn", r"churn|lost|cancel|terminat|attrition|closed lost"),
    ("contraction", r"contract(ion|ed)|down.?(sell|grade)|decrease|reduction|shrink|discount"),
    ("expansion", r"expan|up.?(sell|grade)|cross|add.?on|increase|growth|price|reactivat|win.?back"),
    ("new", r"\bnew\b|initial|first|acquisition|booking|signed"),
    ("renewal", r"renew|flat|no.?change"),
)
TERMS: Rules = (
    ("lost", r"churn|cancel|terminat|lost|non.?renew|not renewed|void"),
    ("draft", r"draft|pending|proposal|quote|approval|future|upcoming|sent"),
    ("ended", r"expired|ended|complete|closed|inactive|lapsed"),
    ("active", r"active|live|current|signed|activated|in force|renewed|ongoing|open|paid|trial"),
)
RENEWAL: Rules = (
    ("lost", r"churn|lost|cancel|not renew|non.?renew|declin|did not"),
    ("renewed", r"renewed|won|closed|signed|complete|retained|expanded|upsold|downgraded|contracted"),
)
CUSTOMER: Rules = (
    (
        "churned",
        r"churn|cancel|\blost\b|former|ex.?customer|terminat|inactive|closed|past customer|deactivated",
    ),
    ("prospect", r"prospect|lead|suspect|evaluat|opportunity|target"),
    ("active", r"active|live|customer|paying|current|client|subscri|won|existing|trial|onboard|open|good"),
)
STAGE: Rules = (
    ("churned", r"churn|cancel|lost|offboard"),
    ("onboarding", r"onboard|implement|kick.?off|launch|set.?up|deploy|activation|welcome"),
    ("renewal", r"renew"),
    ("adoption", r"adopt|ramp|roll.?out|enable|engage"),
    ("value", r"value|steady|mature|expan|growth|grow|optimi|advoca|realiz|realis|retain|retention|loyal"),
)
TIER: Rules = (
    ("1", r"(tier|t|level)?[ _-]*[1i]|strategic|high.?touch|tier.?one|key"),
    ("2", r"(tier|t|level)?[ _-]*(2|ii)|growth|(mid|medium).?touch|tier.?two"),
    ("3", r"(tier|t|level)?[ _-]*(3|iii)|scaled?|low.?touch|pooled|tier.?three"),
    ("4", r"(tier|t|level)?[ _-]*(4|iv)|digital|tech.?touch|self.?serve|no.?touch|tier.?four"),
)
SEGMENT: Rules = (
    ("Enterprise", r"ent|enterprise|large( enterprise)?|global( account)?s?"),
    ("Mid-Market", r"mm|mid|mid.?market|medium( business)?|mid.?size"),
    ("Growth/SMB", r"smb|small( business)?|growth|sme|commercial|growth.?smb|startup"),
    ("Digital/PLG", r"plg|digital|self.?serve|long.?tail|digital.?plg|product.?led"),
)
ROLE: Rules = (
    ("csm", r"\bcsms?\b|customer success|success manager|account manager|\bcs\b|\bcam\b"),
    ("leader", r"leader|head|director|\bvp\b|chief|manager of|lead\b"),
    ("sales", r"sales|account executive|\bae\b|\bsdr\b|\bbdr\b"),
    ("support", r"support|agent|help.?desk"),
    ("operations", r"operations|\bops\b|admin"),
)
ON_ACCOUNT: Rules = (
    ("onboarding", r"on.?board|implement|go.?live"),
    ("adoption", r"adopt"),
    ("expansion", r"expan|up.?sell|cross.?sell"),
    ("renewal", r"renew"),
    ("owner", r"owner|\bcsms?\b|\bcs\b|success|account|primary|\blead\b|named|manager|responsible"),
)
"""Roles of ownership on an account, the owner's last: *renewal owner* is no owner."""
ARTIFACT: Rules = (
    ("check_in_note", r"check.?in|call note|meeting note"),
    ("health_review_log", r"health|review log"),
    ("renewal_risk_brief", r"renewal|risk brief"),
    ("escalation_handoff", r"escalation"),
    ("silence_record", r"silen"),
    ("decision_record", r"decision"),
    ("transfer_brief", r"transfer|handover|hand.?off"),
)


def told(text: object, rules: Rules) -> str:
    """Return what a text stands for by the first rule found in it; "" where none is."""
    words = plain(text)
    return next((name for name, pattern in rules if _search(pattern, words)), "") if words else ""


def named(text: object, rules: Rules) -> str:
    """Return what a text stands for by the rule that it is as a whole; "" where none is."""
    words = plain(text)
    return next((name for name, pattern in rules if re.fullmatch(pattern, words)), "") if words else ""


def plain(text: object) -> str:
    """Return a cell in lower case with single spaces for underscores."""
    return " ".join(str(text if text is not None else "").replace("_", " ").lower().split())


def interaction_kind(kind: str, subject: str) -> str:
    """Return the kind of an interaction from what it is called, its subject refining a plain meeting."""
    found = told(kind, INTERACTION)
    if found in {"", "meeting", "call"}:
        refined = told(subject, INTERACTION)
        if refined in REFINED or (not found and refined):
            return refined
    return found


def _search(pattern: str, words: str) -> bool:
    return re.search(pattern, words) is not None


def known_words(values: Mapping[str, str]) -> Rules:
    """Return rules for words that a person or the policy explained."""
    return tuple((stands_for, re.escape(plain(word))) for word, stands_for in values.items())
