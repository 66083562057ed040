// The stream of a room: one for all tabs of a browser, where tabs can agree on which of them has it. That one leads: it
// listens, and tells the others over a channel. When it closes, another goes on from where that one had come to.

const RENEW_EVERY = 20 * 60 * 1000;
const LONG_UNSEEN = 60_000;
const LONGEST_WAIT = 30_000;
const PATIENCE = 15_000;
// So many entries are kept for tabs that have missed them.
const RECENT = 500;
// A tab that leads answers by then; so often it is asked whether it still does.
const ANSWERS_IN = 3000;
const LOOK_EVERY = 30_000;
// The page itself has changed for this visitor: out, not there, erased.
export const PAGE_CHANGED = [403, 404, 410];

export const sequenceOf = (position) => Number(position.slice(position.lastIndexOf("-") + 1));
export const pause = (tries) => Math.min(LONGEST_WAIT, 500 * 2 ** tries) * (0.5 + Math.random());

export async function ask(address) {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return null;
  }
}

export class Line {
  leads = false;
  // Turned away while something that was written is still here.
  isOut = false;
  isPresent = false;
  #hears;
  #places;
  #stream;
  #comingBack;
  #failures = 0;
  #hiddenAt = 0;
  #here;
  #channel;
  #wish;
  // Has not been told yet what it missed.
  #isBehind = false;
  // Before which entry something was missing, the last time.
  #gap = 0;
  #unanswered;
  #me = crypto.randomUUID?.() ?? String(Math.random());
  #recent = [];
  #since = 0;

  constructor({ stream, ticket, after }, hears) {
    this.#places = { stream, ticket };
    this.position = after;
    this.#hears = hears;
  }

