// Words shrink a little before a slide grows longer than its place.
const fit = (slide, high) => {
  slide.style.removeProperty("--fit");
  for (let size = 0.96; size >= 0.68 && slide.scrollHeight > high + 1; size -= 0.04) {
    slide.style.setProperty("--fit", size.toFixed(2));
  }
  // What is still longer is scrolled, so keys have to reach it.
  slide.tabIndex = slide.scrollHeight > high + 1 ? 0 : -1;
};
