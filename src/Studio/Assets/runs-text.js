// Facts of a run in words.

/**
 * @param {object} facts A run's, as the server gives them.
 * @param {(key: string) => string} text The texts under `runs.`.
 * @param {boolean} hasPhase Whether it is said what the process is at.
 */
export function describe(facts, text, hasPhase = true) {
  const language = document.documentElement.lang, number = value => value.toLocaleString(language);
  const parts = facts.pipeline !== null ? [facts.pipeline] : facts.phase === null ? [text('unreadable')] : [];
  if (facts.step !== null)
    parts.push(`${text('step')} ${number(facts.step)}${facts.steps ? ` / ${number(facts.steps)}` : ''}`);
  if (facts.seconds !== null) parts.push(`${time(facts.seconds)} ${text('trained')}`);
  if (facts.secondsLeft !== null) parts.push(`${time(facts.secondsLeft)} ${text('left')}`);
  // Where the process is known, it is said what that is at.
  if (facts.phase !== null && hasPhase) parts.push(phaseOf(facts, text));
  else if (facts.phase === null && facts.isActive) parts.push(text('active'));
  if (!facts.isActive) parts.push(new Date(facts.changed).toLocaleString(language));
  return parts.join(' · ');
}

/** What a run's process is at, in words; empty where there is nothing to say. */
export const phaseOf = (facts, text) => facts.phase === null ? '' : text(`phase.${facts.phase}`);

function time(seconds) {
  const minutes = Math.floor(seconds / 60), two = value => String(value).padStart(2, '0');
  return minutes < 60 ? `${minutes}:${two(Math.floor(seconds % 60))} min` : `${Math.floor(minutes / 60)}:${two(minutes % 60)} h`;
}

/** Asks the server every few seconds, as long as the page is seen; a refusal's text goes to refuse. */
export async function watch(address, show, refuse = () => {}) {
  for (;;) {
    if (!document.hidden) {
      try {
        const answer = await fetch(address);
        if (answer.ok) show(await answer.json());
        else refuse(await answer.text());
      } catch {
        // The studio is not there at the moment.
      }
    }
    await new Promise(resolve => setTimeout(resolve, 3000));
  }
}
