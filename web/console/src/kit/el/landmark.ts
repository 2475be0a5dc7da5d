/** Element Plus heads its dialogs with a `<header>`, which counts as a second banner of the page: it is told to be none. */
import { defineComponent, h, mergeProps, nextTick, type Component } from 'vue'

export function plainHead<T extends Component>(of: T, head: string): T {
  const still = (): void => document.querySelectorAll(head).forEach((el) => el.setAttribute('role', 'presentation'))
  const soon = (): void => void nextTick(still)
  // the box is drawn some ticks after the page asks for it: by the end of its coming in at the latest it stands
  const hooks = { onVnodeMounted: still, onVnodeUpdated: soon, onOpen: soon, onOpenAutoFocus: still, onOpened: still }
  return defineComponent({
    inheritAttrs: false,
    setup: (_, { attrs, slots }) => () => h(of, mergeProps(attrs, hooks), slots),
  }) as unknown as T
}
