/**
 * How people ask to be left alone, by language. The text is folded first: no case, no accents, ß as ss. In a phrase `~3`
 * stands for up to three words of any kind; the rest is a regular expression.
 */
export type PhraseTable = {
  /** A reply of nothing but these (and polite words) is a no. */
  readonly keywords: readonly string[]
  readonly polite: readonly string[]
  /** A sentence that says it in full. */
  readonly clear: readonly string[]
  /** Words that make a human look. */
  readonly hints: readonly string[]
  /** Turns a wish around or narrows it: then no sentence of the reply is clear. */
  readonly reversals: readonly string[]
  /** Makes a sentence depend on something, tells of the past or speaks of another matter: that sentence is not clear. */
  readonly doubts: readonly string[]
  /** Begins a question that is a request. */
  readonly requests: readonly string[]
}

const nl: PhraseTable = {
  keywords: 'stop stopt stoppen uitschrijven uitschrijving uitgeschreven afmelden afmelding afgemeld'.split(' '),
  polite:
    'aub alstublieft alsjeblieft graag svp dank danku u je bedankt gelieve direct meteen onmiddellijk nu mij me ons voor van de deze die uw jullie met nieuwsbrief nieuwsbrieven mail mails mailing mailings e-mail e-mails reclame beste hallo goedendag goeiedag dag geachte'.split(
      ' ',
    ),
  clear: [
    'schrijft? (?:me|mij|ons|dit adres|mijn (?:e-?mail-?)?adres) ~4uit',
    '(?:me|mij|ons|adres) ~5(?:uit te schrijven|af te melden|uitschrijven|afmelden)',
    '(?:uit|af) (?:te )?(?:schrijven|melden) (?:uit|van|voor) ~3(?:lijst|mailing|nieuwsbrie|mails?)',
    '(?:wil|wens|wensen|willen) ~3(?:uitgeschreven|afgemeld) worden',
    'meldt? (?:me|mij|ons) ~4af',
    '(?:haal|haalt|verwijder|verwijdert|schrap|schrapt) (?:me|mij|ons|mijn ~2(?:gegevens|adres)|dit (?:e-?mail-?)?adres) ~2(?:van|uit) ~4(?:\\w*lijst|\\w*bestand|database|databank|mailing)',
    '(?:me|mij|ons|gegevens|adres) ~2(?:van|uit) ~4(?:\\w*lijst|\\w*bestand|database|databank|mailing) ~1(?:te )?(?:halen|verwijderen|schrappen)',
    '(?:stuurt?|zendt?|mailt?) (?:me|mij|ons) ~2(?:geen|niets|nooit) ~4meer',
    '(?:me|mij|ons) (?:geen|niets|nooit) ~4meer (?:te )?(?:sturen|zenden|mailen)',
    '(?:wil|wens|willen|wensen|hoef) ~4(?:geen|nooit|niets) ~4meer ~2(?:ontvangen|krijgen|te ontvangen)',
    '(?:wil|wens|willen|wensen|hoef) ~3(?:geen|nooit) ~3(?:\\w*mails?|reclame|\\w*nieuwsbrie\\w+|berichten|aanbiedingen|publiciteit)',
    '^~3(?:geen|nooit) ~2(?:e-?mails?|mails?|reclame|\\w*nieuwsbrie\\w+|berichten|aanbiedingen|publiciteit) meer',
    'stop(?:t|pen)? (?:met|deze|die|dit|al die|uw|jullie) ~3(?:\\w*mails?|mailen|reclame|\\w*nieuwsbrie\\w+|sturen|versturen|toesturen|spam)',
    'maak(?:t|en)? (?:hierbij )?bezwaar tegen ~6(?:marketing|reclame|mails?|direct)',
  ],
  hints: [
    'uit ?schrijv',
    'uit te schrijv',
    'uitgeschreven',
    'af ?(?:te )?meld',
    'afgemeld',
    'verwijder',
    'geen ~3(?:reclame|mails?|e-?mails?|nieuwsbrie)',
    'niet meer ~3(?:mailen|sturen|ontvangen|krijgen|schrijven)',
    'mailinglijst',
    '\\bspam',
    '\\b(?:avg|gdpr)\\b',
    'bezwaar',
    'ophouden',
    'lastig ?vallen',
  ],
  reversals: [
    'niet ~2(?:uit ?schrijven|uitgeschreven|afmelden|afgemeld|verwijderen|stoppen)',
    '\\b(?:alleen|enkel|slechts|behalve|maar wel|liever wel|minder)\\b',
    '\\bwel (?:graag|nog)\\b',
  ],
  doubts: [
    '\\b(?:als|indien|tenzij|zodra|waarom|hoe)\\b',
    '(?:heb|hebben|had|ben|werd|was) ~6(?:uitgeschreven|afgemeld|gevraagd|verwijderd)',
    '\\b(?:bestelling|factuur|levering|pakket|contract|abonnement|rekening|offerte|afspraak|klacht)\\b',
  ],
  requests: ['(?:kunt|kun|kan|wilt|wil|zou|zoudt|mag|mogen|graag) '],
}

