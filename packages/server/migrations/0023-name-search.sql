-- People are found by a name however its accents are typed: "Andre" finds André, "Strauss" finds Strauß. Both indexes are
-- of the letters without their marks; the query has the very same expression (storage/people-search.ts), or it would read
-- every name. Marks that stand by themselves have nothing to become, and are left out.

create index relations_plain_name on relations ((
  translate(replace(replace(replace(replace(replace(lower(name),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ĳ', 'ij'), 'þ', 'th'),
    E'àáâãäåāăąǎçćĉċčðďđèéêëēĕėęěĝğġģǧĥħìíîïĩīĭįıǐĵķĺļľŀłñńņňòóôõöøōŏőǒŕŗřśŝşšșţťŧțùúûüũūŭůűųǔŵẁẃẅẍýÿŷỳźżž’‘\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0326\u0327\u0328',
    'aaaaaaaaaacccccdddeeeeeeeeeggggghhiiiiiiiiiijklllllnnnnoooooooooorrrsssssttttuuuuuuuuuuuwwwwxyyyyzzz''''')
) collate "C") where name is not null;

create index relations_plain_family_name on relations ((
  translate(replace(replace(replace(replace(replace(lower(substr(name, strpos(name, ' ') + 1)),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'ĳ', 'ij'), 'þ', 'th'),
    E'àáâãäåāăąǎçćĉċčðďđèéêëēĕėęěĝğġģǧĥħìíîïĩīĭįıǐĵķĺļľŀłñńņňòóôõöøōŏőǒŕŗřśŝşšșţťŧțùúûüũūŭůűųǔŵẁẃẅẍýÿŷỳźżž’‘\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0326\u0327\u0328',
    'aaaaaaaaaacccccdddeeeeeeeeeggggghhiiiiiiiiiijklllllnnnnoooooooooorrrsssssttttuuuuuuuuuuuwwwwxyyyyzzz''''')
) collate "C") where name is not null;

drop index relations_name;
drop index relations_family_name;
