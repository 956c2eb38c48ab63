import type nl from '../../locales/findings/nl.json'

/** The name of a sentence about what a check found; locales/findings has it in each language. */
export type FindingTextKey = keyof typeof nl
export type FindingTextValues = Readonly<Record<string, string | number>>
/** Says such a sentence in one language, its values filled in. */
export type SayFinding = (key: FindingTextKey, values?: FindingTextValues) => string

/** For a sentence that has no values. */
export const noValues: Readonly<Record<string, never>> = {}

/** Values of a sentence by its name; those that `Values` does not name have none. */
export type ValuesOf<Values, Key> = Key extends keyof Values ? Values[Key] : typeof noValues
