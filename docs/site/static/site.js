// What scrolls by itself can be reached by the keyboard.
const scrolling = ".cell_output .output, .table-wrapper, .highlight pre, .cell_output [style*=overflow]";

function reach() {
  for (const part of document.querySelectorAll(scrolling)) {
    if (part.scrollWidth > part.clientWidth && !part.hasAttribute("tabindex")) {
      part.tabIndex = 0;
    }
  }
}

addEventListener("load", reach);
addEventListener("resize", reach);
