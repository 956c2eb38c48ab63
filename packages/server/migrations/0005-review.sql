-- What a human reads and decides, from any source, and delivery facts of any channel.

alter table delivery_facts
  add column channel text not null default 'email'
    check (channel in ('email', 'sms', 'whatsapp', 'phone', 'post', 'push')),
  -- Which system reported it; null where the hub heard it itself.
  add column source text,
  drop constraint delivery_facts_outcome_check,
  -- `delivered` is proof of life, kept only where it changes what is known; `dead` is a number nobody has.
  add constraint delivery_facts_outcome_check check (outcome in ('hard', 'soft', 'delayed', 'delivered', 'dead'));
alter table delivery_facts alter column channel drop default;

alter table review_items rename column mail_hash to proof_hash;
alter table review_items rename constraint review_items_mail_hash_check to review_items_proof_hash_check;
alter table review_items
  -- A note of a phone call has no bytes to prove.
  alter column proof_hash drop not null,
  add column source text not null default 'email' check (source in ('email', 'sms', 'phone', 'post', 'portal')),
  -- ISO 639-1, where it is known.
  add column language char(2),
  -- The brand whose message was answered; null when nothing says.
  add column brand text,
  -- What it would refuse if it is a no; null where only a human can say whether anybody wrote it at all.
  add column proposed_scope jsonb,
  add column decision text check (decision in ('opt_out', 'narrow', 'not_a_no', 'deadline')),
  add column decision_scope jsonb,
  add column decided_by text,
  -- The reviewer's own words; forgotten with the excerpt.
  add column note text,
  -- What the decision recorded: an array of {subjectKey, choiceId}.
  add column recorded jsonb,
  -- When the words were forgotten: some time after the decision, or with the person.
  add column forgotten_at timestamptz,
  add check (decision is null or decided_at is not null);
alter table review_items alter column source drop default;
create index review_items_decided on review_items (decided_at) where decided_at is not null and forgotten_at is null;

-- Whose marketing waits for an item: its writer, and the holder of a link it came with.
-- local
create table review_subjects (
  contact_key uuid not null,
  item_id uuid not null references review_items (id),
  type text not null check (type in ('email', 'phone', 'post', 'push', 'customer')),
  -- 0 where only the key is known.
  fingerprint bigint not null default 0,
  primary key (contact_key, item_id)
);
create index review_subjects_item on review_subjects (item_id);
insert into review_subjects (contact_key, item_id, type)
  select contact_key, id, 'email' from review_items where contact_key is not null;
