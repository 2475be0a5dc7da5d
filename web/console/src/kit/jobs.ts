import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'
import { ask, type Job } from '@/api'
import { say } from './toast'

const ended = (j: Job): boolean => j.state === 'done' || j.state === 'failed' || j.state === 'cancelled'

/** Long work: watched by server-sent events, by asking every two seconds where those do not pass. It goes on when its page is left. */
export const useJobs = defineStore('jobs', () => {
  const all = reactive(new Map<string, Job>())
  const watching = new Set<string>()
  const running = computed(() => [...all.values()].filter((j) => !ended(j)).length)

  function take(job: Job): void {
    const before = all.get(job.id)
    all.set(job.id, job)
    if (before && !ended(before) && ended(job)) tell(job)
  }
  function tell(job: Job): void {
    if (job.state === 'done') say(`${job.title}：已完成`, 'ok')
    else if (job.state === 'failed') say(`${job.title}：${job.error || '没有办成'}`, 'bad')
  }
  function watch(id: string): void {
    if (watching.has(id)) return
    watching.add(id)
    const done = (): void => void watching.delete(id)
    if (typeof EventSource === 'undefined') return void poll(id, done)
    const source = new EventSource(`/api/jobs/${id}/events`)
    const on = (e: MessageEvent<string>): void => {
      const job = JSON.parse(e.data) as Job
      take(job)
      if (ended(job)) {
        source.close()
        done()
      }
    }
    source.onmessage = on
    source.onerror = () => {
      // proxies that hold back event streams, and streams cut short: ask instead
      source.close()
      void poll(id, done)
    }
  }
  async function poll(id: string, done: () => void): Promise<void> {
    for (let misses = 0; misses < 5; ) {
      try {
        const job = await ask('GET /api/jobs/{id}', { path: { id } })
        take(job)
        misses = 0
        if (ended(job)) break
      } catch {
        misses += 1
      }
      await new Promise((r) => setTimeout(r, 2_000 * (misses + 1)))
    }
    done()
  }
  async function load(): Promise<void> {
    for (const job of await ask('GET /api/jobs')) {
      take(job)
      if (!ended(job)) watch(job.id)
    }
  }
  return { all, running, watch, load, take }
})

/** What a finished job left: how many rows, what was wrong, which files. */
export interface JobOutcome {
  /** Nothing was kept: what would come of it. */
  trial: boolean
  accepted?: number
  rejected?: number
  defects: { place: string; code: string; message: string }[]
  defectsTotal: number
  notes: string[]
  files: { label: string; href: string }[]
  link?: string
}
interface Left {
  dry_run?: boolean
  rows?: number
  read?: number
  added?: number
  updated?: number
  kept?: number
  rejected?: number
  defects?: JobOutcome['defects']
  defects_total?: number
  unknown?: string[]
  file?: string
  file_name?: string
  files?: { name: string; label: string }[]
  count?: number
  broken_at?: number | null
  looked_at?: number
  moved?: number
  stations?: number
  deliveries?: number
  relations?: number
  /** Of a network: to begin a case from. */
  import?: string
}
/** Where the file of each kind of job is fetched, and the list its rows went to. */
const PLACES: Record<string, { file: string; link?: string }> = {
  'parties.import': { file: '/api/parties/imports/{id}/rejected', link: '/parties' },
  'parties.export': { file: '/api/parties/exports/{id}/file' },
  'trace.import': { file: '/api/imports/{id}/rejected', link: '/events' },
  'trace.export': { file: '/api/trace-exports/{id}/file' },
  'accounts.audit_export': { file: '/api/audit/exports/{id}/file' },
  'statistics.export': { file: '/api/statistics/cases/exports/{id}/file' },
  'rapid.import': { file: '/api/rapid/imports/{id}/rejected', link: '/rapid' },
  'rapid.export': { file: '/api/rapid/exports/{id}/file' },
  'findings.export': { file: '/api/findings/exports/{id}/file' },
  'sampling.export': { file: '/api/samples/exports/{id}/file' },
  'sampling.export_draws': { file: '/api/sample-draws/exports/{id}/file' },
  'inspection.plan.export': { file: '/api/inspection-plans/exports/{id}/file' },
  'inspection.draws.export': { file: '/api/draws/exports/{id}/file' },
  'recall.export': { file: '/api/recalls/exports/{id}/file' },
  'campaigns.export': { file: '/api/campaigns/exports/{id}/file' },
  'investigation.export': { file: '/api/investigations/exports/{id}/file' },
}

/** A network goes in whole or not at all. */
function ofNetwork(job: Job, left: Left): JobOutcome {
  const defects = left.defects ?? []
  const counts = `主体 ${left.stations ?? 0} 家，流转 ${left.deliveries ?? 0} 笔，加工关系 ${left.relations ?? 0} 条`
  return {
    trial: !!left.dry_run,
    defects,
    defectsTotal: left.rejected ?? defects.length,
    notes: [defects.length ? `有 ${left.rejected ?? defects.length} 处错误，什么也没有写入` : left.dry_run ? `可以导入：${counts}` : `已写入账本：${counts}`],
    files: defects.length ? [{ label: '下载错误清单', href: `/api/networks/imports/${job.id}/rejected` }] : [],
    ...(left.import ? { link: `/investigations/new?network=${left.import}` } : {}),
  }
}

export function outcome(job: Job): JobOutcome | null {
  if (job.state !== 'done' || !job.result) return null
  const left = JSON.parse(job.result) as Left
  const place = PLACES[job.kind]
  if (left.stations != null) return ofNetwork(job, left)
  const imported = left.rejected != null
  const href = place?.file.replace('{id}', job.id)
  return {
    trial: !!left.dry_run,
    ...(imported ? { accepted: (left.added ?? left.kept ?? 0) + (left.updated ?? 0), rejected: left.rejected } : {}),
    defects: left.defects ?? [],
    defectsTotal: left.defects_total ?? left.defects?.length ?? 0,
    notes: left.moved != null ? [`看了 ${left.looked_at ?? 0} 件案卷的期限，${left.moved} 件有变动`] : left.unknown?.length ? [`没有用到的列：${left.unknown.join('、')}`] : left.broken_at ? [`在第 ${left.broken_at} 条断裂，请立即报告`] : [],
    files: left.files && href ? left.files.map((f) => ({ label: `下载 ${f.label || f.name}`, href })) : left.file && href ? [{ label: imported ? '下载退回的行' : `下载 ${left.file_name ?? '文件'}${left.rows == null ? '' : `（${left.rows} 行）`}`, href }] : [],
    ...(imported && place?.link && !left.dry_run ? { link: place.link } : {}),
  }
}
