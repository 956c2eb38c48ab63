import { describe, expect, it } from 'vitest'
import { paintSvg } from './paint-svg.ts'

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'

describe('painting a chart', () => {
  it('gives a picture of twice the size, each its own when many are asked for', async () => {
    const wide = svg.replaceAll('40', '60')
    const sizes = (await Promise.all([svg, wide, svg].map(paintSvg))).map(sizeOf)
    expect(sizes).toEqual([
      [80, 40],
      [120, 40],
      [80, 40],
    ])
  })

  it('says what is wrong with a drawing, and paints the next', async () => {
    await expect(paintSvg('<svg')).rejects.toThrow('the chart was not painted')
    expect(sizeOf(await paintSvg(svg))).toEqual([80, 40])
  })
})

/** PNG (ISO/IEC 15948) §11.2.2: width and height stand first in IHDR. */
function sizeOf(png: Uint8Array): [number, number] {
  const bytes = Buffer.from(png)
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}
