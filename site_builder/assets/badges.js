// SPDX-License-Identifier: Apache-2.0
// Light and dark, copying, printing, and the check of a hosted record. Loads nothing but the
// record, its badge and the revocation list beside the page, and on a click the scripts that check
// signatures and make pictures; keeps nothing but the chosen scheme.
(function () {
  "use strict";
  var root = document.documentElement;
  var KEY = "/.__palette"; // where Material for MkDocs keeps it, with `extra.scope: /`
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || {};
    } catch (error) {
      return {}; // storage switched off, or not ours
    }
  }

  function applyScheme() {
    var color = stored().color || {};
    var chosen = color.media === "(prefers-color-scheme)" ? "" : color.scheme;
    root.setAttribute("data-md-color-scheme", chosen || (dark.matches ? "slate" : "default"));
  }

  function switchScheme() {
    var kept = stored();
    var isDark = root.getAttribute("data-md-color-scheme") !== "slate";
    var was = kept.color || {};
    kept.index = isDark ? 1 : 0;
    kept.color = {
      media: "(prefers-color-scheme: " + (isDark ? "dark)" : "light)"),
      scheme: isDark ? "slate" : "default",
      primary: was.primary || "custom",
      accent: was.accent || "custom",
    };
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch (error) {
      // storage switched off: the choice lasts for this page
    }
    root.setAttribute("data-md-color-scheme", kept.color.scheme);
  }

  applyScheme(); // before the first paint
  if (root.hasAttribute("data-unframed") && window.top !== window.self) {
    root.hidden = true; // nobody else's page puts a frame around a verdict
  }
  dark.addEventListener("change", applyScheme);
  window.addEventListener("storage", applyScheme);

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  function copy(button) {
    var said = button.closest(".dl, .share").querySelector("[role=status]");
    said.textContent = "";
    navigator.clipboard.writeText(button.getAttribute("data-copy")).then(
      function () { said.textContent = "Copied"; },
      function () { said.textContent = "Could not copy. Select the words on the page and copy them yourself."; }
    );
  }

  // ---- on a click: the scripts that check a signature or make a picture ------------------------

  function started(button, doing, call) {
    var said = button.parentNode.querySelector("[role=status]");
    button.disabled = true;
    if (said) { said.textContent = doing; }
    return import("./check.js").then(call).then(
      function () { if (said) { said.textContent = ""; } },
      function (error) {
        if (said) { said.textContent = "That did not work, so nothing was checked or made here: " + error.message; }
      }
    ).then(function () {
      button.disabled = false;
      button.focus();
    });
  }

  function verify(button) {
    var panel = document.getElementById(button.getAttribute("data-verify"));
    started(button, "Checking.", function (checks) { return checks.checkAward(panel); }).then(function () {
      button.textContent = "Check again";
    });
  }

  function bake(button) {
    started(button, "Making the picture.", function (checks) { return checks.bake(button); });
  }

  // ---- hosted record -------------------------------------------------------------------------

  function words(date) {
    return new Intl.DateTimeFormat("en-GB", {
      day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit",
    }).format(date).replace(" at ", ", ");
  }

  function load(address, what) {
    return fetch(address, { cache: "no-store", credentials: "omit" }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (found) {
      return found && typeof found === "object" ? { body: found } : { missing: what };
    }, function () {
      return { missing: what }; // no network, or not JSON
    });
  }

  function onList(list, id) {
    return list.filter(function (one) { return one === id || (one && one.id === id); })[0];
  }

  function unchecked(why) {
    return {
      state: "unchecked", word: "Could not be checked",
      sentence: why + ", so we cannot say whether this still stands.",
      lineWord: "Standing: could not be checked", line: why + ".",
    };
  }

  function notice(word, sentence, line) {
    return {
      state: "notice", word: word, sentence: sentence,
      lineWord: "Standing: could not be checked", line: line,
    };
  }

  function host(address) {
    try {
      return new URL(typeof address === "object" && address ? address.id : address).host;
    } catch (error) {
      return ""; // no address at all
    }
  }

  // Why a record that was not taken back is not one of this issuer's hosted badges, or nothing.
  function misfit(panel, record, badge, now) {
    var named = new URL(panel.getAttribute("data-badge"), record.id).href;
    var home = host(record.id);
    if (!record.verification || record.verification.type !== "HostedBadge") {
      return notice("The record is not a hosted one",
        "It asks for another kind of check than reading it at its address, which is all this page does.",
        "Expected the verification “HostedBadge”.");
    }
    if (record.badge !== named) {
      return notice("The record is for another badge",
        "The record loaded here names another badge than this page, so it says nothing about this page.",
        "Expected " + named + ", found " + String(record.badge).slice(0, 200) + ".");
    }
    if (!badge) { return unchecked("The badge could not be loaded"); }
    if (badge.id !== named || host(badge.issuer) !== home) {
      return notice("The badge names another issuer",
        "The badge this record names does not belong to " + home + ", so the record says nothing about its issuer.",
        "Expected an issuer at " + home + ", found " + (host(badge.issuer) || "none") + ".");
    }
    var issued = Date.parse(record.issuedOn);
    if (isNaN(issued)) { return unchecked("The record’s date of issue could not be read"); }
    if (issued > now.getTime()) {
      return notice("The record is dated in the future",
        "By this device’s clock the day it was issued on has not come yet.",
        "Ask the issuer, and look at this device’s date, before you rely on it.");
    }
    return null;
  }

  var ENDINGS = { suspended: "set aside", superseded: "replaced", revoked: "taken back" };
  var STANDINGS = { suspended: "Does not stand for now", superseded: "Replaced", revoked: "No longer stands" };
  var UNSIGNED = " No signature was checked.";

  // What the record and the list say, as {state, word, sentence, line, lineWord}.
  function judged(panel, record, revocations, badge, now) {
    var list = revocations.revokedAssertions;
    var expected = panel.getAttribute("data-url");
    var said = panel.getAttribute("data-state");
    var until = panel.getAttribute("data-until");
    if (record.id !== expected) {
      return notice("The record names another address",
        "The record loaded here says it belongs at another address, so it says nothing about this page.",
        "Expected " + expected + ", found " + String(record.id).slice(0, 200) + ".");
    }
    if (!Array.isArray(list)) { return unchecked("The revocation list could not be read"); }
    var entry = onList(list, expected);
    if (record.revoked === true || entry) {
      var verb = ENDINGS[said] || "taken back";
      var state = ENDINGS[said] ? said : "revoked";
      var reason = record.revocationReason || (entry && entry.revocationReason) || "";
      var older = ENDINGS[said] ? "" : " This page was made before that.";
      return {
        state: state, word: "The record at this address was " + verb,
        sentence: (reason ? "The record says: " + String(reason).replace(/[. ]+$/, "") + "." : "No reason is given.") + older,
        lineWord: STANDINGS[state],
        line: entry ? "It is on the issuer’s revocation list." : "The record says so itself; the revocation list does not name it.",
      };
    }
    if (said !== "active") {
      return {
        state: "notice", word: "The page and the record disagree",
        sentence: "This page says the award was " + ENDINGS[said] + "; the record at this address does not. One of them is out of date.",
        lineWord: "Standing: not clear", line: "Ask the issuer before you rely on it.",
      };
    }
    var wrong = misfit(panel, record, badge, now);
    if (wrong) { return wrong; }
    var end = record.expires ? Date.parse(record.expires) : Infinity;
    if (isNaN(end)) { return unchecked("The record’s last day could not be read"); }
    if (end <= now.getTime()) {
      return {
        state: "expired", word: "The record at this address ended" + (until ? " on " + until : ""),
        sentence: "What it recorded is unchanged. A renewal may exist.",
        lineWord: "Ended", line: "Not taken back; its time is over by this device’s clock.",
      };
    }
    return {
      state: "valid", word: "The record at this address stands",
      sentence: "", lineWord: "Still stands",
      line: "Not taken back by the record or the revocation list. " + (until ? "Valid until " + until + "." : "No expiry date."),
    };
  }

  function isLocal(name) {
    return name === "localhost" || name === "127.0.0.1" || name === "[::1]";
  }

  // A copy can say anything: what it says is not put as the issuer's word.
  function elsewhere(panel, found) {
    var named = new URL(panel.getAttribute("data-url"));
    if (named.host === location.host && !isLocal(location.hostname)) { return found; }
    var local = isLocal(location.hostname);
    if (named.host === location.host) {
      found.sentence = "Preview on this computer, not the issuer’s site. " + found.sentence;
      return found;
    }
    return {
      state: "notice",
      word: local ? "Preview on this computer" : "Issuer not known here",
      sentence: "This page is served from " + (location.host || "a file") + ", but the record names " + named.host + ". Open it there to check it.",
      lineWord: "Standing: not the issuer’s copy", line: "In this copy: " + found.line,
    };
  }

  function icon(place, name) {
    place.querySelector("use").setAttribute("href", "#i-" + name);
  }

  function show(panel, found) {
    if (panel.hasAttribute("data-asked")) { return; } // the check of the signature says more
    panel.className = "verdict s-" + found.state;
    icon(panel.querySelector(".band"), found.state);
    panel.querySelector(".band h2").textContent = found.word;
    panel.querySelector(".band p").textContent =
      (found.sentence ? found.sentence + " " : "") + "Checked in your browser on " + words(new Date()) + "." + UNSIGNED;
    var line = panel.querySelector("[data-line=standing]");
    line.className = "s-" + found.state;
    icon(line, found.state);
    line.querySelector("b").textContent = found.lineWord;
    line.querySelector("span").textContent = found.line;
    panel.setAttribute("data-title", document.title); // the signature's check begins from it again
    document.title = found.lineWord + ": " + document.title;
  }

  function check(panel) {
    Promise.all([
      load(panel.getAttribute("data-record"), "The record"),
      load(panel.getAttribute("data-list"), "The revocation list"),
      load(panel.getAttribute("data-badge"), "The badge"), // a record taken back needs none
    ]).then(function (loaded) {
      var missing = loaded[0].missing || loaded[1].missing;
      var found = missing
        ? unchecked(missing + " could not be loaded")
        : judged(panel, loaded[0].body, loaded[1].body, loaded[2].body, new Date());
      show(panel, elsewhere(panel, found));
    });
  }

  // Cards of a backpack: over or not is for the viewer's clock, never in the page.
  function markEnded(card) {
    var end = new Date(card.getAttribute("data-expires") + "T23:59:59Z");
    if (end > new Date()) { return; }
    var chip = document.createElement("span");
    var place = card.querySelector("[data-validity]");
    chip.className = "state s-expired";
    chip.appendChild(place.querySelector("svg").cloneNode(true));
    icon(chip, "expired");
    chip.appendChild(document.createTextNode("Expired"));
    var item = document.createElement("li");
    item.appendChild(chip);
    place.parentNode.insertBefore(item, place);
    place.lastChild.previousSibling.textContent = "Was valid until ";
  }

  document.addEventListener("DOMContentLoaded", function () {
    all("[data-scheme]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", switchScheme);
    });
    all("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
    all("[data-copy]").forEach(function (button) {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", function () { copy(button); });
    });
    [["[data-verify]", verify], ["[data-bake]", bake]].forEach(function (pair) {
      all(pair[0]).forEach(function (button) {
        button.hidden = false;
        button.addEventListener("click", function () { pair[1](button); });
      });
    });
    all("[data-today]").forEach(function (place) {
      place.hidden = false;
      place.textContent += words(new Date()).split(",")[0] + ".";
    });
    all("[data-expires]").forEach(markEnded);
    all("[data-check]").forEach(check);
  });
})();
