//! The order of a day's stops: the nearest next, then untangled.

use kit_base::coords::{LonLat, distance};

/// Rounds of untangling; each looks at every pair, and a day has tens of stops.
const ROUNDS: usize = 20;

/// The order in which to go from `start` (or from the first stop) to all stops; those without a place come last, as given.
/// With each its distance from the stop before, metres, where both are known.
pub fn order(stops: &[Option<LonLat>], start: Option<LonLat>) -> Vec<(usize, Option<f64>)> {
    let mut path: Vec<usize> = nearest(stops, start);
    untangle(&mut path, stops, start);
    let mut out = Vec::with_capacity(stops.len());
    let mut before = start;
    for i in path {
        out.push((i, legs(before, stops[i])));
        before = stops[i];
    }
    out.extend((0..stops.len()).filter(|i| stops[*i].is_none()).map(|i| (i, None)));
    out
}

fn legs(from: Option<LonLat>, to: Option<LonLat>) -> Option<f64> {
    Some(distance(from?, to?))
}

fn nearest(stops: &[Option<LonLat>], start: Option<LonLat>) -> Vec<usize> {
    let mut left: Vec<usize> = (0..stops.len()).filter(|i| stops[*i].is_some()).collect();
    let mut path = Vec::with_capacity(left.len());
    let mut at = start;
    while !left.is_empty() {
        let far = |i: &usize| legs(at, stops[*i]).unwrap_or(0.0);
        let next = (0..left.len()).min_by(|a, b| far(&left[*a]).total_cmp(&far(&left[*b]))).unwrap_or(0);
        let stop = left.remove(next);
        at = stops[stop];
        path.push(stop);
    }
    path
}

/// 2-opt: turns a stretch round wherever that makes the way shorter; the first stop stays where no start is known.
fn untangle(path: &mut [usize], stops: &[Option<LonLat>], start: Option<LonLat>) {
    let first = usize::from(start.is_none());
    for _ in 0..ROUNDS {
        let mut better = false;
        for i in first..path.len() {
            for j in i + 1..path.len() {
                let before = if i == 0 { start } else { stops[path[i - 1]] };
                let after = path.get(j + 1).and_then(|k| stops[*k]);
                let (a, b) = (stops[path[i]], stops[path[j]]);
                let now = legs(before, a).unwrap_or(0.0) + legs(b, after).unwrap_or(0.0);
                let turned = legs(before, b).unwrap_or(0.0) + legs(a, after).unwrap_or(0.0);
                if turned + 1.0 < now {
                    path[i..=j].reverse();
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(order: &[(usize, Option<f64>)]) -> f64 {
        order.iter().filter_map(|o| o.1).sum()
    }

    #[test]
    fn stops_on_a_line_are_walked_along_it_and_unknown_places_come_last() {
        let at = |x: f64| Some(LonLat::new(115.0 + x / 100.0, 35.0));
        let stops = [at(3.0), None, at(1.0), at(4.0), at(2.0)];
        let order = order(&stops, at(0.0));
        assert_eq!(order.iter().map(|o| o.0).collect::<Vec<_>>(), [2, 4, 0, 3, 1]);
        assert_eq!(order[4].1, None);
    }

    #[test]
    fn the_way_is_never_longer_than_the_nearest_next() {
        // points of a small generator, each day another
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from((seed >> 40) as u32) / f64::from(1 << 24)
        };
        for _ in 0..50 {
            let stops: Vec<_> = (0..25).map(|_| Some(LonLat::new(115.0 + next(), 35.0 + next()))).collect();
            let start = Some(LonLat::new(115.0, 35.0));
            let greedy = nearest(&stops, start);
            let mut before = start;
            let plain: f64 = greedy
                .iter()
                .map(|i| {
                    let leg = legs(before, stops[*i]).unwrap();
                    before = stops[*i];
                    leg
                })
                .sum();
            let found = order(&stops, start);
            let mut all: Vec<usize> = found.iter().map(|o| o.0).collect();
            all.sort_unstable();
            assert_eq!(all, (0..25).collect::<Vec<_>>());
            assert!(length(&found) <= plain + 1.0);
        }
    }
}
