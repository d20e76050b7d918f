import { CookieJar } from './cookie-jar.ts';
import { type Button, type Field, type Form, readPage } from './html.ts';
import { fetchFrom } from './request-from.ts';

export interface Person {
  readonly email: string;
  readonly password: string;
}

export interface Visit {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Walk {
  readonly visits: readonly Visit[];
  /**
   * The last response; for a redirect URI elsewhere the visit that would have been made, with
   * status 0.
   */
  readonly last: Visit;
}

export interface BrowserOptions {
  readonly person: Person;
  /** One of 127.0.0.0/8. */
  readonly address?: string;
  readonly decision?: 'approve' | 'deny';
}

/** Enough for consent, login, callback and the client's page; a loop is a failure. */
const mostSteps = 20;

const isLoopback = ({ hostname }: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

const typed = (field: Field, person: Person): string => {
  if (field.type === 'password') return person.password;
  const isAddress = field.type !== 'hidden' && /e-?mail|user/i.test(`${field.name} ${field.label}`);
  return isAddress ? person.email : field.value;
};

const buttonFor = ({ buttons }: Form, decision: 'approve' | 'deny'): Button | undefined => {
  const says = (pattern: RegExp) =>
    buttons.find(({ text, value }) => pattern.test(`${text} ${value}`));
  const denyWords = /deny|cancel|refuse|reject/i;
  return decision === 'deny'
    ? says(denyWords)
    : (buttons.find(({ text, value }) => !denyWords.test(`${text} ${value}`)) ?? buttons[0]);
};

/** A navigation that a person is about to make. */
export interface Step {
  readonly method: string;
  readonly url: URL;
  readonly body?: URLSearchParams;
}

const submit = (form: Form, base: URL, { person, decision = 'approve' }: BrowserOptions): Step => {
  const button = buttonFor(form, decision);
  const values = new URLSearchParams();
  for (const field of form.fields) {
    if (!['checkbox', 'radio'].includes(field.type) || field.checked)
      values.append(field.name, typed(field, person));
  }
  if (button && button.name !== '') values.append(button.name, button.value);
  const url = new URL(form.action || base.href, base);
  if (form.method === 'post') return { method: 'POST', url, body: values };
  url.search = values.toString();
  return { method: 'GET', url };
};

/**
 * A person's browser without script: it follows redirects and meta refreshes, fills in forms, and
 * keeps its cookies between walks.
 */
export class Browser {
  readonly cookies = new CookieJar();
  readonly #options: BrowserOptions;
  readonly #fetch: typeof fetch;

  constructor(options: BrowserOptions) {
    this.#options = options;
    this.#fetch = fetchFrom(options.address ?? '127.0.0.1');
  }

  /** One navigation. `from` is the page that caused it. */
  async visit({ method, url, body }: Step, from?: URL): Promise<Visit> {
    const crossSite = from !== undefined && from.hostname !== url.hostname;
    const cookie = this.cookies.header(url, method, crossSite);
    const response = await this.#fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/xhtml+xml',
        ...(cookie !== '' && { cookie }),
        ...(method === 'POST' && from !== undefined && { origin: from.origin }),
        ...(body && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body && { body: body.toString() }),
    });
    this.cookies.store(url, response.headers.getSetCookie());
    return {
      method,
      url,
      status: response.status,
      headers: response.headers,
      body: await response.text(),
    };
  }

  /** What a person does next, or `undefined` at the end of the way. */
  next(visit: Visit): Step | undefined {
    const location = visit.headers.get('location');
    if (location !== null && visit.status >= 300 && visit.status < 400)
      return { method: 'GET', url: new URL(location, visit.url) };
    const page = readPage(visit.body);
    if (page.refresh !== undefined) return { method: 'GET', url: new URL(page.refresh, visit.url) };
    const [form] = visit.status === 200 ? page.forms : [];
    return form && submit(form, visit.url, this.#options);
  }

  /**
   * Walks from an authorization URL to the client's redirect URI, which is requested when it is on
   * this machine.
   */
  async walk(start: string | URL): Promise<Walk> {
    const visits: Visit[] = [];
    let step: Step | undefined = { method: 'GET', url: new URL(start) };
    let from: URL | undefined;
    while (step !== undefined) {
      if (visits.length >= mostSteps)
        throw new Error(`The browser went in circles:\n${describeWalk(visits)}`);
      const visit: Visit = isLoopback(step.url)
        ? await this.visit(step, from)
        : { method: step.method, url: step.url, status: 0, headers: new Headers(), body: '' };
      visits.push(visit);
      from = step.url;
      step = visit.status === 0 ? undefined : this.next(visit);
    }
    const last = visits.at(-1);
    if (!last) throw new Error('The browser went nowhere.');
    return { visits, last };
  }
}

/** For failures: the way without query strings, which carry codes. */
export const describeWalk = (visits: readonly Visit[]): string =>
  visits
    .map(
      ({ method, url, status, body }) =>
        `${method} ${url.origin}${url.pathname} -> ${status} ${readPage(body).title}`,
    )
    .join('\n');
