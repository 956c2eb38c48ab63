/** Narrows what is asked for, or leaves something open: then a human reads how far it goes. */
export const textReversals: readonly string[] = [
  "^(?:please |pls |aub |gelieve |bitte |svp |ok |ja |oui |yes |no |nee |non |nein )*(?:niet|nicht|don't|dont|do not|never|ne pas|ne ~1jamais) (?:ever |surtout |ooit |vous )?(?:stop|stoppen|stopp|ophouden|aufhoren|arreter|stopper)\\b",
  "\\bn'?e? ?(?:vous |t'|nous )?arrete[rz]?(?: vous)? (?:pas|jamais|surtout)\\b",
  'hort?(?: sie)? ~1nicht auf',
  "\\b(?:do not|don't|dont) (?:text|sms|message) ~1(?:call|ring|phone|mail|e-?mail)\\b",
  '\\b(?:wachtlijst|gastenlijst|waiting ?list|guest ?list|warteliste|liste d.attente)\\b',
  '\\b(?:missen|rater|manquer|verpassen|miss)\\b',
  '\\b(?:maar|mais|aber|but) ~2(?:e-?)?(?:mails?|courriels?|post|brief|whatsapp)\\b',
  '(?:sms\\w*|mail\\w*|bellen) mag\\b',
  '(?:mag|mogen|is|blijft|graag|liefst|liever) (?:wel|goed|ok|oke|nog|per|via)\\b',
  '\\b(?:per|via) (?:mail|e-?mail|post|brief|whatsapp) (?:mag|is|kan|graag|liever|ok|wel)',
  '\\b(?:liever(?! (?:niet|geen|niks))|plutot|lieber(?! (?:nicht|keine|nichts))|rather(?! not)|instead)\\b',
  '\\b(?:tot|jusqu|bis|until|till) ~1(?:na|apres|nach|after|maandag|lundi|montag|monday|januari|janvier|januar|january|volgende|prochain|nachste|next|kerst|noel|weihnachten)',
  "\\b(?:(?<!vanaf )vandaag|(?<!partir d')aujourd'hui|(?<!ab )heute|(?<!from )today|deze week|cette semaine|diese woche|this week|even niet|pour le moment|im moment|for now|tijdelijk|temporairement|temporar)",
  '\\b(?:na|apres|nach|after|voor|avant|vor|before) ~1\\d{1,2} ?(?:u|h|uur|uhr|am|pm|heures?|:)',
  "\\b(?:'s nachts|'s avonds|la nuit|le soir|nachts|abends|at night|in the evening|op zondag|le dimanche|am sonntag|on sundays?|tijdens ~2(?:werk|uren)|at work)",
]
