#!/usr/bin/env python3
"""Does a published draw (双随机, 抽样, 复检机构, 你点我检) again and compares. Standard library only.

    curl https://HOST/api/public/draws/ID > draw.json
    python3 draw_verify.py draw.json

The seed's hash and the pool's hash were in the ledger before the draw; the root of a later checkpoint was mixed in.
Who signed the checkpoint: `shian draw verify FILE --key PUBLIC_KEY`.
"""
import hashlib
import json
import sys


class Chance:
    def __init__(self, form, seed, root, pool_hash):
        self.key = hashlib.sha256(f"{form}\n{seed}\n{root}\n{pool_hash}\n".encode()).digest()
        self.step = 0

    def below(self, n):
        while True:
            word = int.from_bytes(hashlib.sha256(self.key + self.step.to_bytes(8, "big")).digest()[:8], "big")
            self.step += 1
            if word < 2**64 - 2**64 % n:  # the rest would favour low numbers
                return word % n

    def shuffle(self, things, count):
        for i in range(min(count, len(things))):
            j = i + self.below(len(things) - i)
            things[i], things[j] = things[j], things[i]


class Crew:
    def __init__(self, of):
        self.size = int(of("team")[0][0])
        self.officers = {line[0]: (line[1:] or [""])[0] for line in of("officer")}
        self.avoid, self.went = ({tuple(line) for line in of(word)} for word in ("avoid", "went"))
        self.load = dict.fromkeys(self.officers, 0)

    def send(self, subject, area, chance):
        near = [o for o, reach in self.officers.items() if area.startswith(reach) and (o, subject) not in self.avoid]
        able = [o for o in near if (o, area) not in self.went]
        waived = len(able) < self.size  # too few without the rotation of areas: it is set aside
        able = near if waived else able
        team = []
        while len(able) >= self.size - len(team) and len(team) < self.size:
            least = min(self.load[o] for o in able)
            equal = [o for o in able if self.load[o] == least]
            team.append(equal[chance.below(len(equal))])
            self.load[team[-1]] += 1
            able.remove(team[-1])
        return {"subject": subject, "officers": team, "waived": waived}


def draw_places(of, chance):
    """shian-draw-1: places evenly, and who goes there."""
    subjects, count, crew = of("subject"), int(of("count")[0][0]), Crew(of)
    chance.shuffle(subjects, count)
    return [crew.send(subject, area, chance) for subject, area in subjects[:count]]


def draw_seats(of, chance):
    """shian-draw-2: seats for cells by weight with a floor for each area, then a place and people for each."""
    number = lambda word: int(of(word)[0][0])
    left, most, crew = number("count"), number("most"), Crew(of)
    cells = [(i, a, g, int(w), int(m)) for i, a, g, w, m in of("cell")]
    places = [(i, a, g.split(","), int(w)) for i, a, g, w in of("subject")]
    order, has = list(range(len(cells))), [0] * len(cells)
    chance.shuffle(order, len(order))

    def heaviest(able):
        best = None
        for i in order:
            if has[i] >= cells[i][4] or not able(i):
                continue
            if best is not None:
                mine, other = cells[i][3] * (2 * has[best] + 1), cells[best][3] * (2 * has[i] + 1)
            if best is None or mine > other or mine == other and has[i] < has[best]:
                best = i
        return best

    def give(able):
        nonlocal left
        cell = heaviest(able) if left else None
        if cell is not None:
            has[cell] += 1
            left -= 1
        return cell is not None

    for area in sorted({cell[1] for cell in cells}):
        for _ in range(number("floor")):
            give(lambda i: cells[i][1] == area)
    while give(lambda i: cells[i][3] > 0):
        pass
    uses, result = [0] * len(places), []
    for (cell, area, group, *_), seats in zip(cells, has):
        fits = lambda p: p[1].startswith(area) and p[3] > 0 and (group == "-" or group in p[2])
        fit = [i for i, p in enumerate(places) if fits(p)] if seats else []
        for _ in range(seats):
            able = [i for i in fit if uses[i] < most]
            if not able:
                result.append({"subject": "", "officers": [], "waived": False, "cell": cell})
                continue
            at = chance.below(sum(places[i][3] for i in able))
            for i in able:
                if at < places[i][3]:
                    break
                at -= places[i][3]
            uses[i] += 1
            result.append({**crew.send(places[i][0], places[i][1], chance), "cell": cell})
    return result


file = json.load(open(sys.argv[1], encoding="utf-8"))
draw = {"shian-draw-1": draw_places, "shian-draw-2": draw_seats}.get(file["format"])
assert draw, "no file of a draw"
assert hashlib.sha256(bytes.fromhex(file["seed"])).hexdigest() == file["seed_hash"], "another seed was promised"
assert hashlib.sha256(file["pool"].encode()).hexdigest() == file["pool_hash"], "another pool was promised"
pool = [line.split(" ") for line in file["pool"].splitlines()]
chance = Chance(file["format"], file["seed"], file["checkpoint"].splitlines()[2], file["pool_hash"])
again = draw(lambda word: [line[1:] for line in pool if line[0] == word], chance)
assert again == file["result"], "another result"
print(f"verified: {len(again)} drawn")
