import { wholeWord } from './wish-words.ts'

/**
 * What customers write about when they do not write about the messages themselves, by language; folded, each a regular
 * expression of alternatives. No word that somebody may use to say no stands here: it would hide the no.
 */
const dutch = {
  matter:
    '\\w*bestelling\\w*|besteld|bestellen|\\w*bestelnummer|ordernummer|order|lever(?:en|ing|baar|datum|dag)?|geleverd|levering\\w*|koerier|\\w*pakket\\w*|pakje\\w*|\\w*factu(?:ur|ren)|offertes?|rekening(?:nummer)?|betal(?:en|ing)\\w*|betaald|betaal|overschrijving|terugbeta\\w+|geld|(?<!op )(?<!geen )prij(?:s|zen|sje)|kosten|kost|kostprijs|euro|gratis|korting\\w*|bonnen|tegoedbon|kortingsbon|cadeau\\w*|waardebon|kassa\\w*|(?<!(?:uw|jullie|je) )winkel\\w*|filiaal|toonzaal|openingsuren|openingstijden|open|gesloten|parking|parkeren|parkeer\\w+|maat|maten|kleur\\w*|model\\w*|voorraad|uitverkocht|leverbaar|verkrijgbaar|garantie|\\w*herstell\\w+|hersteld|reparatie|technieker|monteur|montage|handleiding|onderdeel|onderdelen|\\w*afspraak|afspraken|reserv\\w+|tafel|\\d+ personen|tickets?|plaatsen|cursus\\w*|(?:kook|zwem|muziek|rij|dans|tennis)?lessen|kookles|zwemles|rijles|dansles|workshop|opleiding|wedstrijd|contract|fitness\\w*|sportabonnement|gsm-abonnement|energie|domiciliering|verzeker\\w+|hypotheek|lening|punten|spaarpunten|klantenkaart|wachtwoord|inloggen|webshop|verhuizing|nieuw adres|sollicita\\w+|solliciteren|solliciteer|vacature\\w*|vakantiewerk|personeel|medewerk\\w+|verkoopster|verkoper|stage|cv|sponsor\\w*|tombola|recept\\w*|menu|koffie|thee|taart|wijn|bier|brood|kaas|soep|vlees|vlekken|jas|schoen\\w*|broek|trui|kleed|jurk|rits|zetel|sofa|matras\\w*|kast|stoel\\w*|fiets\\w*|auto|machine|wasmachine|toestel|(?:mijn|het) werk|thuis|oven|scherm|batterij|stofzuiger|boormachine|lamp|verf|tuin\\w*|kleinkind\\w*|hond\\w*|kat|feest\\w*|verjaardag|vergadering|trein|tram|bushalte|halte|bus \\d+|buschauffeur|rondleiding|proeverij|handleiding|stopcontact|non-?stop|roken|winkelmand\\w*|artikel(?! \\d)|artikels|artikelen|collectie|solden|retour\\w*|ruilen|omruilen|terugsturen|ophalen|afhaalpunt|wachtlijst|bioscoop|vlucht|hotel|kamer|reis|zwem\\w+|voetbal',
}
const french = {
  matter:
    "commande[sz]?|code promo|ce code|le code|commander|livr\\w+|colis|facture\\w*|devis|pai(?:er|ement)|paye[rz]?|rembours\\w+|prix|tarif\\w*|cout\\w*|euros?|gratuit\\w*|reduction|remise|bon de|cheque\\w*|cadeau\\w*|caisse|caissiere|(?<!(?:votre|vos|ton) )(?:magasins?|boutique)|ouverts?|ouverture|fermez?|fermeture|ferme|parking|taille|pointure|couleur|modele|stock|disponible|dispo|garantie|repar\\w+|technicien|montage|notice|mode d'emploi|piece|rendez-vous|rdv|creneau|reserv\\w+|table|billets?|places?|personnes|cours|stage|atelier|formation|concours|contrat|forfait|salle de sport|electricite|assurance|pret|points|carte de fidelite|mot de passe|connecter|demenag\\w+|nouvelle adresse|candidature|cv|emploi|job|personnel|vendeu\\w+|collaborat\\w+|sponsor\\w*|recette\\w*|menu|cafe|gateau|tarte\\w*|vin|biere|(?:le|du|un) pain|fromage|viande|pizza|robe|(?:le|un|mon|du) pull|veste|chaussures|canape|matelas|meuble|velo|voiture|machine|appareil|(?:mon|au|le) (?:bureau|travail)|a la maison|(?:le|mon|du|au) four|frigo|ecran|batterie|lampe|peinture|jardin|enfants|chien|chat|fete\\w*|anniversaire|reunion|train|tram|bus|panier|articles?(?! \\d)|collection|retour\\w*|echang\\w+|renvoyer|retirer le colis|relais|liste d'attente|hotel|chambre|voyage|concert|bebe|medicament|ordonnance|numero de client|tva|panne|casse(?! toi)|cassee|fuite?|bloque",
}
const german = {
  matter:
    'bestell(?:ung\\w*|t|nummer)|bestellen|liefer\\w+|paket\\w*|sendung(?:snummer|sverfolgung)?|rechnung\\w*|kostenvoranschlag|bezahl\\w+|zahl(?:en|e|ung)|uberweis\\w+|uberwiesen|gutschrift|geld|preis\\w*|kosten|kostet|euro|gratis|rabatt\\w*|gutschein\\w*|kassa|kasse|(?<!(?:ihr|ihrem|ihrer|eurem|euer) )(?:laden|geschaft)|filiale\\w*|geoffnet|offen|offnungszeiten|geschlossen|parkplatz\\w*|grosse|farbe|modell|lager\\w*|vorratig|ausverkauft|verfugbar|garantie\\w*|repar\\w+|techniker|monteur|anleitung|ersatzteil|termin|termins|\\w{4,}termin\\w*|reserv\\w+|tisch\\w*|karten|tickets?|personen|kurs\\w*|kochkurs|schwimmkurs|yogakurs|workshop|wettbewerb|vertrag\\w*|fitness\\w*|strom\\w*|lastschrift|versicherung|kredit|punkte|kundenkarte|passwort|einloggen|(?:der|die) app|umgezogen|umzug|neue anschrift|neue adresse|bewerbung|praktikum\\w*|aushilfen|verkaufer\\w*|verkauferin|fahrer|sponsor|rezept\\w*|menu|kaffee|tee|kuchen|torte|wein|bier|brot|kase|suppe|fleisch|zwiebeln|hose|kleid|pulli|schuhe|jacke|sofa|matratze\\w*|mobel|stuhle|fahrrad|auto|\\w*maschine|gerat|die arbeit|im buro|nach hause|ofen|drucker|akku|bildschirm|lampe|garten\\w*|kinder|hunde?|katze|feier|geburtstag|weihnachten|ostern|sitzung|zug|bus|bushaltestelle|warenkorb|artikel|kollektion|retour\\w*|umtausch\\w*|zuruckgeben|abholen|abgeben|nachbarn?|warteliste|hotel|hotelzimmer|zimmer|reise|konzert|friseur|kellner|terrasse|loschtaste|mahngebuhr|kauf\\w*|die ware|der ware|position|seriennummer|abo fur|zeitschrift|handyvertrag|brille|auf der seite|seite \\d+',
}
const english = {
  matter:
    'order(?:s|ed|ing)?|deliver\\w*|parcel|package|shipp?\\w*|courier|tracking|invoice\\w*|quote|pay(?:ment|ments|ing)?|paid|refund\\w*|price\\w*|cost\\w*|euros?|pounds?|quid|discount|voucher\\w*|gift ?cards?|till|checkout|basket|(?<!(?:your|ur|dear) )(?:shops?|stores?)|showroom|branch|opening hours|open|close[ds]?|parking|size|colour|color|model|stock|sold out|warranty|guarantee|repair\\w*|technician|engineer|manual|spare parts?|appointment|appt|book(?:ing|ed)?|reserv\\w+|tables?|tickets?|slot|adults?|children|(?:\\w+day|yoga|evening|the \\w+) class|course|lesson\\w*|workshop|competition|contract|gym|electricity|insurance|loan|direct debit|points|loyalty|password|log ?in|(?:the|your) app|moved|new address|application|cv|job|vacancy|staff|receptionist|sponsor\\w*|recipe|menu|coffee|tea|cake|wine|beer|bread|cheese|soup|meat|dress|shoes?|boots?|jacket|coat|jumper|zip|sofa|mattress|furniture|chair\\w*|bike|(?:my|the|a|your) car|machine|my work|at home|the song|device|oven|boiler|heating|screen|battery|batteries|lamp|paint|garden|kids|dogs?|cat|party|birthday|christmas|meeting|train|bus|item|collection|return(?:ed|s)?|exchange|swap|pick(?:ed)? up|collect|neighbou?r|waiting list|hotel|(?:a|the|my|our|hotel) room|trip|concert|flight|haircut|receipt|nuts|onions|broke|broken|membership|policy|rental|procedure',
}

