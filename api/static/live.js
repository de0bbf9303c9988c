// The stream of changed cases. The browser comes back by itself where the connection breaks, and says what it saw last;
// where it gives up, as after an answer that is no stream, we try again, until the session is over.
const AGAIN = 5_000;

// heard: {change(case), gone(id), moved(vehicle), reset(), state("live" | "lost" | "over")}; `moved` may be missing.
export function listen(address, heard) {
  const source = new EventSource(address);
  source.addEventListener("open", () => heard.state("live"));
  source.addEventListener("case", (event) => heard.change(JSON.parse(event.data)));
  source.addEventListener("gone", (event) => heard.gone(JSON.parse(event.data).id));
  source.addEventListener("vehicle", (event) => heard.moved?.(JSON.parse(event.data)));
  source.addEventListener("reset", () => heard.reset());
  source.addEventListener("over", () => {
    source.close();
    heard.state("over");
  });
  source.addEventListener("error", async () => {
    heard.state("lost");
    if (source.readyState !== EventSource.CLOSED) return;
    await new Promise((waited) => setTimeout(waited, AGAIN));
    const answer = await fetch("/v1/summary", { headers: { "X-By-Itself": "1" } }).catch(() => null);
    if (answer?.status === 401) return heard.state("over");
    listen(address, heard);
    heard.reset();
  });
  addEventListener("pagehide", () => source.close());
}
