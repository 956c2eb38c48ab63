import type { Signs } from './wish-words.ts'

export const dutchSigns: Signs = {
  negation: 'niet|nie|nimeer|nimmer|geen|gene|g1|gin|nooit|niets|niks|geen enkele',
  more: 'meer|nimeer|nimmer|langer|verdere?|voortaan|in (?:de )?toekomst|opnieuw|voorgoed|voor altijd',
  message:
    "\\w*mail(?:s|tjes?|ings?)?|e-?mail(?:s|tjes?)?|\\w*nieuwsbrie\\w+|\\w*bericht(?:en|jes?)?|berichtendienst|sms(?:en|es|jes?)?|sms'(?:en|jes?|je)|appjes?|\\w*reclame\\w*|\\w*reklame\\w*|publiciteit|\\w*spam|gespam|\\w*communicatie|marketing|toezending\\w*|(?:jullie|uw|die|deze|geen) post|drukwerk\\w*|propaganda|folders?|advertenties?|(?<!code )\\w*promo(?:'s|s)?|promotionele \\w+|commerciele \\w+|whatsapps?|rommel|brol|zever",
  offer: "aanbieding(?:en)?|acties?|promoties?|promo's|kortingen|voorstellen|uitnodigingen",
  contact:
    "(?:toe|op|door)?(?:sturen|stuurt?|gestuurd)|(?:toe)?zenden|zend|toe te (?:zenden|sturen)|maile?n?|sture|schrijve|gemaild|sms'?en|sms|smsen|smssen|appen|texten|(?:aan)?schrijven|aan te schrijven|aangeschreven|(?:ge)?contacte+r\\w*|benader\\w*|(?:op)?bellen|bel|gebeld|lastig ?(?:te |ge)?vallen|storen|bestoken|spammen|bereiken|informeren|bezorgt|bezorgen",
  receive: 'ontvangen|vernemen|krijgen|te ontvangen|te krijgen|horen|op de hoogte',
  end: 'stop|stoppen?|stopgezet|afgelopen|ongedaan maken|stopt|stopzetten|stop te zetten|staak|staken|staakt|beeindig(?:en|t|d)?|ophouden|op te houden|hou(?:dt?)? (?:\\w+ ){0,2}op|kap|kapt|kappen|eindigen|schei(?:dt?)? (?:\\w+ ){0,2}uit|discontinueren|opzeggen|op te zeggen|zeg (?:[\\w-]+ ){1,6}op|annuleren|annuleer|stilzetten|afzetten|gedaan met|einde aan|(?:er)?mee op|laat achterwege|achterwege laten',
  remove:
    "(?:er ?)af|er ?van ?af|verdwijnen|droppen|delete|eraf|er ?uit|weg|weghalen|uithalen|haal|haalt|halen|gehaald|verwijder(?:en|t|d)?|schrap(?:pen|t)?|geschrapt|schrabt?|wis|wissen|wist|afvoeren|doorstrepen|strijk|gooit?|smijt|neem|neemt|nemen|doe[nt]? (?:[\\w'-]+ ){1,5}(?:weg|van|uit|af)|zet (?:[\\w'-]+ ){1,5}(?:af|uit|stil)|knikker|flikker|afhalen|afzetten|uit het|uit de",
  self: "me|mij|ons|ik|ondergetekende|mijn|m'n|mijne|onze?|(?:dit|deze) (?:e-?mail)?adres|[\\w-]*adres|nummer|nr|naam|gegevens",
  list: '[\\w-]*lijst\\w*|\\w*bestand(?:en)?|databa\\w+|mailings?|groep|adressenbestand|nieuwsbrie\\w+|maillijst',
  want: 'wil|willen|wens|wenst|wensen|wou|zou|zouden|graag|gelieve|verzoek|verzoeken?|vraag|vragen|liever|liefst|hoef|hoeven|hoeft|moet|moeten|aub|svp|alstublieft|mag|kunt|kunnen|kun|kan|wilt|stel|dient|ge moogt|u mag|houd eraan',
  leave:
    "afmelde|de?s?abonne+r\\w*|uitschrij(?:ven?|ving)|uit te schrijven|uitgeschreven|afmelden|af te melden|afmelding|afgemeld|schrijft? (?:[\\w'-]+ ){1,6}uit(?! naam)|meldt? (?:[\\w'-]+ ){1,6}af",
  refuse:
    'gespaard|ongewenst\\w*|onwelkom|weiger\\w*|afzien|zie (?:[\\w-]+ ){0,2}af van|afstand|bedank|verzaak|verbied|gevrijwaard|verschoon\\w*|bespaar\\w*|verlost|wegwezen|blijf (?:[\\w-]+ ){0,2}weg|(?:rot|flikker|donder|sodemieter|tief|lazer)(?: \\w+)? op|opty?fen|oprotten|krijg de \\w+|weg met|hoepel op',
  interest:
    'gewenst|gediend|(?:op|geen|er) prijs|prijs op|belangstelling|interesse|behoefte|geinteresseerd|boodschap aan|nood aan|gesteld',
}
