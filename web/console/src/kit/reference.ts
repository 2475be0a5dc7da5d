/** The short lists of codes (业态, 类别 …), asked once. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { ask, type Reference } from '@/api'
import { complain } from './toast'

const all = shallowRef<Reference | null>(null)
let asked: Promise<void> | null = null

export interface Choice {
  value: string
  label: string
}
interface Lists {
  kinds: ComputedRef<Choice[]>
  /** The classes at the top: 32 大类 and the classes of farm produce. */
  categories: ComputedRef<Choice[]>
  /** Every class a product may be of, those below after the one above. */
  classes: ComputedRef<Choice[]>
  licences: ComputedRef<Choice[]>
  /** Kinds of further places. */
  sites: ComputedRef<Choice[]>
  kindName: (code: string) => string
  roleName: (code: string) => string
  siteName: (code: string) => string
}
const coded = (list: { code: string; name: string }[] | undefined): Choice[] => (list ?? []).map((c) => ({ value: c.code, label: c.name }))
const named = (list: { code: string; name: string }[] | undefined, code: string): string => list?.find((c) => c.code === code)?.name ?? code

export function useReference(): Lists {
  asked ??= ask('GET /api/reference').then(
    (r) => void (all.value = r),
    (e: unknown) => {
      asked = null
      complain(e)
    },
  )
  const category = (c: { code: string; name: string }): Choice => ({ value: c.code, label: `${c.code} ${c.name}` })
  return {
    kinds: computed(() => coded(all.value?.business_kinds)),
    categories: computed(() => (all.value?.categories ?? []).filter((c) => !c.parent).map(category)),
    classes: computed(() => (all.value?.categories ?? []).map((c) => ({ value: c.code, label: `${c.parent ? '　' : ''}${c.code} ${c.name}` }))),
    licences: computed(() => coded(all.value?.licence_kinds)),
    sites: computed(() => coded(all.value?.site_kinds)),
    kindName: (code) => named(all.value?.business_kinds, code),
    roleName: (code) => named(all.value?.person_roles, code),
    siteName: (code) => named(all.value?.site_kinds, code),
  }
}
