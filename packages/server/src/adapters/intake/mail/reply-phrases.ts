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
    'aub alstublieft alsjeblieft graag svp dank danku u je bedankt gelieve direct meteen onmiddellijk nu gaarne mij me ons voor van de deze die uw jullie met nieuwsbrief nieuwsbrieven mail mails mailing mailings e-mail e-mails reclame beste hallo goedendag goeiedag dag geachte'.split(
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
    '(?:wil|wens|willen|wensen|hoef) ~3(?:geen|nooit) ~3(?:\\S*mails?|reclame|\\w*nieuwsbrie\\w+|berichten|aanbiedingen|publiciteit)',
    '^~3(?:geen|nooit) ~2(?:e-?mails?|mails?|reclame|\\w*nieuwsbrie\\w+|berichten|aanbiedingen|publiciteit) meer',
    'stop(?:t|pen)? (?:met|deze|die|dit|al die|uw|jullie) ~3(?:\\S*mails?|mailen|reclame|\\w*nieuwsbrie\\w+|sturen|versturen|toesturen|spam)',
    'maak(?:t|en)? (?:hierbij )?bezwaar tegen ~6(?:marketing|reclame|mails?|direct)',
    '(?:wil|wens|wensen|willen) ~5niet (?:meer|langer) ~4ontvangen',
    '(?:gelieve|verzoek|verzoeke|vraag u) ~1(?:me|mij|ons) ~1(?:niet|nooit|niets|niks) meer ~1te (?:mailen|schrijven|sturen|contacteren|benaderen)',
    '(?:mailt?|schrijft?|contacteert?|benadert?) (?:me|mij|ons) ~1(?:niet|nooit) meer\\b',
    '^(?:nie|niet|niets|niks) meer (?:mailen|sturen|versturen|zenden|contacteren|schrijven)(?: aub| svp| alstublieft| graag)*$',
    '^~2(?:stopt?|houdt?|hou) (?:nu |eens |aub |svp |maar |toch )*(?:ermee|daarmee|hiermee)(?: op)?(?: aub| svp)*$',
    '^~1(?:hou|houdt?) ~2op met ~3(?:\\S*mails?|mailen|reclame|spam|spammen|\\w*nieuwsbrie\\w+|sturen)\\b',
    'laat (?:me|mij|ons) ~2met rust',
    'zeg ~4nieuwsbrie\\w+ ~2op$',
    '(?:haal|haalt|schrap|schrapt|verwijder|verwijdert) (?:me|mij|ons) ~1(?:eraf|eruit)\\b',
    '(?:neem|neemt) (?:me|mij|ons) ~1(?:van|uit) ~4(?:\\w*lijst|\\w*bestand|database|databank|mailing)',
    '(?:me|mij|ons|adres) ~1te (?:schrappen|verwijderen|halen) (?:uit|van) ~4(?:\\w*lijst|\\w*bestand(?:en)?|database|databank|mailing)',
    '(?:trek|trekken) ~3toestemming ~6in\\b',
    '(?:zou|zouden|wil|willen) ~2(?:uitgeschreven|afgemeld) ~1worden',
    '(?:mijn|dit|ons) ~1\\S*adres ~1(?:uit|van) ~4(?:\\w*lijst|\\w*bestand|database|databank) (?:te )?(?:halen|verwijderen|schrappen)',
    '(?:mijn|dit|ons) ~1\\S*adres te (?:halen|verwijderen|schrappen) (?:uit|van) ~4(?:\\w*lijst|\\w*bestand|database|databank)',
    '(?:uit|van) ~3(?:\\w*lijst|\\w*bestand) gehaald ~1worden',
  ],
  reversals: [
    'niet ~2(?:uit ?schrijven|uitgeschreven|afmelden|afgemeld|verwijderen|stoppen)',
    '\\b(?:alleen|enkel|slechts|behalve|maar wel|liever wel|minder)\\b',
    '\\bwel (?:graag|nog)\\b',
    '\\bstopt? ~1niet\\b|niet ~4(?:stoppen|ophouden)\\b',
    '\\bmissen\\b',
    '\\bwel (?:op|naar|via|per|de|het)\\b',
  ],
  doubts: [
    '\\b(?:als|indien|tenzij|zodra|waarom|hoe)\\b',
    '(?:heb|hebben|had|ben|werd|was) ~6(?:uitgeschreven|afgemeld|gevraagd|verwijderd)',
    '\\b(?:bestelling|factuur|levering|pakket|contract|abonnement|rekening|offerte|afspraak|klacht)\\b',
  ],
  requests: ['(?:kunt|kun|kan|kunnen|willen|wilt|wil|zou|zoudt|mag|mogen|graag) '],
}

