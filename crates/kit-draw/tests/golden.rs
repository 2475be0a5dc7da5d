//! Draws that were made before, by Python: what is published once must come out the same for ever.

#[test]
fn published_draws_come_out_as_they_were() {
    for (text, drawn) in
        [(include_str!("../golden/places.json"), 8), (include_str!("../golden/seats.json"), 30)]
    {
        let file: kit_draw::DrawFile = serde_json::from_str(text).unwrap();
        assert_eq!(kit_draw::verify(&file).unwrap(), drawn, "{}", file.id);
        let mut other = file.clone();
        other.result.swap(0, drawn - 1);
        assert_eq!(kit_draw::verify(&other).unwrap_err().code, "draw_result");
    }
}
