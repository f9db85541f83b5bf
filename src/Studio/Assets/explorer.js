// What pages of models have in common.

/** A block of data of the page. */
export const data = id => JSON.parse(document.getElementById(`data-${id}`).textContent);

export const byId = id => document.getElementById(id);

/** An element with a text. */
export function element(name, text, properties = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...properties });
}

/** Puts a slider and the number beside it to a value. */
export function setSlider(id, value, text = String(value)) {
  byId(id).value = value;
  byId(id).setAttribute('aria-valuetext', text);
  document.querySelector(`output[for="${id}"]`).textContent = text;
}

/**
 * Runs the newest of the works that are asked for, one at a time: while one runs, all but the last one that comes are left out.
 * @param {(isWanted: () => boolean) => Promise<void>} work Is told whether nothing newer is asked for.
 */
export function newest(work) {
  let asked = 0, isRunning = false;
  return async () => {
    asked++;
    if (isRunning) return;
    isRunning = true;
    for (let done = 0; done !== asked;) {
      done = asked;
      await work(() => done === asked);
    }
    isRunning = false;
  };
}

/** An answer of the server; what it says is wrong becomes an error. */
export async function ask(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw new Error((await answer.text()) || `${answer.status} ${answer.statusText}`);
  return answer;
}

/** Shows the picture of an address in an image, once it is there. */
export async function showPicture(image, address, options) {
  const url = URL.createObjectURL(await (await ask(address, options)).blob()), before = image.src;
  image.src = url;
  await image.decode();
  if (before.startsWith('blob:')) URL.revokeObjectURL(before);
}

/** Makes the buttons with data-copies copy the text of the element that they name. */
export function copyButtons(status, text) {
  for (const button of document.querySelectorAll('[data-copies]')) {
    button.addEventListener('click', async () => {
      const source = byId(button.dataset.copies);
      try {
        await navigator.clipboard.writeText(source.textContent);
        status.textContent = text('copied');
      } catch {
        // Where the browser does not let pages write there, it is chosen, to be copied by hand.
        getSelection().selectAllChildren(source);
        status.textContent = text('selected');
      }
    });
  }
}
