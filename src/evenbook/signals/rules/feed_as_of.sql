-- The last week that each usage feed delivered whole and with any usage in it, as each day could see it.
--
-- A feed is late from its second missing week on: the first may still be on its way. What counts is
-- what the detector took for delivered (`feed_reading`): a week in which a feed says that nobody used
-- anything, though enough accounts did before, was not.
with whole as (
  select w.as_of, w.week_on, f.source, max(f.week_on) as delivered_on
  from weeks w
  join feed f on f.visible_at < w.ends_at
  where f.measure = (select measure from usage_measure) and f.share >= $records_feed_complete_share
  group by w.as_of, w.week_on, f.source
)
select
  w.as_of,
  w.source,
  case
    when r.source is null then w.delivered_on
    else coalesce(r.counted_on, least(w.delivered_on, r.none_since_on))
  end as delivered_on,
  coalesce(r.is_hollow, false) as is_hollow
from whole w
left join feed_reading r on r.as_of = w.as_of and r.source = w.source
