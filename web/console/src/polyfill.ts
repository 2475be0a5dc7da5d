// What Chrome 90 and Safari 14 lack of what we and our libraries use.
function define(target: object, name: string, value: unknown): void {
  if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

function at(this: { length: number; [i: number]: unknown }, index: number): unknown {
  const i = Math.trunc(index) || 0
  return this[i < 0 ? this.length + i : i]
}

define(Array.prototype, 'at', at)
define(String.prototype, 'at', at)
define(Object, 'hasOwn', (o: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(o, key))
define(globalThis, 'structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)))
// crypto.randomUUID needs a secure context; a bureau's intranet may be plain http.
if (!('randomUUID' in crypto)) {
  define(crypto, 'randomUUID', () => {
    const b = crypto.getRandomValues(new Uint8Array(16))
    b[6] = (b[6]! & 15) | 64
    b[8] = (b[8]! & 63) | 128
    const h = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
  })
}

export {}
