import { fileURLToPath } from 'node:url'
import { loadTexts } from '../text.ts'

/** The catalogues of this package, for tests. */
export const localesDir = fileURLToPath(new URL('../../../../../locales', import.meta.url))
export const texts = loadTexts(localesDir)
