export const wordLanguages = ['nl', 'fr', 'de', 'en'] as const
export type WordLanguage = (typeof wordLanguages)[number]

/** Words that hold a sentence together and say nothing of what it is about, with those every comment here has. */
export const stopWords: Record<WordLanguage, ReadonlySet<string>> = {
  nl: words(`de het een één eén en van ik je u jij wij we ze zij hij ons onze mij me mijn jullie uw hun dat die dit deze is was
    zijn waren ben bent heb hebt heeft had hebben word wordt worden werd kan kunt kunnen zal zou wil wilt willen moet
    moeten mag niet geen nooit wel ook nog al maar of als dan om te tot voor na bij met zonder op in uit aan over onder
    door naar er daar hier wat wie waar waarom hoe meer veel te zo toch weer gewoon erg heel alle alles iets niets meer
    dank bedankt graag gr groeten jaar keer`),
  fr: words(`le la les un une des de du d l et ou mais donc or ni car je tu il elle on nous vous ils elles me te se mon
    ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces c ça cela que qui quoi dont où ne n pas
    plus jamais rien est suis es sommes êtes sont était ai as a avons avez ont avait être avoir fait faire peut veux
    veut voudrais pour par sur sous dans avec sans chez en au aux à y très trop aussi bien tout tous toute toutes si
    comme quand j s m t qu merci bonjour`),
  de: words(`der die das den dem des ein eine einer eines einem einen und oder aber ich du er sie es wir ihr mich mir
    dich dir uns euch ihnen mein meine sein seine unser ihre ist bin sind war waren habe hast hat haben hatte wird
    werden wurde kann können will wollen möchte muss soll nicht kein keine nie nur auch noch schon doch zu zum zur von
    vom bei mit ohne auf in im aus an am über unter durch nach für gegen um als wie wenn dass da hier dort was wer wo
    warum so sehr viel mehr alle alles etwas nichts bitte danke`),
  en: words(`the a an and or but i you he she it we they me him her us them my your his its our their this that these
    those is am are was were be been being have has had do does did will would can could should must may not no never
    to of in on at by for with without from into over under about as if than then so too very just more most all any
    some there here what who when where why how please thanks thank don t s m ve ll re`),
}

/** Endings by language, the longest first; a stem keeps at least four letters, three after a plural. */
const endings: Record<WordLanguage, readonly string[]> = {
  nl: ['heden', 'ingen', 'tjes', 'etje', 'tje', 'jes', 'ing', 'en', 'je', 'es', 'e', 's', 't'],
  fr: [
    'issements',
    'issement',
    'ations',
    'ation',
    'ements',
    'ement',
    'ives',
    'euses',
    'aient',
    'ées',
    'és',
    'ée',
    'er',
  ].concat(['ent', 'ons', 'ez', 'aux', 'al', 'es', 'é', 'e', 's', 'x']),
  de: [
    'ungen',
    'ung',
    'heiten',
    'heit',
    'keit',
    'chen',
    'end',
    'ern',
    'em',
    'er',
    'en',
    'es',
    'st',
    'e',
    'n',
    's',
    't',
  ],
  en: ['ations', 'ation', 'ments', 'ment', 'ness', 'ings', 'ing', 'edly', 'ies', 'ed', 'ly', 'es', 'e', 's', 'y'],
}

const stemLettersMin = 4

/**
 * Brings the forms of a word together by cutting its ending, after the first steps of the Snowball stemmers
 * (M. F. Porter, 2001). It groups words for a list a human reads: two that should be one are two lines, no more.
 */
export function stemOf(word: string, language: WordLanguage): string {
  const cut = endings[language].find((ending) => word.endsWith(ending) && word.length - ending.length >= stemLettersMin)
  const stem = cut === undefined ? word : word.slice(0, word.length - cut.length)
  const plain = stem.normalize('NFD').replace(/\p{M}/gu, '')
  // mail(l)en, mailt: Dutch and English double a consonant before an ending, Dutch a vowel without one.
  const single = cut === undefined ? plain : plain.replace(/([bdfgklmnprst])\1$/, '$1')
  return language === 'nl' ? single.replace(/(a|e|o|u)\1(?=[^aeiou]*$)/, '$1') : single
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}
