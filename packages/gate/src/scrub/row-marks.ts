/** How many rows a scanner notes before they are judged: some hundred kilobytes of list. */
export const rowsMax = 8_192

/** How a row is to be judged. */
export const rowMarks = {
  /** By the fingerprint of the address in its column. */
  fingerprint: 0,
  /** Something in it needs a closer look: quotes, another number of columns, no plain address. */
  look: 1,
  /** An empty line. */
  blank: 2,
} as const
