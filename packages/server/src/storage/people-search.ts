import type { Queryable } from './database.ts'

/** After every character a name can have. */
const lastCharacter = '\u{10FFFF}'

/** Small letters of the languages of Europe, and the plain ones that whoever has another keyboard types. */
const marked = 'àáâãäåāăąǎçćĉċčðďđèéêëēĕėęěĝğġģǧĥħìíîïĩīĭįıǐĵķĺļľŀłñńņňòóôõöøōŏőǒŕŗřśŝşšșţťŧțùúûüũūŭůűųǔŵẁẃẅẍýÿŷỳźżž’‘'
/** Two apostrophes at the end, each doubled as SQL wants it. */
const plain = "aaaaaaaaaacccccdddeeeeeeeeeggggghhiiiiiiiiiijklllllnnnnoooooooooorrrsssssttttuuuuuuuuuuuwwwwxyyyyzzz''''"
/** Of names that are written letter by mark (Unicode NFD), as some systems export them. */
const looseMarks = '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0326\u0327\u0328'

/**
 * A name as it is looked for: small letters without their marks. The indexes of migration 0023 are of this very expression;
 * with another one every name would be read.
 */
export function plainName(expression: string): string {
  return `translate(replace(replace(replace(replace(replace(lower(${expression}),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ĳ', 'ij'), 'þ', 'th'), '${marked}${looseMarks}', '${plain}')`
}

const wholeName = plainName('name')
const familyName = plainName("substr(name, strpos(name, ' ') + 1)")
const wanted = plainName('$1::text')

export const findByName = {
  name: 'people-by-name',
  text: `select key from (
      (select key, ${wholeName} as sorted from relations
       where name is not null and ${wholeName} collate "C" >= ${wanted}
         and ${wholeName} collate "C" < ${wanted} || $2::text
       order by ${wholeName} collate "C" limit $3)
      union
      (select key, ${wholeName} as sorted from relations
       where name is not null and ${familyName} collate "C" >= ${wanted}
         and ${familyName} collate "C" < ${wanted} || $2::text
       order by ${familyName} collate "C" limit $3)
    ) as found order by sorted limit $3`,
}

/** The relations whose name, or what follows its first word, begins so; two ranges of two indexes, however many there are. */
export async function findRelationKeysByName(db: Queryable, beginning: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ key: string }>(findByName, [beginning, lastCharacter, limit])
  return rows.map(({ key }) => key)
}
