const mysql = require('mysql');
class Store {
  constructor() { this.pool = mysql.createPool({}); }
  load(n) { return this.pool.query("select * from u where n = '" + n + "'"); }
}
module.exports = new Store();
