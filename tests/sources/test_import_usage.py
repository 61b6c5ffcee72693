"""Usage: by week or by day, wide or long, folded whole however it is cut into files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from evenbook.records.models import FeedWeek, UsageWeek
from sources.importing import LATER, NOW, Instance, counts

MONDAY = date(2026, 1, 5)


def weeks(measure: str = "active_users") -> dict[tuple[str, str], float]:
    rows = UsageWeek.objects.filter(measure=measure).order_by("known_at", "pk")
    return {(row.account.name, f"{row.week_on:%m-%d}"): row.value for row in rows.select_related("account")}


def days(first: date, count: int, value: int = 2) -> list[str]:
    return [f"A-1,{first + timedelta(days=n)},{value}" for n in range(count)]


def test_weeks_are_taken_as_they_are_with_a_measure_a_column(instance: Instance):
    instance.accounts("Fern", "Moss")
    rows = ("A-1,2026-01-05,12,40", "A-2,2026-01-05,3,9", "A-1,2026-01-12,14,44")
    report = instance.load_rows("usage.csv", "account_id,week,active_users,logins", *rows)

    assert counts(report) == {"created": 3}
    assert weeks() == {("Fern", "01-05"): 12, ("Moss", "01-05"): 3, ("Fern", "01-12"): 14}
    assert weeks("logins")["Fern", "01-12"] == 44
    row = UsageWeek.objects.filter(week_on=MONDAY).first()
    assert row is not None and row.known_at == datetime(2026, 1, 12, tzinfo=UTC)


def test_a_measure_a_row_is_the_same(instance: Instance):
    instance.accounts("Fern")
    rows = ("A-1,2026-01-05,Active Users,12", "A-1,2026-01-05,logins,40")
    instance.load_rows("weekly_usage.csv", "account_id,week_start,metric,value", *rows)

    assert weeks() == {("Fern", "01-05"): 12} and weeks("logins") == {("Fern", "01-05"): 40}


def test_days_add_up_to_weeks_and_daily_users_keep_their_highest_day(instance: Instance):
    instance.accounts("Fern")
    rows = [f"A-1,{MONDAY + timedelta(days=n)},{n + 1},10" for n in range(7)]
    instance.load_rows("daily.csv", "account_id,date,dau,sessions", *rows)

    assert weeks() == {("Fern", "01-05"): 7} and weeks("sessions") == {("Fern", "01-05"): 70}


def test_events_count_themselves_and_the_different_users_of_a_week(instance: Instance):
    instance.accounts("Fern")
    rows = (
        "A-1,u1,login,2026-01-05T10:00:00Z",
        "A-1,u1,export,2026-01-06T10:00:00Z",
        "A-1,u2,login,2026-01-07T10:00:00Z",
    )
    instance.load_rows("events.csv", "account_id,user_id,event,timestamp", *rows)

    assert weeks() == {("Fern", "01-05"): 2} and weeks("events") == {("Fern", "01-05"): 3}


def test_a_week_that_two_files_share_comes_out_whole_and_a_repeat_changes_nothing(instance: Instance):
    instance.accounts("Fern")
    first = instance.write("usage_1.csv", "account_id,date,sessions", *days(MONDAY, 10))
    second = instance.write("usage_2.csv", "account_id,date,sessions", *days(MONDAY + timedelta(days=10), 4))
    instance.load(first)
    assert weeks("sessions") == {("Fern", "01-05"): 14, ("Fern", "01-12"): 6}

    instance.load(second, now=LATER)
    assert weeks("sessions") == {("Fern", "01-05"): 14, ("Fern", "01-12"): 14}
    before = UsageWeek.objects.count()
    assert [counts(each) for each in instance.load(first, second, now=LATER).files] == [
        {"unchanged": 10},
        {"unchanged": 4},
    ]
    assert UsageWeek.objects.count() == before


def test_the_users_of_a_week_that_two_files_share_are_counted_once(instance: Instance):
    instance.accounts("Fern")
    header = "account_id,user_id,event,timestamp"
    first = instance.write(
        "events_1.csv", header, "A-1,u1,login,2026-01-05T10:00:00Z", "A-1,u2,login,2026-01-06T10:00:00Z"
    )
    second = instance.write(
        "events_2.csv", header, "A-1,u2,login,2026-01-08T10:00:00Z", "A-1,u3,login,2026-01-09T10:00:00Z"
    )
    instance.load(first, second)

    assert weeks() == {("Fern", "01-05"): 3}


def test_weeks_inside_the_file_are_complete_and_its_ends_are_not(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("usage.csv", "account_id,date,sessions", *days(MONDAY + timedelta(days=2), 14))

    shares = dict(FeedWeek.objects.order_by("week_on").values_list("week_on", "share"))
    assert [round(share * 7) for share in shares.values()] == [5, 7, 2]


def test_a_week_that_is_not_over_is_not_complete(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("usage.csv", "account_id,week,active_users", "A-1,2026-02-23,5", "A-1,2026-03-02,1")

    assert list(FeedWeek.objects.order_by("week_on").values_list("week_on", "share")) == [
        (date(2026, 2, 23), 1.0)
    ]


def test_weeks_named_by_their_sunday_are_the_weeks_that_follow(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("usage.csv", "account_id,week,active_users", "A-1,2026-01-04,5", "A-1,2026-01-11,6")

    assert weeks() == {("Fern", "01-05"): 5, ("Fern", "01-12"): 6}


def test_iso_weeks_and_week_ends_are_understood(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("usage.csv", "account_id,week,active_users", "A-1,2026-W02,5", "A-1,2026-W03,6")
    instance.load_rows(
        "usage2.csv", "account_id,week_ending,logins", "A-1,2026-01-11,50", "A-1,2026-01-18,60"
    )

    assert weeks() == {("Fern", "01-05"): 5, ("Fern", "01-12"): 6}
    assert weeks("logins") == {("Fern", "01-05"): 50, ("Fern", "01-12"): 60}


def test_usage_of_an_unknown_account_is_rejected_row_by_row(instance: Instance):
    instance.accounts("Fern")
    rows = ("A-1,2026-01-05,5", "A-9,2026-01-05,5", "A-9,2026-01-12,5", "A-1,2026-01-12,-3")
    report = instance.load(instance.write("usage.csv", "account_id,week,active_users", *rows))

    assert counts(report.files[0]) == {"created": 1, "rejected": 3}
    assert [row["row"] for row in instance.rejects(report)] == ["5", "3", "4"]
    assert instance.rejects(report)[1]["reason"] == "no account has the id 'A-9'"


def test_a_second_row_for_one_account_and_week_is_rejected_and_a_plain_repeat_is_not(instance: Instance):
    instance.accounts("Fern")
    rows = ("A-1,2026-01-05,5", "A-1,2026-01-05,5", "A-1,2026-01-05,6")
    report = instance.load_rows("usage.csv", "account_id,week,active_users", *rows)

    assert counts(report) == {"created": 1, "unchanged": 1, "rejected": 1}


def test_rows_told_apart_by_a_label_add_up(instance: Instance):
    instance.accounts("Fern")
    rows = ("A-1,2026-01-05,Maps,5", "A-1,2026-01-05,Charts,7")
    instance.load_rows("usage.csv", "account_id,week,module,actions", *rows)

    assert weeks("actions") == {("Fern", "01-05"): 12}


def test_usage_by_subscription_finds_its_account(instance: Instance):
    instance.accounts("Fern")
    contracts = instance.write(
        "contracts.csv", "subscription_id,account_id,start_date,arr", "S-1,A-1,2025-01-01,100"
    )
    usage = instance.write("usage.csv", "subscription_id,week,logins", "S-1,2026-01-05,5")
    instance.load(usage, contracts)

    assert weeks("logins") == {("Fern", "01-05"): 5}


def test_a_corrected_week_is_known_from_its_load(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("usage.csv", "account_id,week,active_users", "A-1,2026-01-05,5")
    report = instance.load_rows("usage.csv", "account_id,week,active_users", "A-1,2026-01-05,8", now=LATER)

    assert counts(report) == {"changed": 1}
    assert list(UsageWeek.objects.order_by("pk").values_list("value", "known_at")) == [
        (5.0, datetime(2026, 1, 12, tzinfo=UTC)),
        (8.0, LATER),
    ]


def test_usage_by_month_is_rejected_and_not_spread(instance: Instance):
    instance.accounts("Fern")
    report = instance.load(instance.write("usage.csv", "account_id,month,active_users", "A-1,2026-01-01,5"))

    assert instance.rejects(report)[0]["reason"] == "usage by month can't be told by week"
    assert NOW
