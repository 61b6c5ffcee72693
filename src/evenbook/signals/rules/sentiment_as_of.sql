-- Sentiment of the customer's side as of each day: the last three scored calls and the three before.
--
-- "Last" is by the order in which they became known. Calls older than the policy's days count for
-- nothing. With fewer than all three there is no reading.
with scored as (
  select
    account,
    visible_at,
    happened_at,
    sentiment,
    row_number() over (partition by account order by visible_at, happened_at, row_id) as place
  from interaction
  where sentiment is not null and hidden_at is null
    and happened_at >= (select min(ends_at) from weeks) - to_days(cast($signals_sentiment_days as INTEGER))
),
calls as (
  select
    account,
    visible_at,
    happened_at as happened_0,
    sentiment as sentiment_0,
    lag(happened_at, 1) over ordered as happened_1,
    lag(sentiment, 1) over ordered as sentiment_1,
    lag(happened_at, 2) over ordered as happened_2,
    lag(sentiment, 2) over ordered as sentiment_2,
    lag(happened_at, 5) over ordered as happened_5,
    lag(sentiment, 3) over ordered as sentiment_3,
    lag(sentiment, 4) over ordered as sentiment_4,
    lag(sentiment, 5) over ordered as sentiment_5,
    place
  from scored
  window ordered as (partition by account order by place)
),
timeline as (
  select * from calls
  qualify row_number() over (partition by account, visible_at order by place desc) = 1
)
select
  w.as_of,
  t.account,
  t.happened_0 as sentiment_at,
  (t.sentiment_0 + t.sentiment_1 + t.sentiment_2) / 3 as sentiment_now,
  case
    when t.happened_5 >= w.ends_at - to_days(cast($signals_sentiment_days as INTEGER))
      then (t.sentiment_3 + t.sentiment_4 + t.sentiment_5) / 3
  end as sentiment_before
from weeks w
join account a on a.visible_at < w.ends_at
asof join timeline t on t.account = a.account and t.visible_at < w.ends_at
where t.happened_2 >= w.ends_at - to_days(cast($signals_sentiment_days as INTEGER))
