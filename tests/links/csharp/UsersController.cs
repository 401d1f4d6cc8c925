using Microsoft.AspNetCore.Mvc;
namespace Shop.Web {
    public class UsersController : Controller {
        private readonly UserStore _store;
        public UsersController(UserStore store) { _store = store; }
        [HttpGet]
        public IActionResult Get([FromQuery] string name) { return Ok(_store.Find(name)); }
    }
}