const fr: PhraseTable = {
  keywords:
    'stop arret arretez arreter desabonner desabonnement desabonnez desinscrire desinscription desinscrivez'.split(' '),
  polite:
    'svp stp merci de d veuillez moi me nous vous s il te plait votre vos la les cette ces newsletter newsletters mail mails e-mail e-mails courriel courriels pub publicite publicites bonjour immediatement tout maintenant d avance'.split(
      ' ',
    ),
  clear: [
    '(?:desabonnez|desinscrivez|retirez|supprimez|enlevez|rayez)[- ](?:moi|nous)\\b',
    '(?:veuillez|merci de|prie de|priere de|je (?:veux|souhaite|voudrais|desire|demande a)|pouvez[- ]vous|pourriez[- ]vous|souhaite) ~3(?:me|nous|m) ?(?:desabonner|desinscrire|retirer|rayer|enlever)',
    '(?:veuillez|merci de|prie de|pouvez[- ]vous|pourriez[- ]vous) ~3(?:supprimer|retirer|enlever|rayer|radier|oter) (?:moi|mon (?:adresse|nom|e-?mail|mail)|mes (?:coordonnees|donnees)|cette adresse) ~3(?:de|des|du) ~3(?:listes?|fichiers?|bases?|newsletters?|mailings?|envois)',
    '(?:retirez|supprimez|enlevez|rayez|otez) (?:mon (?:adresse|nom|e-?mail|mail)|mes (?:coordonnees|donnees)|cette adresse) ~3(?:de|des|du) ~3(?:listes?|fichiers?|bases?|newsletters?|mailings?|envois)',
    '(?:souhaite|souhaitons|veux|voulons|desire|desirons|voudrais) (?:plus|pas) ~3(?:recevoir|de (?:mails?|courriels?|publicites?|newsletters?))',
    "(?:ne )?(?:plus|pas) (?:me |nous |m')(?:envoyer|ecrire|contacter|adresser)",
    "(?:ne |n')?m'?(?:envoyez|ecrivez|adressez) plus",
    'ne (?:nous|me) (?:contactez|envoyez|ecrivez|sollicitez) plus',
    "(?:arretez|cessez|stoppez|arreter|cesser) (?:de (?:m'|me |nous )(?:envoyer|ecrire|contacter|harceler|spammer)|(?:de )?m'envoyer|vos (?:mails?|e-?mails?|envois|publicites?|pubs?|spams?)|ces (?:mails?|e-?mails?|envois|publicites?|pubs?)|d'envoyer|l'envoi)",
    '^~2plus (?:de|aucune?) ~1(?:mails?|e-?mails?|courriels?|publicites?|pubs?|newsletters?|messages?)',
    'stop (?:a|aux|la|les|vos|ces) ~1(?:mails?|e-?mails?|pubs?|publicites?|newsletters?|spams?)',
    "m'oppose ~6(?:prospection|publicite|marketing|donnees|mails?)",
  ],
  hints: [
    'desabonn',
    'desinscri',
    'desabon',
    '(?:retir|supprim|enlev|ray)\\w+ ~4(?:liste|fichier|adresse)',
    'ne ~3plus ~3(?:recevoir|mails?)',
    '\\bspams?\\b',
    '\\b(?:rgpd|cnil)\\b',
    'oppose',
    'arretez',
  ],
  reversals: [
    'ne (?:me |nous |m)?~1(?:desabonn\\w+|desinscri\\w+) (?:pas|surtout)',
    'pas (?:me |nous )?(?:desabonner|desinscrire)',
    '\\b(?:seulement|uniquement|sauf|excepte|mais (?:je|gardez|continuez)|moins)\\b',
    '\\btoujours (?:recevoir|interesse)',
  ],
  doubts: [
    '\\b(?:si|lorsque|pourquoi|comment)\\b',
    '(?:ai|avais|avons|suis|etais) ~4(?:desabonnee?|desinscrite?|demande)',
    '\\b(?:commande|facture|livraison|colis|contrat|abonnement|compte|devis|rendez-vous|reclamation)\\b',
  ],
  requests: ['(?:pouvez|pourriez|peux|puis|est-ce que vous pouvez|auriez|voulez|serait-il|est-il possible)'],
}

