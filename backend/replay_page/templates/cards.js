// Without this a mark's evidence shows at the foot of the window; with it, beside the mark.
(() => {
  const canvas = document.querySelector(".canvas");
  const wide = matchMedia("(min-width: 761px)");
  const within = (low, value, high) => Math.max(low, Math.min(value, high));

  function set(spot, pointer) {
    const card = spot.querySelector(".card");
    card.classList.toggle("near", wide.matches);
    card.style.left = card.style.top = "";
    if (!wide.matches) return;
    const mark = spot.querySelector(".mark").getBoundingClientRect();
    const from = pointer === undefined ? within(8, mark.left, innerWidth) : pointer - 20;
    card.style.left = `${within(8, from, innerWidth - card.offsetWidth - 8)}px`;
    const below = mark.bottom - 1;
    const above = mark.top + 1 - card.offsetHeight;
    const fits = below + card.offsetHeight <= innerHeight - 4 || above < 4;
    card.style.top = `${fits ? within(4, below, innerHeight - card.offsetHeight - 4) : above}px`;
  }

  function show(event) {
    const spot = event.target.closest(".spot");
    if (!spot || spot.contains(event.relatedTarget)) return;
    document.body.classList.remove("hushed");
    set(spot, event.type === "mouseover" ? event.clientX : undefined);
  }

  canvas.addEventListener("mouseover", show);
  canvas.addEventListener("focusin", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.add("hushed");
  });
})();
