/** MP4 where the browser writes it, else WebM: both are taken. */
const KINDS = { video: ['video/mp4', 'video/webm'], audio: ['audio/mp4', 'audio/webm'] }
export interface Recording {
  stop(): Promise<Blob>
}
export function record(stream: MediaStream, kind: 'video' | 'audio'): Recording {
  const type = KINDS[kind].find((t) => MediaRecorder.isTypeSupported(t))
  const recorder = new MediaRecorder(stream, { ...(type ? { mimeType: type } : {}), ...(kind === 'video' ? { videoBitsPerSecond: 2_500_000 } : {}) })
  const parts: Blob[] = []
  recorder.ondataavailable = (e) => e.data.size && parts.push(e.data)
  recorder.start(1_000)
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.onstop = () => resolve(new Blob(parts, { type: (recorder.mimeType || type || '').split(';')[0] ?? '' }))
        recorder.stop()
      }),
  }
}
export const stopAll = (stream: MediaStream | null): void => stream?.getTracks().forEach((t) => t.stop())
export function refused(e: unknown, what: string): string {
  const name = e instanceof DOMException ? e.name : ''
  if (name === 'NotAllowedError') return `没有${what}权限，请在浏览器或系统设置里允许后再试，也可以选文件`
  if (name === 'NotFoundError') return `这台设备没有${what}，请选文件`
  return `${what}打不开，可能正被别的应用使用`
}
