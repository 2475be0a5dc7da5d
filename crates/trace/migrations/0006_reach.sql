-- Lists of one jurisdiction, newest first, without reading those of others.
CREATE INDEX lots_division ON lots (division, no);
CREATE INDEX events_division ON events (division, no);
