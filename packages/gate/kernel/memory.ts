/*
 * Memory, from the first page on: the signs bytes are compared with, the message of one address, the window, then for each row its
 * end, its fingerprint (two words), its mark and what becomes of it, and the rows that are kept. The window is followed by 64
 * bytes that may be read and mean nothing, as do the sixteen before it.
 */
const messageBytes: usize = 1_024
const windowBytes: usize = 1_048_576
export const rowsMax: i32 = 32_768

/** As `rowUnitsMax` of packages/gate/src/scrub/row-marks.ts. */
export const rowBytesMax: i32 = 262_144

export const messageAt: usize = 1_024
export const windowAt: usize = messageAt + messageBytes
export const endsAt: usize = windowAt + windowBytes + 64
export const fingerprintsAt: usize = endsAt + 4 * <usize>rowsMax
export const marksAt: usize = fingerprintsAt + 8 * <usize>rowsMax
export const keepsAt: usize = marksAt + <usize>rowsMax
export const gatheredAt: usize = keepsAt + <usize>rowsMax
export const memoryEnd: usize = gatheredAt + windowBytes

export const markFingerprint: u8 = 0
export const markLook: u8 = 1
export const markBlank: u8 = 2
