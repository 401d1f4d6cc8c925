<?php
class UserStore {
    private $db;
    function __construct() { $this->db = new mysqli(getenv('H'), getenv('U'), getenv('P'), 'd'); }
    function find($name) { return $this->db->query("select * from u where n = '$name'"); }
}
function run_it($cmd) { system("ls " . $cmd); }
