-- 通行密钥 (passkeys, WebAuthn): public keys alone; the private ones never leave the devices.

CREATE TABLE passkeys (
    id TEXT NOT NULL PRIMARY KEY,              -- UUIDv7
    user_id TEXT NOT NULL,
    credential TEXT NOT NULL,                  -- the device's id of it, base64url
    name TEXT NOT NULL,                        -- what its owner calls it
    passkey TEXT NOT NULL,                     -- public key and flags, JSON of the library
    counter BIGINT NOT NULL,                   -- of signatures, as the device said at its last use; 0 unused, or it does not count
    created_at BIGINT NOT NULL,                -- ms UTC
    used_at BIGINT,                            -- NULL: never
    CONSTRAINT passkeys_credential UNIQUE (credential),
    CONSTRAINT passkeys_of FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);

-- Challenges that were answered, rightly or not, until they would be too old in any case: none is answered twice
CREATE TABLE passkey_taken (
    challenge TEXT NOT NULL PRIMARY KEY,       -- SHA-256 of what was sealed for the browser
    until_at BIGINT NOT NULL                   -- ms UTC
) WITHOUT ROWID;
CREATE INDEX passkey_taken_until ON passkey_taken (until_at);
