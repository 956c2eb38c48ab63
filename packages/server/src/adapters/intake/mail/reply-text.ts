import { fold } from '../wish/fold.ts'

/** More than anybody writes in reply; what follows is what their program quotes or adds. */
const replyCharactersMax = 50_000
const replyLinesMax = 2_000

/** The lines with which mail programs in our four languages open the message they quote. */
const attribution = /^(?:on|op|le|am|il|el) .{4,300} (?:wrote|schreef|a ecrit|schrieb|escribio|ha scritto)\b.{0,200}:?$/
/** The same without the opening word, where an address or a date tells it from a sentence. */
const shortAttribution = /^(?=.*(?:@|\d)).{1,200} (?:wrote|schreef(?: het volgende)?|a ecrit|schrieb) ?:$/
const originalLine =
  /^(?:[-_ ]{3,}(?:original message|oorspronkelijk bericht|message d'origine|ursprungliche nachricht|forwarded message|doorgestuurd bericht|message transfere|weitergeleitete nachricht|begin forwarded message).*|_{20,}|-{20,})$/
const headerLine = /^\*?(?:from|van|de|von) ?:\*? ?\S/
const headerNeighbour =
  /^\*?(?:sent|verzonden|envoye|gesendet|date|datum|to|aan|a|an|subject|onderwerp|objet|betreff|cc) ?:\*? ?/
/** What phones and programs add below a mail. */
const programLine =
  /^(?:sent from|get outlook for|sent via|verstuurd vanaf|verzonden (?:vanaf|met|via)|envoye (?:de(?:puis)?|a partir de|avec)|telecharger outlook|von meinem .{0,40}gesendet|gesendet (?:von|mit|aus)|diese nachricht wurde von meinem .{0,40}gesendet|outlook voor|outlook fur|download outlook)\b/
/** After one of these come names, numbers and slogans. */
const closing =
  /^(?:met (?:vriendelijke|hartelijke|beste) groet(?:en)?|vriendelijke groet(?:en)?|hoogachtend|groet(?:en|jes)?|mvg|vr\.? ?gr\.?|cordialement|bien (?:cordialement|a vous)|sinceres salutations|salutations(?: distinguees)?|(?:veuillez|je vous prie d')agreer\b.*|cdlt|mit (?:freundlichen|besten) grussen|mit freundlichem gruss|freundliche grusse|viele grusse|(?:beste|liebe) grusse|hochachtungsvoll|mfg|vg|lg|(?:kind|best|warm)(?:est)? regards|regards|sincerely|yours (?:sincerely|faithfully|truly)|cheers|best wishes)(?:[ ,.!].{0,40})?$/
/** Legal notes of a company's own mail system. */
const disclaimer =
  /^(?:[*_-]{2,} ?)?(?:disclaimer|confidentiality (?:notice|note)|(?:this|deze|dit|diese|dieses|ce|cet|cette|la presente) (?:e-?mail|message|mail|bericht|nachricht|communication|courriel|mededeling)\b.{0,200}\b(?:confidential|privileged|intended|vertrouwelijk|bestemd|confidentiel|destine|vertraulich|bestimmt))/

/**
 * What the writer of a reply says themselves: without the message they answer, their signature, what their program adds
 * and their company's disclaimer. Answers between quoted lines are kept.
 */
export function ownWords(text: string): string {
  const lines = text.slice(0, replyCharactersMax).replace(/\r\n?/g, '\n').split('\n').slice(0, replyLinesMax)
  const kept: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '').replace(/\u00a0/g, ' ').trimEnd()
    const folded = fold(line.slice(0, 500))
    if (isQuoted(line)) continue
    const attributed = attributedLines(lines, at)
    if (attributed > 0) {
      if (!quoteFollows(lines, at + attributed)) break
      at += attributed - 1
      continue
    }
    if (originalLine.test(folded) || opensHeader(lines, at, folded)) break
    const hasSaid = kept.some((other) => other.trim() !== '')
    if (/^--\s*$/.test(line)) break
    if (disclaimer.test(folded) || (closing.test(folded) && hasSaid)) break
    if (!programLine.test(folded)) kept.push(line)
  }
  return kept.join('\n').trim()
}

function isQuoted(line: string): boolean {
  return /^\s*[>|]/.test(line)
}

/** How many lines the attribution takes here: programs wrap it over up to three. */
function attributedLines(lines: readonly string[], at: number): number {
  if (shortAttribution.test(fold((lines[at] ?? '').slice(0, 600)))) return 1
  for (let count = 1; count <= 3; count += 1) {
    if ((lines[at + count - 1] ?? '').trim() === '') return 0
    const joined = fold(
      lines
        .slice(at, at + count)
        .join(' ')
        .slice(0, 600),
    )
    if (attribution.test(joined)) return count
  }
  return 0
}

function quoteFollows(lines: readonly string[], from: number): boolean {
  const next = lines.slice(from, from + 4).find((line) => line.trim() !== '')
  return next !== undefined && isQuoted(next)
}

/** Outlook sets the header of what it quotes above it, without any mark. */
function opensHeader(lines: readonly string[], at: number, folded: string): boolean {
  if (!headerLine.test(folded)) return false
  const below = lines.slice(at + 1, at + 5).map((line) => fold(line.slice(0, 200)))
  return below.filter((line) => headerNeighbour.test(line)).length >= 2
}
