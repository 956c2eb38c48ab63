import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { parseGroupRoles, signInProviderOf } from './staff-settings.ts'

const none = { VERZET_CONFIG: '' }
const provider = {
  VERZET_OIDC_ISSUER: 'https://login.example.com',
  VERZET_OIDC_CLIENT_ID: 'verzet',
  VERZET_OIDC_CLIENT_SECRET: 'secret',
}
const read = (env: Record<string, string>) => readConfig({}, { ...none, ...env })

describe('how staff sign in', () => {
  it('is by passkey, with a password for the first administrator alone, unless it is said otherwise', () => {
    expect(read({})).toMatchObject({ staff_passwords: 'first-administrator', four_eyes: 'off' })
    expect(signInProviderOf(read({}), 'https://optout.example', Date.now)).toBeUndefined()
    expect(read({ VERZET_STAFF_PASSWORDS: 'everyone' }).staff_passwords).toBe('everyone')
    expect(() => read({ VERZET_STAFF_PASSWORDS: 'nobody' })).toThrow('VERZET_STAFF_PASSWORDS')
  })

  it('is at a provider with everything that it needs, called by its host', () => {
    const made = signInProviderOf(read(provider), 'https://optout.example', Date.now)
    expect([made?.name, made?.rolesOf]).toEqual(['login.example.com', undefined])
  })

  it('is not at a provider that is named by halves, or that would be asked in the clear', () => {
    const { VERZET_OIDC_ISSUER, ...rest } = provider
    expect(() => read({ VERZET_OIDC_ISSUER })).toThrow('VERZET_OIDC_CLIENT_ID')
    expect(() => read({ VERZET_OIDC_ISSUER })).toThrow('VERZET_OIDC_CLIENT_SECRET_FILE')
    expect(() => read(rest)).toThrow('of no use without VERZET_OIDC_ISSUER')
    expect(() => read({ ...provider, VERZET_OIDC_CLIENT_SECRET_FILE: '/etc/hostname' })).toThrow('exactly one of')
    expect(() => read({ ...provider, VERZET_OIDC_ISSUER: 'http://login.example.com' })).toThrow('https')
    expect(() => read({ ...provider, VERZET_OIDC_ROLES: 'crm=marketer' })).toThrow('VERZET_OIDC_ROLES_CLAIM')
    const { VERZET_OIDC_CLIENT_SECRET: _, ...withFile } = { ...provider, VERZET_OIDC_CLIENT_SECRET_FILE: '/nowhere' }
    expect(() => read(withFile)).toThrow('VERZET_OIDC_CLIENT_SECRET_FILE cannot be read')
  })
})

describe('groups and roles', () => {
  it('are pairs, whatever signs a group’s name has', () => {
    const found = parseGroupRoles('cn=crm,ou=x=marketer')
    expect(found).toBeUndefined()
    expect([...(parseGroupRoles('/crm team = marketer, dpo=privacy-officer') ?? [])]).toEqual([
      ['/crm team', 'marketer'],
      ['dpo', 'privacy_officer'],
    ])
    expect([...(parseGroupRoles('a=b=agent') ?? [])]).toEqual([['a=b', 'agent']])
  })

  it('that name no role are refused', () => {
    expect([parseGroupRoles('crm=boss'), parseGroupRoles('crm'), parseGroupRoles('=agent')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
