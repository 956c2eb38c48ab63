import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** A framework's page as one script, as a customer's own build makes it. */
export async function bundled(source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: root, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'react',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  })
  return result.outputFiles[0]?.text ?? ''
}

export type PortalSite = {
  readonly origin: string
  /** What is answered, by path. */
  readonly pages: Map<string, { type: string; body: () => string | Promise<string> }>
  readonly server: Server
}

/** The customer's own portal, under a policy that lets in the hub's script and nothing inline. */
export async function openSite(hub: () => string): Promise<PortalSite> {
  const pages: PortalSite['pages'] = new Map()
  const server = createServer((request, response) => {
    const page = pages.get(request.url?.split('?')[0] ?? '')
    const policy = `default-src 'none'; script-src 'self' ${hub()}; connect-src 'self' ${hub()}; style-src 'self'`
    response.setHeader('content-security-policy', policy)
    if (page === undefined) response.writeHead(404).end()
    else
      void Promise.resolve(page.body()).then((body) => response.writeHead(200, { 'content-type': page.type }).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { origin: `http://127.0.0.1:${port}`, pages, server }
}

export const style = `body{font:1rem/1.5 "Liberation Sans",Arial,sans-serif;margin:0 auto;padding:1rem;max-width:60rem;color:#1c1e21;background:#fff}
verzet-preferences{--verzet-accent:#0f5c4d;--verzet-quiet:#53575e;--verzet-line:#dedad1}
verzet-preferences::part(section){padding:1.25rem;border:1px solid #dedad1;border-radius:.75rem}
verzet-preferences::part(button-first){letter-spacing:.01em}`

/** A page of the portal in one language. */
export function sitePage(language: string, body: string, scripts: readonly string[]): string {
  const tags = scripts.map((src) => `<script src="${src}" defer></script>`).join('')
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Acme</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">${tags}</head>
<body><main><h1>Acme</h1>${body}</main></body></html>`
}

type Role = Parameters<Page['getByRole']>[0]
/** More than the longest page has. */
const tabStopsMax = 80

/** Presses Tab until this part of the element has the focus; throws when it is never reached. */
export async function tabInto(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) }).first()
  await wanted.waitFor()
  for (let stop = 0; stop < tabStopsMax; stop += 1) {
    await page.keyboard.press('Tab')
    // Playwright's own look at the focus sees into shadow trees.
    if (await wanted.evaluate((element) => element.matches(':focus'))) return
  }
  throw new Error(`Tab never reached ${role} "${name}"`)
}
