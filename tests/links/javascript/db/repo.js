const mysql = require('mysql');
class Repo {
  constructor() { this.pool = mysql.createPool({}); }
  byName(n) { return this.pool.query("select * from u where n = '" + n + "'"); }
}
module.exports = Repo;
