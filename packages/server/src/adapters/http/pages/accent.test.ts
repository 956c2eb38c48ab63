import { contrastRatio } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { checkedAccent, darkSurface, lightPaper } from './accent.ts'

const own = checkedAccent(undefined)

describe('a brand colour', () => {
  it('is kept when it can be read on the light page', () => {
    expect(checkedAccent('#B3005E').light).toBe('#b3005e')
  })
  it.each(['#ffe600', '#888888', 'red', '#12', '#000000;}body{display:none', '</style><script>', ''])(
    'gives way to ours when it is %s',
    (colour) => {
      expect(checkedAccent(colour)).toEqual(own)
    },
  )
  it.each(['#000000', '#14532d', '#1d4ed8', '#7c2d12', '#b3005e', '#0f4c5c'])(
    'reads at 4.5:1 or better on both pages, as %s',
    (colour) => {
      const { light, dark } = checkedAccent(colour)
      expect(light).toBe(colour)
      expect(contrastRatio(light, lightPaper)).toBeGreaterThanOrEqual(4.5)
      expect(contrastRatio(light, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrastRatio(dark, darkSurface)).toBeGreaterThanOrEqual(4.5)
    },
  )
})
