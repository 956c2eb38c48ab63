import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildElement } from './build.mjs'

/** What a page on a telephone may be asked to load for it. */
const gzipBytesMax = 12 * 1024

describe('the custom element', () => {
  it('is one script of at most 12 kB, compressed', async () => {
    const bytes = gzipSync(await buildElement(), { level: 9 }).length
    expect(bytes).toBeLessThanOrEqual(gzipBytesMax)
    expect(bytes).toBeGreaterThan(1_000)
  })

  it('needs nothing that a strict Content-Security-Policy forbids, and keeps nothing', async () => {
    const script = await buildElement()
    expect(script).not.toMatch(
      /\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write|createElement\("style"\)/,
    )
    expect(script).not.toMatch(/document\.cookie|localStorage|sessionStorage|indexedDB/)
    expect(script).not.toMatch(/\bimport\(|\brequire\(/)
  })
})
