/** A batch of rapid tests: the rows first, each under its own key, then the photos of those that were taken. */
import { ask, fill, Problem } from '@/api'
import { sends } from '@/store/queue'
import { RESULTS, toItem, type Outcome, type RapidWork } from './rapid'
import { post, sendFiles, taken } from './senders'

sends('rapid', async (hands): Promise<Outcome[]> => {
  const { point, rows } = hands.work.body as RapidWork
  let said: Outcome[] = hands.work.done.tests ? (JSON.parse(hands.work.done.tests) as Outcome[]) : []
  const open = rows.filter((r) => !said.some((o) => o.key === r.key && o.id))
  if (open.length) {
    // the oldest first, as they were tested
    const items = [...open].reverse().map(toItem)
    const answer = await ask('POST /api/rapid/tests', { body: { point, items } })
    said = [...said.filter((o) => o.id), ...answer.map(({ key, id, number, case_id, message }) => ({ key, id, number, case_id, message }))]
    await hands.step('tests', JSON.stringify(said))
  }
  const idOf = new Map(said.filter((o) => o.id).map((o) => [o.key, o.id]))
  const tests = new Map(rows.flatMap((r) => r.shots.map((s) => [s.hash, idOf.get(r.key)] as const)))
  await sendFiles(hands, rows.filter((r) => idOf.has(r.key)).flatMap((r) => r.shots), async (shot, from) => {
    const { taken_at, in_app } = taken(shot)
    const path = fill('/api/rapid/tests/{id}/photos', { id: tests.get(shot.hash) ?? '' })
    const kept = await post<{ id: string }>(path, { taken_at, in_app, ...('upload' in from ? from : {}) }, 'body' in from ? from.body : null, `${hands.id}-${shot.hash.slice(0, 24)}`)
    return kept.id
  })
  const refused = rows.filter((r) => !idOf.has(r.key))
  const first = refused[0]
  if (first) {
    const why = said.find((o) => o.key === first.key)?.message ?? ''
    throw new Problem(422, 'rows_refused', `${refused.length} 条没有收下：${first.food}（${RESULTS[first.result]?.name ?? ''}）${why}`)
  }
  return said
})
