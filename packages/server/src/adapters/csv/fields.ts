/** The fields of one record. A quote inside an unquoted field is a character like any other (`5" pipe`). */
export function splitFields(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter)
  const fields: string[] = []
  let at = 0
  while (at <= text.length) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1)
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'))
      // Past the quote and the delimiter; of an earlier carriage return nothing is kept.
      const next = text.indexOf(delimiter, end + 1)
      if (next === -1) return fields
      at = next + 1
    } else {
      const next = text.indexOf(delimiter, at)
      if (next === -1) return [...fields, text.slice(at)]
      fields.push(text.slice(at, next))
      at = next + 1
    }
  }
  return fields
}

/** One record as text, without a line end. */
export function joinFields(fields: readonly string[], delimiter: string): string {
  return fields.map((field) => writeField(field, delimiter)).join(delimiter)
}

function writeField(field: string, delimiter: string): string {
  const needsQuotes = field.includes(delimiter) || /["\r\n]/.test(field)
  return needsQuotes ? `"${field.replaceAll('"', '""')}"` : field
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] !== '"') continue
    if (text[at + 1] !== '"') return at
    at += 1
  }
  return text.length
}
