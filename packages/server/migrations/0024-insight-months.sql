-- The sums of insight_daily by calendar month: a page about a year of many campaigns reads a thirtieth of the rows. Written
-- with each day that is counted, so the two never tell different things.
-- reference
create table insight_monthly (
  brand text collate "C" not null,
  dimension text collate "C" not null,
  -- Its first day.
  month date not null,
  channel text collate "C" not null,
  measure text collate "C" not null,
  value text collate "C" not null,
  count bigint not null check (count >= 0),
  primary key (brand, dimension, month, channel, measure, value)
);
create index insight_monthly_month on insight_monthly (month);

insert into insight_monthly (brand, dimension, month, channel, measure, value, count)
select brand, dimension, date_trunc('month', day)::date, channel, measure, value, sum(count)
from insight_daily
group by 1, 2, 3, 4, 5, 6;

-- Some of those who were written to so often are shown; the number hardly changes after the first weeks of somebody.
create index insight_cohorts_cadence on insight_cohorts (brand, early_sends);
