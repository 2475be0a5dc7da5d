/** A receipt printer by Web Bluetooth (Chrome on Android and desktops). The page carries bytes; what they say is not its matter. */
import { Problem } from '@/api'

interface Characteristic {
  properties: { write: boolean; writeWithoutResponse: boolean }
  writeValueWithResponse?(b: BufferSource): Promise<void>
  writeValueWithoutResponse?(b: BufferSource): Promise<void>
  writeValue(b: BufferSource): Promise<void>
}
interface Server {
  getPrimaryServices(): Promise<{ getCharacteristics(): Promise<Characteristic[]> }[]>
}
interface Device {
  name?: string
  gatt?: { connected: boolean; connect(): Promise<Server> }
}
/** What small printers call the service that takes bytes: the makers' own, there is no standard. */
const SERVICES: (number | string)[] = [0x18f0, 0xff00, 0xffe0, 0xae30, 0xfee7, '49535343-fe7d-4ae5-8fa9-9fafd205e455', 'e7810a71-73ae-499d-8c15-faa9aef0c3f2']
/** Bytes at once: the least that every printer takes. */
const CHUNK = 100

const bluetooth = (): { requestDevice(o: unknown): Promise<Device> } | undefined => (navigator as unknown as { bluetooth?: { requestDevice(o: unknown): Promise<Device> } }).bluetooth
export const printers = (): boolean => !!bluetooth()
let device: Device | null = null

async function outlet(): Promise<Characteristic> {
  device ??= (await bluetooth()?.requestDevice({ acceptAllDevices: true, optionalServices: SERVICES })) ?? null
  const server = await device?.gatt?.connect()
  for (const service of (await server?.getPrimaryServices()) ?? [])
    for (const c of await service.getCharacteristics()) if (c.properties.write || c.properties.writeWithoutResponse) return c
  device = null
  throw new Problem(0, 'no_printer', '这台设备不能打印，请选蓝牙小票打印机（BLE）')
}
export async function print(bytes: Uint8Array<ArrayBuffer>, moved: (share: number) => void): Promise<void> {
  try {
    const to = await outlet()
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const part = bytes.slice(at, at + CHUNK)
      if (to.properties.write) await (to.writeValueWithResponse ? to.writeValueWithResponse(part) : to.writeValue(part))
      else await (to.writeValueWithoutResponse ? to.writeValueWithoutResponse(part) : to.writeValue(part))
      moved(Math.min(1, (at + CHUNK) / bytes.length))
    }
  } catch (e) {
    if (e instanceof Problem) throw e
    device = null
    const name = e instanceof DOMException ? e.name : ''
    if (name === 'NotFoundError') throw new Problem(0, 'no_printer', '没有选打印机')
    throw new Problem(0, 'printer_lost', '打印机没有应答，请确认已开机、有纸，再试一次')
  }
}
