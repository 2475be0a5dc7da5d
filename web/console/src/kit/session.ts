import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import { ask, Problem, type About, type Session } from '@/api'
import { signInByPasskey } from './passkey'

/** Who is signed in, for whom, and what they may do. */
export const useSession = defineStore('session', () => {
  const me = ref<Session | null>(null)
  const known = ref(false)

  async function load(): Promise<Session | null> {
    if (known.value) return me.value
    try {
      me.value = await ask('GET /api/session')
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 401) throw e
      me.value = null
    }
    known.value = true
    return me.value
  }
  async function signIn(name: string, password: string, totp?: string): Promise<void> {
    me.value = await ask('POST /api/session', { body: { name, password, ...(totp ? { totp } : {}) } })
    known.value = true
  }
  async function signInByKey(after?: { name: string; password: string }): Promise<void> {
    me.value = await signInByPasskey(after)
    known.value = true
  }
  async function signOut(): Promise<void> {
    await ask('DELETE /api/session')
    me.value = null
  }
  function forget(): void {
    me.value = null
  }
  /** Asks again who is signed in (a new password or second factor was set). */
  async function again(): Promise<void> {
    known.value = false
    await load()
  }
  const can = (need: string): boolean => !!me.value && me.value.permissions.includes(need)
  const where = computed(() => me.value?.jurisdiction.map((j) => j.name).join('、') || me.value?.businesses.map((b) => b.name).join('、') || '')
  /** The business a person of a business acts for. */
  const party = computed(() => me.value?.party?.id)
  return { me, known, load, signIn, signInByKey, signOut, forget, again, can, where, party }
})

const about = shallowReactive<{ simulated: boolean; map: string; demo: About['demo'] }>({ simulated: false, map: '', demo: null })
let aboutAsked = false
/** What this system is: whether its data are simulated, the 审图号 of its maps. Asked once; a page is not held up by it. */
export function useAbout(): typeof about {
  if (!aboutAsked) {
    aboutAsked = true
    void ask('GET /api/about').then(
      (a) => Object.assign(about, { simulated: a.simulated, map: a.map_approval, demo: a.demo }),
      () => (aboutAsked = false),
    )
  }
  return about
}
