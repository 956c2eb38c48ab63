import { fold } from '../wish/fold.ts'

/** What a server says of one recipient. */
export type ReportedFailure = {
  readonly outcome: 'hard' | 'soft' | 'delayed'
  readonly address?: string
  readonly status?: string
  readonly diagnostic?: string
}

const diagnosticCharactersMax = 200

/**
 * Enhanced codes that say nobody is there (RFC 3463 §3.2, §3.3, RFC 7505): the address, its host or its mailbox. Other
 * permanent codes speak of this message, this sender or this moment, and leave the address alive.
 */
const deadCodes = new Set(['5.1.0', '5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.1.6', '5.1.10', '5.2.1', '5.4.4'])
/** Codes that servers use for anything. */
const vagueCodes = /^5\.(?:0|5)\.\d+$|^5\.4\.[01]$|^5\.3\.0$/

const deadWords =
  /\b(?:user|mailbox|recipient|address|account|addressee|e-?mail address|alias|username|userid)s?(?: \S+){0,6} (?:(?:is |was |are )?(?:unknown|not found|invalid|disabled|inactive|no longer|unavailable permanently|not listed|not known|rejected: unknown|suspended|deactivated|closed|terminated|discontinued|does not exist|doesn't exist|do not exist|could not be found|couldn't be found|not exist)|(?:has|have) (?:been )?(?:disabled|deactivated|suspended|closed))|\b(?:no such|unknown|invalid|non-?existent|bad destination|unrouteable|undeliverable) (?:\S+ ){0,3}(?:user|mailbox|recipient|address|account|person|host|domain|userid|local part)|\bno mailbox (?:here )?by that name|\brecipient address rejected: access denied\b|\bno (?:such )?(?:user|one) here|\b(?:doesn't|does not) have an? \S+ account|\bmailbox not found|\bdomain (?:\S+ ){0,3}(?:not found|does not exist|couldn't be found|could not be found|has no mail exchangers)|\bhost (?:or domain name )?(?:unknown|not found)|\b(?:nullmx|not accept mail|accepts no mail)|\b(?:onbekende gebruiker|gebruiker onbekend|adres bestaat niet|adresse (?:inconnue|introuvable|inexistante)|utilisateur inconnu|unbekannter (?:empfanger|benutzer)|empfanger unbekannt|adresse (?:\S+ ){0,4}n'existe pas|adresse (?:existiert nicht|unbekannt|nicht gefunden))/
/** A name server that did not answer, or an account that lives and is full, said in the words of one that is gone. */
const unsureWords =
  /\bnot found, try again\b|\b(?:over|exceed(?:ed|s|ing)?) (?:its |the |their |disk )*(?:quota|limit)\b/

/** Hard only where something says that nobody reads mail at this address. */
export function outcomeOf(status: string | undefined, words: string): 'hard' | 'soft' {
  const spoken = fold(words.slice(0, 2_000))
  const inWords = codesIn(spoken).status
  if (status !== undefined && !vagueCodes.test(status)) return deadCodes.has(status) ? 'hard' : 'soft'
  if (inWords !== undefined && !vagueCodes.test(inWords)) return deadCodes.has(inWords) ? 'hard' : 'soft'
  return deadWords.test(spoken) && !unsureWords.test(spoken) ? 'hard' : 'soft'
}

/** True for a code that says no more than that it failed. */
export function isVague(status: string | undefined): boolean {
  return status === undefined || vagueCodes.test(status)
}

/** Archives and some servers show `david...@gmail.com` in place of an address; nobody is named by it. */
export function isShortened(address: string): boolean {
  return address.includes('...')
}

/** The codes of RFC 5321 §4.2 and RFC 3463 that stand in the words. */
export function codesIn(words: string): { readonly status?: string } {
  const enhanced = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(words)?.[1]
  return enhanced === undefined ? {} : { status: enhanced }
}

/** The server's words without anybody's address, link or token, on one short line. */
export function cleanDiagnostic(words: string): string {
  return words
    .slice(0, 4 * diagnosticCharactersMax)
    .replace(/https?:\/\/\S+/gi, '…')
    .replace(/[^\s<>"'(,;:=]+@[^\s<>"'),;:]+/g, '…')
    .replace(/[\w-]{40,}/g, '…')
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, diagnosticCharactersMax)
}
