import { type MailLanguage, mailLanguages } from '../../services/mail-language.ts'

/** The languages a check accepts words of: the one given, or all. */
export function languagesFor(language: string | undefined): readonly MailLanguage[] {
  const known = mailLanguages.find((one) => one === language?.slice(0, 2).toLowerCase())
  return known === undefined ? mailLanguages : [known]
}

type Words = Readonly<Record<MailLanguage, RegExp>>

/** How a way out of advertising is called. `stop` itself is understood in all four, but not in "non-stop" and "bus stop". */
export const stopWords: Words = {
  nl: /(?<!non[- ]|bus)\bstop(?:pen|zetten)?\b(?!-)|afmeld|meld u af|uitschrijv|schrijf u uit|geen (?:reclame|mails?|e-mails?|berichten|nieuwsbrief)\b|\bopt-?out\b|niet meer ontvangen/i,
  fr: /(?<!non[- ])\bstop\b(?!-)|arr[êe]t|d[ée]sinscri|d[ée]sabonn|(?:plus|pas) de (?:publicit|messages?|mails?)|ne plus recevoir|\bopt-?out\b/i,
  de: /(?<!non[- ])\bstopp?\b(?!-)|abmeld|melden sie sich ab|abbestell|keine (?:werbung|mails?|e-mails?|nachrichten)\b|beenden|austrag|widersprech|\bopt-?out\b/i,
  en: /(?<!non[- ]|bus )\bstop\b(?!-)|unsubscribe|opt(?:ing)?[- ]?out|no (?:more )?(?:advertising|mails?|e-?mails?|messages)\b|\bleave (?:this|the|our) (?:mailing )?list/i,
}

/** How the choice of less is called. */
export const preferenceWords: Words = {
  nl: /voorkeur|instellingen|minder (?:vaak|mails?|e-mails?)|kies wat/i,
  fr: /pr[ée]f[ée]rences|param[èe]tres|moins (?:souvent|de)|choisi/i,
  de: /einstellungen|pr[äa]ferenzen|seltener|weniger|ausw[äa]hlen/i,
  en: /preference|settings|less often|fewer|choose what|manage (?:my |your )?(?:e?-?mails?|subscriptions?|choices)/i,
}

/** What asks a reader to log in. German `anmelden` and French `connexion` as whole words: others contain them. */
export const loginWords: Words = {
  nl: /\binloggen\b|\blog(?:t u)? in\b|wachtwoord|aanmelden op|mijn account/i,
  fr: /connectez-vous|se connecter|\bconnexion\b|identifiez-vous|mot de passe|mon compte/i,
  de: /\beinloggen\b|(?<!ab)\banmelden\b|passwort|kennwort|mein konto/i,
  en: /\blog ?-?in\b|\bsign ?-?in\b|password|your account|my account/i,
}

export function says(words: Words, languages: readonly MailLanguage[], text: string): boolean {
  return languages.some((language) => words[language].test(text))
}

/** Whether a text names one of these as words of their own, whatever the case, the accents and the spaces. */
export function names(text: string, wanted: readonly string[]): boolean {
  const plain = ` ${folded(text).replace(/[^\p{L}\d]+/gu, ' ')} `
  return wanted.some((name) => {
    const words = folded(name)
      .replace(/[^\p{L}\d]+/gu, ' ')
      .trim()
    return words !== '' && plain.includes(` ${words} `)
  })
}

export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** A way to reach the sender: a mail address, a phone number, or a house number with a postcode. */
export function givesContact(text: string): boolean {
  return (
    /[\w.+-]+@[\w-]+\.[\w.-]+/.test(text) ||
    /(?:\+|\b0)\d[\d\s./()-]{6,}\d/.test(text) ||
    /\b\d{1,4}\s?[a-z]?\s*[,·|\n-]?\s*(?:[A-Z]{1,2}[- ])?\d{4,5}\b(?:\s?[A-Z]{2}\b)?/.test(text)
  )
}
