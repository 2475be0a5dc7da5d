-- Grids given to posts, and what came of walks along the audit chain.

-- A post also reaches the divisions of these grids; where a grid's beat is drawn anew, the post follows
CREATE TABLE post_grids (
    post TEXT NOT NULL,
    grid TEXT NOT NULL,
    PRIMARY KEY (post, grid),
    CONSTRAINT post_grids_post FOREIGN KEY (post) REFERENCES posts (id),
    CONSTRAINT post_grids_grid FOREIGN KEY (grid) REFERENCES grids (id)
) WITHOUT ROWID;
CREATE INDEX post_grids_grid_used ON post_grids (grid);

-- One row a finished check of the audit chain
CREATE TABLE audit_checks (
    id TEXT NOT NULL PRIMARY KEY,              -- of the job
    asked_by TEXT NOT NULL,                    -- user id
    started_at BIGINT NOT NULL,                -- ms UTC
    ended_at BIGINT NOT NULL,
    row_count BIGINT NOT NULL,                 -- rows that fitted, from the first
    broken_at BIGINT                           -- the first row that does not fit; NULL: whole
);
CREATE INDEX audit_checks_ended ON audit_checks (ended_at);
