-- Who may do what, where: bureaus, users, posts, sessions.

-- 监管机构, a tree of four levels over the divisions
CREATE TABLE bureaus (
    id TEXT NOT NULL PRIMARY KEY,              -- UUIDv7
    parent TEXT,                               -- NULL: a root
    level BIGINT NOT NULL,                     -- 1 省, 2 市, 3 县, 4 所
    name TEXT NOT NULL,
    division TEXT NOT NULL,                    -- prefix of the division codes it is in charge of: 2, 4, 6, 9 or 12 digits
    created_at BIGINT NOT NULL,                -- ms UTC
    CONSTRAINT bureaus_division_name UNIQUE (division, name),
    CONSTRAINT bureaus_under FOREIGN KEY (parent) REFERENCES bureaus (id),
    CONSTRAINT bureaus_level_known CHECK (level BETWEEN 1 AND 4)
);
CREATE INDEX bureaus_parent ON bureaus (parent);

-- 网格: the smallest beat of a 所
CREATE TABLE grids (
    id TEXT NOT NULL PRIMARY KEY,
    bureau TEXT NOT NULL,
    name TEXT NOT NULL,
    division TEXT NOT NULL,                    -- prefix, within that of the bureau
    CONSTRAINT grids_bureau_name UNIQUE (bureau, name),
    CONSTRAINT grids_of FOREIGN KEY (bureau) REFERENCES bureaus (id)
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,                        -- sign-in name: 3 to 32 of a-z 0-9 _ . -
    full_name TEXT NOT NULL,
    phone TEXT,                                -- personal data: masked in lists; NULL unknown
    bureau TEXT,                               -- where a regulator belongs
    party TEXT,                                -- or the business (parties.id) a person of a business belongs to
    division TEXT NOT NULL,                    -- of the bureau or business; who may see this user follows from it
    password TEXT NOT NULL,                    -- argon2id, PHC string
    must_change BIGINT NOT NULL,               -- 1: the password was given by somebody else
    totp TEXT,                                 -- sealed secret of the second factor; NULL: none bound
    totp_pending TEXT,                         -- sealed secret shown but not confirmed yet
    totp_step BIGINT,                          -- the last time step a code was taken for; each code counts once
    state TEXT NOT NULL,                       -- active, disabled
    seen_at BIGINT,                            -- last sign-in, ms UTC; NULL never
    simulated BIGINT NOT NULL,                 -- 1: a demo account
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT users_name UNIQUE (name),
    CONSTRAINT users_of_bureau FOREIGN KEY (bureau) REFERENCES bureaus (id),
    CONSTRAINT users_belong_once CHECK ((bureau IS NULL) <> (party IS NULL)),
    CONSTRAINT users_state_known CHECK (state IN ('active', 'disabled'))
);
CREATE INDEX users_division ON users (division, name);
CREATE INDEX users_bureau ON users (bureau);
CREATE INDEX users_party ON users (party);

-- Failed sign-ins by the name that was typed, whether there is such a user or not: so that both look the same.
-- Rows older than the longest lock are swept.
CREATE TABLE sign_in_failures (
    name TEXT NOT NULL PRIMARY KEY,
    failed BIGINT NOT NULL,                    -- since the last success or lock
    locks BIGINT NOT NULL,                     -- locks since the last success; each is longer than the one before
    locked_until BIGINT,                       -- ms UTC; NULL not locked
    last_at BIGINT NOT NULL,
    CONSTRAINT sign_in_failures_counted CHECK (failed >= 0 AND locks >= 0)
) WITHOUT ROWID;
CREATE INDEX sign_in_failures_last_at ON sign_in_failures (last_at);

-- 岗位: gives its roles over its areas to whoever holds it
CREATE TABLE posts (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    bureau TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CONSTRAINT posts_bureau_title UNIQUE (bureau, title),
    CONSTRAINT posts_of FOREIGN KEY (bureau) REFERENCES bureaus (id)
);

CREATE TABLE post_roles (
    post TEXT NOT NULL,
    role TEXT NOT NULL,                        -- system_admin … investigator; business roles are memberships
    PRIMARY KEY (post, role)
) WITHOUT ROWID;

-- 辖区
CREATE TABLE post_areas (
    post TEXT NOT NULL,
    prefix TEXT NOT NULL,                      -- of division codes; '' the whole country
    PRIMARY KEY (post, prefix)
) WITHOUT ROWID;

-- Who holds which post, from when until when; rows are never edited, only withdrawn
CREATE TABLE holdings (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    post TEXT NOT NULL,
    from_at BIGINT NOT NULL,                   -- ms UTC, first moment
    until_at BIGINT,                           -- ms UTC, first moment after; NULL without end
    granted_by TEXT NOT NULL,                  -- user id; '' by the command line
    granted_at BIGINT NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,                       -- NULL: stands
    CONSTRAINT holdings_of FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT holdings_post FOREIGN KEY (post) REFERENCES posts (id)
);
CREATE INDEX holdings_user ON holdings (user_id, withdrawn_at);
CREATE INDEX holdings_by_post ON holdings (post, withdrawn_at);
CREATE UNIQUE INDEX holdings_user_post ON holdings (user_id, post) WHERE withdrawn_at IS NULL;

-- For which business a person acts, and as what; rows are never edited, only withdrawn
CREATE TABLE memberships (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    party TEXT NOT NULL,                       -- parties.id
    role TEXT NOT NULL,                        -- business_owner, business_clerk
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,
    CONSTRAINT memberships_of FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT memberships_role_known CHECK (role IN ('business_owner', 'business_clerk'))
);
CREATE INDEX memberships_user ON memberships (user_id, withdrawn_at);
CREATE UNIQUE INDEX memberships_user_party ON memberships (user_id, party) WHERE withdrawn_at IS NULL;

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,                       -- SHA-256 of the secret in the cookie
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,                   -- written at most once a minute
    until_at BIGINT NOT NULL,                  -- absolute end
    address TEXT NOT NULL,
    agent TEXT NOT NULL,                       -- User-Agent, shortened
    ended_at BIGINT,                           -- NULL: not ended by anybody
    CONSTRAINT sessions_token UNIQUE (token),
    CONSTRAINT sessions_of FOREIGN KEY (user_id) REFERENCES users (id)
);
CREATE INDEX sessions_user ON sessions (user_id, until_at);
CREATE INDEX sessions_until ON sessions (until_at);
