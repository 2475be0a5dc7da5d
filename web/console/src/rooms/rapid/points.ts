/** The points as a filter of lists. */
import { computed, ref, type ComputedRef } from 'vue'
import { ask } from '@/api'
import type { Filter } from '@/kit/list/columns'
import { complain } from '@/kit/toast'

export function usePointFilter(): ComputedRef<Filter[]> {
  const options = ref<{ value: string; label: string }[]>([])
  void ask('GET /api/rapid/points').then((all) => (options.value = all.map((p) => ({ value: p.id, label: p.name }))), complain)
  return computed(() => (options.value.length ? [{ kind: 'select', key: 'point', label: '快检点', options: options.value }] : []))
}
