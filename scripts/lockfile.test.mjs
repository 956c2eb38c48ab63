import { describe, expect, it } from 'vitest'
import { absentOptionals, completeLock } from './lockfile.mjs'

const tool = {
  version: '2.0.0',
  dev: true,
  optionalDependencies: {
    '@tool/linux-x64': '2.0.0',
    '@tool/darwin-arm64': '2.0.0',
    '@tool/linux-arm64-musl': '2.0.0',
  },
}
const lock = {
  lockfileVersion: 3,
  packages: {
    '': {},
    'node_modules/tool': tool,
    'node_modules/tool/node_modules/@tool/linux-x64': { version: '2.0.0' },
  },
}

describe('the lock', () => {
  it('names the platform packages it has no entry for, wherever the others stand', () => {
    expect([...absentOptionals(lock).keys()]).toEqual([
      'node_modules/@tool/darwin-arm64',
      'node_modules/@tool/linux-arm64-musl',
    ])
  })

  it('is completed with what the names say, and stays as it is after that', () => {
    const complete = completeLock(lock)
    expect(complete.packages['node_modules/@tool/darwin-arm64']).toEqual({
      version: '2.0.0',
      cpu: ['arm64'],
      dev: true,
      optional: true,
      os: ['darwin'],
    })
    expect(complete.packages['node_modules/@tool/linux-arm64-musl']).toMatchObject({ os: ['linux'], libc: ['musl'] })
    expect(completeLock(complete)).toEqual(complete)
  })

  it('is not completed with a guess', () => {
    const unclear = { packages: { 'node_modules/tool': { optionalDependencies: { extra: '^1.0.0' } } } }
    expect(() => completeLock(unclear)).toThrow('extra@^1.0.0')
  })
})
