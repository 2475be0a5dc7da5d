-- What an agent did under a mandate (代办记录); never changed.
CREATE TABLE mandate_acts (
    id TEXT NOT NULL PRIMARY KEY,       -- UUIDv7
    mandate TEXT NOT NULL,              -- the mandate that stood then
    permit TEXT NOT NULL,               -- application; '' for a paper or photo handed in
    number TEXT NOT NULL,               -- of the application; '' none
    what TEXT NOT NULL,                 -- one phrase, Chinese
    user_id TEXT NOT NULL,
    user_name TEXT NOT NULL,
    at BIGINT NOT NULL,                 -- ms UTC
    CONSTRAINT mandate_acts_of FOREIGN KEY (mandate) REFERENCES licence_mandates (id)
);
CREATE INDEX mandate_acts_mandate ON mandate_acts (mandate, at);
