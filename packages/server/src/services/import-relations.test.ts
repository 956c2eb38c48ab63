import { evidenceHolds } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importOrigin, People } from '../../test/importing.ts'
import { email, spoken } from '../../test/people.ts'
import { lastSequence } from '../storage/changes.ts'
import { transact } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { findRelations } from '../storage/relations.ts'
import { findStandings, lockStandings } from '../storage/standings.ts'
import { tiesOfRelations } from '../storage/ties.ts'
import { choiceEvidence } from './choice-evidence.ts'
import { prepareImport, writeImport } from './import-relations.ts'
import { refoldStandings } from './refold-standings.ts'

const yearMs = 365 * 86_400_000

let people: People
beforeAll(async () => {
  people = await People.create()
})
afterAll(() => people[Symbol.asyncDispose]())

describe('bringing people in', () => {
  it('opens what a consent was given for, and nothing else', async () => {
    const counts = await people.bringIn(
      people.person('N1', ['n1@x.be', '0470000001']),
      people.person(undefined, ['lone@x.be']),
    )
    expect(counts).toEqual({ relationsCreated: 1, relationsChanged: 0, contactPoints: 3, consents: 2, refusedStill: 0 })
    expect(await people.ask('n1@x.be')).toBe('allow consent')
    expect(await people.ask('lone@x.be')).toBe('allow consent')
    expect(await people.ask('0470000001')).toBe('deny no_basis')
  })

  it('changes nothing when the same people come again: no row, no proof, no step of the feed', async () => {
    const group = [people.person('R1', ['r1@x.be', '0470000002']), people.person('R2', ['r2@x.be'])]
    await people.bringIn(...group)
    const before = {
      last: await lastSequence(people.hub.db),
      evidence: await listEvidence(
        people.hub.db,
        group.flatMap((one) => one.contactPoints.map((point) => point.key)),
      ),
    }
    people.wait(60_000)
    expect(await people.bringIn(...group)).toEqual({
      relationsCreated: 0,
      relationsChanged: 0,
      contactPoints: 0,
      consents: 0,
      refusedStill: 0,
    })
    expect(await lastSequence(people.hub.db)).toEqual(before.last)
    expect(
      await listEvidence(
        people.hub.db,
        group.flatMap((one) => one.contactPoints.map((point) => point.key)),
      ),
    ).toEqual(before.evidence)
  })

  it('tells gates, which go by fingerprint, of a no that was known by its key alone', async () => {
    const { subject, ...words } = spoken(people.hub, email('alone@x.be'), { kind: 'objection' })
    await people.hub.committer.record([{ ...words, subjectIfMissing: { type: 'email' } }])
    const told = () =>
      people.hub.db.query<{ fingerprint: bigint }>(
        'select fingerprint from changes where contact_key = $1 order by seq desc limit 1',
        [words.subjectKey],
      )
    expect(await told()).toEqual([{ fingerprint: 0n }])
    await people.bringIn(people.person('A1', ['alone@x.be']))
    expect(await told()).toEqual([{ fingerprint: subject?.fingerprint }])
    expect(await people.ask('alone@x.be')).toBe('deny objection')
  })

  it('writes the standing that folding everything anew would give', async () => {
    const group = [
      { ...people.person('F1', ['f1@x.be', '0470000003'], null), impersonal: true },
      people.person('F2', ['f2@x.be'], people.now - yearMs),
      people.person(undefined, ['f3@x.be']),
    ]
    await people.bringIn(...group)
    const keys = group.flatMap((one) => [
      ...one.contactPoints.map((point) => point.key),
      ...(one.relation ? [one.relation.keyed.key] : []),
    ])
    await transact(people.hub.db, async (tx) => {
      const rows = await lockStandings(tx, keys)
      const folded = await refoldStandings(tx, [...rows.values()], people.now)
      for (const [contactKey, row] of rows) expect(row.record).toEqual(folded.get(contactKey))
    })
  })

  it('proves each consent in the form of any other choice, and each relation with its basis', async () => {
    const one = people.person('E1', ['e1@x.be'])
    await people.bringIn(one)
    const [consent] = one.consents
    const [entry] = await listEvidence(people.hub.db, [consent?.contactKey ?? ''])
    expect(entry && evidenceHolds(entry)).toBe(true)
    const same = choiceEvidence(people.hub.secrets.pepper, {
      id: consent?.id ?? '',
      evidenceId: entry?.id ?? '',
      subjectKey: consent?.contactKey ?? '',
      words: { kind: 'consent', scope: { channel: 'email' }, author: 'controller', saidAt: consent?.saidAt ?? null },
      context: { signal: 'import', source: 'form' },
      recordedAt: people.now,
      actor: 'test',
    })
    expect(entry?.body).toBe(same.body)
    const [saved] = await listEvidence(people.hub.db, [one.relation?.keyed.key ?? ''])
    expect(JSON.parse(saved?.body ?? '').details).toMatchObject({
      basis: 'consent',
      file: 'a file',
      contactPoints: [consent?.contactKey],
    })
  })

  it('keeps every character of a name', async () => {
    const name = 'a\\b\tc\nd\\N "é" \u{1F642}'
    const keyed = people.key('customer', 'T\\1')
    await people.bringIn({ relation: { keyed, name }, contactPoints: [], consents: [] })
    const found = (await findRelations(people.hub.db, [keyed.key])).get(keyed.key)
    expect([found?.externalId, found?.name]).toEqual(['T\\1', name])
  })

  it('takes several lines about one relation, and one address of two relations, in one batch', async () => {
    const shared = 'shared@x.be'
    const counts = await people.bringIn(
      people.person('M1', ['m1@x.be']),
      people.person('M1', ['0470000004']),
      people.person('M2', [shared]),
      people.person('M3', [shared]),
    )
    expect(counts).toMatchObject({ relationsCreated: 3, contactPoints: 3 })
    expect(await tiesOfRelations(people.hub.db, [people.key('customer', 'M1').key])).toHaveLength(2)
    expect(
      (await findStandings(people.hub.db, [people.key('email', shared).key])).values().next().value?.record.groups,
    ).toHaveLength(2)
  })

  it('completes a relation and takes nothing away', async () => {
    await people.bringIn(people.person('C1', ['c1@x.be']))
    const counts = await people.bringIn(people.person('C1', ['c1b@x.be']))
    expect(counts).toMatchObject({ relationsCreated: 0, relationsChanged: 1, contactPoints: 1, consents: 1 })
    expect(await people.ask('c1@x.be')).toBe('allow consent')
    expect(await people.ask('c1b@x.be')).toBe('allow consent')
  })

  it('looks with care when somebody else adds the same person in the same moment', async () => {
    const one = people.person('S1', ['s1@x.be'])
    const prepared = await prepareImport(people.hub.db, people.tools, [one], importOrigin, people.now)
    await people.sayNo(people.key('email', 's1@x.be'))
    const counts = await writeImport(people.hub.db, people.tools, prepared, importOrigin, people.now, async () => {})
    expect(counts).toMatchObject({ relationsCreated: 1, refusedStill: 1 })
    expect(await people.ask('s1@x.be')).toBe('deny objection')
  })

  it('meets opt-outs of the same people without losing one', async () => {
    const nrs = Array.from({ length: 40 }, (_, index) => index)
    const noes = nrs.map((nr) => people.sayNo(people.key('email', `race${nr}@x.be`)))
    const batches = [0, 10, 20, 30].map((start) =>
      people.bringIn(
        ...nrs
          .slice(start, start + 10)
          .map((nr) => people.person(`RACE${nr}`, [`race${nr}@x.be`, `04710000${nr + 10}`])),
      ),
    )
    await Promise.all([...noes, ...batches])
    for (const nr of nrs) {
      expect(await people.ask(`race${nr}@x.be`)).toBe('deny objection')
      expect(await people.ask(`04710000${nr + 10}`)).toBe('deny objection')
    }
  })
})
