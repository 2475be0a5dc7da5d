-- The search in a list of events finds document numbers by their beginning.
CREATE INDEX events_doc_no ON events (doc_no, no) WHERE doc_no <> '';
