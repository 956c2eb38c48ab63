import type { ComponentChildren } from 'preact'
import { may, type Permission } from '../../../services/staff/permissions.ts'
import { type Language, languages, type Translate } from '../pages/text.ts'
import type { StaffVisit } from './access.ts'
import { formToken, formTokenField } from './form-token.ts'
import { staffStyle } from './staff-style.ts'

/** What every page of staff knows of its reader. */
export type StaffFrame = {
  readonly language: Language
  readonly text: Translate
  /** As the controller's brands have it, for days and moments. */
  readonly timeZone: string
  readonly controller: string
  /** The route's own path, for the room that is open and for the languages. */
  readonly path: string
  /** `?lang=fr` where the reader chose a language, to be put behind every address. */
  readonly search: string
  /** What else this page was asked for, such as its filters: who takes another language keeps them. */
  readonly asked?: string
  readonly visit?: StaffVisit
}

type Room = {
  readonly path: string
  readonly key:
    | 'staff.room.today'
    | 'staff.room.desk'
    | 'staff.room.review'
    | 'staff.room.approvals'
    | 'staff.room.campaigns'
    | 'staff.room.people'
    | 'staff.room.check'
    | 'staff.room.account'
    | 'staff.room.insight'
    | 'staff.room.content'
    | 'staff.room.registers'
    | 'staff.room.channels'
    | 'staff.room.staff'
    | 'staff.room.apiKeys'
  readonly permission: Permission
  /** Only where what lifts a no waits for a second member of staff; its door says how many wait. */
  readonly isForFourEyes?: boolean
}

/** The navigation, in its order; who may not enter a room does not see its door. */
export const rooms: readonly Room[] = [
  { path: '/today', key: 'staff.room.today', permission: 'today' },
  { path: '/desk', key: 'staff.room.desk', permission: 'desk' },
  { path: '/review', key: 'staff.room.review', permission: 'review' },
  { path: '/approvals', key: 'staff.room.approvals', permission: 'people_change', isForFourEyes: true },
  { path: '/people', key: 'staff.room.people', permission: 'people' },
  { path: '/campaigns', key: 'staff.room.campaigns', permission: 'campaigns' },
  { path: '/insight', key: 'staff.room.insight', permission: 'insight' },
  { path: '/check', key: 'staff.room.check', permission: 'check' },
  { path: '/channels', key: 'staff.room.channels', permission: 'channels' },
  { path: '/registers', key: 'staff.room.registers', permission: 'registers' },
  { path: '/content', key: 'staff.room.content', permission: 'content' },
  { path: '/staff', key: 'staff.room.staff', permission: 'staff' },
  { path: '/api-keys', key: 'staff.room.apiKeys', permission: 'api_keys' },
  { path: '/account', key: 'staff.room.account', permission: 'account' },
]

const ownNames: Record<Language, string> = { nl: 'Nederlands', fr: 'Français', de: 'Deutsch', en: 'English' }

type PageProps = { frame: StaffFrame; title: string; children: ComponentChildren; script?: string }

/** The document around a page of staff. `script` is a file of this origin that the page can do without. */
export function StaffPage({ frame, title, children, script }: PageProps) {
  const { text, language, controller } = frame
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${controller}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <style dangerouslySetInnerHTML={{ __html: staffStyle }} />
        {script === undefined ? null : <script src={script} defer />}
      </head>
      <body>
        <a class="skip" href="#main">
          {text('skip')}
        </a>
        <header class="page masthead">
          <p class="wordmark">{controller}</p>
          <Rooms frame={frame} />
          <Languages frame={frame} />
        </header>
        <main id="main" class="page" tabIndex={-1}>
          {children}
        </main>
      </body>
    </html>
  )
}

/** The hidden field that ties a form to the session and to what it does. */
export function FormToken({ frame, path }: { frame: StaffFrame; path: string }) {
  if (frame.visit === undefined) return null
  return <input type="hidden" name={formTokenField} value={formToken(frame.visit.token, path)} />
}

function Rooms({ frame }: { frame: StaffFrame }) {
  const { visit, text, search, path } = frame
  if (visit === undefined) return null
  const { waiting } = visit
  const open = rooms.filter(
    ({ permission, isForFourEyes = false }) =>
      may(visit.session.roles, permission) && (!isForFourEyes || waiting !== undefined),
  )
  return (
    <nav class="rooms" aria-label={text('staff.rooms')}>
      {open.map((room) => (
        <a
          href={`${room.path}${search}`}
          aria-current={path.startsWith(room.path) ? 'page' : undefined}
          key={room.path}
        >
          {text(room.key, { count: waiting ?? 0 })}
        </a>
      ))}
      <form method="post" action={`/sign-out${search}`}>
        <FormToken frame={frame} path="/sign-out" />
        <button type="submit">{text('staff.signOut')}</button>
      </form>
    </nav>
  )
}

/** To a page that can be asked for: what a form answered cannot. */
function Languages({ frame }: { frame: StaffFrame }) {
  const { text, path, asked } = frame
  const kept = asked === undefined ? '' : `${asked}&`
  return (
    <nav aria-label={text('language.choose')}>
      <div class="languages">
        {languages.map((language) =>
          language === frame.language ? (
            <span lang={language} aria-current="true" key={language}>
              {ownNames[language]}
            </span>
          ) : (
            <a href={`${path}?${kept}lang=${language}`} hreflang={language} lang={language} key={language}>
              {ownNames[language]}
            </a>
          ),
        )}
      </div>
    </nav>
  )
}
