/** The order of a round: nearest next, then crossings undone (2-opt). The server orders as well; this is for when it cannot be asked. */
import { metres } from '@/kit/geo'
interface Place {
  lon: number
  lat: number
}
export function tour<T extends Place>(from: Place, stops: T[]): T[] {
  const left = [...stops]
  const out: T[] = []
  for (let at: Place = from; left.length; ) {
    let best = 0
    left.forEach((s, i) => metres(at, s) < metres(at, left[best] as T) && (best = i))
    out.push(...left.splice(best, 1))
    at = out[out.length - 1] as T
  }
  return untangle(from, out)
}
function untangle<T extends Place>(from: Place, order: T[]): T[] {
  const length = (a: Place | undefined, b: Place | undefined): number => (a && b ? metres(a, b) : 0)
  for (let better = true, rounds = 0; better && rounds < 20; rounds += 1) {
    better = false
    for (let i = 0; i < order.length - 1; i += 1)
      for (let j = i + 1; j < order.length; j += 1) {
        const before = i ? order[i - 1] : from
        if (length(before, order[j]) + length(order[i], order[j + 1]) + 1 < length(before, order[i]) + length(order[j], order[j + 1])) {
          order.splice(i, j - i + 1, ...order.slice(i, j + 1).reverse())
          better = true
        }
      }
  }
  return order
}