/** What people say of a visit, a call or a code, in all four. */
const everyday = [
  '(?:geen|pas de|aucun|kein|keine|no) (?:probleem|idee|haast|stress|souci|soucis|probleme|problem|ahnung|zeit|worries|rush|idea|frage)',
  "(?:bel|belt|bellen|appelez|rappelez|appeler|appelle|rufen?|ruf|anrufen|call|ring|phone|text|stuur|envoyez|envoie|schick|schicken|send)(?:[ -](?:me|mij|moi|mich|mir|us|ons|sie|jullie|m'))* (?:aub |svp |even |please )*(?:morgen|straks|demain|plus tard|plus tot|tomorrow|later|when it|wanneer|het adres|l'adresse|die adresse|the address|meer info|mehr infos|plus d'info\\w*|plus de details|terug|back|zuruck|an$)",
  '(?:send|stuur|envoyez|schicken sie) (?:me|mij|moi|mir) (?:aub |please )?(?:the|de|het|le|la|den) (?:catalog\\w*|brochure|katalog)',
  '(?:bellen|belt|bel|appelez|rufen|call) (?:jullie |u |sie )?(?:me|mij|moi|mich)(?: even| an| back| terug| svp| aub| please)*$',
  "(?:de |le |der |the |mijn )?(?:code|link|lien)(?: [\\w'-]+){0,2} (?:werkt|marche|geht|work|works|fonctionne)\\w*",
  "(?:kan|kom|komt|komen|peux|pourrai|pourrais|kann|can't|cant|cannot|won't) (?:[\\w'-]+ ){0,3}(?:komen|venir|kommen|come|make it|passer)|kom niet|kom(?:t|en)? (?:om|straks|morgen|later|langs)",
  'laat (?:maar|me weten)|let me know|lass uns|leave it (?:at|with|in)|tant pis',
  'niet slecht|pas mal|nicht schlecht|not bad|no(?:oit|thing) (?:beter|better)|never better|jamais decue?s?|rien a redire|niet te doen zo',
  "(?:nee|non|nein|no) (?:ik kom |je passe |i'll come )?(?:morgen|demain|tomorrow|zaterdag|samedi|samstag|saturday|vrijdag|vendredi|freitag|friday|maandag|lundi|montag|monday|\\d)",
  '(?:om|a|um|at|tegen|vers|bis|avant|voor|before|tot) \\d{1,2} ?(?:u|h|uur|uhr|am|pm|min)?|\\d+ (?:min\\w*|stuks?|stuck|pieces|kg|euro)|te laat|en retard|verspate|running late',
  '(?:end of (?:the )?(?:month|week|day|season|street)|fin de (?:semaine|mois|saison)|ende (?:mai|der woche))',
]

const languages = [dutch, french, german, english]
const matter = wholeWord([...languages.map((language) => language.matter), ...everyday].join('|'))

/** Speaks of the customer's own business: an order, a price, an appointment. */
export function hasMatter({ text }: { readonly text: string }): boolean {
  return matter.test(text)
}
