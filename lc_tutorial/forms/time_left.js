// Shows how long an access token still lives, second by second.

const inWords = (seconds) => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours} h ${minutes} min ${Math.floor(seconds) % 60} s`;
};

export default {
  render({ model, el }) {
    const line = document.createElement("p");
    line.className = "lc-countdown";
    line.setAttribute("role", "timer");
    el.append(line);
    const show = () => {
      const left = (model.get("ends_at") - Date.now()) / 1000;
      const until = new Date(model.get("ends_at")).toLocaleTimeString();
      line.textContent = left > 0
        ? `This access token lives for ${inWords(left)} more, until ${until}.`
        : `The time of this access token was over at ${until}.`;
    };
    show();
    const ticking = setInterval(show, 1000);
    return () => clearInterval(ticking);
  },
};
