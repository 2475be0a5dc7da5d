/** How much there is to do: for the menu, the home page and the list. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { ask, Problem, type TodoCounts } from '@/api'

export const useTodo = defineStore('todo', () => {
  const counts = ref<TodoCounts | null>(null)
  /** A count is no reason to stop anybody: where it does not come, none is shown. */
  async function load(): Promise<void> {
    try {
      counts.value = await ask('GET /api/cases/todo/counts')
    } catch (e) {
      if (!(e instanceof Problem)) throw e
      counts.value = null
    }
  }
  return { counts, load }
})
