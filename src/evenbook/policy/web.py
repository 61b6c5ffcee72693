"""The policy on pages: sections as forms, the difference before it is adopted, the history, files.

A change takes two steps. The first shows what would differ and asks why; the second adopts it,
unless somebody else was quicker. What was typed is carried along, so nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy import queries
from evenbook.policy.actions import LONGEST_NOTE, NoteMissing, PolicyMovedOn, adopt, proposed
from evenbook.policy.registry import sections
from evenbook.policy.rules.difference import difference
from evenbook.policy.rules.document import PolicyRefused, from_document, merged, to_document
from evenbook.policy.rules.form import given, questions, with_blank_row
from evenbook.policy.rules.said import change_lines, changed_from_default
from evenbook.policy.rules.yaml_file import LARGEST_FILE, file_heading, text_of, write_yaml
from evenbook.policy.schema import Policy, Section

CARRIED_APART = {"csrfmiddlewaretoken", "step", "note", "expected", "add"}
REFUSED = 422
VERSIONS_SHOWN = 20
NOT_YOURS = "Only operations may change the policy; you may read all of it."


@dataclass(frozen=True)
class SectionLine:
    """One section on the overview."""

    name: str
    title: str
    about: str
    numbers: int
    own: int
    last: queries.LastChange | None


class Shown:
    """Which versions a page of the history shows, as the foot of every list takes it."""

    noun = "version"
    export_links = ()

    def __init__(self, page: Page[int]) -> None:
        self.total, self.pages, self.page = page.paginator.count, page.paginator.num_pages, page.number
        self.first, self.last = page.start_index(), page.end_index()
        self.previous_query = f"page={self.page - 1}" if page.has_previous() else ""
        self.next_query = f"page={self.page + 1}" if page.has_next() else ""


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the sections: how many numbers each has and how many are the organization's own."""
    viewer = asking(request)
    found, differs, last = queries.latest(), _differs(), queries.last_changes(viewer)
    lines = [_section_line(kind, differs, last) for kind in sections()]
    context = {
        "lines": lines,
        "own": sum(line.own for line in lines),
        "numbers": sum(line.numbers for line in lines),
        "newest": _newest(viewer),
        "number": found.number,
        "may_change": queries.may_change(viewer),
    }
    return render(request, "policy/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, name: str) -> HttpResponse:
    """Show a section as a form; look at a change of it; adopt the change."""
    viewer, kind = asking(request), _kind(name)
    if request.method != "POST":
        return _section_page(request, kind, to_document(queries.latest().policy)[name])
    if not queries.may_change(viewer):
        messages.error(request, NOT_YOURS)
        return _section_page(request, kind, to_document(queries.latest().policy)[name], status=403)
    return _section_step(request, kind)


def _section_step(request: HttpRequest, kind: type[Section]) -> HttpResponse:
    current = to_document(queries.latest().policy)
    typed = {**current[kind.name], **given(kind, dict(request.POST.lists()))}
    if "add" in request.POST:
        return _section_page(request, kind, with_blank_row(typed, request.POST["add"], kind))
    if request.POST.get("step") == "edit":
        return _section_page(request, kind, typed)
    try:
        policy = from_document(merged(current, {kind.name: typed}, sections()), sections())
    except PolicyRefused as refusal:
        problems = {problem.path: problem.words for problem in refusal.problems}
        return _section_page(request, kind, typed, problems=problems, status=REFUSED)
    return _review(
        request,
        policy,
        back=request.path,
        nothing=lambda: _section_page(
            request, kind, typed, note="Nothing differs from the version in force."
        ),
    )


def _section_page(
    request: HttpRequest,
    kind: type[Section],
    values: Mapping[str, Any],
    *,
    problems: Mapping[str, str] | None = None,
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = asking(request)
    own = [path for path, is_own in _differs().items() if is_own]
    problems = problems or {}
    asked = questions(kind, values, problems, own=own)
    last = queries.last_changes(viewer)
    context = {
        "kind": kind,
        "questions": [(question, last.get(question.path)) for question in asked],
        "own": sum(question.is_own for question in asked),
        "problem": problems.get(kind.name, ""),
        "problem_count": len(problems),
        "note": note,
        "expected": _expected(request) or queries.latest().number,
        "number": queries.latest().number,
        "may_change": queries.may_change(viewer),
    }
    return render(request, "policy/section.html", context, status=status)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """List the versions with what each changed."""
    viewer = asking(request)
    shown = Paginator(range(queries.how_many_versions(viewer)), VERSIONS_SHOWN).get_page(
        request.GET.get("page")
    )
    versions = queries.history(viewer, skip=max(0, shown.start_index() - 1), limit=VERSIONS_SHOWN)
    context = {
        "versions": [(each, change_lines(each.changes, sections())) for each in versions],
        "shown": Shown(shown),
    }
    return render(request, "policy/history.html", context)


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version: what it changed, and all its numbers."""
    found = _version(asking(request), number)
    context = {
        "version": found,
        "changes": change_lines(found.changes, sections()),
        "newest": queries.latest().number,
        "sections": [
            (type(part), questions(type(part), values))
            for part, values in zip(found.policy.sections, to_document(found.policy).values(), strict=True)
        ],
    }
    return render(request, "policy/version.html", context)


@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Give a version as a YAML file."""
    found = _version(asking(request), number)
    text = write_yaml(found.policy, heading=file_heading(number, found.adopted_at, found.author_name))
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="policy-version-{number}.yaml"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Take a YAML file; look at what it would change; adopt it."""
    viewer = asking(request)
    if request.method != "POST":
        return _load_page(request)
    if not queries.may_change(viewer):
        messages.error(request, NOT_YOURS)
        return _load_page(request, status=403)
    text = request.POST.get("text", "")
    try:
        text = _text_sent(request) or text
        if request.POST.get("step") == "edit":
            return _load_page(request, text=text)
        policy = proposed(text)
    except PolicyRefused as refusal:
        return _load_page(request, text=text[:LARGEST_FILE], refusal=refusal, status=REFUSED)
    return _review(
        request,
        policy,
        back=request.path,
        carried=[("text", text)],
        nothing=lambda: _load_page(request, text=text, note="Nothing differs from the version in force."),
    )


def _load_page(
    request: HttpRequest,
    *,
    text: str = "",
    note: str = "",
    refusal: PolicyRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "text": text,
        "note": note,
        "refusal": refusal,
        "expected": _expected(request) or queries.latest().number,
        "may_change": queries.may_change(asking(request)),
    }
    return render(request, "policy/load.html", context, status=status)


def _review(
    request: HttpRequest,
    policy: Policy,
    *,
    back: str,
    nothing: Callable[[], HttpResponse],
    carried: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """Show what would differ and ask why, or adopt it."""
    latest = queries.latest()
    changes = difference(latest.policy, policy)
    refusal: EvenbookError | None = None
    if changes and request.POST.get("step") == "adopt":
        try:
            return _adopt(request, policy, back=back)
        except (NoteMissing, PolicyMovedOn) as error:
            refusal = error
    if not changes:
        return nothing()
    has_moved_on = isinstance(refusal, PolicyMovedOn)
    context = {
        "changes": change_lines(changes, sections()),
        "carried": carried if carried is not None else _carried(request),
        "back": back,
        "refusal": refusal,
        "note": request.POST.get("note", ""),
        "longest_note": LONGEST_NOTE,
        "expected": latest.number if has_moved_on else _expected(request) or latest.number,
        "next": latest.number + 1,
    }
    return render(request, "policy/review.html", context, status=REFUSED if refusal else 200)


def _adopt(request: HttpRequest, policy: Policy, *, back: str) -> HttpResponse:
    adopted = adopt(
        to_document(policy),
        by=asking(request),
        note=request.POST.get("note", ""),
        now=timezone.now(),
        expected_version=_expected(request),
    )
    messages.success(request, f"Version {adopted.number} is in force.")
    return redirect(back)


def _expected(request: HttpRequest) -> int | None:
    """Return the version that the form was made from, if it says one."""
    said = request.POST.get("expected", "")[:9]
    return int(said) if said.isdecimal() else None


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in CARRIED_APART
        for value in values
    ]


def _text_sent(request: HttpRequest) -> str:
    sent = request.FILES.get("file")
    if sent is None:
        return ""
    return text_of(sent.read(4 * LARGEST_FILE + 1))


def _kind(name: str) -> type[Section]:
    found = next((kind for kind in sections() if kind.name == name), None)
    if found is None:
        raise Http404
    return found


def _version(viewer: Viewer, number: int) -> queries.WholeVersion:
    try:
        return queries.version(viewer, number)
    except queries.NoSuchVersion as error:
        raise Http404 from error


def _newest(viewer: Viewer) -> queries.Version | None:
    number = queries.latest().number
    return queries.version(viewer, number) if number else None


def _differs() -> dict[str, bool]:
    return changed_from_default(queries.latest().policy)


def _section_line(
    kind: type[Section], differs: Mapping[str, bool], last: Mapping[str, queries.LastChange]
) -> SectionLine:
    paths = [f"{kind.name}.{card.name}" for card in kind.cards()]
    changes = [last[path] for path in paths if path in last]
    return SectionLine(
        name=kind.name,
        title=kind.title,
        about=", ".join(card.title for card in kind.cards()[:3]),
        numbers=len(paths),
        own=sum(differs[path] for path in paths),
        last=max(changes, key=lambda each: each.number, default=None),
    )
