import { assertNever } from '@verzet/core'
import { Button } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'
import { dayInWords } from './wording.ts'

export type OptOutUndoModel = {
  readonly frame: PageFrame
  /** Where the button posts to. */
  readonly action: string
  readonly state: 'ask' | 'undone' | 'nothing_left' | 'expired'
  readonly masked: string
  readonly saidAt: Date
  /** The reader's own page. */
  readonly page: string
}

/** `GET /o/{token}`: for who reads in their mailbox that advertising was stopped for them and did not ask for it. */
export function renderOptOutUndo(model: OptOutUndoModel, text: Translate): string {
  const { frame, state } = model
  const title = titleOf(state, text)
  const date = dayInWords(model.saidAt, frame.language, frame.timeZone)
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        {state === 'ask' ? (
          <h1 id="title">{title}</h1>
        ) : (
          <div role="status" class="stack">
            {state === 'undone' ? <span class="seal" aria-hidden="true" /> : null}
            <h1 id="title">{title}</h1>
            {state === 'undone' ? <p>{text('done.undone.explained')}</p> : null}
          </div>
        )}
        {state === 'ask' ? (
          <>
            <p>{text('optOut.undo.explained', { date, address: model.masked })}</p>
            <form method="post" action={model.action} class="stack">
              <Button>{text('optOut.undo.button')}</Button>
            </form>
            <p>{text('optOut.undo.keep')}</p>
          </>
        ) : (
          <p>
            {text('optOut.undo.page')} <a href={model.page}>{text('grid.title')}</a>
          </p>
        )}
      </section>
    </Page>,
  )
}

function titleOf(state: OptOutUndoModel['state'], text: Translate): string {
  switch (state) {
    case 'ask':
      return text('optOut.undo.ask')
    case 'undone':
      return text('done.undone')
    case 'nothing_left':
      return text('optOut.undo.done')
    case 'expired':
      return text('optOut.undo.expired')
    default:
      return assertNever(state)
  }
}