  start() {
    // Before the ticket runs out, so that the stream is not cut.
    setInterval(async () => this.leads && (await this.renew()) && this.#listen(), RENEW_EVERY);
    addEventListener("offline", () => this.isOut || this.#take({ kind: "away" }));
    addEventListener("online", () => this.#look());
    // A line that died while nobody looked does not say so.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#hiddenAt = Date.now();
      else if (!this.leads || Date.now() - this.#hiddenAt > LONG_UNSEEN) this.#look();
    });
    if (navigator.locks && window.BroadcastChannel) this.#join();
    else this.#lead();
  }

  // Whether there is a new ticket.
  async renew() {
    const answer = await ask(this.#places.ticket);
    if (PAGE_CHANGED.includes(answer?.status)) this.#tell({ kind: "turned", status: answer.status });
    if (answer?.ok && this.isOut) {
      this.isOut = false;
      this.#look();
    }
    return answer?.ok ?? false;
  }

  // The page was fetched anew, and goes on from there.
  goOn(position) {
    this.position = position;
    this.#forget();
    this.#look();
  }

  comeBack(way) {
    this.#stream?.close();
    clearTimeout(this.#comingBack);
    this.#comingBack = setTimeout(way, pause(this.#failures));
    this.#failures += 1;
  }

  stop() {
    this.isOut = true;
    this.#stream?.close();
    clearTimeout(this.#comingBack);
  }

  #look() {
    if (this.leads) this.#listen();
    else this.#catchUp();
  }

  #listen() {
    clearTimeout(this.#comingBack);
    this.#stream?.close();
    if (this.isOut) return;
    const stream = new EventSource(`${this.#places.stream}?after=${this.position}`);
    this.#stream = stream;
    const on = (name, act) => stream.addEventListener(name, act);
    on("message", ({ lastEventId: id, data }) => {
      if (sequenceOf(id) > sequenceOf(this.position) + 1) this.#mend(sequenceOf(id));
      else this.#tell({ kind: "entry", id, data });
    });
    on("here", ({ data }) => this.#tell({ kind: "here", about: JSON.parse(data).about }));
    on("waiting", () => this.#tell({ kind: "waiting" }));
    on("ticket", () => this.renew());
    on("present", ({ data }) => {
      // Whoever is present has heard everything up to there.
      const { at } = JSON.parse(data);
      if (at > sequenceOf(this.position)) return this.#mend(at + 1);
      this.#failures = 0;
      this.#tell({ kind: "present" });
    });
    on("reset", () => {
      stream.close();
      this.#tell({ kind: "reset" });
    });
    on("error", () => {
      this.#tell({ kind: "away" });
      // The browser comes back by itself unless it was turned away: then the ticket has run out.
      if (stream.readyState === EventSource.CLOSED) this.comeBack(() => this.renew().then(() => this.#listen()));
    });
  }

  // Something was lost between the relay and here. Whoever comes back is told it; if not, the page is fetched anew.
  #mend(sequence) {
    const again = this.#gap === sequence;
    this.#gap = again ? 0 : sequence;
    this.#stream.close();
    if (again) this.#tell({ kind: "reset" });
    else this.comeBack(() => this.#listen());
  }

  #tell(news) {
    this.#channel?.postMessage(news);
    this.#take(news);
  }

  #take(news) {
    if (news.kind === "entry") return this.#entry(news);
    if (news.kind === "here") this.#here = news.about;
    if (news.kind === "present" || news.kind === "away") this.isPresent = news.kind === "present";
    this.#hears[news.kind]?.(news);
  }

  #entry({ id, data }) {
    if (sequenceOf(id) <= sequenceOf(this.position)) return;
    this.position = id;
    this.#recent.push({ id, data });
    if (this.#recent.length > RECENT) this.#since = sequenceOf(this.#recent.shift().id);
    this.#hears.entry(JSON.parse(data), sequenceOf(id));
  }

  #forget() {
    this.#recent = [];
    this.#since = sequenceOf(this.position);
  }

  // Tabs among themselves.

  #join() {
    const name = `tertulia ${this.#places.stream}`;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => (this.leads ? this.#answer(data) : this.#hear(data));
    this.#compete({}, name);
    this.#catchUp();
    setInterval(() => this.leads || document.hidden || this.#catchUp(), LOOK_EVERY);
  }

  // A lock is held for as long as its page lives; the next one in line then has it.
  #compete(options, name = this.#channel.name) {
    this.#wish = new AbortController();
    const how = options.steal ? options : { signal: this.#wish.signal };
    navigator.locks.request(name, how, () => this.#lead()).catch(() => this.leads && this.#follow());
  }

  #lead() {
    this.leads = true;
    this.#isBehind = false;
    clearTimeout(this.#unanswered);
    this.#forget();
    this.#channel?.postMessage({ kind: "new" });
    this.#listen();
    return new Promise(() => {});
  }

  // Another has taken the lead: this page was asleep.
  #follow() {
    this.leads = false;
    this.#stream?.close();
    clearTimeout(this.#comingBack);
    this.#compete({});
    this.#catchUp();
  }

  #catchUp() {
    if (this.leads) return;
    this.#isBehind = true;
    this.#channel.postMessage({ kind: "ask", who: this.#me, position: this.position });
    clearTimeout(this.#unanswered);
    this.#unanswered = setTimeout(() => this.leads || document.hidden || this.#takeOver(), ANSWERS_IN);
  }

  // Who leads is asleep, as pages in the background of a phone are.
  #takeOver() {
    this.#wish.abort();
    this.#compete({ steal: true });
  }

  #answer(news) {
    if (news.kind === "new") return this.#follow();
    if (news.kind !== "ask") return;
    const [mine, theirs] = [this.position, news.position];
    const isHere = mine.split("-")[0] === theirs.split("-")[0] && sequenceOf(theirs) >= this.#since;
    const missed = isHere ? this.#recent.filter(({ id }) => sequenceOf(id) > sequenceOf(theirs)) : null;
    this.#channel.postMessage({ kind: "told", who: news.who, missed, isPresent: this.isPresent, about: this.#here });
    if (this.#stream?.readyState === EventSource.CLOSED && !this.isOut) this.#listen();
  }

  #hear(news) {
    if (news.kind === "new") this.#catchUp();
    else if (news.kind === "told" && news.who === this.#me) this.#told(news);
    // Whatever comes before it was told what it missed is in that.
    else if (news.kind !== "entry" || !this.#isBehind) this.#take(news);
  }

  #told({ missed, isPresent, about }) {
    clearTimeout(this.#unanswered);
    if (!missed) return this.#take({ kind: "reset" });
    this.#isBehind = false;
    missed.forEach((one) => this.#entry(one));
    if (about !== undefined) this.#take({ kind: "here", about });
    if (isPresent !== this.isPresent || isPresent) this.#take({ kind: isPresent ? "present" : "away" });
  }
}
