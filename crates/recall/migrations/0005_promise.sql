-- Whom to call is promised before it is drawn; '' was drawn before promises were kept.
ALTER TABLE recall_draws ADD COLUMN draw TEXT NOT NULL DEFAULT '';  -- kit_draws.id
