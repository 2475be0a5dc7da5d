/**
 * The ground under every map: the nation with its lines, a province in counties. All of it from the house (data/maps), nothing
 * from outside. Rules kept here: whoever zooms out sees the whole nation with 台湾, 南海诸岛 and 钓鱼岛 and the 九段线, never a part of it.
 */
import Feature from 'ol/Feature'
import TopoJSON from 'ol/format/TopoJSON'
import Point from 'ol/geom/Point'
import VectorLayer from 'ol/layer/Vector'
import { fromLonLat, transformExtent } from 'ol/proj'
import VectorSource from 'ol/source/Vector'
import { Circle, Fill, Stroke, Style, Text } from 'ol/style'

const provinces = import.meta.glob<string>('../../../../../data/maps/provinces/*.json', { query: '?url', import: 'default', eager: true })
const nation = import.meta.glob<string>('../../../../../data/maps/china.json', { query: '?url', import: 'default', eager: true })

/** The main frame of a national picture (横版), and that of its inset 南海诸岛. */
export const NATION = transformExtent([73, 17.5, 136, 54], 'EPSG:4326', 'EPSG:3857')
export const SOUTH_SEA = transformExtent([105.6, 2.6, 123.2, 24.6], 'EPSG:4326', 'EPSG:3857')
/** Metres a pixel above which a picture counts as one of the nation. */
export const NATIONAL = 1_600

/** Names of islands that a map of the nation always tells; from the standard maps, places rounded to 0.1°. */
const ISLANDS: [name: string, lon: number, lat: number][] = [
  ['钓鱼岛', 123.5, 25.7], ['赤尾屿', 124.6, 25.9], ['东沙群岛', 116.8, 20.7], ['西沙群岛', 112.0, 16.5], ['中沙群岛', 114.4, 15.8], ['黄岩岛', 117.8, 15.2], ['南沙群岛', 114.0, 9.6], ['曾母暗沙', 112.3, 3.9],
]

async function read(url: string, layers: string[]): Promise<Feature[]> {
  const text = await (await fetch(url)).text()
  return new TopoJSON({ layers }).readFeatures(text, { dataProjection: 'EPSG:4326', featureProjection: 'EPSG:3857' }) as Feature[]
}
let nationRead: Promise<{ land: Feature[]; lines: Feature[] }> | null = null
const readNation = (): Promise<{ land: Feature[]; lines: Feature[] }> => {
  const url = Object.values(nation)[0]!
  return (nationRead ??= Promise.all([read(url, ['provinces']), read(url, ['lines'])]).then(([land, lines]) => ({ land, lines })))
}

const FACE = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
const words = (text: string, size: number, color: string): Text => new Text({ text, font: `${size}px ${FACE}`, fill: new Fill({ color }), stroke: new Stroke({ color: 'rgba(255,255,255,.85)', width: 3 }), overflow: false })
const land = (color: string, width: number): Style => new Style({ fill: new Fill({ color: '#ffffff' }), stroke: new Stroke({ color, width }) })

/** Near by, the finer borders of the counties stand in place of the coarse ones, and what lies around is muted. */
function provinceStyle(named: boolean, counties: Set<string>): (f: Feature, resolution: number) => Style {
  const [near, far] = [land('#8493a6', 1.4), land('#a9b5c3', 1)]
  const around = new Style({ fill: new Fill({ color: '#f6f8fa' }) })
  return (f, resolution) => {
    const s = (resolution >= NATIONAL ? far : counties.size ? around : near).clone()
    if (named && resolution >= 900 && resolution < 9_000) s.setText(words(short(String(f.get('name') ?? '')), 11, '#5f6e82'))
    return s
  }
}
const short = (name: string): string => name.replace(/(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$/, '')
function countyStyle(f: Feature, resolution: number): Style {
  const s = land('#c3cdd9', 1)
  if (resolution < 900) s.setText(words(String(f.get('name') ?? ''), 12, '#5f6e82'))
  return s
}
/** 九段线 solid and strong; 未定国界 dashed. */
function lineStyle(f: Feature): Style {
  const open = f.getId() === 'undetermined'
  return new Style({ stroke: new Stroke({ color: '#445468', width: open ? 1 : 2, ...(open ? { lineDash: [4, 3] } : {}) }) })
}
function islandStyle(f: Feature, resolution: number): Style | undefined {
  if (resolution < 400 || resolution > 14_000) return undefined
  const text = words(String(f.get('name')), 10, '#445468')
  text.setOffsetY(-7)
  return new Style({ image: new Circle({ radius: 1.3, fill: new Fill({ color: '#445468' }) }), text })
}

export interface Ground {
  layers: VectorLayer[]
  /** Shows the counties of these provinces (two digits) on top of the nation. */
  show: (codes: Iterable<string>) => Promise<void>
  /** Settles when the nation is drawn: what was read, for tests. */
  ready: Promise<{ provinces: string[]; lines: string[]; islets: number }>
}
const layerOf = (source: VectorSource, style: unknown, declutter = false): VectorLayer => new VectorLayer({ source, style: style as never, declutter })

export function ground(inset = false): Ground {
  const [nationSource, countySource, lineSource, islandSource] = [new VectorSource(), new VectorSource(), new VectorSource(), new VectorSource()]
  islandSource.addFeatures(ISLANDS.filter(([name]) => !inset || !['钓鱼岛', '赤尾屿'].includes(name)).map(([name, lon, lat]) => new Feature({ geometry: new Point(fromLonLat([lon, lat])), name })))
  const ready = readNation().then(({ land: all, lines }) => {
    nationSource.addFeatures(all.map((f) => f.clone()).map((f, i) => (f.setId(all[i]!.getId()), f)))
    lineSource.addFeatures(lines.map((f) => f.clone()).map((f, i) => (f.setId(lines[i]!.getId()), f)))
    const hainan = all.find((f) => f.getId() === '46')?.getGeometry() as unknown as { getPolygons?: () => unknown[] } | undefined
    return { provinces: all.map((f) => String(f.getId())), lines: lines.map((f) => String(f.getId())), islets: hainan?.getPolygons?.().length ?? 0 }
  })
  const counties = layerOf(countySource, countyStyle, true)
  counties.setMaxResolution(NATIONAL)
  const shown = new Set<string>()
  const nationLayer = layerOf(nationSource, provinceStyle(!inset, shown), true)
  async function show(codes: Iterable<string>): Promise<void> {
    for (const code of new Set(codes)) {
      const url = provinces[`../../../../../data/maps/provinces/${code}.json`]
      if (!url || shown.has(code) || shown.size > 5) continue
      shown.add(code)
      countySource.addFeatures(await read(url, ['counties']))
      nationLayer.changed()
    }
  }
  return { layers: [nationLayer, counties, layerOf(lineSource, lineStyle), layerOf(islandSource, islandStyle, true)], show, ready }
}
