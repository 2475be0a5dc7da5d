-- Sampling by phone: photos fixed five ways, who has a sample in hand, who signed, and the code under which a part changes hands.

-- Five-way fixing (五定), as evidence of findings has it; rows of before have none of it.
ALTER TABLE sample_media ADD COLUMN user_name TEXT NOT NULL DEFAULT '';
ALTER TABLE sample_media ADD COLUMN accuracy BIGINT;                        -- metres, as the device says
ALTER TABLE sample_media ADD COLUMN distance BIGINT;                        -- metres from the place
ALTER TABLE sample_media ADD COLUMN camera_app BIGINT NOT NULL DEFAULT 0;   -- 1: taken in the app
ALTER TABLE sample_media ADD COLUMN doubts TEXT NOT NULL DEFAULT '';        -- ',far,album,'
ALTER TABLE sample_media ADD COLUMN hash TEXT NOT NULL DEFAULT '';          -- over all that is fixed; a fact of the ledger
CREATE INDEX sample_media_file ON sample_media (file);

ALTER TABLE samples ADD COLUMN told TEXT NOT NULL DEFAULT '';               -- SHA-256 of the sheet as the phone showed it to both samplers
ALTER TABLE samples ADD COLUMN signatures TEXT NOT NULL DEFAULT '[]';       -- JSON: role, name, SHA-256 of the picture
ALTER TABLE samples ADD COLUMN held_by TEXT NOT NULL DEFAULT '';            -- who fills the sheet in with no network; '' nobody
ALTER TABLE samples ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;        -- ms UTC
ALTER TABLE samples ADD COLUMN held_device TEXT NOT NULL DEFAULT '';

ALTER TABLE sample_offers ADD COLUMN code TEXT NOT NULL DEFAULT '';         -- shown by the giver, scanned by the receiver
CREATE INDEX sample_offers_code ON sample_offers (code);
