import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Act } from './acts.tsx'
import { styleFor } from './style.ts'
import { type Language, languages, type Translate } from './text.ts'

/** What every page needs to know of the brand, the controller and the reader. */
export type PageFrame = {
  /** The controller stands in where the link names no brand. */
  readonly brand: { readonly name: string; readonly accent?: string }
  readonly controller: { readonly name: string; readonly privacyEmail?: string; readonly privacyUrl?: string }
  readonly language: Language
  /** `Europe/Brussels` unless the brand says otherwise. */
  readonly timeZone: string
  readonly languageSwitch: LanguageSwitch
}

/**
 * Links where nobody's language is known; a form where it is, since a language that is known comes before `?lang=`
 * and a link would then change nothing. `action` is the personal link's `details` act, and `act` names the page that is
 * shown again in the other language, where that is not the personal page itself.
 */
export type LanguageSwitch =
  | { readonly kind: 'none' }
  | { readonly kind: 'links'; readonly path: string }
  | { readonly kind: 'form'; readonly action: string; readonly act?: Act }

type PageProps = { frame: PageFrame; text: Translate; title: string; children: ComponentChildren }

/** Each language in its own words, so that whoever needs one can find it. */
const ownNames: Record<Language, string> = { nl: 'Nederlands', fr: 'Français', de: 'Deutsch', en: 'English' }

/** A whole HTML document. Preact escapes every value; the style sheet is the only text put in as it is. */
export function renderDocument(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`
}

/** The document around a page: one inline style sheet, no script, nothing fetched from anywhere. */
export function Page({ frame, text, title, children }: PageProps) {
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no" />
        <style dangerouslySetInnerHTML={{ __html: styleFor(frame.brand.accent).css }} />
      </head>
      <body>
        <a class="skip" href="#main">
          {text('skip')}
        </a>
        <header class="page masthead">
          <p class="wordmark">{frame.brand.name}</p>
          <LanguageSwitcher frame={frame} text={text} />
        </header>
        <main id="main" class="page" tabIndex={-1}>
          {children}
        </main>
        <Footer frame={frame} text={text} />
      </body>
    </html>
  )
}

function LanguageSwitcher({ frame, text }: { frame: PageFrame; text: Translate }) {
  const chosen = frame.languageSwitch
  if (chosen.kind === 'none') return null
  const entries = languages.map((language) => {
    const shared = { lang: language, key: language }
    if (language === frame.language)
      return (
        <span aria-current="true" {...shared}>
          {ownNames[language]}
        </span>
      )
    if (chosen.kind === 'links')
      return (
        <a href={`${chosen.path}?lang=${language}`} hreflang={language} {...shared}>
          {ownNames[language]}
        </a>
      )
    return (
      <button type="submit" name="language" value={language} {...shared}>
        {ownNames[language]}
      </button>
    )
  })
  return (
    <nav aria-label={text('language.choose')}>
      {chosen.kind === 'links' ? (
        <div class="languages">{entries}</div>
      ) : (
        <form class="languages" method="post" action={chosen.action}>
          <input type="hidden" name="from" value="switch" />
          {chosen.act === undefined ? null : <input type="hidden" name="page" value={chosen.act} />}
          {entries}
        </form>
      )}
    </nav>
  )
}

/** GDPR art. 21(4): the right to object is told in clear words and apart from everything else. */
function Footer({ frame, text }: { frame: PageFrame; text: Translate }) {
  const { name, privacyEmail, privacyUrl } = frame.controller
  return (
    <footer>
      <div class="page">
        <section class="right" aria-labelledby="right">
          <h2 id="right">{text('right.title')}</h2>
          <p>{text('right')}</p>
        </section>
        <section class="quiet-text" aria-label={text('contact.title')}>
          <p>{text('contact.controller', { controller: name })}</p>
          {privacyEmail === undefined ? null : (
            <p>
              {text('contact.question')} <a href={`mailto:${privacyEmail}`}>{privacyEmail}</a>
            </p>
          )}
          {privacyUrl === undefined ? null : (
            <p>
              <a href={privacyUrl}>{text('contact.policy')}</a>
            </p>
          )}
        </section>
      </div>
    </footer>
  )
}