const de: PhraseTable = {
  keywords: 'stop stopp stoppen abmelden abmeldung abbestellen abbestellung austragen austragung'.split(' '),
  polite:
    'bitte danke vielen dank mich uns sofort umgehend jetzt den die das diesen diese dieser ihre ihren ihrem newsletter mail mails e-mail e-mails werbung vom von aus hallo guten tag gern'.split(
      ' ',
    ),
  clear: [
    '(?:melden|melde|meldet|tragen|trage|nehmen|streichen) sie (?:mich|uns|meine ~2adresse|diese ~1adresse) ~4(?:ab|aus)\\b',
    '(?:mich|uns|adresse) ~5(?:abmelden|abzumelden|austragen|auszutragen|abgemeldet werden|ausgetragen werden)',
    '(?:newsletter|mailings?|werbung|e-?mails?|werbemails?) ~3(?:abbestellen|abzubestellen|abmelden|abzumelden|kundigen)',
    '(?:bestelle|kundige) ~2(?:ihren|den|diesen) newsletter ~2(?:ab)?',
    '(?:nehmen|streichen|loschen|entfernen) sie (?:mich|uns|meine ~2(?:adresse|daten|mailadresse)|diese ~1adresse) ~2(?:aus|von) ~3(?:\\w*liste|\\w*verteiler|datenbank|kartei)',
    '(?:mich|uns|adresse|daten) ~2(?:aus|von) ~3(?:\\w*liste|\\w*verteiler|datenbank|kartei) ~1(?:zu )?(?:nehmen|streichen|loschen|entfernen)',
    'keine ~3(?:\\w*mails?|\\w*werbung|newsletter|nachrichten|angebote|zusendungen) ~2mehr',
    '(?:schicken|senden|mailen) sie (?:mir|uns) ~2(?:keine|nichts|nie) ~4(?:mehr|werbung)',
    '(?:horen|hor|hort) sie ~1auf ~5(?:mails?|werbung|schicken|senden|zuzuschicken|zuzusenden|belastigen)',
    'widerspreche (?:ich )?~6(?:werbung|nutzung|verwendung|verarbeitung|direktwerbung|marketing|zusendung)',
    'stoppen sie ~3(?:\\w*mails?|\\w*werbung|newsletter|zusendung)',
    '(?:mochte|will|wunsche) ~3(?:keine|nichts|nie) ~3(?:\\w*mails?|\\w*werbung|newsletter|zusendungen)',
  ],
  hints: [
    'abmeld',
    'abgemeldet',
    'abzumelden',
    'abbestell',
    'austragen',
    'newsletter ~2kundig',
    'keine ~3(?:mails?|werbung|newsletter)',
    'nicht mehr ~3(?:schreiben|senden|schicken|erhalten|bekommen|kontaktieren)',
    'verteiler',
    '\\bspam',
    '\\bdsgvo\\b',
    'widersp(?:ruch|rech)',
    'belastig',
  ],
  reversals: [
    'nicht ~2(?:abmelden|abbestellen|austragen|loschen|entfernen|abgemeldet)',
    '\\b(?:nur|ausser|aber (?:ich|bitte|den|die)|weniger|seltener|weiterhin)\\b',
  ],
  doubts: [
    '\\b(?:wenn|falls|sobald|warum|wieso|wie kann)\\b',
    '(?:habe|haben|hatte|bin|wurde) ~6(?:abgemeldet|abbestellt|gebeten|ausgetragen|widersprochen)',
    '\\b(?:bestellung|rechnung|lieferung|paket|vertrag|abo|konto|angebot vom|termin|reklamation)\\b',
  ],
  requests: ['(?:konnen|konnten|wurden|kannst|mochten|durfte ich) '],
}

