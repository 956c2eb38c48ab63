/** The server refuses to let the hub in or to open the folder. */
export class MailboxRefused extends Error {
  override readonly name = 'MailboxRefused'
  readonly code: string
  /** Providers lock an account that tries too often with a wrong password. */
  readonly isSignIn: boolean

  constructor(code: string, isSignIn: boolean) {
    super('the mailbox could not be opened')
    this.code = code
    this.isSignIn = isSignIn
  }
}

/** The server refuses something about one mail; the connection goes on. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
  readonly code: string

  constructor(code: string) {
    super('the mailbox refused a mail')
    this.code = code
  }
}

/** There is no connection, or no longer one. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
  readonly code: string

  constructor(code: string) {
    super('the connection to the mailbox is gone')
    this.code = code
  }
}

export type ImapFailure = {
  /** A word for the log and the operator; never the server's sentence, which may name the account. */
  readonly code: string
  /** The server said no, rather than nothing. */
  readonly isAnswer: boolean
  readonly isSignIn: boolean
}

export function failureOf(error: unknown): ImapFailure {
  const { serverResponseCode, authenticationFailed, responseStatus, mailboxMissing } = fieldsOf(error)
  const isSignIn = authenticationFailed === true
  const code = [serverResponseCode, mailboxMissing === true ? 'no_such_folder' : undefined, codeOf(error)].find(isWord)
  const isAnswer = isSignIn || mailboxMissing === true || responseStatus === 'NO' || responseStatus === 'BAD'
  return { code: code ?? (isSignIn ? 'sign_in_refused' : 'unknown'), isAnswer, isSignIn }
}

/** Never the message: it may quote what a person or a server wrote. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = fieldsOf(error)
  return isWord(code) ? code : error.name
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(error: unknown): Fields {
  return typeof error === 'object' && error !== null
    ? Object.fromEntries(fieldNames.map((name) => [name, Reflect.get(error, name)]))
    : {}
}

const fieldNames = ['code', 'serverResponseCode', 'authenticationFailed', 'responseStatus', 'mailboxMissing'] as const

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,60}$/.test(value)
}
