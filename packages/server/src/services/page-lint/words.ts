/** Words that a rule looks for, by language. A page in a language that is not listed is judged by all of them. */
export type WordList = Readonly<Record<string, readonly RegExp[]>>

export function wordsFor(list: WordList, language: string): readonly RegExp[] {
  return list[language] ?? Object.values(list).flat()
}

/** What an exit may be called. */
export const exitWords: WordList = {
  nl: [/\bstop/i, /\bgeen\b/i, /\b(?:uit|af)(?:schrijven|melden)\b/i, /\bbezwaar\b/i, /\bbeëindig/i],
  fr: [/\b(?:arr[êe]te|stop)/i, /\bplus (?:de|aucune)\b/i, /\bd[ée]s(?:inscri|abonn)/i, /\boppos/i, /\bmettre fin\b/i],
  de: [/\b(?:stopp|beenden|beende\b)/i, /\bkein/i, /\bab(?:melden|bestellen)\b/i, /\bwiderspr/i, /\babbestell/i],
  en: [/\bstop/i, /\bno more\b/i, /\bunsubscribe\b/i, /\bopt[ -]?out\b/i, /\bobject\b/i, /\bend all\b/i],
}

export const optionalWords: WordList = {
  nl: [/\bniet verplicht\b/i, /\bfacultatief\b/i, /\boptioneel\b/i, /\bvrijblijvend\b/i],
  fr: [/\bfacultati/i, /\boptionnel/i, /\bpas obligatoire\b/i],
  de: [/\bfreiwillig\b/i, /\boptional\b/i, /\bkeine Pflicht\b/i],
  en: [/\boptional\b/i, /\bnot required\b/i, /\bif you like\b/i],
}

export const mandatoryWords: WordList = {
  nl: [/\bverplicht\b/i, /\bmoet(?:en)? (?:u )?(?:invullen|beantwoorden|kiezen)\b/i],
  fr: [/\bobligatoire/i, /\b(?:devez|doit) (?:répondre|remplir|choisir)\b/i],
  de: [/\bPflicht(?:feld|angabe|frage)?\b/i, /\bverpflichtend\b/i, /\berforderlich\b/i],
  en: [/\bmandatory\b/i, /\brequired\b/i, /\bmust (?:answer|fill|choose|tell)\b/i],
}

/** Sorrow, alarm, and second thoughts put into somebody's mouth (EDPB 03/2022, "stirring"). */
export const guiltWords: WordList = {
  nl: [
    /\b(?:wat |heel )?jammer\b/i,
    /\bspijt(?:ig|en)?\b/i,
    /\b(?:missen|mist u|mis (?:niets|geen))\b/i,
    /\bweet u (?:het |dit )?(?:heel )?zeker\b/i,
    /\b(?:verdrietig|teleurgesteld|helaas)\b/i,
    /\blaat ons (?:niet|toch)\b/i,
    /\bga (?:toch )?niet weg\b/i,
    /\b(?:nee|neen), ik (?:wil|betaal|mis|hoef)\b/i,
  ],
  fr: [
    /\bdommage\b/i,
    /\bregrett/i,
    /\bmanque(?:r|rez|z|ra|ront)\b/i,
    /(?:^|[^\p{L}])[êe]tes-vous (?:vraiment |bien )?(?:sûr|certain)/iu,
    /\b(?:tristes?|déçus?|hélas|malheureusement)(?![\p{L}])/iu,
    /\bne (?:nous )?(?:quittez|partez)\b/i,
    /\bnon, je (?:préfère|veux|ne veux)\b/i,
  ],
  de: [
    /\bschade\b/i,
    /\b(?:vermissen|verpassen|entgehen|verpasst)\b/i,
    /\bsind Sie (?:sich )?(?:wirklich |ganz )?sicher\b/i,
    /\b(?:traurig|enttäuscht|leider|bedauer\w+)\b/i,
    /\b(?:gehen Sie nicht|verlassen Sie uns nicht)\b/i,
    /\bnein, ich (?:möchte|will|verzichte|zahle)\b/i,
  ],
  en: [
    /\bsorry\b/i,
    /\b(?:sad|sadly|unfortunately|disappointed|heartbroken|regret)\b/i,
    /\bmiss(?:ing)? (?:you|out|your|our)\b/i,
    /\bare you (?:really |absolutely )?sure\b/i,
    /\b(?:do not|don[’']t) (?:leave|go)\b/i,
    /\bno,? (?:thanks,? )?I (?:hate|prefer|would rather|don[’']t (?:want|like))\b/i,
  ],
}

/** A reward for staying. Elsewhere it is what a topic is about, so names of topics are not searched for these. */
export const rewardWords: WordList = {
  nl: [/\b(?:korting(?:en|sbon|scode)?|waardebon|cadeau(?:bon|tje)?)\b/i],
  fr: [/\b(?:remise|réduction|bon d[’']achat|cadeau|code promo)/i],
  de: [/\b(?:Rabatt\w*|Gutschein\w*|Geschenk\w*)\b/i],
  en: [/\b(?:discounts?|vouchers?|coupons?|gift)\b/i],
}

/** Two denials in one sentence, and a box to clear for what one does not want. */
export const doubleNegations: WordList = {
  nl: [
    /\b(?:niet|geen|nooit)\b[^.?!:;\n]*\b(?:niet|geen|nooit)\b/i,
    /\b(?:vink\b[^.?!\n]*\buit|haal\b[^.?!\n]*\bweg)\b[^.?!\n]*\b(?:niet|geen)\b/i,
  ],
  fr: [
    /\b(?:ne|n[’'])[^.?!:;\n]*\b(?:pas|plus|jamais)\b[^.?!:;\n]*\b(?:ne|n[’'])[^.?!:;\n]*\b(?:pas|plus|jamais)\b/i,
    /\bsans ne pas\b/i,
    /\bdécoche[zr]?\b[^.?!\n]*\b(?:ne|n[’'])[^.?!\n]*\b(?:pas|plus)\b/i,
  ],
  de: [
    /\b(?:nicht|keine?[nmrs]?|nie(?:mals)?)\b[^.?!:;\n]*\b(?:nicht|keine?[nmrs]?|nie(?:mals)?)\b/i,
    /\bentfernen Sie\b[^.?!\n]*\bHäkchen\b[^.?!\n]*\b(?:nicht|kein\w*)\b/i,
  ],
  en: [
    /\b(?:not|never|don[’']t|do not|won[’']t)\b[^.?!:;\n]*\b(?:not|never|don[’']t|won[’']t|no more|no longer)\b/i,
    /\bun(?:check|tick)\b[^.?!\n]*\b(?:not|no|don[’']t)\b/i,
  ],
}

/** What a statement of the right to object has to name: the objecting, and what is objected to. */
export const objectingWords: WordList = {
  nl: [/\b(?:bezwaar|verzet)\b/i],
  fr: [/\boppos(?:er|ition|ez)\b/i],
  de: [/\b(?:wider(?:sprechen|spruch|sprechen)|Widerspruchsrecht)\b/i],
  en: [/\bobject(?:ion)?\b/i],
}

export const marketingWords: WordList = {
  nl: [/\b(?:direct ?marketing|reclame)\b/i],
  fr: [/\b(?:prospection|publicité|marketing direct)(?![\p{L}])/iu],
  de: [/\b(?:Direktwerbung|Werbung|Direktmarketing)\b/i],
  en: [/\b(?:direct marketing|advertising)\b/i],
}
