// Serves the front end and hands the rest to the shop.
const express = require("express");
const cors = require("cors");
const { exec } = require("child_process");

const app = express();
app.use(express.static("public"));
app.use(cors({ origin: true, credentials: true }));

app.get("/version", (req, res) => {
  res.json({ version: process.env.SHOP_VERSION || "unknown" });
});

// Shrinks a product picture to the width that the page asks for.
app.get("/thumbnail/:name", (req, res) => {
  const width = Number.parseInt(req.query.width, 10) || 200;
  exec(`convert public/${req.params.name} -resize ${width} png:-`, { encoding: "buffer" }, (error, out) => {
    if (error) return res.status(404).end();
    res.type("png").send(out);
  });
});

app.listen(3000, "127.0.0.1");
