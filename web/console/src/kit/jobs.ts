import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'
import { get, type Job, type Page } from '@/api'
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
    else if (job.state === 'failed') say(`${job.title}：${job.message || '没有办成'}`, 'bad')
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
    source.addEventListener('progress', on as EventListener)
    source.onerror = () => {
      // proxies that hold back event streams, and streams cut short: ask instead
      source.close()
      void poll(id, done)
    }
  }
  async function poll(id: string, done: () => void): Promise<void> {
    for (let misses = 0; misses < 5; ) {
      try {
        const job = await get<Job>(`/api/jobs/${id}`)
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
    const page = await get<Page<Job>>('/api/jobs', { size: 50 })
    for (const job of page.items) {
      take(job)
      if (!ended(job)) watch(job.id)
    }
  }
  return { all, running, watch, load, take }
})
