// A passkey is made or used. Without this script, or where the browser knows no passkeys, its form stays hidden.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
// What a browser says when its owner has closed the question, or let it stand.
const STOPPED = ["NotAllowedError", "AbortError"];

const ceremonies = {
  async make(asked) {
    asked.user.id = bytes(asked.user.id);
    // Those that the device has already: it makes no second one for the same person.
    for (const known of asked.excludeCredentials ?? []) known.id = bytes(known.id);
    const made = await navigator.credentials.create({ publicKey: asked });
    return [made, { attestationObject: text(made.response.attestationObject) }];
  },
  async prove(asked) {
    const proof = await navigator.credentials.get({ publicKey: asked });
    const { authenticatorData, signature, userHandle } = proof.response;
    const told = { authenticatorData: text(authenticatorData), signature: text(signature) };
    return [proof, userHandle ? { ...told, userHandle: text(userHandle) } : told];
  },
};

async function asked(form) {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  // Who is no longer in is led to where one comes in.
  if (answer.redirected) location.reload();
  if (!answer.ok || answer.redirected) throw new Error("not asked");
  const told = await answer.json();
  told.challenge = bytes(told.challenge);
  return told;
}

async function hold(form) {
  const [found, response] = await ceremonies[form.dataset.passkey](await asked(form));
  response.clientDataJSON = text(found.response.clientDataJSON);
  const id = text(found.rawId);
  // Whose device it is was asked above, in the form of the words.
  const device = document.querySelector("[name=device]:checked");
  if (form.elements.device && device) form.elements.device.value = device.value;
  form.elements.answer.value = JSON.stringify({ id, rawId: id, type: found.type, response });
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  const isKnown = Boolean(window.PublicKeyCredential && navigator.credentials);
  form.hidden = !isKnown;
  form.nextElementSibling.hidden = isKnown;
  const state = form.querySelector("[role=status]");
  let isBusy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    state.textContent = "";
    try {
      await hold(form);
    } catch (fault) {
      state.textContent = STOPPED.includes(fault.name) ? form.dataset.stopped : form.dataset.failed;
    }
    isBusy = false;
  });
}
