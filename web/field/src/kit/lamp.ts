/** The lamp of the camera, where the phone lets the page switch it. */
import { reactive } from 'vue'

export interface Lamp {
  on: boolean
  toggle(): void
}
export function lampOf(stream: MediaStream): Lamp | null {
  const track = stream.getVideoTracks()[0]
  const able = track?.getCapabilities?.() as { torch?: boolean } | undefined
  if (!track || !able?.torch) return null
  const lamp: Lamp = reactive({
    on: false,
    toggle() {
      const on = !lamp.on
      void track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(() => (lamp.on = on), () => undefined)
    },
  })
  return lamp
}
