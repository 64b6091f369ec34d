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
    const { offsetWidth: width, offsetHeight: height } = card;
    const below = mark.bottom - 1;
    const above = mark.top + 1 - height;
    let left = pointer === undefined ? mark.left : pointer - 20;
    let top = below + height <= innerHeight - 4 ? below : above;
    if (top < 4) {
      // Neither under nor over it is room enough: beside it, so that it stays in sight.
      const end = pointer === undefined ? mark.left + 26 : pointer + 12;
      const begins = pointer === undefined ? mark.left - 2 : pointer - 12;
      left = end + width <= innerWidth - 8 ? end : begins - width;
      top = below;
    }
    card.style.left = `${within(8, left, innerWidth - width - 8)}px`;
    card.style.top = `${within(4, top, innerHeight - height - 4)}px`;
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
