import { readRelation } from '../../../services/read-relation.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { nameRelation } from './relation-key.ts'
import * as schemas from './schemas.ts'
import { relation, showRelation, unknownRelation } from './show-relation.ts'

/** What is known of a relation and what stands. */
export function getRelation(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/relations/:externalId',
    {
      config: { scope: 'relations:read' },
      schema: {
        tags: ['relations'],
        summary: 'A relation, its contact points and what stands for each',
        params: schemas.relationParams,
        response: { 200: answer('The relation.', relation), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const view = await readRelation(hub.db, nameRelation(hub.secrets, request.params.externalId).key)
      if (view === undefined) throw unknownRelation()
      return showRelation(view, hub.clock())
    },
  )
}
