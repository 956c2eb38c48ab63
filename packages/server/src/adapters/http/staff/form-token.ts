import { createHmac, timingSafeEqual } from 'node:crypto'

/** The field of every form that says it was written for this session and this act. */
export const formTokenField = 'form'

/** Made from the session's own secret, so that nothing has to be kept and it ends with the session. */
export function formToken(sessionToken: string, path: string): string {
  return createHmac('sha256', sessionToken).update(`form ${path}`).digest('base64url')
}

export function isFormToken(sessionToken: string, path: string, given: string | undefined): boolean {
  const expected = Buffer.from(formToken(sessionToken, path))
  const presented = Buffer.from(given ?? '')
  return expected.length === presented.length && timingSafeEqual(expected, presented)
}
