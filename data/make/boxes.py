"""Puts into data/simulator/counties.csv, for each county, the largest box that lies inside its boundary in
data/maps/counties.json. Run from the root of the project: python3 data/make/boxes.py"""

import csv
import io
import json

CELLS = 48
SOURCE = "codes and towns: data/divisions.csv; box: the largest inside the boundary of data/maps/counties.json (make/boxes.py)"


def rings(topology):
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + move[0], y * scale[1] + move[1]))
        arcs.append(points)

    def ring(indices):
        points = []
        for i in indices:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            points += part[1:] if points else part
        return points

    out = {}
    for g in topology["objects"]["counties"]["geometries"]:
        polygons = g["arcs"] if g["type"] == "MultiPolygon" else [g["arcs"]]
        out[g["id"]] = [ring(r) for polygon in polygons for r in polygon]
    return out


def inside(county, x, y):
    hit = False
    for points in county:
        for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                hit = not hit
    return hit


def largest_box(county):
    xs = [x for r in county for x, _ in r]
    ys = [y for r in county for _, y in r]
    x0, y0 = min(xs), min(ys)
    dx, dy = (max(xs) - x0) / CELLS, (max(ys) - y0) / CELLS
    corner = [[inside(county, x0 + i * dx, y0 + j * dy) for i in range(CELLS + 1)] for j in range(CELLS + 1)]
    cell = lambda j, i: corner[j][i] and corner[j + 1][i] and corner[j][i + 1] and corner[j + 1][i + 1]
    best, heights = (0, None), [0] * CELLS
    for j in range(CELLS):
        heights = [heights[i] + 1 if cell(j, i) else 0 for i in range(CELLS)]
        for left in range(CELLS):
            low = CELLS
            for right in range(left, CELLS):
                low = min(low, heights[right])
                if low == 0:
                    break
                area = low * dy * (right - left + 1) * dx
                if area > best[0]:
                    best = (area, (y0 + (j + 1 - low) * dy, y0 + (j + 1) * dy, x0 + left * dx, x0 + (right + 1) * dx))
    return best[1]


def main():
    counties = rings(json.load(open("data/maps/counties.json", encoding="utf-8")))
    path = "data/simulator/counties.csv"
    rows = list(csv.DictReader(open(path, encoding="utf-8")))
    for row in rows:
        shape = counties.get(row["code"])
        box = shape and largest_box(shape)
        if not box:
            raise SystemExit(f"no box for {row['code']} {row['name']}")
        for key, value in zip(("lat_min", "lat_max", "lon_min", "lon_max"), box):
            row[key] = f"{value:.4f}"
        row["source"], row["certainty"] = SOURCE, "checked"
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    open(path, "w", encoding="utf-8").write(out.getvalue())


main()
