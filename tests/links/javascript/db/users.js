const mysql = require('mysql');
const pool = mysql.createPool({});
exports.find = async function (name) {
  return pool.query("select * from u where name = '" + name + "'");
};
const search = async (q) => {
  return pool.query(`select * from u where q like '%${q}%'`);
};
function byId(id) {
  return pool.query("select * from u where id = " + Number(id));
}
module.exports.search = search;
module.exports.byId = byId;
