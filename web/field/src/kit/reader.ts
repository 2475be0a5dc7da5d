/** Reads codes from the camera: the browser's own reader where there is one, else zxing compiled to WebAssembly, from our own server. */
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

export interface Reader {
  detect(source: CanvasImageSource | Blob | ImageData): Promise<{ rawValue: string }[]>
}
const FORMATS = ['qr_code', 'data_matrix', 'code_128', 'ean_13'] as const
type Native = { new (o: { formats: readonly string[] }): Reader; getSupportedFormats(): Promise<string[]> }

export async function reader(): Promise<Reader> {
  const native = (window as unknown as { BarcodeDetector?: Native }).BarcodeDetector
  if (native) {
    const able: string[] = await native.getSupportedFormats().catch(() => [])
    if (able.includes('qr_code')) return new native({ formats: FORMATS.filter((f) => able.includes(f)) })
  }
  const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill')
  prepareZXingModule({ overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) } })
  return new BarcodeDetector({ formats: [...FORMATS] }) as unknown as Reader
}
