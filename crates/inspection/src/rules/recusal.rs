//! Which recusals (回避) a list shows, and in what order.

use kit_base::{Error, Result};

use crate::model::{Recusal, RecusalQuery};

/// Those that are asked for, in the order that is asked for; `me` is who asks. Errors: `sort_unknown`.
pub fn wanted(all: Vec<Recusal>, q: &RecusalQuery, me: &str) -> Result<Vec<Recusal>> {
    let text = q.q.as_deref().unwrap_or("").trim();
    let says = |r: &Recusal| [&r.name, &r.party_name, &r.reason].into_iter().any(|t| t.contains(text));
    let mut out: Vec<Recusal> =
        all.into_iter().filter(|r| says(r) && (q.mine != Some(1) || r.officer == me)).collect();
    let sort = q.sort.as_deref().unwrap_or("");
    match sort.trim_start_matches('-') {
        // as the store answers
        "" => {}
        "at" => out.sort_by_key(|r| r.at),
        "name" => out.sort_by(|a, b| a.name.cmp(&b.name)),
        "party_name" => out.sort_by(|a, b| a.party_name.cmp(&b.party_name)),
        _ => return Err(Error::invalid("sort", "sort_unknown", "没有这种排序")),
    }
    if sort.starts_with('-') {
        out.reverse();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, party: &str, reason: &str, at: i64) -> Recusal {
        let [officer, name, by_name] = [name, name, "局长"].map(str::to_owned);
        let [party_name, reason] = [party, reason].map(str::to_owned);
        let (party, division) = (String::new(), String::new());
        Recusal { officer, party, name, party_name, division, reason, by_name, at }
    }

    #[test]
    fn the_list_is_searched_and_put_in_order() {
        let all = [one("乙", "面馆", "亲属经营", 2), one("甲", "超市", "入股", 1)];
        let ask = |q: &str, mine: i64, sort: &str| {
            let query = RecusalQuery {
                q: Some(q.into()),
                mine: Some(mine),
                sort: Some(sort.into()),
                ..Default::default()
            };
            wanted(all.to_vec(), &query, "甲").map(|l| l.into_iter().map(|r| r.at).collect::<Vec<_>>())
        };
        for (q, mine, sort, expected) in [
            ("", 0, "", vec![2, 1]),
            ("", 0, "at", vec![1, 2]),
            ("", 0, "-at", vec![2, 1]),
            ("面", 0, "", vec![2]),
            ("入股", 0, "", vec![1]),
            ("乙", 0, "", vec![2]),
            ("无", 0, "", vec![]),
            ("", 1, "", vec![1]),
        ] {
            assert_eq!(ask(q, mine, sort).unwrap(), expected, "{q} {mine} {sort}");
        }
        assert_eq!(ask("", 0, "colour").unwrap_err().code, "sort_unknown");
    }
}
