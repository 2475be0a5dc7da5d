import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { del, get, post, Problem, type Session } from '@/api'

/** Who is signed in, for whom, and what they may do. */
export const useSession = defineStore('session', () => {
  const me = ref<Session | null>(null)
  const known = ref(false)

  async function load(): Promise<Session | null> {
    if (known.value) return me.value
    try {
      me.value = await get<Session>('/api/session')
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 401) throw e
      me.value = null
    }
    known.value = true
    return me.value
  }
  async function signIn(name: string, password: string, totp?: string): Promise<void> {
    me.value = await post<Session>('/api/session', { name, password, ...(totp ? { totp } : {}) })
    known.value = true
  }
  async function signOut(): Promise<void> {
    await del('/api/session')
    me.value = null
  }
  function forget(): void {
    me.value = null
  }
  const can = (need: string): boolean => !!me.value && me.value.permissions.includes(need)
  const where = computed(() => me.value?.jurisdiction.map((j) => j.name).join('、') || me.value?.party?.name || '')
  return { me, known, load, signIn, signOut, forget, can, where }
})
