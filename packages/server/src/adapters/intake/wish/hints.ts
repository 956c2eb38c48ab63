/**
 * What makes a human look, whatever stands beside it: too many or too few, by whom and why it is sent, to the wrong one or
 * the dead, on which right, with what threat; a no to something that is not named. A message with one of these is ordinary
 * to nobody. Folded, with `~3` for up to three words.
 */
export const hints: readonly string[] = [
  // Dutch
  '(?:te ?veel|zoveel|minder|niet zo (?:vaak|veel)) ?~1\\w*(?:mails?|berichten|reclame|nieuwsbrie\\w*|sms\\w*|post)?\\b(?! (?:zout|suiker|betaald|geld|uren|korting|duur))',
  '(?:een|1|eenmaal|twee|2) ?(?:keer|maal|x)? per (?:week|maand)|elke dag|dagelijkse? (?:mails?|berichten)',
  '(?:geen|weinig) (?:interesse|belangstelling|behoefte)|niet (?:meer )?geinteresseerd|niet(?:s)? voor mij\\b|zonder mij',
  '(?:nooit|niet|nergens) ~4(?:gevraagd|ingeschreven|aangemeld|toegestemd|opgegeven|toestemming)',
  'waarom (?:krijg|ontvang|stuur|mail|sms)|(?:hoe|waar|van wie|aan wie) ~5mijn ~1\\w*(?:mail|adres|nummer|gegevens|gsm)',
  'kom(?:t|en)? ~2aan mijn|(?:ken|kennen) (?:ik )?(?:u|jou|jullie)|wie (?:is|zijn|bent|ben) (?:dit|dat|u|jij|jullie|je|daar)',
  '\\b(?:overleden|gestorven)\\b|verkeerde? ~1(?:adres|persoon|nummer|verbonden)|(?:ben|heet) (?:ik )?niet (?:mevr|meneer|de heer|mijnheer|\\w+$)',
  '\\bklacht\\b|advocaat|gegevensbescherming|toezichthouder|consumentenbond|ombuds\\w*|\\bgba\\b|\\bavg\\b|\\bgdpr\\b|persoonsgegevens',
  'toestemming|uitschrijflink|afmeldlink|afmeldknop|lastig ?vallen|met rust|bezwaar\\b|recht van verzet',
  '(?:nummer|toestel|telefoon|mailbox) ~2van mijn (?:man|vrouw|zoon|dochter|moeder|vader|kind)',
  'rechtsgrond|rechtsgrund|base legale|\\binzage\\b|herkomst ervan|informations que vous|welche daten|quelles donnees|welke gegevens|tps register|robinson',
  'laissez tomber|reflechi\\w*|diensthandy|dienstgsm|^muss das sein|in godsnaam',
  'tenzij|de rest ~2(?:wel|vind|is|mag)|liever (?:via|per|naar)|\\balweer\\b|(?:weer|nog) (?:een|zo.n) ~1(?:mail|sms|bericht)',
  'kost ~2(?:me|mij) (?:dit|dat)|beu\\b|zot van|irritant|ergerlijk|vervelend|hetzelfde liedje|\\bgenoeg van (?:jullie|uw|die|deze|al)',
  '^(?:nee+n?|non|nein|no|nope?|nah|nan)(?: (?:hoor|bedankt|dank (?:u|je)|merci|danke|thanks|thank you|thx))*(?: \\w+)?$',
  '^(?:nein|neen?|no|non) (?:vielen dank|thanks|thank you|merci|bedankt|dank u|danke)\\b',
  '\\b(?:pauze|pause|pauzeren|onderbreken)\\b|blokkeer \\w+|\\bzeg ~1op$|(?:geno[eg]+|genoeg) (?:geweest|nu|gehad)\\b|is genoeg$|lastig hoor|rustig\\b|wil (?:er|der) ?af',
  '^(?:please |pls |graag )?(?:alleen|enkel|only|just|que|nur|uniquement|seulement) ~2(?:text\\w*|sms\\w*|mail\\w*|les|nog|noch|voor|pour|fur|nieuws|offers?)\\b',
  // French
  "(?:trop|moins|assez|marre|ras[- ]le[- ]bol) (?:de|d'|des) ?~1(?:mails?|e-?mails?|courriels?|messages?|pubs?|publicites?|newsletters?|sms|envois)|moins souvent",
  '(?:une fois|1 fois|1) par (?:mois|semaine|jour)|tous les jours|\\bencore (?:vous|une? ~1(?:mail|promo|pub|sms|message|newsletter))',
  "pas interesse\\w*|aucun interet|sans facon|sans moi|pas pour moi|(?:ne )?(?:m'|me )interesse\\w* (?:pas|plus)",
  "pourquoi ~3(?:recois|recevons|m'envoyez|envoyez|m'ecrivez|ecrivez)|(?:ou|comment|qui) ~6(?:mon|mes|eu mon|ma) ~1(?:adresse|coordonnees|e-?mail|mail|numero|donnees)\\b",
  "(?:jamais|pas|rien) ~4(?:inscrit\\w*|demande|abonnee?|donne\\w* mon|coche|consenti|d'accord)|d'ou (?:tenez|avez|vient)|qui (?:etes|vous)|c qui|c'est qui|connais pas",
  '\\bdecedee?\\b|\\bmorte?\\b|mauvais numero|faux numero|mauvaise adresse|erreur de (?:numero|personne)|trompez? ~1(?:de numero|de personne|d.adresse)|(?:telephone|numero|mail|boite) de (?:mon|ma) (?:fils|fille|mari|femme|mere|pere)',
  '\\bplainte\\b|avocat|\\bcnil\\b|\\brgpd\\b|protection des donnees|donnees personnelles|33700|harcel\\w*|consentement|desabonnement ~2(?:marche|fonctionne)|(?:lien|bouton) ~3(?:desinscri\\w*|desabonn\\w*)',
  "le reste (?:non|ne|me|c'est|ca)|uniquement|plutot (?:par|ca)|par contre|sauf\\b|(?:si|pourvu) ~3gratuit|fatigue[sz]?\\b|penible|lourds?\\b|saoule\\w*|reveil a",
  "en pause|acharnement|poubelle|\\bmarre\\b|ras[- ]le[- ]bol|ca suffit|\\blachez?[- ]|je bloque|^j'arrete$|degage[zr]?\\b|foutre|signale\\b",
  // German
  '(?:zu viele?|soviele?|weniger|seltener|nicht so (?:oft|viel)) ?~1\\w*(?:mails?|nachrichten|werbung|newsletter|sms)?\\b(?! (?:zucker|salz|geld|bezahlt))',
  '(?:ein ?mal|1 ?x|1 mal|nur noch) ~1(?:pro|im|die) (?:monat|woche)|schon wieder|jeden tag',
  'kein (?:interesse|bedarf)|nicht ~2interessiert|interessiert mich ~2nicht|brauch\\w* (?:ich )?~2(?:nicht|nix)|nichts fur mich|ohne mich\\b(?! wurd)',
  'warum ~3(?:bekomm\\w*|erhalte|krieg\\w*|schreib\\w*|schick\\w*)|(?:woher|wer|wieso|wie) ~5(?:meine|an meine|nummer|adresse|erlaubt)|wer (?:ist|seid|sind|bist) (?:da|das|du|ihr|sie)|kenn\\w* (?:ich )?(?:euch|sie|dich)',
  '\\b(?:nie|nicht) ~4(?:angemeldet|zugestimmt|eingewilligt|eingetragen|abonniert)|einwilligung|zustimmung|erlaubnis',
  'falsche (?:\\w*adresse|person|nummer)|\\b(?:verstorben|gestorben)\\b|lebt nicht mehr|nummer von mein\\w+|bin nicht (?:herr|frau)|vorbesitzer',
  'datenschutz\\w*|\\bdsgvo\\b|bundesnetzagentur|\\banwalt\\b|\\banzeige\\b|gespeicherten? daten|belastig\\w*|abmeldelink|kundenkonto',
  'nervt?\\b|genervt|reicht\\b|genug von|auf den keks|auf den geist|blockier\\w*|verpiss\\w*|anzeigen|los(?:werden|$)|werd ~2los|lieber (?:per|mit|via)|einmal wurde reichen|eigentlich (?:will|mochte|nicht)|aussetzen',
  // English
  '(?:too many|so many|fewer|less often|less frequent\\w*)\\b|(?:once|twice) (?:a|per) (?:week|month)|every (?:single )?day\\b',
  "not (?:at all )?interested|no interest\\b|(?:isn't|not) ~2for me\\b|consent\\b|permission\\b|legal basis|solicitor|lawyer|\\bico\\b|report (?:this|you|it)|personal data|\\bgdpr\\b|erase",
  "(?:never|not|n't|didnt) ~3(?:sign(?:ed)? up|subscribed?|asked? for|registered?|agreed)|why ~4(?:getting|receiv\\w*|sending|e-?mailing|texting|writing)|how (?:did|do|have) (?:you|u) ~2(?:get|got|have)|where did (?:you|u) get|who (?:gave|is this|are you|passed)|passed it on|do i know you",
  "wrong (?:e-?mail|address|person|number)|\\b(?:deceased|passed away|died)\\b|mixed (?:me )?up|(?:this is|i'm|i am) not [a-z]+(?:'s)?(?: address| number)?$|put my (?:number|name)|(?:son|daughter|wife|husband|mother|father)'?s? (?:number|phone|mail)",
  '(?:fuck|piss|bugger|sod) off|go away|get lost|annoying|harass\\w*|fed up|enough|pack it in|knock it off|\\bblocked\\b|block(?:ing)? (?:you|this)|want out|filling up|again\\?*$|another (?:newsletter|text|e-?mail|mail|message)|third (?:one|mail|text)|cost(?:s)? me money',
  '\\bclose my account|only on\\b|(?:the )?rest (?:is|are) (?:fine|ok)|instead of\\b|only interested|no point in|unsubscribed? (?:link|button)',
  '^(?:please )?not (?:at|before|on)\\b|^pas (?:la nuit|le dimanche|avant)\\b|^niet (?:voor|op|zo vroeg)\\b|^nicht vor\\b|deja mis stop|desinscrit il y a|mailbox is read|deja ~2(?:stop|desabonn)',
  '^(?:als|indien|tenzij|zolang|si|tant que|wenn|falls|solange|if|unless|as long as)\\b.*(?:schrap|schrijf|stop|mail|sms|ecri|relanc|envoy|abmeld|losch|write|writing|text|unsub|remove)',
  'politie|aangifte|oplichting|\\bpolice\\b|arnaque|escroquerie|polizei|betrug|zeig\\w* ~2an$|(?:pk|pourquoi|quelle raison) ~4recois|saoul\\w*|geld kost|hoeveel van (?:die|deze)|why do (?:you|u) have my|lucky day|keep them coming|maybe later|costing me|roaming|pauze\\w*|gepauzeerd|werk-?gsm|work mobile',
  "(?:om|a|um|at) \\d+ ?(?:uur|u|h|uhr|am)? ?(?:'s ochtends|'s nachts|du mat\\w*|un dimanche|morgens|in the morning)|it's \\d+ in the morning|fur wen anders|mich da eingetragen",
  // A no of other languages, in the words that stand alone in a text.
  '^(?:baja|alto|parar|basta|cancella\\w*|disiscri\\w*|annulla\\w*|rimuov\\w*|wypisz\\w*|rezygn\\w*|dezabon\\w*|iptal|ret|dur)\\b',
  '\\b(?:spam\\w*|scam|phishing|abzocke|gezeur|pff+|oh joy)\\b',
  '👎|🛑|🚫|⛔|🙄|🖕|😡|🤬',
]
