import { describe, expect, it } from 'vitest'
import { checkKernel } from './build-kernel.mjs'

describe('the kernel of the scrub', () => {
  it('is what its source compiles to', { timeout: 120_000 }, async () => {
    expect(await checkKernel()).toEqual([])
  })
})
