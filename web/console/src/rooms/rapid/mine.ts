/** Whether rapid tests concern the asker: bureaus always; a business that tests, has a point or was tested. Asked once a person, for the menu. */
import { ref, watch, type Ref } from 'vue'
import { ask } from '@/api'
import { useSession } from '@/kit/session'

const known = ref(false)
let of = ''
export function useTesting(): Ref<boolean> {
  const session = useSession()
  watch(
    () => (session.can('rapid.read') ? (session.me?.user.id ?? '') : ''),
    async (user) => {
      if (user === of) return
      of = user
      known.value = !!session.me?.jurisdiction.length
      if (!user || known.value) return
      // a menu without the entry is what a fault leaves; the page itself says what is wrong
      const mine = await ask('GET /api/rapid/mine').catch(() => null)
      if (user === of) known.value = !!mine?.concerned
    },
    { immediate: true },
  )
  return known
}
