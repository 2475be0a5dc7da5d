-- Which task came of which place of a draw (kit_draws holds the draw itself).
CREATE TABLE sample_drawn (
    draw TEXT NOT NULL,                 -- kit_draws.id
    no BIGINT NOT NULL,                 -- from 1, in the order of the result
    sample TEXT NOT NULL,
    PRIMARY KEY (draw, no)
) WITHOUT ROWID;
CREATE INDEX sample_drawn_sample ON sample_drawn (sample);
