import { Page, type PageFrame, renderDocument } from './layout.tsx'
import type { Translate } from './text.ts'

export type DemoPortalModel = {
  readonly frame: PageFrame
  /** The path of the element's script. */
  readonly script: string
  /** Where the element gets its token from. */
  readonly identityPath: string
  /** The way in without script. */
  readonly hostedPath: string
}

/** A portal as a customer of the demo's shop would see it, signed in. The element speaks the language of the page. */
export function renderDemoPortal(
  { frame, script, identityPath, hostedPath }: DemoPortalModel,
  text: Translate,
): string {
  const element = (
    <section class="card stack wide" aria-label={text('grid.title')}>
      <verzet-preferences identity-url={identityPath} lang={frame.language}>
        <p>
          <a class="button" href={hostedPath}>
            {text('grid.title')}
          </a>
        </p>
      </verzet-preferences>
      <script src={script} defer />
    </section>
  )
  return renderDocument(
    <Page frame={frame} text={text} title={`${frame.brand.name} · portal`}>
      <div class="stack" lang="en">
        <h1>My {frame.brand.name}</h1>
        <p>
          A page of the customer's own portal, where K-1001 is signed in. The part below is the element; it speaks to
          the hub with a token that this portal signs for five minutes.
        </p>
      </div>
      {element}
    </Page>,
  )
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'verzet-preferences': { 'identity-url': string; lang: string; children?: unknown }
    }
  }
}
