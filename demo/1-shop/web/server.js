// Serves the front end and hands the rest to the shop.
const express = require("express");

const app = express();
app.use(express.static("public"));

app.get("/version", (req, res) => {
  res.json({ version: process.env.SHOP_VERSION || "unknown" });
});

app.listen(3000, "127.0.0.1");
