/** Element Plus heads its dialogs with a `<header>`, which counts as a second banner of the page: it is told to be none. */
import { defineComponent, h, nextTick, type Component } from 'vue'

export function plainHead<T extends Component>(of: T, head: string): T {
  const still = (): void => document.querySelectorAll(head).forEach((el) => el.setAttribute('role', 'presentation'))
  return defineComponent({
    inheritAttrs: false,
    setup: (_, { attrs, slots }) => () => h(of, { ...attrs, onVnodeMounted: still, onVnodeUpdated: () => void nextTick(still) }, slots),
  }) as unknown as T
}
