(function () {
  "use strict";
  var bar = document.querySelector(".filters");
  var rows = Array.prototype.slice.call(document.querySelectorAll("#known .statement[data-verdict]"));
  var folds = Array.prototype.slice.call(document.querySelectorAll("details"));
  var shown = document.querySelector(".shown");

  function filter(verdict) {
    var left = 0;
    rows.forEach(function (row) {
      row.hidden = verdict !== "*" && row.dataset.verdict !== verdict;
      left += row.hidden ? 0 : 1;
    });
    document.querySelectorAll("#known .answer").forEach(function (part) {
      var fold = part.querySelector(".claims");
      part.hidden = verdict !== "*" && !part.querySelector(".statement:not([hidden])");
      if (fold) { fold.open = verdict !== "*"; }
    });
    shown.textContent = verdict === "*" ? "" : "Showing " + left + " of " + rows.length + " statements.";
  }

  if (bar) {
    bar.hidden = false;
    bar.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) { return; }
      if (button.classList.contains("open-all")) {
        var open = button.getAttribute("aria-pressed") !== "true";
        document.querySelectorAll("#known .claims").forEach(function (fold) { fold.open = open; });
        rows.forEach(function (row) { row.open = open; });
        button.setAttribute("aria-pressed", String(open));
        button.textContent = open ? "Close all" : "Open all";
        return;
      }
      bar.querySelectorAll("button[data-show]").forEach(function (other) {
        other.setAttribute("aria-pressed", String(other === button));
      });
      filter(button.dataset.show);
    });
  }

  function reveal() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) { return; }
    if (target.hidden) { bar.querySelector('[data-show="*"]').click(); }
    for (var up = target; up; up = up.parentElement) { if (up.tagName === "DETAILS") { up.open = true; } }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  reveal();

  var closed = [];
  window.addEventListener("beforeprint", function () {
    var choice = document.getElementById("print-annex");
    if (choice && !choice.checked) { return; }
    closed = folds.filter(function (fold) { return !fold.open; });
    closed.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (fold) { fold.open = false; });
    closed = [];
  });
}());
