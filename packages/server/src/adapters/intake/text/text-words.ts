/** The words a person answers a text with beside those of wish/stop-keywords.ts, folded: no case, no accents, ß as ss. */
const words = (list: string): readonly string[] => list.trim().split(/\s+/)

/** A no only when hardly anything else is said: each is an ordinary word as well. */
export const weakStopKeywords: ReadonlySet<string> = new Set(
  words(`
    uit fin aus ende einde eind end quit cancel annuler annulez annuleren annuleer weg raus exit halt
    opzeggen opzegging resilier resiliez resiliation kundigen kundigung schluss discontinue cease
    bezwaar opposition widerspruch
  `),
)

/** What may stand beside a weak keyword. */
export const courtesies: ReadonlySet<string> = new Set(
  words(`
    aub alstublieft alsjeblieft graag svp stp merci please pls plz bitte danke dank bedankt thanks thank you thx
    s'il s il te vous plait sofort nu now direct meteen immediatement jetzt ok hallo hello bonjour hi dag u m
  `),
)

/** What may stand beside a keyword without changing it. */
export const stopFillers: ReadonlySet<string> = new Set([
  ...courtesies,
  ...words(`
    sms smsjes sms'jes smsen sms'en smses texto textos tekst texten text texts texting message messages bericht berichten
    berichtjes nachricht nachrichten reclame reclames publiciteit pub pubs publicite publicites werbung werbe-sms promo
    promos promoties spam advertising ads ad marketing
    alle alles all everything tout tous toutes toute total totaal helemaal allemaal direkt
    ja oui yes oke okay ik wil will would like i je veux voudrais souhaite ich mochte want to
    met mit with avec um la le les des aux au du de die das deze dit dat den der het the this these your vos vous uw jullie ihre ihr van von from
    kindly hoor er mee kan kunt u toch onmiddellijk onmiddelijk immediately sofort umgehend
    me mij mich moi se my mijn ons uns nous aan a an voor fur for pour zu te en et und and
    nummer numero number gsm maar eens nou gewoon bon just asap definitief definitivement endgultig
    ermee daarmee hiermee dermee damit hierbij hallo beste meneer mevrouw madame monsieur herr frau sir madam best dear
  `),
])

/** Beside STOP: all of it, whatever else was offered. */
export const wideWords: ReadonlySet<string> = new Set(
  words(`
    stopall stopalles alle alles allemaal helemaal totaal niets all everything anything nothing total
    tout toute tous toutes totalement rien nichts
  `),
)

/** Asks to get texts again. */
export const startKeywords: ReadonlySet<string> = new Set(
  words(`
    start s'abonner starten herstart restart unstop subscribe resubscribe resume aanmelden aanmelding inschrijven inschrijving
    hervatten abonner abonnez inscrire inscription inscrivez reabonner reprendre reprise commencer anmelden anmeldung
    fortsetzen wieder weer ja jazeker jawel oui yes yep yeah aan opt-in optin
  `),
)
export const helpKeywords: ReadonlySet<string> = new Set(
  words('help helpen hulp aide aidez hilfe info infos information informatie informationen assistance support uitleg'),
)

/** Beside START and HELP: nothing that could make a wish of them that somebody did not have. */
export const answerFillers: ReadonlySet<string> = new Set([
  ...courtesies,
  ...words(
    'sms again opnieuw terug encore nouveau moi me mij mich need nodig besoin brauche ich ik i je j ai a oke hoor wil wel natuurlijk gerne meer more mehr plus',
  ),
])

/** Turns STOP and what follows it into a sentence of another kind, or narrows it. */
export const negations: ReadonlySet<string> = new Set(
  words(
    'rigole rigolo jrigole lol jk blague scherz linstant spass grapje haha joke kidding niet geen nooit nicht kein keine nie not never no ne pas jamais aucun werkt marche doesnt dont cannot cant wel nog uniquement seulement alleen enkel nur only slechts sauf behalve except ausser but mais aber tot jusqu jusquen jusqua bis until till tijdens pendant wahrend during even voorlopig tijdelijk mail mails email emails e-mail e-mails',
  ),
)
export const questionWords: ReadonlySet<string> = new Set(
  words(
    'wat waarom hoe wie wanneer waar what why how who when where quoi pourquoi comment quand ou was warum wie wann wo',
  ),
)

/** Nothing but a refusal of something that is not named: it may be one of everything. */
export const bareRefusals =
  /^(?:nee+n?|non+|nein|nope?|no+|nah)(?: ?(?:dank ?(?:u|je)|bedankt|merci|danke|thanks?(?: you)?|thx|hoor|hoor dank je))?$/

