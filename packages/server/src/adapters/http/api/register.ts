import { getChanges } from '../feed/get-changes.ts'
import { deleteApiKey, getApiKeys, postApiKeys } from './api-keys.ts'
import type { ApiParts, ApiServer } from './api-server.ts'
import { getBrand, getBrands, putBrand } from './brands.ts'
import { deleteRelation } from './delete-relation.ts'
import { getRelation } from './get-relation.ts'
import { getRelationTimeline } from './get-relation-timeline.ts'
import { getOpenApi } from './openapi.ts'
import { postChoices } from './post-choices.ts'
import { postGate } from './post-gate.ts'
import { postGateBatch } from './post-gate-batch.ts'
import { postGateClaim } from './post-gate-claim.ts'
import { postLinks } from './post-links.ts'
import { putRelation } from './put-relation.ts'
import { getTopic, getTopics, putTopic } from './topics.ts'

/** Every endpoint of the API, one a line. */
export function registerApi(app: ApiServer, parts: ApiParts): void {
  postChoices(app, parts)
  postGate(app, parts)
  postGateBatch(app, parts)
  postGateClaim(app, parts)
  postLinks(app, parts)
  putRelation(app, parts)
  getRelation(app, parts)
  getRelationTimeline(app, parts)
  deleteRelation(app, parts)
  getChanges(app, parts)
  getBrands(app, parts)
  getBrand(app, parts)
  putBrand(app, parts)
  getTopics(app, parts)
  getTopic(app, parts)
  putTopic(app, parts)
  postApiKeys(app, parts)
  getApiKeys(app, parts)
  deleteApiKey(app, parts)
  getOpenApi(app)
}
