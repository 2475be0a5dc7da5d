/** What an officer saw of a disposal: the photos first, then what they prove, with the hour of the watching. */
import { ask, fill } from '@/api'
import { sends } from '@/store/queue'
import { post, sendFiles, taken } from './senders'
import type { WatchWork } from './watches'

sends('watch', async (hands) => {
  const { recall, disposal, party, done, opinion, at, shots } = hands.work.body as WatchWork
  await sendFiles(hands, shots, async (shot, from) => {
    const path = fill('/api/recalls/{id}/photos', { id: recall })
    const kept = await post<{ id: string }>(path, { party, ...taken(shot), ...('upload' in from ? from : {}) }, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.id
  })
  const proof = shots.map((s) => hands.work.done[`file:${s.hash}`] ?? '').filter(Boolean)
  await ask('POST /api/recalls/{id}/disposals/{disposal}', { path: { id: recall, disposal }, body: { done, opinion, at, proof }, key: hands.id })
  return { done }
})