const fr: PhraseTable = {
  keywords:
    'stop arret arretez arreter desabo desabonner desabonnement desabonnez desinscrire desinscription desinscrivez'.split(
      ' ',
    ),
  polite:
    'svp stp merci de d veuillez moi me nous vous s il te plait votre vos la les cette ces newsletter newsletters mail mails e-mail e-mails courriel courriels pub publicite publicites bonjour immediatement tout maintenant d avance'.split(
      ' ',
    ),
  clear: [
    '(?:desabonnez|desinscrivez|retirez|supprimez|enlevez|rayez)[- ](?:moi|nous)\\b',
    "(?:veuillez|merci de|prie de|priere de|je (?:veux|souhaite|voudrais|desire|demande a)|j'(?:aimerais|veux|souhaite)|pouvez[- ]vous|pourriez[- ]vous|vous pouvez|souhaite) ~3(?:me|nous|m)[ ']?(?:desabonner|desinscrire|retirer|rayer|radier|enlever|oter|effacer)",
    "(?:veuillez|merci(?: de)?|prie(?: de)?|priere(?: de)?|pouvez[- ]vous|pourriez[- ]vous) ~3(?:d')?(?:supprimer|effacer|retirer|enlever|rayer|radier|oter) (?:moi|mon (?:adresse|nom|e-?mail|mail)|mes (?:coordonnees|donnees)|cette adresse) ~3(?:de|des|du) ~3(?:listes?|fichiers?|bases?|newsletters?|mailings?|envois)",
    '(?:retirez|supprimez|enlevez|rayez|otez) (?:mon (?:adresse|nom|e-?mail|mail)|mes (?:coordonnees|donnees)|cette adresse) ~3(?:de|des|du) ~3(?:listes?|fichiers?|bases?|newsletters?|mailings?|envois)',
    "(?:[jn]')?(?:souhaite|souhaitons|veux|voulons|desire|desirons|voudrais) (?:plus|pas) ~3(?:recevoir|(?:de |d')(?:mails?|e-?mails?|courriels?|publicites?|newsletters?|envois?))",
    "(?:ne )?(?:plus|pas) (?:me |nous |m')(?:envoyer|ecrire|contacter|adresser)",
    "(?:ne |n')?m'?(?:envoyez|ecrivez|adressez) plus",
    'ne (?:nous|me) (?:contactez|envoyez|ecrivez|sollicitez) plus',
    "(?:arretez|cessez|stoppez|arreter|cesser) (?:de (?:m'|me |nous )(?:envoyer|ecrire|contacter|harceler|spammer)|(?:de )?m'envoyer|vos (?:mails?|e-?mails?|envois|publicites?|pubs?|spams?)|ces (?:mails?|e-?mails?|envois|publicites?|pubs?)|d'envoyer|l'envoi)",
    "(?:merci|prie|priere|demande) (?:de |d')(?:arreter|cesser|stopper)(?: (?:tout|immediatement|maintenant|de suite|svp|stp|merci))*$",
    "refuse d'etre (?:contact|sollicit|derang)",
    "^~2plus (?:de |d'|aucune? )~1(?:mails?|e-?mails?|courriels?|publicites?|pubs?|newsletters?|messages?|envois?)\\b",
    'stop (?:a|aux|la|les|vos|ces) ~1(?:mails?|e-?mails?|pubs?|publicites?|newsletters?|spams?)',
    "m'oppose ~6(?:prospection|publicite|marketing|donnees|mails?)",
    'je (?:me|m) ?(?:desabonne|desinscris)\\b',
    '(?:veux|voulons|souhaite|desire) plus (?:de )?(?:vos|ces|tes) ~1(?:mails?|e-?mails?|courriels?|pubs?|publicites?|newsletters?|envois|messages?|spams?)',
    "(?:cessez|cesser|arretez) (?:de (?:m'|me |nous )(?:importuner|deranger|solliciter)|tout (?:envoi|mail|e-?mail))",
    '(?:laissez|laisse|foutez|fichez)[- ](?:moi|nous) ~1(?:tranquilles?|la paix|en paix)',
    "(?:merci de|veuillez|priere de|^)(?: de)? ?ne plus (?:rien )?(?:m'|me |nous )?(?:envoyer|ecrire|contacter|adresser|solliciter)(?: de ~2(?:mails?|pubs?|publicites?|newsletters?))?(?: svp| merci)*$",
    '(?:fais|faisons) opposition ~6(?:prospection|publicite|marketing|donnees)',
    '(?:retire|revoque) ~1consentement',
    "possible de (?:me |nous |m')(?:desabonner|desinscrire|retirer|enlever|oter)",
    "(?:[jn]')?(?:souhaite|veux|voudrais|desire|aimerais) (?:ne )?plus (?:recevoir|etre (?:contact|sollicit|derang))",
  ],
  reversals: [
    'ne (?:me |nous |m)?~1(?:desabonn\\w+|desinscri\\w+) (?:pas|surtout)',
    "pas (?:me |nous |m')?(?:desabonner|desinscrire|arreter|cesser|stopper|retirer|enlever|oter)",
    "(?:besoin|inutile|avant|eviter|evitez|question) (?:de |d')(?:me |nous |m')?(?:desabonner|desinscrire|arreter|cesser|stopper|retirer|enlever|oter)",
    '\\b(?:seulement|uniquement|sauf|excepte|mais (?:je|gardez|continuez)|moins)\\b',
    '\\btoujours (?:recevoir|interesse)',
    "n'?arretez (?:pas|surtout)",
    '\\b(?:rater|manquer)\\b',
    "\\bmais (?:les?|la|vos|pas|sur|par)\\b|mails? (?:ca va|oui|d'accord)",
  ],
  doubts: [
    '\\b(?:si|lorsque|pourquoi|comment|doutes?)\\b',
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
    '(?:nehmen|streichen|loschen|entfernen) sie (?:mich|uns|meine ~2(?:adresse|daten|mailadresse)|diese ~1adresse) ~2(?:aus|vom|von) ~3(?:\\S*liste|\\S*verteiler|datenbank|kartei)',
    '(?:mich|uns|adresse|daten) ~2(?:aus|vom|von) ~3(?:\\S*liste|\\S*verteiler|datenbank|kartei) ~1(?:zu )?(?:nehmen|streichen|loschen|entfernen)',
    'keine ~3(?:\\S*mails?|\\w*werbung|newsletter|nachrichten|angebote|zusendungen) ~2mehr',
    '(?:schicken|senden|mailen) sie (?:mir|uns) ~2(?:keine|nichts|nie) ~4(?:mehr|werbung)',
    '(?:horen|hor|hort) sie ~1auf ~5(?:mails?|werbung|schicken|senden|zuzuschicken|zuzusenden|belastigen)',
    'widerspreche (?:ich )?~6(?:werbung|nutzung|verwendung|verarbeitung|direktwerbung|marketing|zusendung)',
    'stoppen sie ~3(?:\\S*mails?|\\w*werbung|newsletter|zusendung)',
    '(?:mochte|will|wunsche) ~3(?:keine|nichts|nie) ~3(?:\\S*mails?|\\w*werbung|newsletter|zusendungen)',
    '(?:meldet?|tragt?|trage|nimm|nehmt|streiche?|streicht) (?:mich|uns) ~4(?:ab|aus)(?:$| (?:vom|von|dem|der|eurem|ihrem|diesem)\\b)',
    'melden? (?:ich )?(?:mich|uns) ~4ab(?:$| vom\\b| von\\b)',
    '(?:aus|vom|von) ~2(?:\\S*verteiler|mailing-?liste|\\w*kartei) ~1(?:nehmen|loschen|streichen|entfernen|austragen)',
    '(?:loschen|entfernen|streichen) sie (?:meine|diese) ~1\\S*adresse ~1(?:aus|vom|von) ~3(?:\\S*liste|\\S*verteiler|datenbank|kartei)',
    '^~2keine (?:weiteren? )?(?:\\S*mails?|e-mails|\\w*werbung|newsletter)(?: mehr| bitte| danke| senden| schicken| zusenden)*$',
    '(?:schreiben|schreibt?|mailen|mailt?|kontaktieren|kontaktiert?) (?:sie )?(?:mir|mich|uns) ~1(?:nicht|nie) mehr',
    '^~2nicht mehr (?:anschreiben|schreiben|schicken|zuschicken|senden|zusenden|kontaktieren|mailen)(?: bitte| danke)*$',
    '(?:lassen sie|lasst|lass) (?:mich|uns) ~2in (?:ruhe|frieden)',
    '^~1(?:horen sie|hort?) ~1auf (?:damit$|mit ~3(?:\\S*mails?|werbung|spam|newsletter)|(?:mir|mich|uns) ~3(?:schreiben|schicken|senden|mailen|belastigen))',
    '(?:widerrufe|ziehe) ~4(?:einwilligung|zustimmung)',
    '(?:bestelle|kundige) ~3newsletter\\b',
    'loschung aus ~2\\S*verteiler',
    'newsletter ~1nicht mehr (?:erhalten|bekommen|zusenden|schicken|zuschicken)',
    '(?:schicken|senden) sie (?:mir|uns) ~2keinen? ~2newsletter',
  ],
  reversals: [
    'nicht ~2(?:abmelden|abbestellen|austragen|loschen|entfernen|abgemeldet)',
    '\\b(?:nur|ausser|aber (?:ich|bitte|den|die)|weniger|seltener|weiterhin)\\b',
    '(?:horen sie|hort?) ~1nicht auf|nicht ~3aufhoren',
    '\\b(?:verpassen|versaumen)\\b',
    '\\baber (?:gern|gerne|per|das)\\b',
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
    "(?:do not|don't|dont|never) (?:ever )?send (?:me|us) anything\\b",
    '^~2(?:quit|cease) (?:sending|e-?mailing|mailing|spamming|contacting)\\b',
    '(?:get|take|keep) (?:me|us) off ~1(?:this|the|your) ~2lists?\\b',
    '^~5remove (?:me|us)$',
    '^(?:i )?(?:hereby )?opt[ -]out(?: please| thanks| now)*$',
    '^no more(?: please| thanks| thank you)*$',
    'withdraw (?:my|our|any|all) ~2consent',
    'leave (?:me|us) alone',
    '(?:take|get) my ~2(?:e-?mail|name|address) off ~2lists?',
    'remov(?:ed|ing) ~2from ~3(?:lists?|mailings?|mailing-list)',
    'discontinue (?:sending|these|the|your) ',
    "(?:do not|don't|dont) send ~1(?:any|more|further) ~2(?:e-?mails?|newsletters?|messages)",
  ],
  reversals: [
    "(?:do not|don't|dont|never|not|didn't|did not) ~2(?:unsubscribe|remove|opt (?:me|us)|be removed|be unsubscribed)",
    '\\b(?:only|except|apart from|but (?:keep|i|please keep|not|still)|just the|less often|fewer)\\b',
    '\\b(?:still (?:want|like|wish)|keep (?:me|sending))\\b',
    "(?:(?:do not|don't|dont|never) ~1|not )stop(?:ping)?\\b",
    '\\bmiss\\b|\\binstead\\b|\\bnot me\\b|\\bbut leave\\b',
  ],
  doubts: [
    '\\b(?:if|unless|until|when|why|how|once)\\b',
    '(?:have|had|was|were|been|did|already) ~3(?:unsubscribed?|asked|removed|opted)',
    '\\b(?:order|invoice|delivery|parcel|shipment|contract|subscription|account|appointment|refund|quote)\\b',
  ],
  requests: ['(?:can|could|would|will|may i|might) '],
}

