// What the tests of signing in by another house's word share: a browser that is nothing but cookies and
// forms, Debian's glewlwyd through its own interfaces, and people of the house.
import { generateKeyPairSync } from "node:crypto";

export const SECRET = "a-secret-of-this-client-1";
export const BACK = "staff/sign-in/back";

export class Browser {
  jars = new Map();

  jar(url) {
    const { host } = new URL(url);
    if (!this.jars.has(host)) this.jars.set(host, new Map());
    return this.jars.get(host);
  }

  async go(url, options = {}) {
    const jar = this.jar(url);
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { Accept: "text/html", Cookie: cookies, ...options.headers };
    const answer = await fetch(url, { redirect: "manual", ...options, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (/max-age=0/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    const text = await answer.text();
    return { status: answer.status, text, to: answer.headers.get("location"), answer };
  }

  /** Sends the first form of a page whose action ends so, with what is typed into it. */
  async send(page, url, action, typed = {}) {
    const form = new RegExp(`<form [^>]*action="([^"]*${action})"[\\s\\S]*?</form>`).exec(page);
    if (!form) throw new Error(`no form to ${action} in ${page}`);
    const plain = (words) => words.replaceAll("&amp;", "&").replaceAll("&#39;", "'");
    const fields = new URLSearchParams();
    for (const [input] of form[0].matchAll(/<input [^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      if (name) fields.set(name, plain(/value="([^"]*)"/.exec(input)?.[1] ?? ""));
    }
    for (const [name, value] of Object.entries(typed)) fields.set(name, value);
    const at = new URL(form[1], url);
    return this.go(at.href, { method: "POST", body: fields, headers: { Origin: at.origin } });
  }

  copy() {
    const other = new Browser();
    for (const [host, jar] of this.jars) other.jars.set(host, new Map(jar));
    return other;
  }
}

export const rsaKey = (kid) => ({
  ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
  kid,
  alg: "RS256",
});

/** glewlwyd by its interfaces for administrators (docs: API.md, OIDC.md). */
export class Glewlwyd {
  constructor(origin) {
    this.api = `${origin}/api/`;
    this.admin = new Browser();
  }

  async ask(method, path, body, browser = this.admin) {
    const answer = await browser.go(this.api + path, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: body && JSON.stringify(body),
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  plugin(keys) {
    return {
      module: "oidc",
      name: "oidc",
      display_name: "OpenID Connect",
      parameters: {
        iss: `${this.api}oidc`,
        "jwt-type": "rsa",
        "jwt-key-size": "256",
        "jwks-private": JSON.stringify({ keys }),
        "default-kid": keys[0].kid,
        "jwks-show": true,
        "access-token-duration": 3600,
        "refresh-token-duration": 1209600,
        "code-duration": 600,
        "refresh-token-rolling": true,
        "allow-non-oidc": false,
        "auth-type-code-enabled": true,
        "auth-type-token-enabled": false,
        "auth-type-id-token-enabled": true,
        "auth-type-none-enabled": false,
        "auth-type-password-enabled": false,
        "auth-type-client-enabled": false,
        "auth-type-refresh-enabled": true,
        "subject-type": "public",
        "pkce-allowed": true,
        "pkce-method-plain-allowed": false,
        "pkce-required": true,
        "session-management-allowed": true,
        "session-cookie-name": "GLEWLWYD2_OIDC_SID",
        "session-cookie-expiration": 2419200,
      },
    };
  }

  async enter() {
    await this.ask("POST", "auth/", { username: "admin", password: "password" });
  }

  /** A client of ours, two people, the protocol. */
  async furnish(house) {
    await this.enter();
    await this.ask("POST", "mod/plugin/", this.plugin([rsaKey("k1")]));
    await this.ask("POST", "client/", {
      client_id: "yimen",
      name: "Yimen",
      enabled: true,
      confidential: true,
      password: SECRET,
      redirect_uri: [house + BACK],
      authorization_type: ["code"],
      scope: [],
      token_endpoint_auth_method: ["client_secret_basic"],
      post_logout_redirect_uri: `${house}staff/sign-in`,
    });
    for (const username of ["zhang", "li"])
      await this.ask("POST", "user/", {
        username,
        name: username,
        password: `${username}-password`,
        enabled: true,
        scope: ["openid", "g_profile"],
      });
  }

  /** The old key is gone at once, as after a theft. */
  async rotate(kid) {
    await this.ask("PUT", "mod/plugin/oidc", this.plugin([rsaKey(kid)]));
    await this.ask("PUT", "mod/plugin/oidc/reset");
  }

  /** Somebody signs in there and agrees that we are told. */
  async signIn(browser, username) {
    await this.ask("POST", "auth/", { username, password: `${username}-password` }, browser);
    await this.ask("PUT", "auth/grant/yimen", { scope: "openid" }, browser);
  }
}

/** A member of staff by password: cookies and the token of forms. */
export async function byPassword(house, login, password) {
  const browser = new Browser();
  const answer = await browser.go(`${house}staff/sign-in`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ login, password }),
  });
  const csrf = answer.status === 201 ? JSON.parse(answer.text).csrf : "";
  return { browser, csrf, status: answer.status };
}

export const where = (answer) => (answer.answer.headers.get("refresh") ?? "").slice("0; url=".length);

/** From the sign-in page to the provider: the address that one is led to. */
export async function begin(house, browser, next = "") {
  const page = await browser.go(`${house}staff/sign-in?next=${encodeURIComponent(next)}`);
  return browser.send(page.text, house, "/with/sso");
}

/** There, as somebody who is signed in there, and back to our page with the button. */
export async function through(browser, url) {
  const there = await browser.go(`${url}&g_continue`);
  return { url: there.to, page: await browser.go(there.to) };
}
