import type { Queryable } from './database.ts'

/** After every character a name can have. */
const lastCharacter = '\u{10FFFF}'

const findByName = {
  name: 'people-by-name',
  text: `select key from (
      (select key, lower(name) as sorted from relations
       where name is not null and lower(name) collate "C" >= lower($1::text)
         and lower(name) collate "C" < lower($1::text) || $2::text
       order by lower(name) collate "C" limit $3)
      union
      (select key, lower(name) as sorted from relations
       where name is not null and lower(substr(name, strpos(name, ' ') + 1)) collate "C" >= lower($1::text)
         and lower(substr(name, strpos(name, ' ') + 1)) collate "C" < lower($1::text) || $2::text
       order by lower(substr(name, strpos(name, ' ') + 1)) collate "C" limit $3)
    ) as found order by sorted limit $3`,
}

/** The relations whose name, or what follows its first word, begins so; two ranges of two indexes, however many there are. */
export async function findRelationKeysByName(db: Queryable, beginning: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ key: string }>(findByName, [beginning, lastCharacter, limit])
  return rows.map(({ key }) => key)
}
