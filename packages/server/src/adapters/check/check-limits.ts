/** What a message that is checked may cost to read. Beyond a limit it is refused, never passed unread. */

/** What large providers take is 20 to 25 MB, a campaign stays below 1; the API's body has to hold it in base64. */
export const mailBytesMax = 10 * 1024 * 1024
/** A sheet of a mailing with its pictures in print quality. */
export const pdfBytesMax = 20 * 1024 * 1024
/** 255 segments of 153 signs is what the protocol allows (3GPP TS 23.040 §9.2.3.24.1); nobody sends a tenth of it. */
export const smsCharactersMax = 10_000
/** An hour of speaking is about 50,000 characters. */
export const scriptCharactersMax = 100_000
/** Gmail cuts a mail at 102 KB; five times that is still read whole. */
export const partCharactersMax = 512_000
/** Newsletters nest tables some thirty deep; each level of a link is looked at for its style. */
export const elementDepthMax = 256
/** Ten times a large newsletter. */
export const elementsMax = 50_000
/** Frameworks of newsletters bring a few hundred. */
export const styleRulesMax = 2_000
/** Links looked at in one message; each token opened costs a decryption. */
export const linksMax = 500
/** A way out counts as at the top when no more than this is read before it: about a third of a phone's first screen. */
export const topCharactersMax = 300
/** As at the bottom: below it only the sender's address and the small print. */
export const bottomCharactersMax = 1_000
/** A picture before the way out pushes it down as this many characters would. */
export const pictureCharacters = 100
/** WCAG 2.2, 1.4.3: text below 24 px. */
export const contrastMin = 4.5
/** Below this a colour on another is not seen at all. */
export const contrastSeenMin = 1.2
/** Browsers' own minimum is 9 to 10; below 12 people over forty need glasses. */
export const fontPxMin = 12
/** Pages of a PDF that are rendered: a letter has a few, a print run of thousands is checked by a sample. */
export const pagesMax = 20
