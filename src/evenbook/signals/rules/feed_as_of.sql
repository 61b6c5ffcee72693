-- The last week of each usage feed that counted, as each day could see it, and whether the feed has
-- delivered whole weeks since: hollow ones, in which it says that nobody used anything though enough
-- accounts did before. The detector decides which weeks count (`feed_reading`).
--
-- A feed has stopped from its second missing week on: the first may still be on its way.
with whole as (
  select w.as_of, w.week_on, f.source, max(f.week_on) as delivered_on
  from weeks w
  join feed f on f.visible_at < w.ends_at
  where f.measure = (select measure from usage_measure) and f.share >= $records_feed_complete_share
  group by w.as_of, w.week_on, f.source
),
read as (
  select
    w.as_of,
    w.week_on,
    w.source,
    w.delivered_on,
    case when r.source is null then w.delivered_on else coalesce(r.counted_on, least(w.delivered_on, r.none_since_on)) end
      as counted_on
  from whole w
  left join feed_reading r on r.as_of = w.as_of and r.source = w.source
)
select
  as_of,
  source,
  counted_on as delivered_on,
  delivered_on > counted_on as is_hollow,
  counted_on < week_on - 7 as has_stopped
from read
