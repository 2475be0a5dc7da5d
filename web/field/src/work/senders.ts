/** Who sends which record. Each step is remembered before the next; each request may be repeated without harm. */
import { ask, failure, fill, Problem, url, type Query } from '@/api'
import type { Shot } from '@/kit/photo'
import * as blobs from '@/store/blobs'
import { sends, type Hands } from '@/store/queue'
import { can } from '@/store/session'
import { upload } from '@/store/upload'
import type { Evidence, Finding } from '@console/api/schema'
import type { VisitDraft } from './visitDraft'
import type { Sample } from '@console/api/schema'
import type { SampleDraft } from './sampleDraft'
import type { NewSheet } from './samples'
import { bringPaper, recordVisit, type NewRecord, type Recorded } from './visits'

/** Something found on the way: a new finding with its photos. */
export interface Report {
  party: string
  what: string
  rule: string
  severity: string
  found_at: number
  shots: Shot[]
}
/** An answer in the course of a finding: 复查 by an officer, 整改 by the business. */
export interface Answer {
  finding: string
  stage: 'verify' | 'mend'
  action: string
  form: Record<string, unknown>
  /** The field of the form that names the evidence; '' where the form has none. */
  proof: string
  at: number
  shots: Shot[]
}

/** How a shot was taken, as the server asks it. */
export const taken = (s: Shot): Query => ({ taken_at: s.taken_at, lon: s.lon, lat: s.lat, accuracy: s.accuracy, in_app: s.in_app ? 1 : 0 })

/**
 * Sends each file once: `post` gives the server the finished upload (or the bytes, where this person may not send in pieces) and
 * answers what the server calls it.
 */
