-- The questions asked after a no, what was answered, who has to hear of it, and what a brand says in its own words.

-- Every version stays as it was, so that an answer can always be read beside the question it answered. The newest is used.
-- reference
create table leave_forms (
  brand text collate "C" not null references brands (id),
  version integer not null check (version >= 1),
  questions jsonb not null,
  published_at timestamptz not null,
  primary key (brand, version)
);

-- A brand's own sentences per language, in place of the product's. The newest version is used.
-- reference
create table brand_wordings (
  brand text collate "C" not null references brands (id),
  version integer not null check (version >= 1),
  texts jsonb not null,
  published_at timestamptz not null,
  primary key (brand, version)
);

-- One row a question that was answered. Free text is not here: it stays with the choice, where an erasure finds it.
-- distributed
create table leave_answers (
  subject_key uuid not null,
  choice_id uuid not null,
  question text collate "C" not null,
  -- The ids that were picked, or the mark on a scale.
  picked text[] not null,
  -- True when the person wrote something in answer to this question.
  has_words boolean not null,
  -- 0: the questions of the product, or the brand's list of reasons.
  form_version integer not null check (form_version >= 0),
  -- What brought the person here.
  brand text collate "C" not null,
  topic text collate "C",
  channel text collate "C" not null,
  campaign text collate "C",
  answered_at timestamptz not null,
  primary key (subject_key, choice_id, question)
);
create index leave_answers_brand on leave_answers (brand, answered_at);

-- What the privacy officer has to hear of: one row an act. Its id is that of the choice it came with.
-- local
create table alerts (
  id uuid primary key,
  kinds text[] not null check (kinds <@ array['never_signed_up', 'spam'] and cardinality(kinds) > 0),
  contact_key uuid not null,
  brand text collate "C" not null,
  topic text collate "C",
  channel text collate "C" not null,
  campaign text collate "C",
  raised_at timestamptz not null,
  -- The mail that tells of it; null where there was no address to tell.
  mail_id uuid,
  seen_at timestamptz,
  seen_by text
);
create index alerts_open on alerts (raised_at) where seen_at is null;
create index alerts_brand on alerts (brand, raised_at);
create index alerts_mail on alerts (mail_id);
