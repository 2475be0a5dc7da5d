/** 关怀版: everything a quarter larger, for eyes, wet fingers and cracked screens. Kept on this phone. */
const NAME = 'care'
export const isBig = (): boolean => localStorage.getItem(NAME) === '1'
export function setBig(on: boolean): boolean {
  if (on) localStorage.setItem(NAME, '1')
  else localStorage.removeItem(NAME)
  document.documentElement.classList.toggle(NAME, on)
  return on
}
