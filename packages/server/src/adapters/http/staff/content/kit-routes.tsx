import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BrandKit } from '../../../../services/brand-kit.ts'
import { hearsTexts } from '../../../../services/texts/sms-accounts.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { showPiece } from '../../../kit/show-kit.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type Language, languages } from '../../pages/text.ts'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { brandInPath, languageInPath, sendNotThere } from './content-parts.ts'

/** The texts that offer the way out in the brand's own messages, to be copied. */
export const kitRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/content/:brand/kit/:language', access: 'content', handle: showKit },
]

async function showKit(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const brand = brandInPath(parts, request)
  const language = languageInPath(request)
  if (brand === undefined || language === undefined) return sendNotThere(parts, request, reply)
  const { db, pages, place } = parts.hub
  const kit = pages.kit(place, brand, language, { hearsTexts: await hearsTexts(db, brand.id) })
  const frame = staffFrame(parts, request, `/content/${brand.id}/kit/${language}`)
  return sendStaffPage(reply, 200, renderKit(frame, brand, language, kit))
}

function renderKit(frame: StaffFrame, brand: BrandRow, language: Language, kit: BrandKit): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={`${text('content.kit')} · ${brand.name}`}>
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <h1>{text('content.kit')}</h1>
      <p class="row-links">
        {languages.map((one) => (
          <a
            href={`/content/${brand.id}/kit/${one}${search}`}
            aria-current={one === language ? 'page' : undefined}
            key={one}
          >
            {text(`content.in.${one}`)}
          </a>
        ))}
      </p>
      {kit.pieces.map((piece) => (
        <section class="card stack" aria-labelledby={`piece-${piece.id}`} key={piece.id}>
          <h2 id={`piece-${piece.id}`}>{text(`content.kit.${piece.id}`)}</h2>
          {piece.sms === undefined ? null : (
            <p class="hint">
              {text('content.kit.sms', { segments: piece.sms.segments, left: piece.sms.charactersLeft })}
            </p>
          )}
          {piece.placeholders.length === 0 ? null : (
            <p class="hint">{text('content.kit.fill', { list: piece.placeholders.join(', ') })}</p>
          )}
          <div class="field">
            <label for={`text-${piece.id}`}>{text('content.kit.text')}</label>
            <textarea id={`text-${piece.id}`} lang={language} rows={6} readOnly value={showPiece(piece, 'text')} />
          </div>
          <details>
            <summary>HTML</summary>
            <div class="field">
              <label for={`html-${piece.id}`}>HTML</label>
              <textarea id={`html-${piece.id}`} lang={language} rows={6} readOnly value={showPiece(piece, 'html')} />
            </div>
          </details>
        </section>
      ))}
    </StaffPage>,
  )
}