export const phrases: readonly PhraseTable[] = [nl, fr, de, en]

/**
 * Only some of it is meant: one channel, one language, one subject, one copy of two, another kind of list. A human reads
 * how far it goes. Of mails alone: an answer to a text speaks of texts.
 */
export const narrowings: readonly string[] = [
  '\\b(?:sms\\w*|textos?|whatsapp|telefoon\\w*|telefonisch|telephone|phone|bellen|gebeld|appels?|appeler|anrufe?n?|calls?|calling)\\b',
  '\\b(?:per post|by post|via de post|par la poste|par courrier|postalisch|brievenbus|papieren|papier|paper|catalogus|catalogue|katalog)\\b',
  '\\b(?:in het|in|en|auf|au) (?:frans|engels|nederlands|duits|francais|anglais|neerlandais|allemand|franzosisch|englisch|niederlandisch|deutsch|french|english|dutch|german)\\b',
  '\\b(?:twice|dubbel|twee ?(?:keer|maal)|en double|deux fois|doppelt|zwei ?mal)\\b',
  '(?:mails?|newsletters?|werbung|reclame|nieuwsbrie\\w+|publicites?|pubs?|advertising)(?: meer| mehr)? (?:about|over|sur|uber)\\b',
  '\\b(?:wachtlijst|gastenlijst|waiting ?list|guest ?list|list of guests|warteliste|gasteliste)\\b|liste (?:d.attente|des invites)',
  '\\bmy (?:colleague|wife|husband|partner|mother|father|friend|boss)\\b',
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
