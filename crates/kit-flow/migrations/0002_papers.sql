-- The text of numbered documents as it was issued, and the seals on them.

-- Written with the document, never changed; the PDF is set from it.
CREATE TABLE flow_papers (
    case_id TEXT NOT NULL,
    number TEXT NOT NULL,               -- as people write it
    code TEXT NOT NULL,                 -- kind of document within its kind of case
    title TEXT NOT NULL,
    organ TEXT NOT NULL,                -- who issues it, as it is written on it
    verify TEXT NOT NULL,               -- on its QR code; cannot be guessed
    content TEXT NOT NULL,              -- JSON of everything that it says
    hash TEXT NOT NULL,                 -- SHA-256 of content, hex; a fact of the ledger
    seal TEXT NOT NULL,                 -- flow_seals.hash; '' a blank place
    issued_at BIGINT NOT NULL,          -- ms UTC
    PRIMARY KEY (case_id, number),
    CONSTRAINT flow_papers_of FOREIGN KEY (case_id) REFERENCES flow_cases (id),
    CONSTRAINT flow_papers_verify UNIQUE (verify)
);

-- Pictures of seals that were ever put on a document.
CREATE TABLE flow_seals (
    hash TEXT NOT NULL PRIMARY KEY,     -- SHA-256 of the picture, hex
    picture BYTEA NOT NULL              -- PNG or JPEG, at most 1 MiB
);
