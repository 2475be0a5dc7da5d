import { computed, onBeforeUnmount, onMounted, reactive, ref, toRaw, type ComputedRef, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { newKey, Problem, type Defect } from '@/api'
import { complain } from '@/kit/toast'

export interface Form<T extends object> {
  model: T
  errors: Record<string, string>
  defects: Ref<Defect[]>
  busy: Ref<boolean>
  dirty: ComputedRef<boolean>
  /** Runs the checks, then `send` with an idempotency key that stays the same until it succeeds. */
  submit: () => Promise<boolean>
  reset: (to: T) => void
}
export interface FormPlan<T> {
  check?: (model: T) => Record<string, string>
  send: (model: T, key: string) => Promise<void>
}

/** A form: what the server says of a field stands at the field; leaving with unsaved work asks first. */
export function useForm<T extends object>(initial: T, plan: FormPlan<T>): Form<T> {
  const model = reactive(structuredClone(initial)) as T
  const clean = ref(JSON.stringify(initial))
  const errors = reactive<Record<string, string>>({})
  const defects = ref<Defect[]>([])
  const busy = ref(false)
  const dirty = computed(() => JSON.stringify(model) !== clean.value)
  let key = newKey()

  function fail(list: Record<string, string>): boolean {
    Object.assign(errors, list)
    setTimeout(() => document.querySelector<HTMLElement>('[aria-invalid=true], .pick.bad input')?.focus(), 0)
    return false
  }
  async function submit(): Promise<boolean> {
    if (busy.value) return false
    Object.keys(errors).forEach((k) => delete errors[k])
    defects.value = []
    const wrong = plan.check?.(model) ?? {}
    if (Object.keys(wrong).length) return fail(wrong)
    busy.value = true
    try {
      await plan.send(JSON.parse(JSON.stringify(toRaw(model))) as T, key)
      clean.value = JSON.stringify(model)
      key = newKey()
      return true
    } catch (e) {
      if (!(e instanceof Problem)) throw e
      // a corrected form is a new request; an unanswered one keeps its key, so a second press cannot write twice
      if (e.status !== 0 && e.status < 500) key = newKey()
      defects.value = e.defects
      if (e.field) fail({ [e.field]: e.message })
      else complain(e)
      return false
    } finally {
      busy.value = false
    }
  }
  function reset(to: T): void {
    Object.assign(model, structuredClone(to))
    clean.value = JSON.stringify(model)
  }
  const guard = (e: BeforeUnloadEvent): void => {
    if (dirty.value) e.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', guard))
  onBeforeUnmount(() => removeEventListener('beforeunload', guard))
  onBeforeRouteLeave(() => !dirty.value || busy.value || confirm('有内容还没有保存，确定离开吗？'))
  return { model, errors, defects, busy, dirty, submit, reset }
}
