import { assertNever } from '@verzet/core'
import { brandSettings } from '../../../../services/brand-settings.ts'
import { readPublishedForm } from '../../../../services/forms/read-leave-form.ts'
import type { Hub } from '../../../../services/hub.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderCodePage } from '../../pages/code-page.tsx'
import { renderConfirmPage } from '../../pages/confirm-page.tsx'
import { renderDocument } from '../../pages/layout.tsx'
import { renderOptOutDone, renderOptOutForm } from '../../pages/opt-out-page.tsx'
import { renderProblemPage } from '../../pages/problem-page.tsx'
import { renderSignUpConfirm } from '../../pages/sign-up-confirm-page.tsx'
import { renderSignUpForm } from '../../pages/sign-up-page.tsx'
import { styleFor } from '../../pages/style.ts'
import type { Language, Texts } from '../../pages/text.ts'
import { readingIn } from '../../public/frame.ts'
import type { SampleName } from './text-groups.ts'

/** Nobody's address, masked as the pages mask one. */
const masked = 'n···@example.com'
const nowhere = '/sample'

type Sample = { readonly brand: BrandRow; readonly language: Language; readonly name: SampleName }

/** A page of the brand with its own words, for nobody in particular; nothing on it leads anywhere. */
export async function renderSample(
  hub: Pick<Hub, 'db' | 'pages' | 'catalog'>,
  texts: Texts,
  { brand, language, name }: Sample,
): Promise<string> {
  if (name === 'preferences' || name === 'stopped' || name === 'paused') {
    const form = await readPublishedForm(hub, brand)
    const previews = hub.pages.preview(brand, form, hub.catalog.topics(brand.id))
    return previews.find((one) => one.name === name && one.language === language)?.html ?? ''
  }
  if (name === 'mail') return hub.pages.mailSample(brand, language).html
  if (name === 'text') return renderText(hub.pages.mailSample(brand, language).text, language)
  return renderOther(texts, hub.catalog.topics(brand.id), { brand, language, name })
}

function renderOther(
  texts: Texts,
  topics: readonly { readonly id: string; readonly names: Readonly<Record<string, string>> }[],
  {
    brand,
    language,
    name,
  }: Sample & { readonly name: Exclude<SampleName, 'preferences' | 'stopped' | 'paused' | 'mail' | 'text'> },
): string {
  const { frame, text } = readingIn(texts, brand, language, { languageSwitch: { kind: 'links', path: nowhere } })
  const { contactEmail, postalAddress } = brandSettings(brand)
  const named = topics.slice(0, 2).map(({ id, names }) => ({ id, name: names[language] ?? names.en ?? id }))
  const words = text('signUp.consent', { brand: brand.name, controller: brand.controller })
  switch (name) {
    case 'confirm': {
      const topic = named[0]?.name ?? brand.name
      const confirmable = { kind: 'receive' as const, items: [{ topic, channel: 'email' as const }] }
      return renderConfirmPage({ frame, action: nowhere, confirmable, masked, state: 'ask' }, text)
    }
    case 'signUp':
      return renderSignUpForm({ frame, action: nowhere, topics: named, words, version: 0 }, text)
    case 'signUpConfirm': {
      const topic = { topics: named.map((one) => one.name), channel: 'email' as const, form: nowhere, refused: [] }
      const sample = { frame, action: nowhere, state: 'ask' as const, masked, words, wordsLanguage: language }
      return renderSignUpConfirm({ ...sample, ...topic }, text)
    }
    case 'optOut':
      return renderOptOutForm({ frame, action: nowhere, codePage: nowhere, brands: [], countries: [] }, text)
    case 'optOutDone':
      return renderOptOutDone({ frame, stopped: [{ type: 'email', masked }], form: nowhere }, text)
    case 'code':
      return renderCodePage({ frame, action: nowhere, optOutForm: nowhere }, text)
    case 'problem': {
      const ways = { codePage: nowhere, ...(contactEmail && { email: contactEmail }) }
      const otherWays = { ...ways, ...(postalAddress && { postal: postalAddress }) }
      return renderProblemPage({ frame, problem: 'link_unknown', otherWays }, text)
    }
    default:
      return assertNever(name)
  }
}

/** A text has no look of its own. */
function renderText(words: string, language: Language): string {
  return renderDocument(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>SMS</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <style dangerouslySetInnerHTML={{ __html: styleFor().css }} />
      </head>
      <body>
        <main class="page">
          <p class="card">{words}</p>
        </main>
      </body>
    </html>,
  )
}
