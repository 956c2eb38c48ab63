export const newline = 10
export const carriageReturn = 13
export const quote = 34

/** A row of a list has some hundred bytes, a document of NDJSON some thousand; one with this many is neither. */
export const rowUnitsMax = 256 * 1024

/** How many rows a scanner notes before they are judged: those of a piece, when they have sixteen bytes or more. */
export const rowsMax = 32_768

/** How a row is to be judged. */
export const rowMarks = {
  /** By the fingerprint of the address in its column. */
  fingerprint: 0,
  /** Something in it needs a closer look: quotes, another number of columns, no plain address. */
  look: 1,
  /** An empty line. */
  blank: 2,
} as const
