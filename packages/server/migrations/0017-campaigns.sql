-- Campaigns: which are held, how many messages of each left, and what came of them. And the noes of a day, in their order.

-- One row a hold. What refuses is the campaign's own standing, which the feed carries; this is who did it, and when.
-- reference
create table campaign_holds (
  id uuid primary key,
  brand text collate "C" not null references brands (id),
  campaign text collate "C" not null,
  held_at timestamptz not null,
  held_by text not null,
  released_at timestamptz,
  released_by text,
  check ((released_at is null) = (released_by is null))
);
create unique index campaign_holds_open on campaign_holds (brand, campaign) where released_at is null;

-- How many messages of a campaign left by a system that asks nobody: one row a day and system, the newest report counts.
-- reference
create table campaign_sends (
  brand text collate "C" not null references brands (id),
  campaign text collate "C" not null,
  channel text collate "C" not null check (channel in ('email', 'sms', 'whatsapp', 'phone', 'post', 'push')),
  sent_on date not null,
  source text collate "C" not null,
  sends integer not null check (sends >= 0),
  reported_at timestamptz not null,
  primary key (brand, campaign, channel, sent_on, source)
);

-- Which campaign a claimed message belongs to: on the row of its contact point, so that each is counted once.
alter table sends add column campaign text collate "C";
create index sends_campaign on sends (brand, campaign, sent_at) where campaign is not null;

-- The message that did not arrive, where the report says which it was.
alter table delivery_facts add column brand text collate "C";
alter table delivery_facts add column campaign text collate "C";
create index delivery_facts_campaign on delivery_facts (brand, campaign, heard_at) where campaign is not null;

-- What a campaign brought, and what a day brought.
create index choices_campaign on choices ((origin ->> 'brand'), (origin ->> 'campaign'), recorded_at)
  where (origin ->> 'campaign') is not null;
create index if not exists choices_recorded on choices (recorded_at);
