/** What inspections are called, and the short lists asked once. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { ask, type Answer, type Items } from '@/api'
import type { Choice } from '@/kit/reference'
import { complain } from '@/kit/toast'
import type { Look } from '@/kit/words'

export type Visit = Items<'GET /api/visits'>
export type VisitPageData = Answer<'GET /api/visits/{id}'>
export type Draw = Items<'GET /api/draws'>
export type PlanItem = Items<'GET /api/inspection-plans/{id}/items'>
export type Kind = Answer<'GET /api/visit-kinds'>[number]

const look = (text: string, tone: Look['tone'], mark: string): Look => ({ text, tone, mark })
export const VISIT_STATES: Record<string, Look> = {
  planned: look('待检查', 'info', '○'), on_site: look('检查中', 'info', '◐'), recorded: look('待公示', 'warn', '◔'), reviewing: look('复核中', 'warn', '▲'),
  held: look('暂缓公示', 'warn', '‖'), published: look('已公示', 'ok', '●'), filed: look('已核查', 'ok', '●'), cancelled: look('已取消', 'idle', '×'),
}
export const CONCLUSIONS: Record<string, Look> = { no_issue: look('未发现问题', 'ok', '●'), issue_found: look('发现问题', 'bad', '■') }
export const VERDICTS: Record<string, Look> = { ok: look('符合', 'ok', '●'), bad: look('不符合', 'bad', '■'), na: look('不适用', 'idle', '○') }
export const HANDLING: Record<string, string> = { onsite_correct: '当场改正', rectify: '责令限期改正', case: '调查处理' }
export const SEVERITIES: Record<string, string> = { minor: '轻微', general: '一般', serious: '严重' }
export const REASONS: Record<string, string> = { grade: '按风险等级', floor: '两年全覆盖', none: '本年不要求' }
export const GRADES = ['A', 'B', 'C', 'D', '']
export const gradeName = (g: string): string => (g ? `${g} 级` : '未评级')
export const DOUBTS: Record<string, string> = { reused: '别处用过', far: '离主体较远', no_place: '没有位置', clock: '时间存疑', album: '来自相册', edited: '编辑过', unread: '无法识读' }

/** Where a visit stands: the phase goes before the status where it ended otherwise. */
export function stateOf(v: Pick<Visit, 'status' | 'phase'>): Look {
  if (v.phase === 'void') return look('已作废', 'idle', '×')
  if (v.phase === 'terminated') return look('已终止', 'idle', '■')
  if (v.phase === 'suspended') return look('已挂起', 'warn', '‖')
  return VISIT_STATES[v.status] ?? look(v.status, 'idle', '◇')
}

const all = shallowRef<Kind[]>([])
let asked = false
/** Kinds of inspection. */
export function useKinds(): { kinds: ComputedRef<Kind[]>; choices: ComputedRef<Choice[]> } {
  if (!asked) {
    asked = true
    ask('GET /api/visit-kinds').then(
      (k) => void (all.value = k),
      (e: unknown) => {
        asked = false
        complain(e)
      },
    )
  }
  return { kinds: computed(() => all.value), choices: computed(() => all.value.map((k) => ({ value: k.code, label: k.name }))) }
}
