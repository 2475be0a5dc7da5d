#!/usr/bin/env python3
"""Does a published draw of batches for cells (抽样, 复检机构, 召回回访, 你点我检) again and compares. Standard library only.

    curl https://HOST/api/public/sample-draws/ID > draw.json
    python3 draw_verify_seats.py draw.json

Draws of places and officers (format shian-draw-1): draw_verify.py, which tells what was promised when.
"""
import json
import sys
from bisect import bisect
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate, count

file = json.load(open(sys.argv[1], encoding="utf-8"))
assert file["format"] == "shian-draw-2", "no file of a draw of batches"
assert sha256(bytes.fromhex(file["seed"])).hexdigest() == file["seed_hash"], "another seed was promised"
assert sha256(file["pool"].encode()).hexdigest() == file["pool_hash"], "another pool was promised"
root = file["checkpoint"].splitlines()[2]
key = sha256(f"{file['format']}\n{file['seed']}\n{root}\n{file['pool_hash']}\n".encode()).digest()
words = (int.from_bytes(sha256(key + n.to_bytes(8, "big")).digest()[:8], "big") for n in count())
below = lambda n: next(word % n for word in words if word < 2**64 - 2**64 % n)
pool = lambda word: [line.split(" ")[1:] for line in file["pool"].splitlines() if line.split(" ")[0] == word]
left, most, floor, size = (int(pool(word)[0][0]) for word in ("count", "most", "floor", "team"))
officers = {line[0]: (line[1:] or [""])[0] for line in pool("officer")}
avoid, went = ({tuple(line) for line in pool(word)} for word in ("avoid", "went"))
load = dict.fromkeys(officers, 0)
cells = [(cell, area, group, int(weight), int(top)) for cell, area, group, weight, top in pool("cell")]
places = [(place, area, groups.split(","), int(weight)) for place, area, groups, weight in pool("subject")]


def send(subject, area):
    near = [o for o, reach in officers.items() if area.startswith(reach) and (o, subject) not in avoid]
    able = [o for o in near if (o, area) not in went]
    waived = len(able) < size  # too few without the rotation of areas: it is set aside
    able, team = near if waived else able, []
    while len(able) >= size - len(team) and len(team) < size:
        least = min(load[o] for o in able)
        equal = [o for o in able if load[o] == least]
        team.append(equal[below(len(equal))])
        load[team[-1]] += 1
        able.remove(team[-1])
    return {"subject": subject, "officers": team, "waived": waived}


# cells in an order of chance, which decides between equals
order, has = list(range(len(cells))), Counter()
for i in order[:]:
    j = i + below(len(order) - i)
    order[i], order[j] = order[j], order[i]


def give(able):
    """One batch to the cell of most weight for what it has already (Sainte-Laguë), of those that are able."""
    free = [i for i in order if has[i] < cells[i][4] and able(cells[i])] if sum(has.values()) < left else []
    if free:
        has[max(free, key=lambda i: (Fraction(cells[i][3], 2 * has[i] + 1), -has[i]))] += 1
    return bool(free)


for area in sorted({cell[1] for cell in cells}):
    for _ in range(floor):
        give(lambda cell: cell[1] == area)
while give(lambda cell: cell[3] > 0):
    pass

# a place for each batch by weight, no place more often than `most`, and who goes there
again, uses = [], Counter()
for i, (cell, area, group, *_) in enumerate(cells):
    fit = [p for p in places if p[1].startswith(area) and p[3] > 0 and (group == "-" or group in p[2])]
    for _ in range(has[i]):
        able = [p for p in fit if uses[p[0]] < most]
        sums = list(accumulate(p[3] for p in able))
        place = able[bisect(sums, below(sums[-1]))] if able else ("", "")
        uses[place[0]] += 1
        sent = send(*place[:2]) if able else {"subject": "", "officers": [], "waived": False}
        again.append({**sent, "cell": cell})
assert again == file["result"], "another result"
print(f"verified: {len(again)} drawn")
