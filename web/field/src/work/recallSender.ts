/** What an officer found at a holder: the photos first, then the amounts that they prove. */
import { ask, fill } from '@/api'
import { sends } from '@/store/queue'
import type { RecallWork } from './recalls'
import { post, sendFiles, taken } from './senders'

sends('recall', async (hands) => {
  const { recall, party, lines, note, shots } = hands.work.body as RecallWork
  await sendFiles(hands, shots, async (shot, from) => {
    const path = fill('/api/recalls/{id}/photos', { id: recall })
    const kept = await post<{ id: string }>(path, { party, ...taken(shot), ...('upload' in from ? from : {}) }, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.id
  })
  const proof = shots.map((s) => hands.work.done[`file:${s.hash}`] ?? '').filter(Boolean)
  await ask('POST /api/recalls/{id}/tasks/{party}/report', { path: { id: recall, party }, body: { lines, note, proof }, key: hands.id })
  return { told: lines.length }
})
