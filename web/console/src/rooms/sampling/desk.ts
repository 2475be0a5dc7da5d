/** Whether the business of the asker is a laboratory: asked once a person, for the menu. */
import { ref, watch, type Ref } from 'vue'
import { ask } from '@/api'
import { useSession } from '@/kit/session'

const known = ref(false)
let of = ''
export function useLaboratory(): Ref<boolean> {
  const session = useSession()
  watch(
    () => (session.can('sampling.lab') ? (session.me?.user.id ?? '') : ''),
    async (user) => {
      if (user === of) return
      of = user
      known.value = false
      if (!user) return
      // a menu without the entry is what a fault leaves; the page itself says what is wrong
      const desk = await ask('GET /api/assays/desk').catch(() => null)
      if (user === of) known.value = !!desk?.lab
    },
    { immediate: true },
  )
  return known
}