export async function sendFiles(hands: Hands, shots: Shot[], post: (shot: Shot, from: { upload: string } | { body: Blob }) => Promise<string>): Promise<void> {
  const all = shots.reduce((n, s) => n + s.size, 0)
  let before = 0
  for (const shot of shots) {
    const step = `file:${shot.hash}`
    if (!hands.work.done[step]) {
      const from = can('uploads.send') ? { upload: await upload(shot.hash, `${hands.id}-${shot.hash.slice(0, 16)}`, (n) => hands.moved(before + n, all)) } : { body: await whole(shot.hash) }
      await hands.step(step, await post(shot, from))
    }
    before += shot.size
    hands.moved(before, all)
  }
}
async function whole(hash: string): Promise<Blob> {
  const found = await blobs.load(hash)
  if (!found) throw new Problem(0, 'file_gone', '本机上找不到这份文件，请重新拍摄')
  return found
}
/** A write that is not JSON. */
export async function post<T>(path: string, query: Query, body: Blob | null, key: string): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'x-shian': '1', 'idempotency-key': key }
  const r = await fetch(url(path, query), { method: 'POST', headers, credentials: 'same-origin', ...(body ? { body } : {}) }).catch(() => {
    throw new Problem(0, 'offline', '没有网络，恢复后自动接着上传')
  })
  if (!r.ok) throw await failure(r)
  return (await r.json()) as T
}
async function evidence(hands: Hands, finding: string, stage: string, shots: Shot[]): Promise<string[]> {
  // what was cut off between the server's keeping and our hearing of it is found again
  const had = hands.work.done.began ? await ask('GET /api/findings/{id}/evidence', { path: { id: finding } }) : []
  await hands.step('began', '1')
  await sendFiles(hands, shots, async (shot, from) => {
    const same = had.find((e) => e.file === shot.hash && e.stage === stage)
    if (same) return same.id
    const query = { stage, ...taken(shot), ...('upload' in from ? from : {}) }
    const kept = await post<Evidence>(fill('/api/findings/{id}/evidence', { id: finding }), query, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.id
  })
  return shots.map((s) => hands.work.done[`file:${s.hash}`] ?? '').filter(Boolean)
}

sends('report', async (hands) => {
  const r = hands.work.body as Report
  if (!hands.work.done.finding) {
    const body = { source: 'inspection', party: r.party, what: r.what, rule: r.rule, severity: r.severity, found_at: r.found_at }
    const made: Finding = await ask('POST /api/findings', { body, key: hands.id })
    await hands.step('finding', made.id)
    await hands.step('number', made.number)
  }
  const finding = hands.work.done.finding ?? ''
  await evidence(hands, finding, 'found', r.shots)
  return { finding, number: hands.work.done.number }
})

async function answer(hands: Hands): Promise<unknown> {
  const a = hands.work.body as Answer
  const proof = await evidence(hands, a.finding, a.stage, a.shots)
  const form = a.proof ? { ...a.form, [a.proof]: proof } : a.form
  // done a while ago, with no network: the log says when
  const late = Date.now() - a.at > 10 * 60_000
  const view = await ask('POST /api/cases/{id}/acts', { path: { id: a.finding }, body: { action: a.action, form, client_key: hands.id, ...(late && a.stage === 'verify' ? { occurred_at: a.at } : {}) }, key: hands.id })
  return { finding: a.finding, number: view.number, status: view.status }
}
sends('check', answer)
sends('mend', answer)

/** The record of a visit with its photos and signatures. */
export interface VisitWork {
  visit: string
  record: NewRecord
  shots: { shot: Shot; item: string }[]
  /** As it was written, for showing and printing. */
  draft: VisitDraft
}
sends('visit', async (hands) => {
  const { visit, record, shots } = hands.work.body as VisitWork
  const items = new Map(shots.map((s) => [s.shot.hash, s.item]))
  await sendFiles(hands, shots.map((s) => s.shot), async (shot, from) => {
    const query = { sha256: shot.hash, item: items.get(shot.hash), ...taken(shot), ...('upload' in from ? from : {}) }
    // the same bytes for the same visit are kept once, whatever the key
    const kept = await post<{ sha256: string }>(fill('/api/visits/{id}/photos', { id: visit }), query, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.sha256
  })
  const answer: Recorded = await recordVisit(visit, record, hands.id)
  void bringPaper(visit)
  return answer
})

/** A sample: photos by kind and signatures, then the sheet; or why there is none. */
export interface SampleWork {
  sample: string
  shots: { shot: Shot; kind: string }[]
  sheet: NewSheet
  /** As it was written, for showing. */
  draft: Pick<SampleDraft, 'title' | 'party_name' | 'seal_test' | 'seal_spare'>
}
export interface MissedWork {
  sample: string
  shots: { shot: Shot; kind: string }[]
  told: { refused: boolean; reason: string; witness: string; at: number }
}
async function sampleMedia(hands: Hands, sample: string, shots: { shot: Shot; kind: string }[]): Promise<void> {
  const kinds = new Map(shots.map((s) => [s.shot.hash, s.kind]))
  await sendFiles(hands, [...new Map(shots.map((s) => [s.shot.hash, s.shot])).values()], async (shot, from) => {
    const query = { kind: kinds.get(shot.hash), ...taken(shot), ...('upload' in from ? from : {}) }
    // the same bytes of the same kind are kept once, whatever the key
    const kept = await post<{ id: string }>(fill('/api/samples/{id}/media', { id: sample }), query, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.id
  })
}
sends('sample', async (hands): Promise<Sample> => {
  const { sample, sheet, shots } = hands.work.body as SampleWork
  await sampleMedia(hands, sample, shots)
  return ask('POST /api/samples/{id}/sheet', { path: { id: sample }, body: sheet, key: hands.id })
})
sends('sample_missed', async (hands): Promise<Sample> => {
  const { sample, told, shots } = hands.work.body as MissedWork
  await sampleMedia(hands, sample, shots)
  return ask('POST /api/samples/{id}/missed', { path: { id: sample }, body: told, key: hands.id })
})
/** What must come before is on its way from another phone: this waits for it. */
function early(e: unknown, codes: string[]): never {
  if (e instanceof Problem && codes.includes(e.code)) throw new Problem(425, e.code, '等另一名抽样人员的记录先到，之后自动接着办', null, [], 8)
  throw e
}
export interface SealWork {
  sample: string
  sheet: string
  at: number
}
sends('sample_seal', async (hands): Promise<Sample> => {
  const { sample, ...body } = hands.work.body as SealWork
  return ask('POST /api/samples/{id}/seal', { path: { id: sample }, body, key: `${hands.id}-${Date.now()}` }).catch((e: unknown) => early(e, ['sheet_first']))
})
export interface OfferWork {
  sample: string
  parts: string[]
  receiver: string
  code: string
}
sends('sample_offer', async (hands): Promise<Sample> => {
  const { sample, parts, receiver, code } = hands.work.body as OfferWork
  let last: Sample | null = null
  for (const part of parts) last = await ask('POST /api/samples/{id}/offers', { path: { id: sample }, body: { part, receiver, code }, key: `${hands.id}-${part}-${Date.now()}` }).catch((e: unknown) => early(e, ['part_unknown']))
  if (!last) throw new Problem(422, 'parts_missing', '没有选要移交的样品')
  return last
})
