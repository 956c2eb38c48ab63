import type { FastifyInstance } from 'fastify'
import { type DemoHomeModel, renderDemoHome, renderDemoMailbox } from '../pages/demo-pages.tsx'
import { readLanguage } from '../pages/text.ts'
import { readingFor, sendPage } from './frame.ts'
import type { PublicPagesOptions } from './person-routes.ts'

/** What the demo shows to whoever installs the hub; a deployment has neither page. */
export type Demo = {
  readonly summary: {
    readonly brand: string
    readonly topics: readonly { readonly id: string; readonly purpose: string }[]
    readonly relations: readonly {
      readonly externalId: string
      readonly language: string
      readonly contactPoints: readonly { readonly value: string }[]
      readonly page: string
    }[]
  }
  readonly mailbox: {
    list(): readonly { to: string; subject: string; text: string; sentAt: number; language: string }[]
  }
}

export async function registerDemoRoutes(app: FastifyInstance, options: PublicPagesOptions, demo: Demo): Promise<void> {
  const brand = options.hub.catalog.brand(demo.summary.brand)
  if (brand === undefined) return
  app.get('/', (_request, reply) => reply.redirect('/demo', 302))
  app.get('/demo', (request, reply) => {
    const { frame, text } = readingFor({ request, texts: options.texts, brand, known: 'en', path: '/demo' })
    return sendPage(
      reply,
      200,
      renderDemoHome({ frame: { ...frame, languageSwitch: { kind: 'none' } }, ...homeOf(demo) }, text),
      frame.brand.accent,
    )
  })
  app.get('/demo/mailbox', (request, reply) => {
    const { frame, text } = readingFor({ request, texts: options.texts, brand, known: 'en', path: '/demo/mailbox' })
    const mails = demo.mailbox.list().map((mail) => ({
      to: mail.to,
      subject: mail.subject,
      body: mail.text,
      sentAt: new Date(mail.sentAt),
      language: readLanguage(mail.language) ?? ('en' as const),
    }))
    const model = { frame: { ...frame, languageSwitch: { kind: 'none' as const } }, mails, home: '/demo' }
    return sendPage(reply, 200, renderDemoMailbox(model, text), frame.brand.accent)
  })
}

function homeOf({ summary }: Demo): Omit<DemoHomeModel, 'frame'> {
  return {
    topics: summary.topics.map(({ id, purpose }) => ({ name: id, purpose })),
    relations: summary.relations.map(({ externalId, language, contactPoints, page }) => ({
      externalId,
      language: readLanguage(language) ?? 'en',
      contactPoints: contactPoints.map(({ value }) => value),
      page,
    })),
    links: [
      { href: '/demo/mailbox', label: 'The mails the hub sends' },
      { href: '/demo/portal', label: 'A portal with the element in it' },
      { href: '/c', label: 'The page for a printed code' },
      { href: '/opt-out', label: 'The form for who has neither a link nor a code' },
      { href: `/sign-up/${summary.brand}`, label: 'The sign-up form' },
      { href: '/v1/openapi.json', label: 'The description of the API' },
    ],
  }
}
