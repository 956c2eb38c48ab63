import type { Signs } from './wish-words.ts'

export const germanSigns: Signs = {
  negation: 'nicht|keen|nich|ned|net|kein(?:e[nrsm]?|erlei)?|koa(?:ne?)?|nie|niemals|nix|nichts|nimmer|nimma',
  more: 'mehr|mer|meh|weiter(?:e[nrms]?|hin)?|langer|kunftig\\w*|in zukunft|nimmer|nimma|wieder|fortan|ab sofort|ab jetzt|ab heute',
  message:
    '\\w*mails?|e-?mails?|emeils?|[\\w-]*newsletters?|\\w*nachricht(?:en)?|nachichten|[\\w-]*sms|\\w*texte|[\\w-]*werbe?\\w*|\\w*reklame|\\w*spam|[\\w-]*zusendung\\w*|aussendung\\w*|\\w*versand|rundschreiben|rundbriefe?s?|angebotsmails?|informationsschreiben|\\w*mailings?|\\w*mitteilung\\w*|\\w*benachrichtigung\\w*|post|mailabo|prospekte?|mailservice|sms-\\w+|kurznachrichten|werbepost|infomails?|wurfsendungen|direktmarketing|marketing',
  offer: '\\w*angebote?n?|aktionen|infos|informationen|einladungen|vorschlage',
  contact:
    '(?:zu)?schick\\w*|schickts|(?:zu)?send(?:en|et|e)?|zu ?(?:zu)?(?:senden|schicken)|(?:an)?schreib\\w*|anzuschreiben|kontaktier\\w*|(?:an)?mailen|mailt|simsen|anrufen|zu ?texten|zuzutexten|texten|zuspammen|belastig\\w*|behellig\\w*|bombardier\\w*|anzurufen|melden',
  receive: 'erhalten|bekommen|kriegen|kriagn|horen|lesen|empfangen|beziehen|zu erhalten|zu bekommen|geliefert',
  end: 'deaktivier\\w*|cancel\\w*|unterblieb\\w*|stop|stopp|stoppen|stoppt|(?:horts?|hoid) (?:\\w+ ){0,3}auf|horen (?:\\w+ ){0,3}auf|aufhoren|aufzuhoren|einstellen|einzustellen|stell(?:en|t|e)? (?:[\\w-]+ ){1,8}ein|stell(?:en|t|ts|e)? (?:[\\w-]+ ){1,6}ab|beend\\w+|unterlass\\w*|unterbleiben|zu unterlassen|schluss|sein lassen|bleiben (?:zu )?lassen|lass\\w* (?:[\\w-]+ ){1,8}(?:sein|bleiben)|abstellen|abzustellen|kundige?|kundigen|abbestell\\w*|abzubestellen|bestelle? (?:[\\w-]+ ){1,5}ab|stornier\\w*|hort auf',
  remove:
    'nehm\\w*|nehmts|nimm|losch\\w*|entfern\\w*|streich\\w*|tilgen|raus|rausnehm\\w*|rausnehmen|runter|runternehmen|schmeiss\\w*|rauskick\\w*|herausnehm\\w*|herauszunehmen|sperren?|sperrt|entfernung|loschung|werft?|kickt?|haut|herausgenommen|rausgenommen|gestrichen|geloscht|zu nehmen|zu streichen|zu loschen',
  self: 'mich|mir|mi|uns|ich|wir|meine?[nmrs]?|unsere?[nmrs]?|diese (?:\\w+)?adresse|\\w*adresse|nummer',
  list: '[\\w-]*list[en]?n?|[\\w-]*verteiler\\w*|datenbank\\w*|kartei|\\w*datei|aussendung\\w*|\\w*mailings?|empfangerliste|empfangerkreis|newsletter\\w*|adressbestand',
  want: 'will|wollen|mochten?|mecht|wunschen?|bitten?|bidde|bite|brauche?|brauchen|ware?|hatte|wurde|konnen|konnten|konnt|konntet|durfte|ersuche?|ersuchen|moge|sollen|sie mogen|mag',
  leave:
    'abmeld(?:en|ung|e)|abzumelden|abgemeldet|austrag(?:en|ung)|auszutragen|ausgetragen|abbestell(?:en|ung)|abzubestellen|deabonnier\\w*|werbewiderspruch|rausschmeissen|meld\\w* (?:[\\w-]+ ){1,6}ab|trag\\w* (?:[\\w-]+ ){1,6}(?:aus|raus)',
  refuse:
    'verzicht\\w*|absehen|abzusehen|abstand|unerwunscht\\w*|verbitte|untersag\\w*|verschon\\w*|erspar\\w*|widersprech\\w*|widerspruch|haltet (?:\\w+ )?fern|verschwinde\\w*|schluss mit|ruhe?|ruah|weg mit|off mit|fern',
  interest: 'gewunscht|erwunscht|interesse|interessier\\w*|bedarf|wert|verwendung|lust|bock|zur verfugung',
}
