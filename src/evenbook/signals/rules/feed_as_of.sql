-- The last week that each usage feed delivered whole, as each day could see it.
--
-- A feed is late from its second missing week on: the first may still be on its way.
select w.as_of, f.source, max(f.week_on) as delivered_on
from weeks w
join feed f on f.visible_at < w.ends_at
where f.measure = (select measure from usage_measure) and f.share >= $records_feed_complete_share
group by w.as_of, f.source
