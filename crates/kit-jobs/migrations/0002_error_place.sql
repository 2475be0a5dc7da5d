-- What went wrong in the words of a program too: code and place of the last failure.
ALTER TABLE jobs ADD COLUMN error_code TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN error_place TEXT NOT NULL DEFAULT '';
