-- Sentiment of the customer's side as of each day: the mean of the last scored calls (policy: how
-- many), and of as many before them.
--
-- Calls older than the policy's days count for nothing. With fewer than all there is no reading.
-- Accounts whose scored calls became known in the order in which they happened, and still stand as
-- they were, take the short way (`straight`), which is nearly all of them.
with scored as (
  select account, row_id, cast(sentiment as DECIMAL(9, 6)) as sentiment, happened_at, visible_at, hidden_at
  from recent_talk
  where sentiment is not null
    and happened_at >= $first_ends_at - to_days(cast($signals_sentiment_days as INTEGER))
),
placed as (
  select
    *,
    lag(visible_at) over ordered as known_before,
    avg(sentiment) over latest as sentiment_now,
    avg(sentiment) over earlier as sentiment_before,
    lag(happened_at, cast($signals_sentiment_calls - 1 as INTEGER)) over ordered as first_at,
    lag(happened_at, cast(2 * $signals_sentiment_calls - 1 as INTEGER)) over ordered as first_before_at,
    lead(visible_at, 1, timestamp '9999-01-01') over ordered as until_at
  from scored
  window
    ordered as (partition by account order by happened_at, row_id),
    latest as (
      partition by account order by happened_at, row_id
      rows between cast($signals_sentiment_calls - 1 as INTEGER) preceding and current row
    ),
    earlier as (
      partition by account order by happened_at, row_id
      rows between cast(2 * $signals_sentiment_calls - 1 as INTEGER) preceding
        and cast($signals_sentiment_calls as INTEGER) preceding
    )
),
crooked as (
  select account from placed where hidden_at is not null or visible_at < known_before group by account
),
straight as (
  select * from placed where account not in (select account from crooked)
),
plain as (
  select
    w.as_of,
    s.account,
    s.happened_at as sentiment_at,
    s.sentiment_now,
    case
      when s.first_before_at >= w.ends_at - to_days(cast($signals_sentiment_days as INTEGER)) then s.sentiment_before
    end as sentiment_before
  from weeks w
  join straight s on s.visible_at < w.ends_at and s.until_at >= w.ends_at
  where s.first_at >= w.ends_at - to_days(cast($signals_sentiment_days as INTEGER))
),
gathered as (
  select
    w.as_of,
    c.account,
    list({'at': c.happened_at, 'sentiment': c.sentiment} order by c.happened_at desc, c.row_id desc) as calls
  from weeks w
  join placed c
    on c.visible_at < w.ends_at
    and c.happened_at >= w.ends_at - to_days(cast($signals_sentiment_days as INTEGER))
  where c.account in (select account from crooked) and (c.hidden_at is null or c.hidden_at >= w.ends_at)
  group by w.as_of, c.account
),
pieced as (
  select
    as_of,
    account,
    calls,
    calls[1:cast($signals_sentiment_calls as INTEGER)] as latest,
    calls[cast($signals_sentiment_calls as INTEGER) + 1:cast(2 * $signals_sentiment_calls as INTEGER)] as earlier
  from gathered
  where len(calls) >= $signals_sentiment_calls
)
select as_of, account, sentiment_at, cast(sentiment_now as DOUBLE) as sentiment_now,
  cast(sentiment_before as DOUBLE) as sentiment_before
from plain
union all
select
  as_of,
  account,
  calls[1].at as sentiment_at,
  list_avg(list_transform(latest, lambda one: one.sentiment)) as sentiment_now,
  case
    when len(earlier) = $signals_sentiment_calls then list_avg(list_transform(earlier, lambda one: one.sentiment))
  end as sentiment_before
from pieced