/** How phones tell, as a text, that somebody marked a message: what stands between the quotes are our own words. */
export const reactions: readonly RegExp[] = [
  /^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed an? \w+ from|reacted \S+ to)\s+["'“„«‘]/i,
  /^(?:vond|vindt|heeft|hield van|benadrukte|lachte om|reageerde(?: met \S+)? op)\s+["'“„«‘]/i,
  /^(?:a aimé|a adoré|a ri de|n[’']a pas aimé|a insisté sur|a questionné|a réagi (?:avec|par) \S+ à)\s+["'“„«‘]/i,
  /^gefällt mir:?\s+["'“„«‘]/i,
  /^\p{Extended_Pictographic}\S*\s+(?:to|op|à|auf)\s+["'“„«‘]/u,
  /^(?:gefällt|gefiel|hat|liebt|lacht über|betont|fragt)\s+["'“„«‘]/i,
]

/** Our own way out, quoted or sent back. */
export const ownFooter =
  /\bstopp? ?\? ?(?:sms|text|antwoord|repondez|reponse|antworten sie|reply)?:? ?stop\b ?(?:(?:of|ou|oder|or|naar|au|an|to|a)\b[^.!?\n]{0,60})?/g

/** Stops that are no wish, in texts more than in mails. */
export const otherTextStops: readonly string[] = [
  '\\b(?:de stopzetting|hou op zeg|stop ou encore|de stoppen zijn|ook stoppen|nieuwe stoppen)\\b',
  '\\bwann hort? (?:die|das|der) \\w+ auf\\b',
  '\\bstop (?:de|het|een|mijn|je) (?!reclame|sms|bericht|spam|folder|post|gespam)\\w+ ~2(?:in|op) (?:de|het|mijn|een) (?:\\w*bus|post|doos|zak|kast|tas|pakket)\\b',
  '\\bverwijder(?:en|t)? (?:de|het|een) ~1(?:artikel|product|item|bestelling|trui|vlek|doos)\\b',
  '\\b(?:welke|deze|volgende|vorige|laatste|eerste|derde|tweede|een|de|aan|elke|welche|nachste[rn]?|letzte[rn]?|un|du|which|what|my|our|your|the|a|last|next|every|each|tussen|prochain|dernier|quel) ?-?(?:stops?|arrets?)\\b(?! (?:met|avec|mit)\\b)',
  '\\bstop(?:t|te|pen|ping|ped|s)? (?:bij|langs|aan|op|voor|om|halverwege|onderweg|chez|devant|an der|am|bei|vor|for|here|there|hier|daar|ici)\\b(?! ~3mee)',
  '\\bstop ?-?(?:motion|sign|bord|loss|over|button|knop|trein|start|and|en|et|und|(?:& )?go|(?:& )?shop)\\b',
  '\\bstopp?(?:t|te|en)? (?:de|het|die|der|das|jullie|uw|la|le|the|your) ~1(?:actie|promotie|korting|verkoop|solden|winkel|bus|trein|tram|film|markt|beurs|aktion|laden|zug|sale|shop|store)\\b',
  '\\b(?:ik|we|wij|i|ich|wir|je|on) ~1(?:stopp?(?:e|en)?|m.arrete) (?:even|morgen|straks|onderweg|kurz|chez|au|demain|tomorrow)\\b',
  '\\b(?:hoeveel|combien|how many|wie viele|maat) ~2(?:stopp?s|arrets)\\b',
  '\\b(?:wasmachine|machine|toestel|motor|moteur|maschine|gerat|engine|app|phone) ~1stopp?(?:t|s|te|ed)\\b',
  '\\b(?:gestopt met|aufgehort zu|arrete de|stopped|quit) (?:roken|drinken|rauchen|trinken|fumer|boire|smoking|drinking)\\b',
  '\\b(?:trein|train|bus|tram|metro|film|show|actie|promotie|regen|verkoop|zug|musik|muziek|music|auto|wagen|batterij|voiture|rain|sale|het|it|we|he|she) ~1(?:is )?(?:ge)?stopp?(?:t|te|ed|s|ped)?\\b',
  '\\b(?:wanneer|waar|when|where|why|quand|wann|wo)\\b[^.!\\n]{0,40}\\bstopp?(?:t|s)?\\b',
  "\\b(?:can't|cannot|couldn't|kan niet|kon niet|kann nicht)\\b ?~2stopp?(?:en)?\\b",
]
