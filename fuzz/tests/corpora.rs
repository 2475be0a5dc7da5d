//! Every input of every corpus, and a few hundred made of them, as an ordinary test.

#[test]
fn nothing_in_the_corpora_makes_a_parser_fall_over() {
    for target in fuzz::TARGETS {
        let corpus = fuzz::corpus(target.name).unwrap();
        assert!(!corpus.is_empty(), "{} has no corpus", target.name);
        corpus.iter().for_each(|(_, input)| (target.run)(input));
        let mut inputs = fuzz::Mutator::new(7, &corpus, target.words);
        (0..300).for_each(|_| (target.run)(&inputs.make()));
    }
}
