import { describe, expect, it } from 'vitest'
import { ConfigInvalid, readConfig } from './config.ts'

const read = (env: NodeJS.ProcessEnv) => readConfig({}, { VERZET_CONFIG: '', ...env })

describe('the settings for a broker', () => {
  it('are none by default, and name the stream', () => {
    expect(read({})).toMatchObject({ nats_name: 'verzet' })
    expect(read({}).nats_url).toBeUndefined()
  })

  it('take servers of one cluster', () => {
    const url = 'nats://hub:geheim@a.example:4222,nats://b.example:4222'
    expect(read({ VERZET_NATS_URL: url, VERZET_NATS_NAME: 'acme' })).toMatchObject({ nats_url: url, nats_name: 'acme' })
  })

  it('are refused without their value when they are something else', () => {
    const wrong = () => read({ VERZET_NATS_URL: 'redis://user:geheim@a.example', VERZET_NATS_NAME: 'a.b' })
    expect(wrong).toThrow(ConfigInvalid)
    expect(wrong).toThrow(/VERZET_NATS_URL is not like nats:/)
    expect(wrong).toThrow(/VERZET_NATS_NAME must be 1 to 64 letters/)
    expect(wrong).not.toThrow(/geheim@a/)
  })
})
