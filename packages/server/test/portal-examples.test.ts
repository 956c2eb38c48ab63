import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { portalTokens } from '../src/adapters/http/portal/portal-tokens.ts'
import { verifyPortalToken } from '../src/services/portal/verify-portal-token.ts'
import { createTestHub, type TestHub } from './hub.ts'
import { isMissing } from './peers/missing.ts'
import { openSharedPortal, portalName } from './portal.ts'

const guide = readFileSync(fileURLToPath(new URL('../../../docs/operate/portal.md', import.meta.url)), 'utf8')
/** A number that has to be escaped in JSON, and letters that take two bytes. */
const customerNumber = 'K "é\\1'

/** The one example in a language, as it stands in the guide. */
function exampleIn(language: string): string {
  const found = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))]
  expect(found).toHaveLength(1)
  return found[0]?.[1] ?? ''
}

describe('the examples of the guide sign what the hub believes', () => {
  let hub: TestHub
  let secret: string
  let directory: string

  beforeAll(async () => {
    hub = await createTestHub()
    secret = (await openSharedPortal(hub)).secret
    directory = mkdtempSync(join(tmpdir(), 'verzet-portal-'))
  })
  afterAll(async () => {
    await hub?.[Symbol.asyncDispose]()
    rmSync(directory, { recursive: true, force: true })
  })

  const write = (name: string, content: string) => {
    writeFileSync(join(directory, name), content)
    return join(directory, name)
  }
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: directory, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } }).trim()
  const judged = (token: string) => verifyPortalToken(portalTokens(hub), token)
  const believed = { kind: 'verified', subject: { type: 'customer', value: customerNumber } }
  const given = () => [portalName, hub.place.url, secret, customerNumber]

  it('in Node, with the routes for the element and for who has no script', async () => {
    const path = write('verzet-identity.mjs', exampleIn('js'))
    const program = `
      import { createServer } from 'node:http'
      import { verzetIdentityRoute, verzetPageRoute } from ${JSON.stringify(pathToFileURL(path).href)}
      const [portal, hub, secret, customerNumber] = process.argv.slice(2)
      const settings = { portal, hub, secret }
      const who = (request) => (request.headers.cookie === 'signed-in' ? customerNumber : undefined)
      const routes = { '/verzet-identity': verzetIdentityRoute(settings, who), '/my-preferences': verzetPageRoute(settings, who) }
      const server = createServer((request, response) => routes[request.url](request, response))
      server.listen(0, '127.0.0.1', async () => {
        const ask = async (path, headers) => {
          const answer = await fetch('http://127.0.0.1:' + server.address().port + path, { headers, redirect: 'manual' })
          return { status: answer.status, cache: answer.headers.get('cache-control'), location: answer.headers.get('location'), text: await answer.text() }
        }
        const cookie = { cookie: 'signed-in' }
        const all = [await ask('/verzet-identity', cookie), await ask('/verzet-identity'), await ask('/my-preferences', cookie), await ask('/my-preferences')]
        console.log(JSON.stringify(all))
        server.closeAllConnections()
        server.close()
      })`
    const [signed, nobody, page, stranger] = JSON.parse(
      run(process.execPath, write('try.mjs', program), ...given()),
    ) as {
      status: number
      cache: string
      location: string | null
      text: string
    }[]
    expect([signed?.status, signed?.cache, nobody?.status, nobody?.text]).toEqual([200, 'no-store', 401, ''])
    expect(await judged(signed?.text ?? '')).toMatchObject(believed)
    expect([page?.status, stranger?.status, stranger?.location]).toEqual([303, 303, '/sign-in'])
    expect(page?.location).toMatch(/^https:\/\/verzet\.example\/p\?identity=/)
    expect(await judged(page?.location?.split('identity=')[1] ?? '')).toMatchObject(believed)
  })

  it.skipIf(isMissing('php'))('in PHP', async () => {
    write('verzet-identity.php', exampleIn('php'))
    const program = `<?php require 'verzet-identity.php'; echo verzet_identity(...array_slice($argv, 1));`
    expect(await judged(run('php', write('try.php', program), ...given()))).toMatchObject(believed)
    const nobody = `<?php require 'verzet-identity.php'; verzet_identity_response('a', 'b', 'c', null); echo http_response_code();`
    expect(run('php', write('nobody.php', nobody))).toBe('401')
  })

  it.skipIf(isMissing('javac'))(
    'in Java',
    async () => {
      write('VerzetIdentity.java', exampleIn('java'))
      const program = `public class Try {
      public static void main(String[] given) throws Exception {
        System.out.println(new VerzetIdentity(given[0], given[1], given[2]).tokenFor(given[3]));
      }
    }`
      write('Try.java', program)
      run('javac', '-encoding', 'UTF-8', 'VerzetIdentity.java', 'Try.java')
      expect(await judged(run('java', '-cp', directory, 'Try', ...given()))).toMatchObject(believed)
    },
    60_000,
  )
})
