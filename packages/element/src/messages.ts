/** The few words the element says when it has none from the hub. */
type Messages = { readonly busy: string; readonly failed: string }

const messages: Readonly<Record<string, Messages>> = {
  nl: {
    busy: 'Even geduld',
    failed: 'Uw keuze kon niet worden opgeslagen. Er is niets veranderd. Probeer het opnieuw.',
  },
  fr: {
    busy: 'Un instant',
    failed: 'Votre choix n’a pas pu être enregistré. Rien n’a changé. Veuillez réessayer.',
  },
  de: {
    busy: 'Einen Moment',
    failed:
      'Ihre Wahl konnte nicht gespeichert werden. Es hat sich nichts geändert. Bitte versuchen Sie es noch einmal.',
  },
  en: {
    busy: 'One moment',
    failed: 'Your choice could not be stored. Nothing has changed. Please try again.',
  },
}

const dutch = messages.nl

/** Of `fr`, `FR` or `fr-BE` alike; Dutch for a language the pages are not written in. */
export function messagesIn(language: string): Messages {
  const found = messages[language.slice(0, 2).toLowerCase()] ?? dutch
  if (found === undefined) throw new Error('there are no words')
  return found
}
