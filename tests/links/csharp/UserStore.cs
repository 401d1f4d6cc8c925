using System.Data.SqlClient;
namespace Shop.Web {
    public class UserStore {
        private SqlConnection _c;
        public object Find(string name) {
            var cmd = new SqlCommand("select * from u where n = '" + name + "'", _c);
            return cmd.ExecuteScalar();
        }
    }
}
