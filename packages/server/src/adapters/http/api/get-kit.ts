import { z } from 'zod'
import { kitPieceIds } from '../../../services/brand-kit.ts'
import { chooseMailLanguage, mailLanguages } from '../../../services/mail-language.ts'
import { hearsTexts } from '../../../services/texts/sms-accounts.ts'
import { kitFormats, showPiece } from '../../kit/show-kit.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import * as schemas from './schemas.ts'

const params = z.strictObject({ brand: schemas.brandId })
const query = z.strictObject({
  language: z.enum(mailLanguages).optional().meta({ description: "That of the brand's country when left out." }),
})

const piece = z
  .strictObject({
    id: z.enum(kitPieceIds),
    text: z.string(),
    markdown: z.string(),
    html: z.string(),
    placeholders: z.array(z.string()).meta({ description: 'What has to be filled in for each recipient.' }),
    sms: z
      .strictObject({
        alphabet: z.enum(['gsm', 'ucs2']),
        segments: z.int(),
        characters: z.int().meta({ description: 'With a personal short link in it.' }),
        charactersLeft: z.int().meta({ description: 'What is left of one message for the text itself.' }),
      })
      .optional(),
  })
  .meta({ id: 'KitPiece' })
const kit = z
  .strictObject({ brand: schemas.brandId, language: z.enum(mailLanguages), pieces: z.array(piece) })
  .meta({ id: 'Kit' })

/** The texts that offer the way out, generated from what the brand has configured. */
export function getKit(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/kit',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['catalog'],
        summary: 'The opt-out kit of a brand',
        description:
          'The paragraph for the privacy statement, the footers for mail, SMS, letter and flyer, and the script for the phone, as text, Markdown and HTML.',
        params,
        querystring: query,
        response: { 200: answer('The kit.', kit), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      const language = request.query.language ?? chooseMailLanguage([], brand.country)
      const made = hub.pages.kit(hub.place, brand, language, { hearsTexts: await hearsTexts(hub.db, brand.id) })
      return {
        brand: made.brand,
        language: made.language,
        pieces: made.pieces.map((one) => {
          const [text = '', markdown = '', html = ''] = kitFormats.map((format) => showPiece(one, format))
          const { id, placeholders, sms } = one
          return { id, text, markdown, html, placeholders: [...placeholders], ...(sms && { sms }) }
        }),
      }
    },
  )
}
