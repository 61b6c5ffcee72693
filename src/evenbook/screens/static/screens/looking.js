// While something is worked out beside the page, look again every five seconds, unless somebody is typing.
"use strict";
setInterval(() => {
  const at = document.activeElement;
  if (!document.hidden && !(at && ["INPUT", "SELECT", "TEXTAREA"].includes(at.tagName))) location.reload();
}, 5000);
