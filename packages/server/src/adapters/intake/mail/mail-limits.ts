/**
 * What a mail that comes home may cost to read. Beyond a limit the rest is left unread and the mail says so; nothing that
 * tells one kind of mail from another lies that far in.
 */

/** What large providers let pass is 20 to 25 MB; an answer or a report over this carries files, not words. */
export const mailBytesMax = 10 * 1024 * 1024
/** Ten times what a mail that went through a long chain of servers carries. */
export const headerFieldsMax = 1_000
/** Large servers refuse headers over 64 to 256 KB. */
export const headerBytesMax = 256 * 1024
/** One field after unfolding: ten times RFC 5322's line, times a long References field. */
export const fieldCharactersMax = 20_000
/** Reports have three parts, newsletters a dozen; a digest of this many is no longer read by anybody. */
export const partsMax = 200
/** A forwarded report in a forwarded report has about eight levels. */
export const depthMax = 16
/** What is decoded of one text part: more than a person writes and any server reports. */
export const textBytesMax = 256 * 1024
/** All text of one mail, after decoding. */
export const textCharactersMax = 200_000
/** Blocks of a delivery status: one for each recipient of one message. */
export const statusBlocksMax = 200
/** Sealed tokens tried in one mail: a forged one costs a decryption. */
export const tokensTriedMax = 40
