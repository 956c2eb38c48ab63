import { type ApiKey, apiScopes } from '../../../../services/api-keys.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { dayInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'

export const keyNameCharactersMax = 100

export type ApiKeysModel = {
  readonly frame: StaffFrame
  readonly keys: readonly ApiKey[]
  readonly typed?: { readonly name: string; readonly scopes: readonly string[] }
  readonly problem?: 'no_name' | 'no_scope'
}

/** Which programs may use the API, and for what. */
export function renderApiKeys({ frame, keys, typed, problem }: ApiKeysModel): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.room.apiKeys')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.room.apiKeys')}</h1>
        <p>{text('staff.keys.explained')}</p>
        <div class="wide-table stacking">
          <table>
            <caption class="out-of-sight">{text('staff.room.apiKeys')}</caption>
            <thead>
              <tr>
                <th scope="col">{text('staff.keys.name')}</th>
                <th scope="col">{text('staff.keys.scopes')}</th>
                <th scope="col">{text('staff.keys.made')}</th>
                <th scope="col">{text('staff.keys.used')}</th>
                <th scope="col">{text('staff.keys.state')}</th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <KeyRow frame={frame} apiKey={key} key={key.id} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <KeyForm frame={frame} {...(typed && { typed })} {...(problem && { problem })} />
    </StaffPage>,
  )
}

function KeyRow({ frame, apiKey }: { frame: StaffFrame; apiKey: ApiKey }) {
  const { text, language, timeZone, search } = frame
  const { id, name, scopes, createdAt, revokedAt, lastUsedOn } = apiKey
  const day = (at: number) => dayInWords(new Date(at), language, timeZone)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={text('staff.keys.scopes')}>
        <code>{scopes.join(', ')}</code>
      </td>
      <td data-label={text('staff.keys.made')}>{day(createdAt)}</td>
      <td data-label={text('staff.keys.used')}>
        {lastUsedOn === undefined
          ? text('staff.keys.unused')
          : dayInWords(new Date(`${lastUsedOn}T12:00:00Z`), language, 'UTC')}
      </td>
      <td>
        {revokedAt === undefined ? (
          <form method="post" action={`/api-keys/revoke${search}`}>
            <FormToken frame={frame} path="/api-keys/revoke" />
            <input type="hidden" name="key" value={id} />
            <button type="submit" class="button" aria-label={text('staff.keys.revoke.named', { name })}>
              {text('staff.keys.revoke')}
            </button>
          </form>
        ) : (
          text('staff.keys.revoked', { day: day(revokedAt) })
        )}
      </td>
    </tr>
  )
}

function KeyForm({ frame, typed, problem }: Pick<ApiKeysModel, 'frame' | 'typed' | 'problem'>) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="add">
      <h2 id="add">{text('staff.keys.add')}</h2>
      <form class="stack" method="post" action={`/api-keys/add${search}`}>
        <FormToken frame={frame} path="/api-keys/add" />
        <div class="field">
          <label for="name">{text('staff.keys.name')}</label>
          <p class="hint" id="name-hint">
            {text('staff.keys.name.hint')}
          </p>
          {problem === 'no_name' ? (
            <p class="error" role="alert" id="name-error">
              {text('staff.keys.noName')}
            </p>
          ) : null}
          <input
            id="name"
            name="name"
            value={typed?.name}
            maxLength={keyNameCharactersMax}
            autocomplete="off"
            aria-describedby={problem === 'no_name' ? 'name-error name-hint' : 'name-hint'}
            aria-invalid={problem === 'no_name' ? true : undefined}
            required
          />
        </div>
        <fieldset class="choices" aria-describedby={problem === 'no_scope' ? 'scope-error' : undefined}>
          <legend>{text('staff.keys.scopes')}</legend>
          {problem === 'no_scope' ? (
            <p class="error" role="alert" id="scope-error">
              {text('staff.keys.noScope')}
            </p>
          ) : null}
          {apiScopes.map((scope) => (
            <label class="choice" key={scope}>
              <input
                type="checkbox"
                name={`scope-${scope}`}
                value="yes"
                checked={typed?.scopes.includes(scope) ?? false}
              />
              <span>
                <code>{scope}</code> {scope === '*' ? text('staff.keys.everything') : ''}
              </span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="button first">
          {text('staff.keys.add.save')}
        </button>
      </form>
    </section>
  )
}

/** The key, this once. */
export function renderKeyMade(frame: StaffFrame, { name, key }: { name: string; key: string }): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.keys.added')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.keys.added')}</h1>
        <p role="status">{text('staff.keys.added.explained', { name })}</p>
        <div class="field">
          <label for="key">{text('staff.keys.key')}</label>
          <input id="key" readOnly value={key} />
        </div>
        <p>
          <a href={`/api-keys${search}`}>{text('staff.keys.all')}</a>
        </p>
      </section>
    </StaffPage>,
  )
}
