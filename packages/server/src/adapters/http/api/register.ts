import { getChanges } from '../feed/get-changes.ts'
import { getAlerts, postAlertSeen } from './alerts.ts'
import { deleteApiKey, getApiKeys, postApiKeys } from './api-keys.ts'
import type { ApiParts, ApiServer } from './api-server.ts'
import { getBrand, getBrands, putBrand } from './brands.ts'
import { deleteCampaignHold, getCampaigns, putCampaignHold, putCampaignSends } from './campaigns.ts'
import { getConsentTexts, putConsentTexts } from './consent-texts.ts'
import { getRelationConsents, postConsentsSearch } from './consents.ts'
import { deleteRelation } from './delete-relation.ts'
import { getGateReplica } from './get-gate-replica.ts'
import { getKit } from './get-kit.ts'
import { getLeaves } from './get-leaves.ts'
import { getLinkKey } from './get-link-key.ts'
import { getRelation } from './get-relation.ts'
import { getRelationTimeline } from './get-relation-timeline.ts'
import { getRelayCounts } from './get-relay-counts.ts'
import { getReview, getReviews } from './get-review.ts'
import { getLeaveAnswers, getLeaveForm, getLeaveFormVersions, putLeaveForm } from './leave-forms.ts'
import { deleteMerge, postMerge } from './merge-relation.ts'
import { getOpenApi } from './openapi.ts'
import { postCalls } from './post-calls.ts'
import { postCheck } from './post-check.ts'
import { postChoices } from './post-choices.ts'
import { postDeliveryFacts } from './post-delivery-facts.ts'
import { postGate } from './post-gate.ts'
import { postGateBatch } from './post-gate-batch.ts'
import { postGateClaim } from './post-gate-claim.ts'
import { postLinkCampaigns, postLinkContactPoints } from './post-link-key-names.ts'
import { postLinks } from './post-links.ts'
import { postSignUps } from './post-sign-ups.ts'
import { putRelation } from './put-relation.ts'
import { deleteReviewDecision, postReviewDecision } from './review-decision.ts'
import { getTopic, getTopics, putTopic } from './topics.ts'
import { getWording, getWordingVersions, putWording } from './wording.ts'

/** Every endpoint of the API, one a line. */
export function registerApi(app: ApiServer, parts: ApiParts): void {
  postChoices(app, parts)
  postGate(app, parts)
  postGateBatch(app, parts)
  postGateClaim(app, parts)
  getGateReplica(app, parts)
  postLinks(app, parts)
  getLinkKey(app, parts)
  postLinkCampaigns(app, parts)
  postLinkContactPoints(app, parts)
  postSignUps(app, parts)
  postCheck(app, parts)
  postCalls(app, parts)
  putRelation(app, parts)
  getRelation(app, parts)
  getRelationTimeline(app, parts)
  getRelationConsents(app, parts)
  postConsentsSearch(app, parts)
  deleteRelation(app, parts)
  postMerge(app, parts)
  deleteMerge(app, parts)
  getLeaves(app, parts)
  getRelayCounts(app, parts)
  getCampaigns(app, parts)
  putCampaignHold(app, parts)
  deleteCampaignHold(app, parts)
  putCampaignSends(app, parts)
  getReviews(app, parts)
  getReview(app, parts)
  postReviewDecision(app, parts)
  deleteReviewDecision(app, parts)
  postDeliveryFacts(app, parts)
  getChanges(app, parts)
  getBrands(app, parts)
  getBrand(app, parts)
  putBrand(app, parts)
  getKit(app, parts)
  getConsentTexts(app, parts)
  putConsentTexts(app, parts)
  getTopics(app, parts)
  getTopic(app, parts)
  putTopic(app, parts)
  getWording(app, parts)
  putWording(app, parts)
  getWordingVersions(app, parts)
  getLeaveForm(app, parts)
  putLeaveForm(app, parts)
  getLeaveFormVersions(app, parts)
  getLeaveAnswers(app, parts)
  getAlerts(app, parts)
  postAlertSeen(app, parts)
  postApiKeys(app, parts)
  getApiKeys(app, parts)
  deleteApiKey(app, parts)
  getOpenApi(app)
}
