-- What opens the work that a person keeps on phones while there is no network (docs/rooms/field.md): given to that person's
-- sessions alone. It lives as long as the account, so that nothing on a phone that was away for weeks is lost.
CREATE TABLE device_keys (
    user_id TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL,                      -- 32 bytes, sealed by the vault
    created_at BIGINT NOT NULL,                -- ms UTC
    CONSTRAINT device_keys_of FOREIGN KEY (user_id) REFERENCES users (id)
);
