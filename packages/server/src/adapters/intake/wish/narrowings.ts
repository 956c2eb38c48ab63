/** Only one channel of several is meant. Of mails alone: an answer to a text speaks of texts. */
export const otherChannels: readonly string[] = [
  '\\b(?:sms\\w*|textos?|whatsapp|telefoon\\w*|telefonisch|telephone|phone|bellen|gebeld|appels?|appeler|anrufe?n?|calls?|calling)\\b',
  '\\b(?:per post|by post|via de post|par la poste|par courrier|postalisch|brievenbus|papieren|papier|paper|catalogus|catalogue|katalog)\\b',
]

const relatives =
  'collega|man|vrouw|zoon|dochter|moeder|vader|kind|zus|broer|oma|opa|tante|nonkel|buurman|buurvrouw|kleinzoon|' +
  'kollegin|kollege|mutter|vater|mann|frau|tochter|sohn|schwester|bruder|grossmutter|nachbar(?:in)?|onkel|freundin|freund|' +
  'collegue|mari|femme|fils|fille|mere|pere|soeur|frere|voisine?|grand-mere|ami|amie|' +
  'colleague|wife|husband|partner|mother|mum|father|dad|sister|brother|neighbou?r|grandmother|friend|boss|son|daughter'

/** Only some of it is meant: one language, one subject, one copy of two, another kind of list, somebody else. */
export const narrowings: readonly string[] = [
  '\\b(?:in het|in|en|auf|au) (?:frans|engels|nederlands|duits|francais|anglais|neerlandais|allemand|franzosisch|englisch|niederlandisch|deutsch|french|english|dutch|german)\\b|\\b(?:version|versie) ~2need\\b|(?:french|english|dutch|german) version',
  '\\b(?:twice|dubbel|twee ?(?:keer|maal)|en double|deux fois|doppelt|zwei ?mal)\\b',
  '(?:mails?|newsletters?|werbung|reclame|nieuwsbrie\\w+|publicites?|pubs?|advertising)(?: meer| mehr)? (?:about|over|sur|uber|zu)\\b(?! (?:mon|ce|cette|notre|mijn|dit|meine?)\\b)',
  '\\b(?:wachtlijst|gastenlijst|waiting ?list|guest ?list|list of guests|warteliste|gasteliste|teilnehmerliste)\\b|liste (?:d.attente|des invites)|lijst voor (?:de|het)\\b|liste (?:pour|fur) (?:la|le|den|die|das)\\b|list for the\\b|(?:an|a|aan|at) (?:info|mail|kontakt|contact)@',
  `\\b(?:mijn|onze|mon|ma|notre|meine?[nmr]?|unsere?[nmr]?|my|our) (?:${relatives})\\b|lui (?:envoyer|ecrire)\\b|write to (?:him|her)\\b|colleague [a-z]+ [a-z]+ has\\b`,
]

/** Stops that are no wish: removed before anything is read. */
export const otherStops: readonly string[] = [
  '\\b(?:bus|tram|metro|train|truck|pit|full|one|non|short|door|whistle|next|last|first)[- ]?stops?\\b',
  '\\bstops? (?:by|in|over|off|at)\\b',
  '\\bstop(?:contact|watch|page|over|verbod|plaats|licht|lap|uhr|schild)\\w*',
  '\\b(?:bus|tram)(?:halte|stopp?)\\w*',
  '\\bnon ?-?stop\\w*',
  "\\b(?:does not|doesn't|did not|didn't|won't|cannot|can't) stop\\b",
  '\\bstopp?(?:ed|t|te|s)? (?:working|met werken|de fonctionner|zu funktionieren)\\b',
  '\\barret(?:s)? (?:de bus|de tram|maladie)\\b',
]
