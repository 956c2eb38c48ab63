/** Reads SQL without a database: statements, tables, and the SQL that lies in string literals of TypeScript. */

/** The text with comments and quoted strings blanked out; lines and positions stay where they are. */
export function maskSql(text) {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (found) => found.replace(/[^\n]/g, ' '))
}

/** Statements as `{text, masked, start}`, `start` being the position of the first character that is not a blank. */
export function splitStatements(text) {
  const masked = maskSql(text)
  const statements = []
  let from = 0
  for (const part of masked.split(';')) {
    const indent = part.length - part.trimStart().length
    const start = from + indent
    const end = from + part.length
    if (part.trim() !== '') {
      statements.push({ text: text.slice(start, end), masked: masked.slice(start, end), start })
    }
    from = end + 1
  }
  return statements
}

const name = String.raw`"?([a-z_][\w$]*)"?`
const createTable = new RegExp(String.raw`^create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?${name}\s*\(`, 'i')

/**
 * The table that a masked `create table` makes, `{name, columns, primaryKey, uniques, foreignKeys}`, each part with its
 * position `at` in the statement; undefined for another statement.
 */
export function readTable(masked) {
  const head = createTable.exec(masked)
  if (!head) return undefined
  const table = { name: head[1], columns: new Map(), primaryKey: [], uniques: [], foreignKeys: [] }
  for (const part of splitTopLevel(masked, head[0].length)) readPart(table, part)
  return table
}

/** The constraints that an `alter table … add` brings, in the form of `readTable`. */
export function readAlteredTable(masked) {
  const head = new RegExp(String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${name}\s+`, 'i').exec(masked)
  if (!head) return undefined
  const table = { name: head[1], columns: new Map(), primaryKey: [], uniques: [], foreignKeys: [] }
  for (const part of splitTopLevel(masked, head[0].length)) {
    const add = /^\s*add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?/i.exec(part.text)
    if (add) readPart(table, { text: part.text.slice(add[0].length), at: part.at + add[0].length })
  }
  return table
}

/** From `start` to the closing parenthesis or the end, cut at the commas outside parentheses. */
function splitTopLevel(masked, start) {
  const parts = []
  let depth = 0
  let from = start
  let index = start
  for (; index < masked.length && depth >= 0; index += 1) {
    const character = masked[index]
    if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) {
      parts.push({ text: masked.slice(from, index), at: from })
      from = index + 1
    }
  }
  parts.push({ text: masked.slice(from, depth < 0 ? index - 1 : index), at: from })
  return parts
}

const references = new RegExp(String.raw`\breferences\s+${name}(?:\s*\(([^)]*)\))?`, 'i')

function readPart(table, part) {
  const at = part.at + (part.text.length - part.text.trimStart().length)
  const text = part.text.trim()
  const constraint = text.replace(new RegExp(String.raw`^constraint\s+${name}\s+`, 'i'), '')
  const listed = /^(primary\s+key|unique(?:\s+nulls\s+(?:not\s+)?distinct)?|foreign\s+key)\s*\(([^)]*)\)/i.exec(
    constraint,
  )
  const target = references.exec(text)
  if (listed) {
    const columns = columnList(listed[2])
    if (/^primary/i.test(listed[1])) table.primaryKey = columns
    else if (/^unique/i.test(listed[1])) table.uniques.push({ columns, at })
    else if (target) table.foreignKeys.push({ columns, target: target[1], targetColumns: columnList(target[2]), at })
    return
  }
  if (/^(?:check|exclude|like|primary|unique|foreign)\b/i.test(constraint)) return
  const column = new RegExp(String.raw`^${name}\s+(.*)$`, 'is').exec(text)
  if (!column) return
  table.columns.set(column[1], { definition: column[2], at })
  if (/\bprimary\s+key\b/i.test(column[2])) table.primaryKey = [column[1]]
  if (/\bunique\b/i.test(column[2])) table.uniques.push({ columns: [column[1]], at })
  if (target)
    table.foreignKeys.push({ columns: [column[1]], target: target[1], targetColumns: columnList(target[2]), at })
}

function columnList(list) {
  if (list === undefined) return []
  return list.split(',').map((column) => column.trim().replaceAll('"', ''))
}

/**
 * The string literals of TypeScript code without comments, as `{text, at}`. What a template inserts stands in its text as
 * `$_`, and the literals inside the insertion follow on their own.
 */
export function readLiterals(code) {
  const literals = []
  readUntil(code, 0, '', literals)
  return literals.sort((a, b) => a.at - b.at)
}

const regexLiteral = /\/(?![*/])(?:[^\n/\\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

/** Reads code from `start` until `closing` outside any literal, and returns the position behind it. */
function readUntil(code, start, closing, literals) {
  let depth = 0
  let index = start
  while (index < code.length) {
    const character = code[index]
    if (character === closing && depth === 0) return index + 1
    if (character === '{') depth += 1
    else if (character === '}') depth -= 1
    if (character === "'" || character === '"') index = readQuoted(code, index, literals)
    else if (character === '`') index = readTemplate(code, index, literals)
    else if (character === '/' && /[(,=:[!&|?{;>]\s*$/.test(code.slice(Math.max(0, index - 20), index))) {
      regexLiteral.lastIndex = index
      index = regexLiteral.test(code) ? regexLiteral.lastIndex : index + 1
    } else index += 1
  }
  return index
}

function readQuoted(code, start, literals) {
  const quote = code[start]
  let index = start + 1
  while (index < code.length && code[index] !== quote && code[index] !== '\n') index += code[index] === '\\' ? 2 : 1
  literals.push({ text: code.slice(start + 1, index), at: start + 1 })
  return index + 1
}

function readTemplate(code, start, literals) {
  let text = ''
  let index = start + 1
  while (index < code.length && code[index] !== '`') {
    if (code.startsWith('${', index)) {
      const end = readUntil(code, index + 2, '}', literals)
      // Blanks of the same length keep every line of the literal where it is.
      text += `$_${code.slice(index + 2, end).replace(/[^\n]/g, ' ')}`
      index = end
    } else {
      const width = code[index] === '\\' ? 2 : 1
      text += code.slice(index, index + width)
      index += width
    }
  }
  literals.push({ text, at: start + 1 })
  return index + 1
}
