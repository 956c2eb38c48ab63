-- Insight: what was said and sent, counted by day, so that a page about a year reads thousands of rows and not millions.
-- A worker fills these tables from the ones that hold the facts; all of them but the tags can be thrown away and made again.

-- How far each count came.
-- reference
create table insight_progress (
  id text collate "C" primary key,
  -- The last day that is done.
  through date not null,
  worked_at timestamptz not null
);

-- One row a day and value. brand and channel are '' where nothing named one; measure says what is counted (left, paused,
-- less, asked, scanner, sent), dimension by what (all, topic, campaign, signal, reason, language, age, since_send, answer).
-- reference
create table insight_daily (
  brand text collate "C" not null,
  dimension text collate "C" not null,
  day date not null,
  channel text collate "C" not null,
  measure text collate "C" not null,
  value text collate "C" not null,
  count integer not null check (count >= 0),
  primary key (brand, dimension, day, channel, measure, value)
);
create index insight_daily_day on insight_daily (day);

-- Who took an alternative on a day, who of them stays without a no since, and of how many 90 days have passed.
-- reference
create table insight_kept (
  brand text collate "C" not null,
  day date not null,
  alternative text collate "C" not null,
  taken integer not null,
  -- Of those whose 90 days have passed: how many there are, and how many said no to nothing in them.
  passed integer not null,
  stayed integer not null,
  primary key (brand, day, alternative)
);

-- Since when somebody is written to, how often in their first four weeks, and when they first said no.
-- distributed
create table insight_cohorts (
  contact_key uuid not null,
  brand text collate "C" not null,
  first_on date not null,
  last_on date not null,
  early_sends integer not null,
  left_on date,
  primary key (contact_key, brand)
);

-- The same, counted: by how often (cadence) and for how many weeks after the first four.
-- reference
create table insight_survival (
  brand text collate "C" not null,
  cadence text collate "C" not null,
  weeks integer not null,
  gone integer not null,
  staying integer not null,
  primary key (brand, cadence, weeks)
);

-- What staff call a comment; the words themselves stay with the choice, where an erasure finds them.
-- distributed
create table insight_comment_tags (
  subject_key uuid not null,
  choice_id uuid not null,
  tag text collate "C" not null,
  tagged_at timestamptz not null,
  tagged_by text not null,
  primary key (subject_key, choice_id, tag)
);

create index if not exists choices_recorded on choices (recorded_at);
create index choices_comments on choices (recorded_at) where comment is not null;
