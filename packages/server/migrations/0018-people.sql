-- People as staff see them: two relations that turned out to be one person, and finding somebody by name.

-- One row a merge under each relation that took part in it. Both keep their own row and their own words; what makes them
-- one person are the ties, and this says which of them the merge made, so that it can be undone.
-- distributed
create table relation_merges (
  relation_key uuid not null,
  id uuid not null,
  -- The relation that staff go on with, and the one that was joined to it.
  kept_key uuid not null,
  joined_key uuid not null,
  -- Every relation that is one person since then.
  members uuid[] not null,
  -- The ties this relation got by it: [{"contactKey", "linkedAt"?, "endedAt"?}], with what was there before.
  ties jsonb not null,
  merged_at timestamptz not null,
  actor text not null,
  ended_at timestamptz,
  primary key (relation_key, id)
);

-- By the beginning of a name, and of what follows the first name. Collation C, because a range of it is read in order.
create index relations_name on relations ((lower(name)) collate "C") where name is not null;
create index relations_family_name on relations ((lower(substr(name, strpos(name, ' ') + 1))) collate "C")
  where name is not null;

-- A person's history names the mails and texts owed to them, among all that are kept.
create index outbound_mails_contact on outbound_mails (contact_key);
create index outbound_texts_contact on outbound_texts (contact_key);
