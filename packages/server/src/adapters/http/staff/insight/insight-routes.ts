import type { FastifyReply, FastifyRequest } from 'fastify'
import { readTag, tagComment } from '../../../../services/insight/comments.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { askingOf, sendAnswer } from '../staff-page.ts'
import type { StaffParts } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { insightPages, readSearch } from './insight-pages.ts'
import { insightHref, readInsightQuery } from './insight-query.ts'

/** What can be learned from leaving. Looking changes nothing; the one act is a tag on a comment. */
export const insightRoutes: readonly StaffRoute[] = [
  ...[...insightPages].map(
    ([url, { access, read }]): StaffRoute => ({
      method: 'GET',
      url,
      access,
      handle: async (parts, request, reply) => {
        const asking = askingOf(request)
        const answer = await (parts.insightElsewhere?.read(url, asking) ?? read(parts, asking))
        return sendAnswer(reply, answer)
      },
    }),
  ),
  { method: 'POST', url: '/insight/words', access: 'insight', handle: changeTag },
]

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Puts a tag on a comment or takes one off, and shows the same search again. */
async function changeTag(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const query = readInsightQuery(request, parts.hub.catalog, parts.hub.clock())
  const off = postedField(request, 'off')
  const tag = readTag(off ?? postedField(request, 'tag') ?? '')
  const [subjectKey = '', choiceId = ''] = [postedField(request, 'subject'), postedField(request, 'choice')]
  if (tag !== undefined && uuid.test(subjectKey) && uuid.test(choiceId)) {
    const actor = staffActor(request.staff?.session.staffId ?? '')
    await tagComment(parts.hub, { subjectKey, choiceId, tag }, off === undefined, actor)
  }
  return reply.redirect(
    query === undefined ? '/insight' : insightHref('/insight/words', query, readSearch(request)),
    303,
  )
}
