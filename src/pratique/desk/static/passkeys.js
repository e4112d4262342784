/* Passkeys: a form asks the device before it is sent. And an invitation behind # in the address goes into its field. */
"use strict";
(() => {
  const fill = (form, name, value) => { form.elements[name].value = value; };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const told = form.querySelector("[data-told]");
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) { form.hidden = true; continue; }
    form.addEventListener("submit", async event => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      told.textContent = "";
      try {
        const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) { location.assign(form.dataset.otherwise); return; }
        const asked = await answer.json();
        const options = JSON.parse(asked.options);
        const credential = form.dataset.passkey === "make"
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        fill(form, "state", asked.state);
        fill(form, "answer", JSON.stringify(credential.toJSON()));
        form.submit();
      } catch {
        told.textContent = form.dataset.failed;
      }
    });
  }
  const field = document.querySelector("[data-fragment]");
  if (field && location.hash.length > 1) {
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
  }
})();
