import type { Fields, View } from './view.ts'

/** Longer than a hub that writes durably takes under load; a person waits no longer than this for nothing. */
const answerWithinMs = 15_000

/** Gives a token: one that was signed anew where `isExpired`. */
export type TokenSource = (isExpired: boolean) => Promise<string | undefined>

export type Asked = { readonly hub: string; readonly query: URLSearchParams; readonly token: TokenSource }

/** `undefined` for whatever is no page: nothing is known to have been done then. */
export function look(asked: Asked): Promise<View | undefined> {
  return ask(asked, 'person', { method: 'GET' })
}

export function act(asked: Asked, name: string, fields: Fields): Promise<View | undefined> {
  return ask(asked, 'acts', { method: 'POST', body: JSON.stringify({ act: name, fields }) })
}

async function ask(asked: Asked, call: string, request: RequestInit): Promise<View | undefined> {
  for (const isExpired of [false, true]) {
    const token = await asked.token(isExpired)
    if (token === undefined) return undefined
    const answer = await send(asked, call, request, token)
    // Signed for minutes: somebody who reads slowly needs a second one. The same act twice is the same act.
    if (answer?.status !== 401) return answer === undefined ? undefined : readView(answer)
    // What is not read would keep the line busy.
    await answer.body?.cancel()
  }
  return undefined
}

/** No cookie travels, and the hub is not told which page of the site it was. */
function send({ hub, query }: Asked, call: string, request: RequestInit, token: string): Promise<Response | undefined> {
  return fetch(`${hub}/portal/v1/${call}?${query}`, {
    ...request,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch(() => undefined)
}

/** A refusal (422) is a page as well: it says why. */
async function readView(answer: Response): Promise<View | undefined> {
  const body: unknown = await answer.json().catch(() => undefined)
  return (answer.ok || answer.status === 422) && isView(body) ? body : undefined
}

/** The hub is the one the site chose; a problem of its own has no sections. */
function isView(body: unknown): body is View {
  return typeof body === 'object' && body !== null && 'sections' in body && Array.isArray(body.sections)
}
