/** How people spell in a text, made into the words that the lists know. Dialect of Flanders, Bavaria and Switzerland included. */
const spellings: readonly (readonly [RegExp, string])[] = [
  // ê does not exist in GSM 03.38: a way that knows nothing else leaves a question mark of it.
  [/\barr[?\uFFFD](?=t)/gi, 'arre'],
  [/\bnie? ?meer\b/gi, 'niet meer'],
  [/\bnimmer\b/gi, 'nicht mehr'],
  [/\bnix\b/gi, 'nichts'],
  [/\b(?:g1|gn|gin|ge+ne?)(?= (?:reclame|spam|promo|sms|bericht))/gi, 'geen'],
  [/\bko?a(?:ne)?(?= (?:werbung|spam|sms|nachricht))/gi, 'keine'],
  [/\bkei(?:ni)?(?= (?:werbig|werbung|spam|sms|nachricht))/gi, 'keine'],
  [/\bwerbig\b/gi, 'werbung'],
  [/(?<=\b(?:werbung|sms|spam|nachrichten)) meh?$/gi, ' mehr'],
  [/\bhör(?:e|id|ed)? uf\b/gi, 'hör auf'],
  [/\b(?:lönd|lossts?|lassts?|lass) (?:mi|mich) in (?:rueh|ruah|ruhe?)(?![\p{L}])/giu, 'lasst mich in ruhe'],
  [/\betz\b/gi, 'jetzt'],
  [/(?<![\p{L}'’])['’]?k (?=wil|wens|hoef|moet|heb)|\bk(?=wil\b|heb\b|moet\b)/giu, 'ik '],
  [/\ba\.u\.b\b\.?/gi, 'aub'],
  [/\bs\.v\.p\b\.?/gi, 'svp'],
  [/\btxt(s|ing|ed)?\b/gi, 'text$1'],
]

export function spelledOut(text: string): string {
  return spellings.reduce((kept, [pattern, word]) => kept.replace(pattern, word), text)
}

/** `stopte` and `stopje` are words of their own. */
const gluedLettersMin = 3

/** `STOPAUB` and `stop-offers` are STOP and another word, where the other is one that may stand beside it. */
export function unglued(words: readonly string[], isKnown: (word: string) => boolean): string[] {
  return words.flatMap((word) => {
    const rest = ['stop', 'stopp'].flatMap((stop) =>
      word.startsWith(stop) ? word.slice(stop.length).replace(/^-/, '') : [],
    )
    const other = rest.find((one) => one.length >= gluedLettersMin && isKnown(one))
    return other === undefined ? [word] : ['stop', other]
  })
}