const en: PhraseTable = {
  keywords: 'stop unsubscribe unsubscribed unsuscribe unsubcribe remove optout opt-out stopall'.split(' '),
  polite:
    'please pls thanks thank you me us now immediately asap from this these the your all newsletter newsletters list email emails e-mail e-mails mail mails mailing it hi hello just'.split(
      ' ',
    ),
  clear: [
    '(?:unsubscribe|unsuscribe|unsubcribe) (?:me|us|my ~2address|this ~1address|from)\\b',
    '(?:want|wish|like|need|asked?|asking|request) (?:you )?(?:to )?(?:be )?(?:unsubscribed?|removed from|opted out|opt out)\\b',
    '(?:remove|take|delete|drop) (?:me|us|my ~2(?:name|details|data|address|e-?mail)|this ~1address) ~1(?:from|off) ~4(?:lists?|mailings?|database|newsletters?|e-?mails?|mailing-list)',
    'stop (?:sending|e-?mailing|mailing|spamming|contacting|bothering|writing to) (?:me|us|this|these|your|any|all|such|e-?mails?|newsletters?|spam)\\b',
    'stop (?:these|those|your|all|the) ~2(?:e-?mails?|mails?|newsletters?|messages|spam|advertising|ads|marketing)\\b',
    "(?:do not|don't|dont|never) (?:ever )?(?:e-?mail|contact|write to|write|mail) (?:me|us) (?:again|any ?more|ever)\\b",
    "(?:do not|don't|dont|never) (?:ever )?send (?:me|us) (?:any|more|further|your|these|this|such|e-?mails?|newsletters?|advert|marketing|spam|again)\\b",
    "(?:no longer|do not|don't|dont) (?:want|wish) (?:to )?(?:receive|get|be sent|hear|your|these|any|this)\\b",
    '^~3no (?:more|further) ~2(?:e-?mails?|mails?|newsletters?|messages|advertising|ads|marketing|offers|spam)\\b',
    'opt (?:me|us) out\\b',
    'object to ~6(?:marketing|mailings?|advertising|e-?mails?)\\b',
  ],
  hints: [
    'unsub',
    'unsuscrib',
    'opt(?:ing)?[ -]?out',
    'mailing list',
    '(?:remove|take|delete) ~3(?:list|address|details|data)',
    '\\bspam',
    '\\bgdpr\\b',
    "(?:not|no|don't|stop) ~4(?:e-?mails?|newsletters?|marketing|advertising)",
    'leave (?:me|us) alone',
    'no longer (?:interested|want|wish)',
    'how did you get my',
  ],
  reversals: [
    "(?:do not|don't|dont|never|not|didn't|did not) ~2(?:unsubscribe|remove|opt (?:me|us)|be removed|be unsubscribed)",
    '\\b(?:only|except|apart from|but (?:keep|i|please keep|not|still)|just the|less often|fewer)\\b',
    '\\b(?:still (?:want|like|wish)|keep (?:me|sending))\\b',
  ],
  doubts: [
    '\\b(?:if|unless|until|when|why|how|once)\\b',
    '(?:have|had|was|were|been|did|already) ~3(?:unsubscribed?|asked|removed|opted)',
    '\\b(?:order|invoice|delivery|parcel|shipment|contract|subscription|account|appointment|refund|quote)\\b',
  ],
  requests: ['(?:can|could|would|will|may i|might) '],
}

export const phrases: readonly PhraseTable[] = [nl, fr, de, en]

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
