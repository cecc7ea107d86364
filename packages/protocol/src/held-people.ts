import { type HeldTable, metadata } from "./held-column.ts";

const tenant_id = metadata("whose row it is");
const created_at = metadata("when the cloud made the row");
const membership_id = metadata("the membership");
const role = metadata("the role, of those that every tenant has");
const role_id = metadata("the tenant's own role");

/** Accounts of people and what opens them: none of this comes from a flow. */
export const HELD_PEOPLE = {
  users: {
    about: "people who may sign in; a tenant sees its members",
    columns: {
      id: metadata("its id"),
      email: metadata("address of the account, in lower case"),
      created_at,
      name: metadata("what the person is called"),
      managed_by: metadata("the tenant whose provider vouches for it; null: it has a password of its own"),
    },
  },
  user_credentials: {
    about: "what opens an account; no tenant sees it",
    columns: {
      user_id: metadata("the person"),
      password_hash: metadata("argon2id of the password; the password itself is not kept"),
      password_changed_at: metadata("when it was set"),
      totp_secret: metadata("secret of the one-time codes, sealed with a key of the cloud"),
      totp_confirmed_at: metadata("when the first code was right; null: not in use"),
      totp_step: metadata("the last code that was taken, so that none is taken twice"),
      recovery_codes: metadata("HMACs of the codes for a lost device that are left"),
    },
  },
  memberships: {
    about: "in which tenant a person works, and as what",
    columns: { id: metadata("its id"), tenant_id, user_id: metadata("the person"), role, role_id, created_at },
  },
  invitations: {
    about: "people who were asked to join",
    columns: {
      id: metadata("its id"),
      tenant_id,
      email: metadata("the address that was asked"),
      role,
      role_id,
      token_hash: metadata("HMAC of what stands in the link; the link itself is not kept"),
      invited_by: metadata("who asked; null: the operator, or a key of nobody in particular"),
      created_at,
      expires_at: metadata("until when it can be accepted"),
      accepted_at: metadata("when it was"),
      revoked_at: metadata("when somebody took it back"),
    },
  },
  user_sessions: {
    about: "browsers that are signed in",
    columns: {
      id: metadata("its id"),
      tenant_id,
      membership_id,
      token_hash: metadata("HMAC of what stands in the cookie; the token itself is not kept"),
      method: metadata("how it began: with the account's own password, or by single sign-on of this tenant"),
      created_at,
      last_seen_at: metadata("when it was used last, to the minute"),
      idle_expires_at: metadata("when it ends unless it is used"),
      expires_at: metadata("when it ends in any case"),
      revoked_at: metadata("when it was ended"),
    },
  },
  login_codes: {
    about: "codes for which `weir login` gets its key, once",
    columns: {
      code_hash: metadata("HMAC of the code"),
      tenant_id,
      membership_id,
      challenge: metadata("SHA-256 of what only the program that asked knows"),
      expires_at: metadata("until when it can be used"),
    },
  },
  identity_providers: {
    about: "single sign-on of tenants",
    columns: {
      tenant_id,
      issuer: metadata("address of the provider"),
      client_id: metadata("what the provider calls this cloud"),
      client_secret: metadata("the provider's secret for this cloud, sealed with a key of the cloud"),
      email_domains: metadata("whose addresses may come in"),
      role,
      role_id,
      changed_at: metadata("when it was set"),
    },
  },
  sso_identities: {
    about: "what providers call members",
    columns: {
      tenant_id,
      issuer: metadata("address of the provider"),
      subject: metadata("what it calls the person"),
      membership_id,
      created_at,
    },
  },
  login_attempts: {
    about: "logins that failed lately",
    columns: {
      subject: metadata("HMAC of the account or of the network address"),
      failures: metadata("how many"),
      since: metadata("when the first of them was"),
    },
  },
} satisfies Record<string, HeldTable>;
