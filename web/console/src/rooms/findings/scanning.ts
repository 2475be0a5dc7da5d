/** Reading a QR with the camera, where the browser can; everywhere else the code is typed. */
interface Detector {
  detect: (source: CanvasImageSource) => Promise<{ rawValue: string }[]>
}
declare global {
  interface Window {
    BarcodeDetector?: new (options: { formats: string[] }) => Detector
  }
}
export const scannable = (): boolean => !!window.BarcodeDetector && !!navigator.mediaDevices?.getUserMedia && isSecureContext

/** Shows the camera and tells the first code that is one of ours; answers how to stop. */
export async function scanning(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  const detector = new window.BarcodeDetector!({ formats: ['qr_code'] })
  video.srcObject = stream
  await video.play()
  let on = true
  const stop = (): void => {
    on = false
    stream.getTracks().forEach((t) => t.stop())
  }
  const look = async (): Promise<void> => {
    if (!on) return
    const seen = await detector.detect(video).catch(() => [])
    const ours = seen.find((s) => codeOf(s.rawValue))
    if (ours && on) {
      stop()
      found(ours.rawValue)
    } else setTimeout(() => void look(), 200)
  }
  void look()
  return stop
}

/** The code in what was scanned or typed: 16 letters and digits, alone or at the end of an address. */
export function codeOf(text: string): string {
  const clean = text.trim().toUpperCase()
  const tail = clean.split(/[/?#=]/).filter(Boolean).pop() ?? ''
  const code = tail.replace(/[\s-]/g, '')
  return /^[0-9A-Z]{16}$/.test(code) ? code : ''
}
