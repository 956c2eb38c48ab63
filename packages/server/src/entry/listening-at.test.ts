import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { asListening, keepListeningAt, listeningAt } from './listening-at.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-listening-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe('where the hub of a data directory listens', () => {
  it('is known while it does, and not after', () => {
    expect(listeningAt(directory)).toBeUndefined()
    const kept = keepListeningAt(directory, { port: 18_420 })
    expect(listeningAt(directory)).toEqual({ port: 18_420 })
    kept[Symbol.dispose]()
    expect(listeningAt(directory)).toBeUndefined()
  })

  it('stays that of the hub which came up later', () => {
    const earlier = keepListeningAt(directory, { port: 18_421 })
    const later = keepListeningAt(directory, { port: 18_422, url: 'https://optout.example' })
    earlier[Symbol.dispose]()
    expect(listeningAt(directory)).toEqual({ port: 18_422, url: 'https://optout.example' })
    later[Symbol.dispose]()
  })

  it('is what the links of a command lead to, unless the command was told itself', () => {
    const settings = (env: Record<string, string>) =>
      asListening(readConfig({}, { VERZET_DATA: directory, VERZET_PORT: '8420', ...env }))
    expect(settings({})).toMatchObject({ port: 8420 })
    using _kept = keepListeningAt(directory, { port: 18_423, url: 'https://optout.example' })
    expect(settings({})).toMatchObject({ port: 18_423, url: 'https://optout.example' })
    expect(settings({ VERZET_URL: 'https://other.example' })).toMatchObject({ url: 'https://other.example' })
  })

  it('is unknown where the file says no such thing, or cannot be written', () => {
    for (const text of ['', '8420', '{"port":0}', '{"port":8420,"url":"nowhere"}']) {
      writeFileSync(join(directory, 'listening.json'), text)
      expect(listeningAt(directory)).toBeUndefined()
    }
    const nowhere = join(directory, 'not', 'there')
    keepListeningAt(nowhere, { port: 18_424 })[Symbol.dispose]()
    expect(listeningAt(nowhere)).toBeUndefined()
  })
})
