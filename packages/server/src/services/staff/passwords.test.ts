import { expect, it } from 'vitest'
import { hashPassword, PasswordsBusy, passwordMatches } from './passwords.ts'

it('answers for an account that is not there again once the machine is no longer busy', async () => {
  const busy = Array.from({ length: 8 }, (_, index) => hashPassword(`a password that is chosen ${index}`))
  await expect(passwordMatches('a guess at nobody', undefined)).rejects.toBeInstanceOf(PasswordsBusy)
  const [hash] = await Promise.all(busy)
  expect(await passwordMatches('a guess at nobody', undefined)).toBe(false)
  expect(await passwordMatches('a password that is chosen 0', hash)).toBe(true)
})
