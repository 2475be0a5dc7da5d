#!/usr/bin/env python3
"""Does a published draw (双随机) again and compares. Standard library only.

    curl https://HOST/api/public/draws/ID > draw.json
    python3 draw_verify.py draw.json

The seed's hash and the pool's hash were in the ledger before the draw; the root of a later checkpoint was mixed in.
Who signed the checkpoint: `shian draw verify FILE --key PUBLIC_KEY`.
"""
import hashlib
import json
import sys


def draw(pool_text, seed, root, pool_hash):
    pool = [line.split(" ") for line in pool_text.splitlines()]
    of = lambda word: [line[1:] for line in pool if line[0] == word]
    count, size = int(of("count")[0][0]), int(of("team")[0][0])
    subjects, officers = of("subject"), [line[0] for line in of("officer")]
    avoid, went = ({tuple(line) for line in of(word)} for word in ("avoid", "went"))
    key = hashlib.sha256(f"shian-draw-1\n{seed}\n{root}\n{pool_hash}\n".encode()).digest()
    step = 0

    def below(n):
        nonlocal step
        while True:
            word = int.from_bytes(hashlib.sha256(key + step.to_bytes(8, "big")).digest()[:8], "big")
            step += 1
            if word < 2**64 - 2**64 % n:  # the rest would favour low numbers
                return word % n

    for i in range(min(count, len(subjects))):
        j = i + below(len(subjects) - i)
        subjects[i], subjects[j] = subjects[j], subjects[i]
    load, result = dict.fromkeys(officers, 0), []
    for subject, area in subjects[:count]:
        able = [o for o in officers if (o, subject) not in avoid and (o, area) not in went]
        waived = len(able) < size  # too few without the rotation of areas: it is set aside
        if waived:
            able = [o for o in officers if (o, subject) not in avoid]
        team = []
        while len(able) >= size - len(team) and len(team) < size:
            least = min(load[o] for o in able)
            equal = [o for o in able if load[o] == least]
            team.append(equal[below(len(equal))])
            load[team[-1]] += 1
            able.remove(team[-1])
        result.append({"subject": subject, "officers": team, "waived": waived})
    return result


file = json.load(open(sys.argv[1], encoding="utf-8"))
assert file["format"] == "shian-draw-1", "no file of a draw"
assert hashlib.sha256(bytes.fromhex(file["seed"])).hexdigest() == file["seed_hash"], "another seed was promised"
assert hashlib.sha256(file["pool"].encode()).hexdigest() == file["pool_hash"], "another pool was promised"
again = draw(file["pool"], file["seed"], file["checkpoint"].splitlines()[2], file["pool_hash"])
assert again == file["result"], "another result"
print(f"verified: {len(again)} drawn")
